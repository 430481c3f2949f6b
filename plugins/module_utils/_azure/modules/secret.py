# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_azure module: its options, the rules for them, and what it does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError, ConflictError
from ..._core.operation import Operation, Outcome, Params, Runtime, in_turn
from ..._secret.converge import converge
from ..._secret.earlier import Question, earlier_spec
from ..._secret.model import VALUE_VERSION, Desired
from ..._secret.options import SECRET_SPEC, arn_suffix_warning, desired_from
from ..._secret.retirement import OPTION, RETIREMENT_SPEC, grace_from, retire_previous
from ..._stripe.source import KEY_SOURCES
from ..errors.causes import SOFT_DELETED
from ..metadata.fields import FIELDS_SPEC, check_name, fields_from, subject_of
from ..reach.connection import AZURE, CONNECTION_SPEC, AzureConnection
from ..store.lifecycle import Purge
from ..store.store import AzureStore
from .rollback import check_choice, find_version, look_back, refuse_same_key

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient

SPEC = SECRET_SPEC.merge(
    CONNECTION_SPEC,
    FIELDS_SPEC,
    RETIREMENT_SPEC,
    ArgumentSpec(
        options={
            "rolled_back_to": {"type": "str"},
            "purge": {"type": "bool", "default": False},
        },
        mutually_exclusive=(
            (*KEY_SOURCES, "rolled_back_to"),
            ("value_version", "rolled_back_to"),
            (OPTION, "rolled_back_to"),
        ),
    ),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then bring the secret to the desired state."""
    name = params["name"]
    check_name(name)
    if not name[0].isalpha():
        runtime.warn(
            f"The name '{name}' does not start with a letter. Key Vault takes it, but Maia's"
            " documentation asks for a letter: see that a definition can use it."
        )
    fields = fields_from(params)
    grace = grace_from(params, subject_of(name))
    rolls_back = params["rolled_back_to"] is not None
    if rolls_back:
        check_choice(params)
    desired = None if rolls_back else _desired(params, runtime, fields)
    connection = AzureConnection.from_params(params)
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    with runtime.clients.lease(connection, connection.client) as client:
        store = _store(client, params)
        if desired is None:
            with in_turn(runtime, f"rollback {store.lock_name}"):
                return _roll_back(client, params, runtime, fields)
        try:
            outcome = converge(store, desired, runtime)
        except ConflictError as error:
            # A deletion that was under way, and so invisible, has ended: now it can be seen.
            if error.code != SOFT_DELETED:
                raise
            outcome = converge(store, desired, runtime)
        return retire_previous(store, outcome, grace, runtime)


def look_at_earlier(params: Params, runtime: Runtime) -> Outcome:
    """Look at the version that a rollback would bring back; nothing is changed in any mode."""
    check_name(params["name"])
    check_choice(params)
    question = Question.of(params)
    connection = AzureConnection.from_params(params)
    with runtime.clients.lease(connection, connection.client) as client:
        return look_back(_store(client, params), params["rolled_back_to"], question, runtime)


def _desired(params: Params, runtime: Runtime, fields: dict[str, object]) -> Desired:
    desired = desired_from(
        params,
        runtime,
        AzureStore.capabilities,
        subject=subject_of(params["name"]),
        fields=fields,
    )
    return replace(desired, purge=params["purge"])


def _store(
    client: SecretClient, params: Params, *, rolled_back_to: str | None = None
) -> AzureStore:
    return AzureStore(
        client,
        params["name"],
        purge_tags=params["purge_tags"],
        deletes=params["state"] == "absent",
        purge=_purge(params),
        any_type=params["replace_value"] or params["content_type"] is not None,
        rolled_back_to=rolled_back_to,
        max_seconds=params["max_seconds"],
    )


def _purge(params: Params) -> Purge:
    if not params["purge"] or params["state"] != "absent":
        return Purge.NO
    return Purge.ANYTHING if params["on_foreign"] == "adopt" else Purge.OURS


def _roll_back(
    client: SecretClient, params: Params, runtime: Runtime, wanted: dict[str, object]
) -> Outcome:
    """Make an earlier value the desired one; the rest is as with any other key."""
    store = _store(client, params)
    version = find_version(store, params["rolled_back_to"])
    text = store.read_value(version).text or ""
    runtime.protect(text)
    refuse_same_key(store, version, text, runtime)
    try:
        earlier = _desired({**params, "api_key": text}, runtime, wanted)
    except ConfigurationError as error:
        raise ConflictError(
            store.subject,
            f"its version {version} does not hold a Stripe API key that may be used"
            f" ({error.reason})",
            "choose another version",
        ) from None
    # A number that is stored with the value belongs to the other one.
    fields = {**earlier.fields, VALUE_VERSION: None}
    earlier = replace(earlier, update_value="on_change", fields=fields)
    return converge(_store(client, params, rolled_back_to=version), earlier, runtime)


OPERATION = Operation("stripe_secret_azure", SPEC, execute, (AZURE,))
EARLIER = replace(OPERATION, spec=earlier_spec(SPEC), execute=look_at_earlier, reads_only=True)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_aws module: what it does with its options."""

from __future__ import annotations

from dataclasses import replace

from ..._core.operation import Operation, Outcome, Params, Runtime, in_turn
from ..._secret.converge import converge
from ..._secret.earlier import Question, earlier_spec
from ..._secret.options import SECRET_SPEC, arn_suffix_warning, desired_from
from ..._secret.retirement import RETIREMENT_SPEC, grace_from, retire_previous
from ..metadata.kms import KeyResolver
from ..metadata.wording import Wording
from ..reach.connection import BOTO3, CONNECTION_SPEC, AwsClients, AwsConnection
from ..store.settings import Settings
from ..store.store import AwsStore
from .options import (
    SECRET_OPTIONS,
    check_name,
    check_rollback,
    fields_from,
    label_from,
    recovery_window_from,
    refuse,
    subject_of,
)
from .rollback import look_back, roll_back

SPEC = SECRET_SPEC.merge(CONNECTION_SPEC, SECRET_OPTIONS, RETIREMENT_SPEC)


_NOT_SOONER = (
    "{} was scheduled for deletion before and can be restored until then, since force_delete does"
    " not bring that forward. Have it deleted with aws secretsmanager delete-secret"
    " --force-delete-without-recovery."
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then bring the secret to the desired state."""
    name, label = params["name"], label_from(params)
    check_name(name)
    check_rollback(params)
    grace = grace_from(params, subject_of(name))
    fields = fields_from(params)
    settings = _settings(params, fields)
    if params["rolled_back_to"] is not None:
        clients = _clients(params, runtime)
        store = _store(params, clients, settings, label, params["fingerprint_key"] or "")
        with in_turn(runtime, store.lock_name):
            return roll_back(store, params["rolled_back_to"], runtime)
    desired = desired_from(
        params,
        runtime,
        AwsStore.capabilities,
        subject=subject_of(name),
        fields=fields,
        label=label,
    )
    desired = replace(desired, format_given=params["format"] is not None)
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    clients = _clients(params, runtime)
    _check_regions(params, clients, fields)
    settings = replace(
        settings, wording=Wording(fields, runtime.warn, KeyResolver(lambda: clients.client("kms")))
    )
    store = _store(params, clients, settings, label, desired.fingerprint_key)
    outcome = converge(store, desired, runtime)
    at_once = params["state"] == "absent" and params["force_delete"]
    if at_once and store.was_deleted and not outcome.changed:
        runtime.warn(_NOT_SOONER.format(store.subject))
    return retire_previous(store, outcome, grace, runtime)


def look_at_earlier(params: Params, runtime: Runtime) -> Outcome:
    """Look at the version that a rollback would bring back; nothing is changed in any mode."""
    label, question = label_from(params), Question.of(params)
    check_name(params["name"])
    check_rollback(params)
    settings = _settings(params, fields_from(params))
    clients = _clients(params, runtime)
    store = _store(params, clients, settings, label, params["fingerprint_key"] or "")
    return look_back(store, params["rolled_back_to"], question, runtime)


def _settings(params: Params, fields: dict[str, object]) -> Settings:
    return Settings(
        recovery_window_days=recovery_window_from(params),
        purge_tags=params["purge_tags"],
        purge_replicas=params["purge_replicas"],
        with_policy=fields["resource_policy"] is not None,
        allow_rotated=params["allow_rotated"],
        deletes=params["state"] == "absent",
        with_age=params["with_age"],
    )


def _clients(params: Params, runtime: Runtime) -> AwsClients:
    connection = AwsConnection.from_params(params)
    return runtime.clients.share(connection, connection.open, seconds=connection.lifetime)


def _store(
    params: Params, clients: AwsClients, settings: Settings, label: str | None, key: str
) -> AwsStore:
    return AwsStore(
        clients.secrets_manager(),
        params["name"],
        label=label,
        settings=settings,
        fingerprint_key=key,
        place=AwsConnection.from_params(params).place,
    )


def _check_regions(params: Params, clients: AwsClients, fields: dict[str, object]) -> None:
    replicas = fields["replica_regions"]
    if isinstance(replicas, dict) and clients.region in replicas:
        raise refuse(
            params["name"],
            f"replica_regions has {clients.region}, the region of the secret itself",
            "leave it out of replica_regions",
        )


OPERATION = Operation("stripe_secret_aws", SPEC, execute, (BOTO3,))
EARLIER = replace(OPERATION, spec=earlier_spec(SPEC), execute=look_at_earlier, reads_only=True)

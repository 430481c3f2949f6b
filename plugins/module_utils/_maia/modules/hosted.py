# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_hosted_secret module: a key in Matillion's vault, and the definition that names it."""

from __future__ import annotations

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.marker import MarkedText
from ..._secret.options import KEY_SPEC, VALUE_SPEC
from ..._stripe.source import KEY_SOURCES
from ..apis.hosted_vault import HOSTED_SPEC
from ..model.definition import check_description, check_name
from ..reach.connection import CONNECTION_SPEC
from .definition import SPEC as DEFINITION_SPEC
from .definition import execute as manage_definition

SPEC = KEY_SPEC.merge(
    VALUE_SPEC,
    CONNECTION_SPEC,
    HOSTED_SPEC,
    ArgumentSpec(
        options={
            "name": {"type": "str", "required": True},
            "project": {"type": "str", "required": True},
            "description": {"type": "str"},
        },
        required_if=(("state", "present", KEY_SOURCES, True),),
    ),
)

_LEFT = (
    "The value stays in Matillion's vault, where nothing names it any more. Maia's API has no call"
    " to delete it, so have the key revoked in Stripe."
)


# What such a definition has not.
_NOT_TAKEN = {
    name: option.get("default")
    for name, option in DEFINITION_SPEC.options.items()
    if name not in SPEC.options
}


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then make the secret and let the definition name it."""
    check_name(params["name"])
    text = MarkedText(params["description"] or "", value_version=params["value_version"])
    check_description(params["name"], text.written_now())
    outcome = manage_definition({**_NOT_TAKEN, **params}, runtime, hosted=True)
    if params["state"] == "absent" and outcome.changed:
        runtime.warn(_LEFT)
    return outcome


OPERATION = Operation("maia_hosted_secret", SPEC, execute, (REQUESTS,))

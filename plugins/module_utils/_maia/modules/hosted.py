# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_hosted_secret module: a key in Matillion's vault, and the definition that names it."""

from __future__ import annotations

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.converge import converge
from ..._secret.marker import MarkedText
from ..._secret.model import Payload
from ..._secret.options import KEY_SPEC, VALUE_SPEC, arn_suffix_warning, desired_value
from ..._stripe.source import KEY_SOURCES, key_from
from ..apis.api import DefinitionReading
from ..apis.connections_api import ConnectionsApi
from ..apis.hosted_vault import HOSTED_SPEC, HostedRequest, HostedVault
from ..converge.hosted_store import HostedDefinitionStore
from ..converge.reading import on_fresh_reading
from ..converge.reference import converge_reference
from ..model.definition import check_description, check_name
from ..projects.projects import find_project
from ..reach.connection import CONNECTION_SPEC, MaiaConnection

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


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then make the secret and let the definition name it."""
    name = params["name"]
    check_name(name)
    payload = None if params["state"] == "absent" else Payload(key_from(params, runtime))
    text = MarkedText(params["description"] or "", value_version=params["value_version"])
    text = text.written_now()
    check_description(name, text)
    request = HostedRequest.from_params(params)
    connection = MaiaConnection.from_params(params)
    desired = desired_value(params, payload, fields={"description": params["description"]})
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    with connection.open(runtime) as client:
        project = find_project(client, params["project"])
        api = ConnectionsApi(client, project)

        def bring(host: Runtime) -> Outcome:
            if payload is None:
                return converge_reference(
                    api, project, name, None, on_foreign=params["on_foreign"], runtime=host
                )
            vault = HostedVault(client, project, request)
            store = HostedDefinitionStore(api, vault, project, name, on_edited=params["on_edited"])
            return converge(store, desired, host)

        outcome = on_fresh_reading(DefinitionReading(api, name), bring, runtime)
    if payload is None and outcome.changed:
        runtime.warn(_LEFT)
    return outcome


OPERATION = Operation("maia_hosted_secret", SPEC, execute, (REQUESTS,))

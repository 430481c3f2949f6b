# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_secret_definition module: its options, the rules for them, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime, in_check_mode
from ..._secret.converge import converge
from ..._secret.marker import MarkedText
from ..._secret.model import Payload
from ..._secret.options import KEY_SPEC, VALUE_SPEC, arn_suffix_warning, desired_value
from ..._stripe.source import KEY_SOURCES, key_from, key_given
from ..apis.api import DefinitionApi, DefinitionReading, other_case
from ..apis.connections_api import ConnectionsApi
from ..apis.hosted_vault import HOSTED_SPEC, HostedRequest, HostedVault, check_hosted
from ..apis.overrides_api import OverridesApi
from ..apis.references_api import SecretReferencesApi
from ..converge.hosted_store import HostedDefinitionStore
from ..converge.reading import Reading, on_fresh_reading
from ..converge.reference import check_pointer, converge_reference, with_overrides
from ..model.definition import Definition, Reference, check_description, check_name
from ..model.override import Wanted, parse_overrides
from ..model.pointer import agent_contradiction, in_override, pointer_contradiction
from ..projects.projects import Project, environment_subject, find_project
from ..projects.runner import find_runner, refuse_other_vault
from ..reach.client import MaiaClient
from ..reach.connection import CONNECTION_SPEC, MaiaConnection
from ..unverified import REFERENCE_AGENT_TYPES

SPEC = KEY_SPEC.merge(
    VALUE_SPEC,
    CONNECTION_SPEC,
    HOSTED_SPEC,
    ArgumentSpec(
        options={
            "name": {"type": "str", "required": True},
            "project": {"type": "str", "required": True},
            "secret_name": {"type": "str"},
            "secret_label": {"type": "str", "no_log": False},
            "secrets_location": {"type": "dict", "no_log": False},
            "description": {"type": "str"},
            "expected_runner": {
                "type": "dict",
                "options": {
                    "environment": {"type": "str", "required": True},
                    "vault": {
                        "type": "str",
                        "required": True,
                        "choices": ["aws", "azure", "snowflake", "maia"],
                    },
                },
            },
            "environment_overrides": {"type": "dict"},
            "purge_overrides": {"type": "bool", "default": False},
            "api": {
                "type": "str",
                "choices": ["connections", "secret_references"],
                "default": "connections",
            },
            "agent_type": {"type": "str", "choices": list(REFERENCE_AGENT_TYPES)},
            "agent_id": {"type": "str"},
        },
        mutually_exclusive=(
            (*KEY_SOURCES, "secret_name"),
            *((source, "environment_overrides") for source in KEY_SOURCES),
        ),
        required_if=(
            ("state", "present", (*KEY_SOURCES, "secret_name"), True),
            ("api", "secret_references", ("agent_type",)),
        ),
        required_by={
            "secret_label": ("secret_name",),
            "secrets_location": ("secret_name",),
            "environment_overrides": ("secret_name",),
        },
    ),
)


def execute(params: Params, runtime: Runtime, *, hosted: bool = False) -> Outcome:
    """Validate everything, then bring the definition to the desired state.

    hosted: it is only managed if it names a secret that was made for it in Matillion's vault.
    """
    return _execute(params, runtime, hosted=hosted)


def look_ahead(params: Params, runtime: Runtime) -> Outcome:
    """The same in check mode, to find out what would be refused when it is done."""
    return _execute(params, in_check_mode(runtime), ahead=True)


def _execute(
    params: Params, runtime: Runtime, *, ahead: bool = False, hosted: bool = False
) -> Outcome:
    name = params["name"]
    check_name(name)
    _check_agent(params)
    wants_key = params["state"] == "present" and key_given(params)
    payload = Payload(key_from(params, runtime)) if wants_key else None
    reference = _reference(params)
    wanted = _overrides(params)
    _check_pointer(params, wanted)
    _check_description(params, hosted=payload is not None)
    request = HostedRequest.from_params(params)
    connection = MaiaConnection.from_params(params)
    desired = desired_value(params, payload, fields={"description": params["description"]})
    if warning := arn_suffix_warning(name):
        runtime.warn(warning)
    with connection.open(runtime) as client:
        project = find_project(client, params["project"])
        _check_runner(params, client, project, runtime)
        api: DefinitionApi = ConnectionsApi(client, project)
        if params["api"] == "secret_references":
            agent = (params["agent_type"], params["agent_id"])
            api = SecretReferencesApi(client, project, *agent)

        def bring(host: Runtime) -> Outcome:
            if payload is not None:
                vault = HostedVault(client, project, request)
                store = HostedDefinitionStore(
                    *(api, vault, project, name), on_edited=params["on_edited"]
                )
                return converge(store, desired, host)
            return converge_reference(
                *(api, project, name, reference),
                may_go=_may_go(params, project, hosted=hosted),
                on_foreign=params["on_foreign"],
                on_edited=params["on_edited"],
                runtime=host,
            )

        reading = DefinitionReading(api, name)
        turn = f"definition {project.id} {name.casefold()}"
        if wanted is None:
            outcome = on_fresh_reading([reading], bring, runtime, name=turn, ahead=ahead)
            similar = api.similar(name) if params["state"] == "absent" else None
            if similar and not outcome.changed:
                runtime.warn(other_case(name, similar))
            return outcome
        purge = params["purge_overrides"]
        overrides = OverridesApi(client, project, name, None if purge else sorted(wanted))
        bring_both = with_overrides(
            bring, overrides, wanted, purge=purge, on_edited=params["on_edited"]
        )
        readings: tuple[Reading, ...] = (reading, overrides)
        return on_fresh_reading(readings, bring_both, runtime, name=turn, ahead=ahead)


def _check_runner(params: Params, client: MaiaClient, project: Project, runtime: Runtime) -> None:
    """Raises NotFoundError and ConfigurationError. What is to be gone may outlive its runner."""
    expected = params["expected_runner"]
    if expected is None or params["state"] == "absent":
        return
    if key_given(params) and expected["vault"] != "maia":
        raise ConfigurationError(
            "Option expected_runner",
            f"its vault is {expected['vault']}, and a definition is only given a key where the"
            " runner reads Matillion's own, which is maia",
            "give secret_name in place of the key, or correct the vault",
        )
    runner = find_runner(client, project, expected["environment"], runtime)
    subject = environment_subject(expected["environment"], project.name or project.id)
    refuse_other_vault(subject, runner.vault if runner else None, expected["vault"])


def _check_pointer(params: Params, wanted: Wanted | None) -> None:
    """Raise ConfigurationError for what contradicts the vault that the runner is to read.

    Where the runner's environment has an override, that counts and not the definition itself.
    """
    expected = params["expected_runner"]
    if expected is None or params["state"] == "absent":
        return
    vault, environment = expected["vault"], expected["environment"]
    older = params["api"] == "secret_references"
    override = (wanted or {}).get(environment)
    contradiction = agent_contradiction(vault, params["agent_type"]) or (
        pointer_contradiction(vault, params, labels=not older)
        if override is None
        else pointer_contradiction(vault, override, in_override(environment))
    )
    if contradiction:
        raise ConfigurationError(
            f"Maia secret definition '{params['name']}'",
            contradiction,
            "correct it, or the vault of expected_runner",
        )


def _may_go(params: Params, project: Project, *, hosted: bool) -> Callable[[Definition, str], None]:
    """See converge_reference()."""
    expected = params["expected_runner"]
    hosted = hosted or (expected is not None and expected["vault"] == "maia")

    def check(found: Definition, subject: str) -> None:
        check_pointer(found, params["secret_name"], params["secret_label"], subject)
        if hosted:
            check_hosted(found.secret_name, project.id, params["name"], subject)

    return check


def _check_agent(params: Params) -> None:
    """Raises ConfigurationError for what the API that is used does not take."""
    given = [name for name in ("agent_type", "agent_id") if params[name] is not None]
    if given and params["api"] != "secret_references":
        raise ConfigurationError(
            f"Maia secret definition '{params['name']}'",
            f"the connections API takes no {given[0]}",
            "leave it out, or set api to secret_references",
        )


def _reference(params: Params) -> Reference | None:
    if params["state"] == "absent" or params["secret_name"] is None:
        return None
    if not params["secret_name"].strip():
        raise ConfigurationError(
            f"Maia secret definition '{params['name']}'",
            "secret_name is empty",
            "give the name of the secret in the runner's vault",
        )
    if params["api"] == "secret_references" and params["secrets_location"]:
        raise ConfigurationError(
            f"Maia secret definition '{params['name']}'",
            "the secret-references API knows no secrets_location",
            "leave it out, or set api to connections",
        )
    return Reference(
        name=params["name"],
        secret_name=params["secret_name"],
        secret_label=params["secret_label"],
        secrets_location=params["secrets_location"],
        description=params["description"],
    )


def _overrides(params: Params) -> Wanted | None:
    """The desired overrides; None if they are not managed. Raises ConfigurationError."""
    subject = f"Maia secret definition '{params['name']}'"
    wanted = parse_overrides(params["name"], params["environment_overrides"])
    asked = params["environment_overrides"] is not None or params["purge_overrides"]
    if not asked or params["state"] == "absent":
        return None
    if key_given(params):
        raise ConfigurationError(
            subject,
            "a definition that is given a key has no environment overrides",
            "leave out purge_overrides, and make a definition for each environment",
        )
    if params["api"] == "secret_references":
        raise ConfigurationError(
            subject,
            "the secret-references API knows no environment overrides",
            "leave them out, or set api to connections",
        )
    return wanted


def _check_description(params: Params, *, hosted: bool) -> None:
    number = params["value_version"] if hosted else None
    text = MarkedText(params["description"] or "", value_version=number)
    check_description(params["name"], text)


OPERATION = Operation("maia_secret_definition", SPEC, execute, (REQUESTS,))
LOOK_AHEAD = replace(OPERATION, execute=look_ahead)

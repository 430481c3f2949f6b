# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_secret_definition_info module: the secret definitions of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..apis.api import other_case
from ..apis.connections_api import ConnectionsApi
from ..apis.hosted_vault import fingerprint_in, is_edited
from ..apis.overrides_api import list_overrides, pointed_at
from ..model.definition import Definition
from ..model.override import Fields
from ..projects.projects import Project, environment_names, find_project
from ..reach.client import MaiaClient
from ..reach.connection import CONNECTION_SPEC, MaiaConnection

ALL = ["all"]

SPEC = CONNECTION_SPEC.merge(
    ArgumentSpec(
        options={
            "project": {"type": "str", "required": True},
            "names": {"type": "list", "elements": "str"},
            "environments": {"type": "list", "elements": "str"},
        },
    ),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Read definitions, and overrides if asked for; nothing is changed in any mode."""
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        asked = params["environments"]
        environments = asked and environment_names(client, project, None if asked == ALL else asked)
        found = [each for each in ConnectionsApi(client, project).all() if each.generic]
        overrides = {name: _overrides(client, project, name) for name in environments or ()}
    definitions = found if params["names"] is None else _chosen(found, params["names"], runtime)

    def edited(secret_name: str | None, definition: str) -> bool:
        return is_edited(secret_name, project.id, definition)

    shown = [_shown(each, edited=edited(each.secret_name, each.name)) for each in definitions]
    if environments is not None:
        for definition in shown:
            name = str(definition["name"])
            definition["environment_overrides"] = {
                environment: {**pointer, "edited_in_maia": edited(pointer["secret_name"], name)}
                for environment, held in overrides.items()
                if (pointer := held.get(name))
            }
    return Outcome(
        changed=False,
        values={"project": {"id": project.id, "name": project.name}, "definitions": shown},
    )


def _overrides(client: MaiaClient, project: Project, environment: str) -> Mapping[str, Fields]:
    """By the definition's name."""
    subject = f"Maia environment '{environment}' of project '{project.name or project.id}'"
    items = list_overrides(client, project, environment, subject)
    return {str(item["name"]): pointed_at(item) for item in items}


def _chosen(found: Iterable[Definition], names: list[str], runtime: Runtime) -> list[Definition]:
    chosen = [definition for definition in found if definition.name in names]
    missing = set(names) - {definition.name for definition in chosen}
    for name in sorted(missing):
        similar = [each.name for each in found if each.name.casefold() == name.casefold()]
        if similar:
            runtime.warn(other_case(name, similar[0]))
    return chosen


def _shown(definition: Definition, *, edited: bool) -> dict[str, object]:
    fingerprint = fingerprint_in(definition.secret_name, definition.name)
    return {
        "name": definition.name,
        "id": definition.id,
        "ours": definition.description.ours,
        **definition.fields,
        "edited_in_maia": edited,
        "fingerprint": fingerprint.short if fingerprint else None,
        "value_version": definition.description.value_version,
    }


OPERATION = Operation("maia_secret_definition_info", SPEC, execute, (REQUESTS,), reads_only=True)

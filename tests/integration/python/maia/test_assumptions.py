# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account shows of what we assume about Maia's API, without its names."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.assumptions import (
    ASSUMPTIONS,
    summarized,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.unverified import ASSUMED
from integration.python.maia_world import MaiaWorld
from unit.faces import run_action
from unit.fakes import FakeRuntime

PROJECT, ENVIRONMENT = "Shop Analytics", "test"


def shown(world: MaiaWorld) -> dict[str, tuple[str, str]]:
    """The verdict and the text of each assumption; nothing was written, and no name is told."""
    options: dict[str, Any] = {"project": PROJECT, "environment": ENVIRONMENT}
    found = run_action(ASSUMPTIONS, world.options(**options))
    assert not found.get("failed"), found
    assert not any(
        name.startswith(("Create", "Update", "Delete", "Run")) for name in world.requests()
    )
    rows = summarized(found["assumptions"])
    project = world.project(PROJECT)
    agents = [environment.agent for environment in project.environments.values()]
    told = str(rows)
    for name in (PROJECT, project.id, *project.connections, *(agent.name for agent in agents)):
        assert name not in told
    return {row["assumption"]: (row["verdict"], row["text"]) for row in rows}


def test_each_assumption_gets_a_line_and_what_takes_a_write_stays_unknown(world: MaiaWorld) -> None:
    found = shown(world)
    assert list(found) == list(ASSUMED)
    for name in ("hosted_request", "overrides_deleted", "pipeline_answers", "project_roles"):
        verdict, text = found[name]
        assert verdict == "unknown"
        assert text.endswith("Seen: it cannot be checked without writing.")


def test_an_account_as_documented_confirms(world: MaiaWorld) -> None:
    world.service.add_connection(
        next(iter(world.service._store.projects)), "google", auth_provider="GOOGLE"
    )
    found = shown(world)
    for name in ("definition_pages", "override_pages", "secret_references", "published_pipelines"):
        assert found[name][0] == "confirmed"
    assert "Seen: page, results, size, total, items without id." in found["definition_pages"][1]
    assert found["hosted_runners"][1].endswith("Seen: matillion_hosted.")
    assert "aws/fargate" in found["deployments"][1]


@pytest.mark.parametrize(
    ("variant", "name", "verdict", "seen"),
    [
        ("items with ids", "published_pipelines", "confirmed", "items without id"),
        ("bare lists", "definition_pages", "refuted", "a bare list"),
        ("agents forbidden", "deployments", "unknown", "HTTP 403"),
        ("hosted agents not found", "hosted_runners", "unknown", "none is listed"),
        ("hosted agents disguised", "hosted_runners", "unknown", "none is listed"),
        ("several others at once", "definition_pages", "refuted", "a bare list"),
    ],
)
def test_another_account_is_told_of(
    world: MaiaWorld, variant: str, name: str, verdict: str, seen: str
) -> None:
    world.service.behave(variant)
    found = shown(world)
    assert found[name][0] == verdict
    assert seen in found[name][1]


def test_a_call_that_is_not_there_refutes_and_one_that_fails_does_not(world: MaiaWorld) -> None:
    world.fail("ListSecretReferences", status=404, times=9)
    world.fail("ListPublishedPipelines", status=403, times=9)
    found = shown(world)
    assert found["secret_references"][0] == "refuted"
    assert found["published_pipelines"][0] == "unknown"


def test_strange_runners_and_names_refute(world: MaiaWorld) -> None:
    world.service.add_agent("Our secret runner", "gcp", "gke-of Acme!")
    world.service.add_connection(world.project(PROJECT).id, "acme.com login")
    found = shown(world)
    assert found["deployments"] == (
        "refuted",
        f"deployments refuted: {ASSUMED['deployments']} Seen: gcp/(other).",
    )
    assert found["definition_names"][0] == "refuted"
    assert "1 connections have other names" in found["definition_names"][1]


def test_an_edit_in_maia_confirms_how_it_names_secrets(world: MaiaWorld) -> None:
    with world.client(FakeRuntime()) as client:
        project = find_project(client, PROJECT)
        name = f"{project.id}-{ENVIRONMENT}-acme_login-{uuid.uuid4()}"
        ConnectionsApi(client, project).create(Draft("acme_login", "", secret_name=name))
    world.clear()
    assert shown(world)["edited_names"][0] == "confirmed"


def test_what_one_project_refutes_the_others_do_not_confirm() -> None:
    rows = [["definition_pages", verdict, verdict] for verdict in ("confirmed", "unknown")]
    assert summarized(rows)[3]["verdict"] == "confirmed"
    (row,) = [
        row
        for row in summarized([*rows, ["definition_pages", "refuted", "a bare list"]])
        if row["assumption"] == "definition_pages"
    ]
    assert row["verdict"] == "refuted"
    assert row["text"].endswith("Seen: a bare list.")

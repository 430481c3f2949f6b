# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: which are selected, and what they are called."""

from __future__ import annotations

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.targets import (
    Selection,
    Target,
    list_targets,
)
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import HYBRID
from unit.fakes import FakeRuntime


def test_what_was_not_chosen_is_listed_if_it_could_have_the_name() -> None:
    with maia_world() as world:
        agent = world.service.add_agent("runner", "aws", "fargate")
        for project, environment in (("Pay", "Live eu"), ("Pay Live", "eu"), ("Payments", "eu")):
            made = world.service.add_project(project, deployment=HYBRID)
            world.service.add_environment(made, environment, agent)
        with world.client(FakeRuntime(), requests_per_minute=100_000) as client:
            for chosen, other in (("Pay", "Pay Live"), ("Pay Live", "Pay")):
                found = list_targets(client, Selection([chosen]), Selection())
                assert [each.project.name for each in found.targets] == [chosen]
                assert other in [each.project.name for each in found.others]
                assert "Payments" not in [each.project.name for each in found.others]


def listed(world: MaiaWorld, projects: Selection, environments: Selection) -> list[Target]:
    with world.client(FakeRuntime(), requests_per_minute=100_000) as client:
        return list_targets(client, projects, environments).targets


# 507, as the inventory plugin's documentation says.
def test_the_number_of_requests_is_bounded() -> None:
    with maia_world() as world:
        world.service._store.clear()
        agents = [world.service.add_agent(f"Runner {n}", "aws", "fargate") for n in range(20)]
        for number in range(500):
            project = world.service.add_project(f"Project {number}", deployment=HYBRID)
            for name in ("dev", "test", "production"):
                world.service.add_environment(project, name, agents[number % 20])
        found = listed(world, Selection(), Selection())
        assert len(found) == 1500
        assert world.requests() == {
            "Token": 1,
            "ListProjects": 5,
            "ListAgents": 1,
            "ListEnvironments": 500,
        }
        world.clear()
        found = listed(world, Selection(["Project 1?"]), Selection([], ["dev"]))
        assert len(found) == 20
        assert world.requests()["ListEnvironments"] == 10


def test_a_target_has_its_agent_and_a_reference_to_its_project() -> None:
    with maia_world() as world:
        (found,) = listed(world, Selection(["Shop Analytics"]), Selection(["production"]))
        assert found.reference == "Shop Analytics"
        assert found.agent is not None
        assert (found.agent.name, found.agent.vault) == ("AWS runner", "aws")
        # The API is said to allow it; the sandbox's own rules do not.
        for project in list(world.service._store.projects.values()):
            if project.name == "Billing Insights":
                project.name = "Shop Analytics"
        found, other = listed(world, Selection(["Shop Analytics"]), Selection(["production"]))
        assert {found.reference, other.reference} == {found.project.id, other.project.id}


def test_targets_are_read_anew_and_then_known_to_the_run() -> None:
    runtime = FakeRuntime()
    with maia_world() as world, world.client(runtime) as client:
        chosen = (Selection(["Shop Analytics"]), Selection())
        assert len(list_targets(client, *chosen).targets) == 2
        project = world.project()
        agent = project.environments["test"].agent
        world.service.add_environment(project.id, "new", agent.agent_id)
        assert len(list_targets(client, *chosen).targets) == 3

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account that the demo starts with."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.maia.store import (
    FULL_SAAS,
    HYBRID,
    Agent,
    Environment,
    Pipeline,
    Project,
    Step,
    Store,
    new_id,
)

ENVIRONMENTS = ("test", "production")


@dataclass(frozen=True)
class DemoProject:
    name: str
    description: str
    deployment: str
    agent_name: str
    cloud_provider: str
    agent_deployment: str


PROBED = (Step("Start", "SUCCESS"), Step("Stripe Query", "SUCCESS", "Loaded 1 row"))
# The message has what a component might say, apart from the key itself.
BROKEN = (
    Pipeline(
        "Broken probe",
        "test",
        outcome="FAILED",
        steps=(Step("Stripe Query", "FAILED", "Invalid API Key provided"),),
    ),
    Pipeline("Disabled probe", "test", disabled=True),
    Pipeline("Endless probe", "test", looks=1_000_000),
)

PROJECTS = (
    DemoProject("Shop Analytics", "Orders and refunds", HYBRID, "AWS runner", "aws", "fargate"),
    DemoProject("Billing Insights", "Invoices and dunning", HYBRID, "Azure runner", "azure", "aks"),
    DemoProject(
        "Finance Warehouse",
        "Payouts and fees",
        HYBRID,
        "Snowflake runner",
        "snowflake",
        "snowflake",
    ),
    # How the API shows a Matillion-hosted agent is not known: a guess.
    DemoProject(
        "Marketing Reports",
        "Customers by campaign",
        FULL_SAAS,
        "Matillion-hosted runner",
        "aws",
        "matillion_hosted",
    ),
)


def fill(store: Store) -> None:
    for demo in PROJECTS:
        agent = Agent(
            *(new_id(), demo.agent_name, demo.cloud_provider, demo.agent_deployment),
            hosted=demo.deployment == FULL_SAAS,
        )
        store.add_agent(agent)
        project = Project(demo.name, demo.deployment, demo.description)
        store.add_project(project)
        for name in ENVIRONMENTS:
            project.add_environment(Environment(name, agent))
            project.publish(Pipeline("Stripe probe", name, looks=1, steps=PROBED))
    shop = store.project_named("Shop Analytics")
    assert shop is not None
    for pipeline in BROKEN:
        shop.publish(pipeline)

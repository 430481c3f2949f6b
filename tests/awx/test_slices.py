# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices share nothing but the account's request limit, which each of them gets its part of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from awx.conftest import SLICES
from awx.controller import Controller
from awx.jobs import Launcher
from integration.python.maia_world import MaiaWorld, maia_world
from sandbox.maia.store import FULL_SAAS

LIMIT = 240  # requests a minute that the account allows
AT_ONCE = 16  # less than what slices do at once that take the whole for theirs
PROJECTS = 20


@pytest.fixture
def world() -> Iterator[MaiaWorld]:
    """An account of projects without vaults of their own, so that only Maia is asked."""
    with maia_world() as started:
        started.service._store.clear()
        agent = started.service.add_agent("hosted", "aws", "matillion_hosted")
        for number in range(PROJECTS):
            project = started.service.add_project(f"Project {number}", deployment=FULL_SAAS)
            started.service.add_environment(project, "test", agent)
        yield started


@pytest.fixture
def elsewhere(
    launcher: Launcher, controller: Controller, world: MaiaWorld, monkeypatch: pytest.MonkeyPatch
) -> Launcher:
    """Jobs that meet that account."""
    inputs = controller.inputs_of(controller.one("credentials", "Maia")["id"])
    for name, text in world.service.identities["full"].items():
        monkeypatch.setitem(inputs, name, text)
    urls = {name: world.options()[name] for name in ("api_url", "token_url")}
    settings = {f"MAIA_{name.upper()}": url for name, url in urls.items()}
    where = launcher.where / f"slices-{id(world)}"
    return replace(launcher, where=where, environment={**launcher.environment, **settings})


def test_the_slices_keep_the_limit_together(
    elsewhere: Launcher,
    controller: Controller,
    world: MaiaWorld,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = controller.inputs_of(controller.one("credentials", "Settings")["id"])
    monkeypatch.setitem(settings, "requests_per_minute", str(LIMIT // SLICES))
    monkeypatch.setitem(settings, "verify", "never")
    inventory: dict[str, Any] = elsewhere.sync("Maia")
    assert len(inventory["_meta"]["hostvars"]) == PROJECTS

    # Most of the minute's requests are used up, so that a few seconds show what a minute would.
    world.service.requests_per_minute = LIMIT
    world.service._gate._bucket.take(LIMIT)
    world.service._gate._bucket._left = AT_ONCE
    world.clear()
    refused = world.service.throttled
    jobs = elsewhere.launch("Stripe Query - Rollout", inventory, answers={"authorize_threads": 16})

    assert [job.status for job in jobs] == [0] * SLICES, jobs[0].output
    assert sum(world.requests().values()) > AT_ONCE
    assert world.service.throttled == refused
    for job in jobs:
        # A terminal breaks the line somewhere.
        assert f"{LIMIT // SLICES} of them a minute" in " ".join(job.output.split())

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault did what it was asked for and its answer was lost: nothing is done twice or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from sandbox.service import Fault
from torture.cases import CASES
from torture.judge import explore
from torture.world import World, one_sentence

# Case -> the request whose answer is lost. Maia says of no POST that it may be repeated.
LOST = {
    "aws: create": ("aws", "CreateSecret"),
    "aws: rotate": ("aws", "PutSecretValue"),
    "aws: delete": ("aws", "DeleteSecret"),
    "azure: create": ("azure", "SetSecret"),
    "azure: rotate": ("azure", "SetSecret"),
    "azure: delete": ("azure", "DeleteSecret"),
    "snowflake: create": ("snowflake", "CREATE SECRET"),
    "snowflake: rotate": ("snowflake", "ALTER SECRET"),
    "snowflake: delete": ("snowflake", "DROP SECRET"),
    "hosted: rotate": ("maia", "UpdateConnection"),
    "hosted: delete": ("maia", "DeleteConnection"),
}


@pytest.mark.parametrize("name", LOST)
def test_it_is_done_once(services: SandboxClient, tmp_path: Path, name: str) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    aim = explore(world, case)
    world.start(case)
    service, operation = LOST[name]
    services.order(Fault(service, operation, wire="reset after"))

    result = world.run(case.module, case.args)

    assert not result.get("failed"), result["msg"]
    assert result["changed"]
    assert world.contents() == aim.after
    assert world.versions() == aim.versions
    assert services.requests(service)[operation]


@pytest.mark.parametrize("wire", ["reset after", "half an answer"])
@pytest.mark.parametrize("name", LOST)
def test_a_change_that_may_have_been_made_is_told(
    services: SandboxClient, tmp_path: Path, name: str, wire: str
) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    before = explore(world, case).before
    world.start(case)
    service, operation = LOST[name]
    services.order(Fault(service, operation, times=1000, wire=wire))
    # Who may not look cannot find out.
    services.order(Fault(service, "GetSecretVersions", status=403, skip=1, times=1000))

    result = world.run(case.module, case.args)

    assert result["changed"] or world.contents() == before
    if result.get("failed"):
        assert result["error"]["unconfirmed"]
        assert "and it may have been done all the same; " in result["msg"]
        assert "a second run, or prove, tells whether it was done" in result["msg"]
        assert one_sentence(result)


@pytest.mark.parametrize("name", LOST)
def test_what_was_refused_was_not_done(services: SandboxClient, tmp_path: Path, name: str) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    world.start(case)
    service, operation = LOST[name]
    status, code = (200, "003001") if service == "snowflake" else (403, "")
    services.order(Fault(service, operation, status=status, code=code, times=1000))

    result = world.run(case.module, case.args)

    assert result["failed"]
    assert "unconfirmed" not in result["error"]
    assert "all the same" not in result["msg"]

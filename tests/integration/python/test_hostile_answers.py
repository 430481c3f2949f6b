# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that no vendor gives come out as one sentence, and are never taken for an empty vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from sandbox.service import Fault
from torture.cases import CASES
from torture.world import World, one_sentence

_JSON = {"Content-Type": "application/json"}
# Case -> the request whose answer is replaced.
ASKED = {
    "aws: rotate": ("aws", "DescribeSecret"),
    "aws: create": ("aws", "CreateSecret"),
    "azure: rotate": ("azure", "GetSecretVersions"),
    "azure: create": ("azure", "SetSecret"),
    "hosted: delete": ("maia", "ListConnections"),
    "environment": ("maia", "ListEnvironments"),
}
ANSWERS = {
    "a list of numbers": "[1]",
    "null": "null",
    "an object of another kind": '{"one": 1}',
    "wrong types": '{"id": 1, "results": 7, "value": 7, "attributes": 7, "tags": [], "ARN": []}',
    "nested without end": "[" * 100_000,
    "no JSON": "<html>Hello</html>",
}
# An empty list in Azure's notation, in which every member may be left out.
ONLY_EMPTY = {("azure: rotate", "an object of another kind")}
CHECKS = [
    (case, answer) for case in ASKED for answer in ANSWERS if (case, answer) not in ONLY_EMPTY
]


@pytest.mark.parametrize(("name", "answer"), CHECKS)
def test_the_answer_is_refused(
    services: SandboxClient, tmp_path: Path, name: str, answer: str
) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    world.start(case)
    service, operation = ASKED[name]
    fault = Fault(service, operation, wire="answer", body=ANSWERS[answer], headers=_JSON, times=100)
    services.order(fault)

    result = world.run(case.module, case.args)

    assert result.get("failed"), result
    assert one_sentence(result), result["msg"]
    assert services.requests(service)[operation]

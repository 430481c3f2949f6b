# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Some of what torture.answers does to all fields: those that were stumbled over once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from torture.answers import Spoiling, play, problems, record, spoilings
from torture.cases import CASES
from torture.world import World

# Case, the field, and by what it was replaced.
STUMBLED = [
    ("aws: rotate", "Tags.0.Key", "null"),
    ("aws: rotate", "Tags.0.Value", "a number"),
    ("aws: delete", "Tags.0.Key", "an object"),
    ("aws: restore", "CreatedDate", "a huge number"),
    ("azure: rotate", "expires_in", "a huge number"),
    ("azure: delete", "value.0.attributes", "a negative fraction"),
    ("azure: delete", "value.0.tags.maia.stripe_query", "null"),
    ("hosted: rotate", "results.0.connectionDetails", "a strange text"),
    ("hosted: delete", "access_token", "a strange text"),
]


@pytest.mark.parametrize(("name", "where", "what"), STUMBLED)
def test_it_is_told_in_one_sentence(
    services: SandboxClient, tmp_path: Path, name: str, where: str, what: str
) -> None:
    world = World(services, tmp_path)
    case = next(case for case in CASES if case.name == name)
    exchanges = record(world, case)
    spoiled = [each for each in spoilings(case, exchanges) if is_meant(each, where, what)]
    assert spoiled
    for each in spoiled:
        assert list(problems(world, play(world, each, exchanges))) == [], str(each)


def is_meant(spoiling: Spoiling, where: str, what: str) -> bool:
    return spoiling.name == what and ".".join(map(str, spoiling.path)) == where

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: which are selected, and what they are called."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    Environment,
    Project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.targets import (
    Selection,
    Target,
    host_names,
)


@pytest.mark.parametrize(
    ("include", "exclude", "taken"),
    [
        ([], [], ["Shop", "Shop EU", "Billing", "x[1]"]),
        (["Shop"], [], ["Shop"]),
        (["Shop*"], [], ["Shop", "Shop EU"]),
        (["shop*"], [], []),
        ([], ["Shop*"], ["Billing", "x[1]"]),
        (["Shop*", "Billing"], ["* EU"], ["Shop", "Billing"]),
        (["x[1]"], [], ["x[1]"]),
        (["*"], ["*"], []),
    ],
)
def test_selection(include: list[str], exclude: list[str], taken: list[str]) -> None:
    selection = Selection(include, exclude)
    assert [
        name for name in ("Shop", "Shop EU", "Billing", "x[1]") if selection.takes(name)
    ] == taken


def target(project: str, environment: str, project_id: str = "1") -> Target:
    return Target(Project(project_id, project), project, Environment(environment))


@pytest.mark.parametrize(
    ("project", "environment", "name"),
    [
        ("Shop Analytics", "production", "shop-analytics-production"),
        (" Shop  (EU) / 2 ", "Prod_1", "shop-eu-2-prod-1"),
        ("Gebühren", "Prüfung", "gebuhren-prufung"),
        ("店", "production", "7d1f3a52-production"),
    ],
)
def test_usual_names(project: str, environment: str, name: str) -> None:
    project_id = "7d1f3a52-6f0e-4c0b-9a55-0d4b7a7a3c11"
    assert host_names([target(project, environment, project_id)]) == [name]


SAME = [
    target("Shop", "a b"),
    target("Shop", "A-b"),
    target("Shop a", "b", "2"),
    target("Shop", "a b", "3"),
]


def test_of_targets_with_the_same_name_none_keeps_it() -> None:
    names = host_names([*SAME, target("Other", "a b")])
    assert names[-1] == "other-a-b"
    assert len(set(names)) == 5
    for name in names[:-1]:
        assert name.startswith("shop-a-b-")
        assert len(name) == len("shop-a-b-") + 8


def test_names_do_not_depend_on_order_and_never_move_to_another_target() -> None:
    by_target: dict[Target, set[str]] = {}
    owners: dict[str, set[Target]] = {}
    for size in range(1, len(SAME) + 1):
        for some in itertools.permutations(SAME, size):
            for each, name in zip(some, host_names(some), strict=True):
                by_target.setdefault(each, set()).add(name)
                if size > 1:
                    owners.setdefault(name, set()).add(each)
    assert all(len(names) == 2 for names in by_target.values()), "its plain and its full name"
    assert all(len(targets) == 1 for targets in owners.values())


def test_a_name_with_its_eight_characters_cannot_be_taken_by_another_target() -> None:
    same = [target("Pay Live", "eu_1", "1"), target("Pay Live", "eu-1", "1")]
    digest = same[0].full_name.removeprefix("pay-live-eu-1-")
    taker = target("Pay", f"Live eu 1 {digest}", "2")
    assert taker.plain_name == same[0].full_name
    names = host_names([*same, taker])
    assert len(set(names)) == 3
    assert names[2] == taker.full_name


def test_a_name_counts_though_its_target_is_not_chosen() -> None:
    one, other = target("Shop", "a b"), target("Shop a", "b", "2")
    assert host_names([one]) == ["shop-a-b"]
    assert host_names([one], [other]) == [one.full_name]


def test_targets_whose_full_names_are_equal_are_refused_by_name() -> None:
    with pytest.raises(ConflictError, match="two environments would have the name: 'Shop'"):
        host_names([target("Shop", "a b"), target("shop", "a b")])

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another host of the inventory gives, and no purge removes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.in_play import task_in_play
from unit.keeping import (
    GOES,
    SHARED,
    UNDEFINED,
    inventory,
    refusals,
)


def test_a_label_that_is_called_like_an_override_is_none(tmp_path: Path) -> None:
    own = {**SHARED, "authorize_label": "override", "authorize_secret_name": "stripe/own"}
    removes = {**own, "authorize_definition": {"purge_overrides": True}}
    stays = {**own, "authorize_environment": "other", "authorize_aws": {"tags": {"override": "x"}}}
    removes["authorize_aws"] = {"tags": {"override": "y"}}
    hosts = inventory(goes=removes, stays=stays)
    assert refusals(task_in_play(tmp_path, hosts), hosts=["goes"]) == {"goes": ""}


@pytest.mark.parametrize("action", ["authorize", "rotate", "adopt", "prove"])
@pytest.mark.parametrize(
    ("removes", "stays", "refused"),
    [
        ({"purge_overrides": True}, {"dev": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"dev": None}}, {"dev": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"dev": None}}, {"Dev ": {"secret_name": "more"}}, True),
        ({"purge_overrides": True}, {" DEV": {"secret_name": "more"}}, True),
        ({"environment_overrides": {"qa": None}}, {"dev": {"secret_name": "more"}}, False),
        ({"environment_overrides": {"dev": {"secret_name": "x"}}}, {"dev": None}, False),
        ({"purge_overrides": True}, None, False),
    ],
)
def test_an_override_that_another_host_gives_is_not_removed(
    tmp_path: Path, removes: dict[str, Any], stays: Any, refused: bool, action: str
) -> None:
    other = {**SHARED, "authorize_environment": "other", "authorize_definition_name": "stripe_test"}
    hosts = inventory(
        goes={**SHARED, "authorize_definition": removes},
        stays={**other, "authorize_definition": {"environment_overrides": stays}},
    )
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes"], action=action)
    assert ("override" in found["goes"]) is (refused and action != "prove"), found


def tagged(*tags: str, **more: Any) -> dict[str, Any]:
    return {"authorize_aws": {"tags": dict.fromkeys(tags, "x"), **more}}


GRANTS = [{"type": "role", "name": "A"}]
SNOW = {"authorize_vault": "snowflake", "authorize_secret_name": "shop"}


@pytest.mark.parametrize("action", ["authorize", "prove"])
@pytest.mark.parametrize(
    ("removes", "stays", "refused"),
    [
        (tagged("a", purge_tags=True), tagged("a", "b"), True),
        (tagged("a", purge_tags=True), tagged("a"), False),
        (tagged("a", purge_tags=True), {}, False),
        (tagged("a"), tagged("a", "b"), False),
        (tagged("a", purge_tags=True), {**tagged("b"), "authorize_secret_name": "more"}, False),
        (tagged("a", purge_tags=True), {**tagged("b"), **GOES}, False),
        (
            {**SNOW, "authorize_snowflake": {"grant_to": [], "purge_grants": True}},
            {**SNOW, "authorize_snowflake": {"grant_to": GRANTS}},
            True,
        ),
    ],
)
def test_a_tag_or_a_grant_that_another_host_gives_is_not_removed(
    tmp_path: Path, removes: dict[str, Any], stays: dict[str, Any], refused: bool, action: str
) -> None:
    other = {**SHARED, "authorize_environment": "other"}
    hosts = inventory(goes={**SHARED, **removes}, stays={**other, **stays})
    found = refusals(task_in_play(tmp_path, hosts), hosts=["goes"], action=action)
    assert ("they share" in found["goes"]) is (refused and action != "prove"), found


@pytest.mark.parametrize(
    ("stays", "refused"),
    [
        ({"authorize_project": UNDEFINED}, True),
        ({"authorize_environment": None}, True),
        ({"authorize_expected_mod": "live"}, True),
        ({"authorize_aws": UNDEFINED}, True),
        ({"authorize_aws": {"region": "eu-west-1", "tags": {"b": UNDEFINED}}}, True),
        # A run that purges tags is not stopped by any host that does not say what it has.
        ({"authorize_project": UNDEFINED, "authorize_secret_name": "more"}, False),
        ({"authorize_secret_name": UNDEFINED}, False),
        ({"authorize_project": UNDEFINED, "authorize_vault": "azure"}, False),
        ({"authorize_environment": None, "authorize_aws": {"region": "us-east-1"}}, False),
    ],
)
def test_nor_from_the_secret_of_a_host_of_which_it_is_not_known_what_it_gives(
    tmp_path: Path, stays: dict[str, Any], refused: bool
) -> None:
    purges = tagged("a", purge_tags=True, region="eu-west-1")
    other = {**SHARED, "authorize_environment": "other"}
    hosts = inventory(goes={**SHARED, **purges}, stays={**other, **stays})
    found = refusals(task_in_play(tmp_path, hosts, hosts=["goes"]), hosts=["goes"])
    assert ("cannot be decided" in found["goes"]) is refused, found

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Key Vault keeps beside the value: its drift is seen and undone without a new version."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from unit.keys import make_key

from .conftest import Vault

DATE = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
# Option, value, how the service holds it, and a second value.
FIELDS: list[tuple[str, Any, str, Any, Any]] = [
    ("content_type", "Stripe key", "content_type", "Stripe key", "other"),
    ("enabled", False, "enabled", False, True),
    ("expires_on", "2030-01-01T02:00:00+02:00", "expires", DATE, "2031-01-01"),
    ("not_before", str(DATE), "not_before", DATE, "2029-12-31"),
]
every_field = pytest.mark.parametrize(("option", "value", "held_as", "held", "other"), FIELDS)


@every_field
def test_a_field_is_brought_to_the_desired_state_and_stays_there(
    vault: Vault, option: str, value: Any, held_as: str, held: Any, other: Any
) -> None:
    version = vault.done()["version"]
    result = vault.done(**{option: value})
    assert result["changes"] == [option]
    assert result["version"] == version
    assert getattr(vault.held.latest, held_as) == held
    vault.settled(**{option: value})
    # Somebody else changes it.
    assert vault.done(**{option: other})["changes"] == [option]
    assert vault.done(**{option: value})["changes"] == [option]
    assert getattr(vault.held.latest, held_as) == held
    assert len(vault.held.versions) == 1
    assert "GetSecret" not in vault.calls()


@every_field
def test_a_field_that_is_left_out_stays_and_a_new_version_keeps_it(
    vault: Vault, option: str, value: Any, held_as: str, held: Any, other: Any
) -> None:
    assert vault.done(**{option: value})["changes"] == ["state", "value", option]
    vault.settled()
    vault.next_second()
    assert vault.done(api_key=make_key())["changes"] == ["value"]
    assert len(vault.held.versions) == 2
    assert getattr(vault.held.latest, held_as) == held
    vault.next_second()
    assert vault.done(**{option: other})["changes"] == ["value", option]
    assert getattr(vault.held.latest, held_as) != held
    vault.settled(**{option: other})


@pytest.mark.parametrize(("option", "held_as"), [("expires_on", "expires"), ("not_before",) * 2])
def test_an_empty_date_clears_it_with_a_new_version_of_the_same_value(
    vault: Vault, option: str, held_as: str
) -> None:
    vault.done(**{option: "2030-01-01"}, tags={"team": "data"})
    vault.next_second()
    assert vault.done(**{option: ""})["changes"] == ["value", option]
    assert getattr(vault.held.latest, held_as) is None
    assert vault.held.latest.value == vault.key
    assert vault.held.latest.tags["team"] == "data"
    assert len(vault.held.versions) == 2
    vault.settled(**{option: ""})


def test_tags_are_merged_or_purged(vault: Vault) -> None:
    vault.done(tags={"team": "data", "cost": "low"})
    assert vault.done(tags={"team": "web"})["changes"] == ["tags"]
    assert our_tags_left_out(vault) == {"team": "web", "cost": "low"}
    vault.settled(tags={})
    vault.settled(purge_tags=True)
    vault.settled(purge_tags=True, tags={"team": "web", "cost": "low"})
    result = vault.done(purge_tags=True, tags={"team": "web"})
    assert result["changes"] == ["tags"]
    assert result["diff"]["after"]["tags"] == {"team": "web"}
    assert our_tags_left_out(vault) == {"team": "web"}
    assert vault.done(purge_tags=True, tags={})["changes"] == ["tags"]
    assert our_tags_left_out(vault) == {}
    assert len(vault.held.versions) == 1
    vault.settled()  # the marker is still there


def our_tags_left_out(vault: Vault) -> dict[str, str]:
    tags = vault.held.latest.tags
    return {name: text for name, text in tags.items() if not name.startswith("maia.")}


def test_our_own_tags_survive_a_purge_of_tags(vault: Vault) -> None:
    def purge(**task: Any) -> set[str]:
        assert vault.done(**task, purge_tags=True, tags={})["changes"] == ["tags"]
        return {name.removeprefix("maia.stripe_query") for name in vault.held.latest.tags}

    vault.done(value_version=1, api_key=make_key(), tags={"team": "data"})
    vault.next_second()
    vault.done(value_version=2)
    assert purge(value_version=2) == {"", ".value_version"}
    vault.next_second()
    back: dict[str, Any] = {"api_key": None, "rolled_back_to": "previous"}
    vault.done(**back, tags={"team": "data"})
    assert purge(**back) == {"", ".rolled_back_to"}
    vault.settled(**back)


def test_more_tags_than_key_vault_takes(vault: Vault) -> None:
    vault.done(tags={f"t{index}": "" for index in range(14)})
    for check in (True, False):
        refused = vault.refused(tags={"one more": ""}, check=check)
        assert refused["error"]["kind"] == "conflict"
        assert "16 tags" in refused["msg"]
    vault.done(tags={"one more": ""}, purge_tags=True)


def test_a_name_may_start_with_a_digit_which_maia_may_not_take(vault: Vault) -> None:
    vault.name = f"2024-stripe-key-{vault.name}"
    assert "does not start with a letter" in " ".join(vault.done()["warnings"])
    assert vault.held.latest


def test_a_change_of_one_property_sends_no_tags(vault: Vault) -> None:
    """So that tags which somebody changes at the same time are not overwritten."""
    vault.done(tags={"team": "data"})
    sent: list[dict[str, Any]] = []
    vault_class = type(vault.service.vaults["direct"])
    update = vault_class.update_secret

    def spy(self: Any, name: str, version: str, given: Any) -> Any:
        sent.append({"tags": given.tags, "content_type": given.content_type})
        return update(self, name, version, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault_class, "update_secret", spy)
        vault.done(content_type="other")
    assert sent == [{"tags": None, "content_type": "other"}]


def test_the_value_of_a_disabled_secret_is_never_needed_with_a_fingerprint(vault: Vault) -> None:
    vault.done(enabled=False)
    vault.settled()
    assert vault.done(enabled=True)["changes"] == ["enabled"]


@pytest.mark.parametrize("attempt", range(2))  # their order in lists is random
def test_of_two_versions_in_one_second_the_current_ones_fields_count(
    vault: Vault, attempt: int
) -> None:
    new = {"content_type": f"new {attempt}", "expires_on": "2031-01-01"}
    with vault.one_second():
        vault.run(content_type="old", expires_on="2030-01-01")
        vault.key = make_key()
        vault.done(**new)
    first, second = vault.held.versions
    assert first.created == second.created
    vault.settled(**new)
    assert vault.done(content_type="newer")["version"] == second.version
    assert (first.content_type, second.content_type) == ("old", "newer")
    # Without reading, too.
    if attempt % 2:
        vault.done(content_type="newest", identity="writer", on_unknown="keep")
        assert (first.content_type, second.content_type) == ("old", "newest")

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret that nobody is to read, and keys that are somebody else's."""

from __future__ import annotations

from typing import Any

import pytest

from unit.keys import make_key, random_text

from .conftest import Vault

UNUSABLE: list[tuple[dict[str, Any], str]] = [
    ({"enabled": False}, "It is disabled, so it cannot be read."),
    ({"expires_on": "2020-01-01"}, "It expired on 2020-01-01T00:00:00+00:00"),
    ({"not_before": "2999-01-01"}, "It is not to be used before 2999-01-01T00:00:00+00:00"),
]


@pytest.mark.parametrize(("options", "reason"), UNUSABLE)
def test_what_nobody_is_to_read_is_said(vault: Vault, options: dict[str, Any], reason: str) -> None:
    assert "unreadable_because" not in vault.done()
    assert vault.done(**options)["unreadable_because"].startswith(reason)
    # As it is found, with or without the key, and until it is put right.
    without: dict[str, Any] = {"api_key": None, "update_value": "never"}
    for look in ({}, without):
        assert vault.done(check=True, **look)["unreadable_because"].startswith(reason)
    repaired: dict[str, Any] = {"enabled": True, "expires_on": "2999-01-01"}
    repaired |= {"not_before": "2020-01-01"}
    found = vault.run(check=True, **repaired)
    assert found["unreadable_because"].startswith(reason)
    assert "unreadable_because" not in vault.done(**repaired)


def test_dates_that_are_kept_are_no_reason(vault: Vault) -> None:
    done = vault.done(enabled=True, expires_on="2999-01-01", not_before="2020-01-01")
    assert "unreadable_because" not in done


@pytest.mark.parametrize("copied", [True, False], ids=["with copied tags", "without tags"])
@pytest.mark.parametrize("check", [True, False])
def test_absent_keeps_a_key_that_another_tool_wrote(
    vault: Vault, copied: bool, check: bool
) -> None:
    vault.done()
    theirs = make_key()
    vault.next_second()
    with vault.somebody_else() as client:
        client.set_secret(vault.name, theirs, tags=vault.held.latest.tags if copied else None)
    refused = vault.refused(state="absent", api_key=None, check=check)
    assert refused["error"]["kind"] == "foreign_object"
    assert "that maia.stripe_query did not write" in refused["msg"]
    assert vault.held.latest.value == theirs
    assert vault.done(state="absent", api_key=None, on_foreign="adopt")["changes"] == ["state"]


def test_absent_deletes_a_key_of_ours_with_other_tags(vault: Vault) -> None:
    """Its value is the one that an earlier note of ours is about."""
    vault.done()
    vault.next_second()
    with vault.somebody_else() as client:
        client.set_secret(vault.name, vault.key)
    assert vault.done(state="absent", api_key=None)["changes"] == ["state"]


def test_present_puts_a_changed_key_right(vault: Vault) -> None:
    vault.done()
    vault.next_second()
    with vault.somebody_else() as client:
        client.set_secret(vault.name, make_key())
    vault.next_second()
    assert vault.done()["changes"] == ["value"]
    vault.settled()


def test_of_a_deleted_secret_its_note_is_told(vault: Vault) -> None:
    """That it is gone for readers is its state; that it held another key would be a lie."""
    vault.done()
    vault.done(state="absent", api_key=None)
    for found in (vault.done(check=True), vault.done()):
        assert (found["changes"], found["verdict"]) == (["state"], "recorded")


def test_a_value_that_is_too_large_is_refused_in_check_mode(vault: Vault) -> None:
    for check in (True, False):
        refused = vault.run(api_key=random_text(25_601), allow_unknown_key=True, check=check)
        assert "its value would have 25601 characters" in refused["msg"]
    assert not vault.exists

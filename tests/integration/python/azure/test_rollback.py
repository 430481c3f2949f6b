# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing an earlier version's value back."""

from __future__ import annotations

from typing import Any

import pytest

from unit.keys import make_key

from .conftest import Vault

BACK: dict[str, Any] = {"api_key": None, "rolled_back_to": "previous"}


def write(vault: Vault, key: str, **options: Any) -> str:
    vault.next_second()
    return str(vault.done(api_key=key, **options)["version"])


def test_previous_is_written_again_once(vault: Vault) -> None:
    old, new = make_key(), make_key()
    write(vault, old, content_type="old", tags={"team": "data"})
    current = write(vault, new, content_type="new", expires_on="2030-01-01")
    result = vault.done(**BACK)
    assert result["changes"] == ["value"]
    assert result["version_before"] == current
    assert result["api_key"]["masked"].endswith(old[-4:])
    assert old not in repr(result)
    latest = vault.held.latest
    assert latest.value == old
    assert latest.version == result["version"]
    assert latest.content_type == "new"
    assert latest.tags["team"] == "data"
    assert latest.expires is not None
    assert len(vault.held.versions) == 3
    for check in (False, True):
        vault.settled(**BACK, check=check)
    vault.next_second()
    vault.settled(**BACK)
    assert len(vault.held.versions) == 3
    assert new not in repr(result)


def test_a_version_is_written_again_once(vault: Vault) -> None:
    keys = [make_key() for _index in range(3)]
    first, second, third = (write(vault, key) for key in keys)
    vault.settled(api_key=None, rolled_back_to=third)
    for wanted, key in ((first, keys[0]), (second.upper(), keys[1])):
        vault.next_second()
        task = {"api_key": None, "rolled_back_to": wanted}
        assert vault.done(**task)["changes"] == ["value"]
        assert vault.held.latest.value == key
        vault.settled(**task)
    assert len(vault.held.versions) == 5


def test_going_on_from_there(vault: Vault) -> None:
    """A new key forgets the rollback, and so previous means the version before it."""
    old, new = make_key(), make_key()
    write(vault, old)
    write(vault, new)
    vault.next_second()
    vault.done(**BACK)
    write(vault, new)
    assert "maia.stripe_query.rolled_back_to" not in vault.held.latest.tags
    vault.next_second()
    assert vault.done(**BACK)["changes"] == ["value"]
    assert vault.held.latest.value == old


def test_metadata_may_change_with_it_and_after_it(vault: Vault) -> None:
    write(vault, make_key())
    write(vault, make_key())
    vault.next_second()
    assert vault.done(**BACK, content_type="back")["changes"] == ["value", "content_type"]
    assert vault.done(**BACK, content_type="again")["changes"] == ["content_type"]
    vault.settled(**BACK)
    assert len(vault.held.versions) == 3


def test_versions_of_one_second(vault: Vault) -> None:
    keys = [make_key() for _index in range(3)]
    with vault.somebody_else() as client, vault.one_second():
        for key in keys[:2]:
            client.set_secret(vault.name, key, tags={"maia.stripe_query": "v1"})
    assert vault.done(**BACK)["changes"] == ["value"]
    assert vault.held.latest.value == keys[0]
    with vault.somebody_else() as client, vault.one_second():
        for key in keys:
            client.set_secret(vault.name, key, tags={"maia.stripe_query": "v1"})
    refused = vault.refused(**BACK)
    assert "made in one second" in refused["msg"]


@pytest.mark.parametrize(
    ("prepare", "options", "kind", "text"),
    [
        ([], {}, "not_found", "so it cannot be rolled back"),
        (["key"], {}, "conflict", "no earlier version"),
        (["key", "key"], {"rolled_back_to": "0" * 32}, "not_found", "it has no version 000"),
        (["text", "key"], {}, "conflict", "does not hold a Stripe API key"),
    ],
)
def test_what_cannot_be_gone_back_to(
    vault: Vault, prepare: list[str], options: dict[str, Any], kind: str, text: str
) -> None:
    with vault.somebody_else() as client:
        for what in prepare:
            value = make_key() if what == "key" else "a text"
            vault.next_second()
            client.set_secret(vault.name, value, tags={"maia.stripe_query": "v1"})
    for check in (True, False):
        refused = vault.refused(**{**BACK, **options}, check=check)
        assert refused["error"]["kind"] == kind
        assert text in refused["msg"]


@pytest.mark.parametrize("check", [True, False])
def test_what_would_bring_back_the_same_key_is_refused(vault: Vault, check: bool) -> None:
    key = make_key()
    first = write(vault, key)
    write(vault, key, update_value="always")
    for choice in ("previous", first):
        refused = vault.refused(api_key=None, rolled_back_to=choice, check=check)
        assert refused["error"]["kind"] == "conflict"
        assert "holds the same key as the current one" in refused["msg"]
    assert len(vault.held.versions) == 2


def test_the_note_of_a_rollback_counts_as_a_tag(vault: Vault) -> None:
    """It stays on the version that it is on, and goes with the next value."""
    write(vault, make_key())
    write(vault, make_key(), tags={f"tag_{number}": "x" for number in range(13)})
    vault.next_second()
    vault.done(**BACK)
    for check in (True, False):
        refused = vault.refused(**BACK, tags={"one_more": "x"}, check=check)
        assert "it would have 16 tags" in refused["msg"]
    vault.next_second()
    assert vault.done(tags={"one_more": "x"})["changes"] == ["value", "tags"]


def test_the_right_to_get_is_named(vault: Vault) -> None:
    write(vault, make_key())
    write(vault, make_key())
    refused = vault.refused(**BACK, identity="writer")
    assert refused["error"]["kind"] == "not_permitted"
    assert "Microsoft.KeyVault/vaults/secrets/getSecret/action" in refused["msg"]


def test_a_disabled_version_is_called_so(vault: Vault) -> None:
    first = write(vault, make_key())
    with vault.somebody_else() as client:
        client.update_secret_properties(vault.name, first, enabled=False)
    write(vault, make_key(), enabled=True)
    refused = vault.refused(**BACK)
    assert refused["error"]["code"] == "SecretDisabled"
    assert "disabled" in refused["error"]["reason"]


@pytest.mark.parametrize("other", [{"api_key": "x"}, {"value_version": 1}])
def test_it_excludes_other_ways_to_choose_a_value(vault: Vault, other: dict[str, Any]) -> None:
    refused = vault.refused(**{**BACK, **other})
    assert "mutually exclusive" in refused["msg"]


def test_earlier_versions_are_disabled_after_their_time_of_grace(vault: Vault) -> None:
    old, new = make_key(), make_key()
    write(vault, old)
    retire = {"retire_previous_after": 0}
    write(vault, new, **retire)
    assert [version.enabled for version in vault.held.versions] == [True, True]
    vault.settled(api_key=new, retire_previous_after=7)
    result = vault.done(api_key=new, **retire)
    assert result["changes"] == ["previous"]
    assert len(result["retired"]) == 1
    assert sorted(version.enabled for version in vault.held.versions) == [False, True]
    assert vault.held.latest.value == new
    assert vault.held.latest.enabled
    vault.settled(api_key=new, **retire)
    assert "cannot be read" in vault.refused(**BACK)["msg"] or vault.refused(**BACK)


def test_the_age_of_a_value_is_not_moved_by_tags(vault: Vault) -> None:
    key = make_key()
    write(vault, key)
    vault.next_second()
    first = vault.done(api_key=key, tags={"team": "data"})
    vault.next_second()
    second = vault.done(api_key=key, tags={"team": "web"})
    assert first["value_since"] == second["value_since"]
    assert first["last_changed"] != second["last_changed"]

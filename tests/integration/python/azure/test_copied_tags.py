# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags can be copied with or without a value; what they say of ours then says nothing of theirs."""

from __future__ import annotations

from typing import Any

import pytest

from integration.python.azure.conftest import Vault
from unit.keys import make_key

JSON = '{"user": "shop", "password": "theirs"}'
WISHES: dict[str, dict[str, Any]] = {
    "present": {},
    "absent": {"state": "absent", "api_key": None},
    "purged": {"state": "absent", "api_key": None, "purge": True},
}


def put_theirs(vault: Vault, value: str, name: str = "") -> None:
    """With the tags of ours, which they copied."""
    with vault.somebody_else() as client:
        tags = client.get_secret(vault.name).properties.tags
        client.set_secret(name or vault.name, value, tags=tags)


def value_of(vault: Vault, name: str = "") -> str | None:
    with vault.somebody_else() as client:
        return client.get_secret(name or vault.name).value


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
@pytest.mark.parametrize("theirs", [JSON, "database password"], ids=["JSON", "text"])
@pytest.mark.parametrize("check", [True, False])
def test_a_value_of_others_under_another_name_is_not_ours(
    vault: Vault, wish: dict[str, Any], theirs: str, check: bool
) -> None:
    vault.done()
    other = f"{vault.name}-copied"
    put_theirs(vault, theirs, other)
    assert "set replace_value to true" in vault.refused(name=other, check=check, **wish)["msg"]
    assert value_of(vault, other) == theirs


@pytest.mark.parametrize("wish", ["absent", "purged"])
def test_a_key_of_others_under_another_name_is_not_deleted(vault: Vault, wish: str) -> None:
    vault.done()
    other, theirs = f"{vault.name}-copied", make_key()
    put_theirs(vault, theirs, other)
    assert vault.refused(name=other, **WISHES[wish])["error"]["kind"] == "foreign_object"
    assert value_of(vault, other) == theirs


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
def test_a_value_of_others_of_the_same_second_is_not_ours(
    vault: Vault, wish: dict[str, Any]
) -> None:
    with vault.one_second():
        vault.run()
        put_theirs(vault, "database password")
    assert "cannot be kept" in vault.refused(**wish)["msg"]
    assert value_of(vault) == "database password"


def delete_theirs(vault: Vault, value: str) -> None:
    """Ours, then their value, then deleted by them."""
    vault.done()
    vault.next_second()
    put_theirs(vault, value)
    with vault.somebody_else() as client:
        client.begin_delete_secret(vault.name).wait()


def test_a_deleted_value_of_others_is_not_purged(vault: Vault) -> None:
    delete_theirs(vault, "database password")
    for check in (True, False):
        refused = vault.refused(**WISHES["purged"], check=check)
        assert "does not show whether its last value is ours" in refused["msg"]
    assert vault.soft_deleted


def test_a_deleted_value_of_others_is_restored_only_to_be_looked_at(vault: Vault) -> None:
    delete_theirs(vault, "database password")
    refused = vault.refused()["msg"]
    assert "cannot be kept" in refused
    assert "it was deleted, was restored to look at its value, and is live" in refused
    assert value_of(vault) == "database password"


def test_a_deleted_key_of_others_is_replaced_by_the_given_one(vault: Vault) -> None:
    delete_theirs(vault, make_key())
    assert vault.run()["changes"] == ["state", "value"]
    assert value_of(vault) == vault.key
    vault.settled()

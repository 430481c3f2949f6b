# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting softly and for good, coming back, and what is under way meanwhile."""

from __future__ import annotations

from functools import partial

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.waiting import Patience
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.store import lifecycle
from sandbox.azure.vault import Properties
from sandbox.service import Fault
from unit.clock import Clock
from unit.keys import make_key

from .conftest import Vault

ABSENT = {"state": "absent", "api_key": None}
PURGED = {**ABSENT, "purge": True}


@pytest.mark.parametrize("identity", ["full", "writer"])
def test_a_recovery_is_waited_for_and_then_the_value_is_set(
    vault: Vault, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.done(identity=identity)
    vault.done(identity=identity, **ABSENT)
    monkeypatch.setattr(vault.service, "recover_seconds", 1.5)
    vault.key = make_key()
    result = vault.done(identity=identity)
    assert result["changes"] == ["state", "value"]
    assert vault.held.latest.value == vault.key
    assert vault.calls()["SetSecret"] > 2  # 409 ObjectIsBeingRecovered in between
    assert "GetSecret" not in vault.calls()
    vault.settled(identity=identity)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of pauses between two looks."""
    made = Clock()
    patience = partial(Patience, clock=made, sleep=made.sleep)
    monkeypatch.setattr(lifecycle, "Patience", patience)
    return made


@pytest.mark.usefixtures("clock")
def test_a_recovery_that_takes_too_long_is_a_passing_trouble(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.done()
    vault.done(**ABSENT)
    monkeypatch.setattr(vault.service, "recover_seconds", 3600)
    refused = vault.refused(max_seconds=60)
    assert refused["error"]["kind"] == "transient"
    assert refused["error"]["attempt"] == "recovering it"
    assert "max_seconds" in refused["msg"]


def test_a_write_that_conflicts_with_a_recovery_for_too_long(vault: Vault, clock: Clock) -> None:
    fault = Fault("azure", "SetSecret", status=409, code="Conflict/ObjectIsBeingRecovered")
    fault.times = 50
    vault.services.order(fault)
    refused = vault.refused(max_seconds=60)
    assert refused["error"]["kind"] == "conflict"
    assert refused["error"]["code"] == "ObjectIsBeingRecovered"
    assert vault.calls()["SetSecret"] == len(clock.slept) + 1 > 2


@pytest.mark.parametrize("identity", ["full", "writer"])
def test_a_deletion_that_is_under_way_is_waited_for_and_undone(
    vault: Vault, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.done(identity=identity)
    monkeypatch.setattr(vault.service, "delete_seconds", 1.5)
    with vault.somebody_else() as client:
        client.begin_delete_secret(vault.name)
    vault.key = make_key()
    result = vault.run(identity=identity)  # no prediction can know of it
    assert not result.get("failed"), result
    assert result["changes"] == ["state", "value"]
    assert result["diff"]["before"]["state"] == "deleted"
    assert vault.held.latest.value == vault.key
    assert len(vault.held.versions) == 2


def test_a_deletion_ends_before_the_task_does(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault.service, "delete_seconds", 1)
    vault.done()
    assert vault.done(**ABSENT)["changes"] == ["state"]
    assert vault.soft_deleted
    vault.settled(**ABSENT)


def test_without_the_right_to_get_a_deleted_secret_is_found_in_the_list(vault: Vault) -> None:
    vault.done(identity="writer")
    for index in range(30):  # more than a page
        vault.service.vaults["direct"].set_secret(f"a{index}x{vault.name}", "x", Properties())
        vault.service.vaults["direct"].delete_secret(f"a{index}x{vault.name}")
    vault.done(identity="writer", **ABSENT)
    vault.forget_calls()
    predicted = vault.run(identity="writer", check=True, name=vault.name.upper())
    assert predicted["diff"]["before"]["state"] == "deleted"
    assert predicted["changes"] == ["state"]
    assert vault.calls()["GetDeletedSecrets"] == 2


def test_a_foreign_soft_deleted_secret_is_neither_recovered_nor_purged(vault: Vault) -> None:
    with vault.somebody_else() as client:
        client.set_secret(vault.name, "theirs")
        client.begin_delete_secret(vault.name).wait()
    assert vault.refused()["error"]["kind"] == "foreign_object"
    assert vault.refused(**PURGED)["error"]["kind"] == "foreign_object"
    assert vault.soft_deleted
    vault.settled(**ABSENT)
    assert vault.done(**PURGED, on_foreign="adopt")["changes"] == ["state"]
    assert not vault.soft_deleted


# --- purge ---


@pytest.mark.parametrize("seconds", [0, 1])
def test_purge_deletes_waits_and_purges(
    vault: Vault, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault.service, "delete_seconds", seconds)
    vault.done()
    result = vault.done(**PURGED)
    assert result["changes"] == ["state"]
    assert result["diff"]["before"]["state"] == "present"
    assert result["diff"]["after"]["state"] == "absent"
    assert not vault.exists
    assert not vault.soft_deleted
    vault.settled(**PURGED)
    assert vault.done()["changes"] == ["state", "value"]


def test_purge_purges_what_was_soft_deleted_before(vault: Vault) -> None:
    vault.done()
    vault.done(**ABSENT)
    for check in (True, False):
        refused = vault.refused(**PURGED, check=check)
        assert "does not show whether its last value is ours" in refused["msg"]
    result = vault.done(**PURGED, on_foreign="adopt")
    assert result["changes"] == ["state"]
    assert result["diff"]["before"]["state"] == "deleted"
    assert vault.calls()["DeleteSecret"] == 1
    assert not vault.soft_deleted
    vault.settled(**PURGED)


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize("check", [False, True])
def test_purge_is_refused_under_purge_protection_before_anything_is_deleted(
    vault: Vault, deleted: bool, check: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault.service, "purge_protection", True)
    vault.done()
    if deleted:
        vault.done(**ABSENT)
    writes = vault.services.writes("azure")
    refused = vault.refused(check=check, **PURGED)
    assert refused["error"]["kind"] == "conflict"
    assert "protected against purging" in refused["msg"]
    assert vault.services.writes("azure") == writes
    assert vault.exists is not deleted
    if not deleted:
        vault.done(**ABSENT)


def test_purge_means_nothing_to_a_secret_that_is_to_be_present(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault.service, "purge_protection", True)
    vault.done(purge=True)
    vault.done(purge=True, content_type="still there")
    assert "PurgeDeletedSecret" not in vault.calls()


def test_the_right_to_purge_is_named(vault: Vault) -> None:
    vault.done()
    refused = vault.refused(identity="writer", **PURGED)
    assert refused["error"]["kind"] == "not_permitted"
    assert "Microsoft.KeyVault/vaults/secrets/purge/action" in refused["msg"]
    assert vault.soft_deleted


def test_a_purge_that_takes_too_long(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    vault.done()
    monkeypatch.setattr(vault.service, "delete_seconds", 3600)
    refused = vault.refused(max_seconds=60, **PURGED)
    assert refused["error"]["kind"] == "transient"
    assert 2 < sum(clock.slept) <= 60

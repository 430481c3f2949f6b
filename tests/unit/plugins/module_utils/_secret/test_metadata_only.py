# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metadata brought to the desired state while the value stays, without a key or with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    NotFoundError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import new_salt
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Capabilities,
    Desired,
    Payload,
)
from unit.fakes import (
    LIKE_AWS,
    LIKE_AZURE,
    LIKE_HOSTED,
    LIKE_SNOWFLAKE,
    PROFILES,
    FakeRuntime,
    FakeStore,
    Held,
)
from unit.keys import new_key

KEY = new_key()
WITHOUT_KEY = Desired(None, update_value="never", metadata_only=True)
WITH_ANOTHER = Desired(Payload(new_key()), update_value="never")
RENAMED: Mapping[str, object] = {"description": "New"}

every_wish = pytest.mark.parametrize(
    "desired", [WITHOUT_KEY, WITH_ANOTHER], ids=["without a key", "with another key"]
)
# Full SaaS replaces the whole definition, which takes the key.
VAULTS = {name: facts for name, facts in PROFILES.items() if facts is not LIKE_HOSTED}
every_vault = pytest.mark.parametrize("profile", VAULTS.values(), ids=VAULTS)
soft_delete = pytest.mark.parametrize("profile", [LIKE_AWS, LIKE_AZURE], ids=["AWS", "Azure"])


def run(store: FakeStore, desired: Desired) -> Outcome:
    """A run that check mode has to have foretold."""
    writes = store.writes
    predicted = converge(store, desired, FakeRuntime(check_mode=True))
    assert store.writes == writes
    done = converge(store, desired, FakeRuntime())
    assert (predicted.changed, predicted.before, predicted.after) == (
        done.changed,
        done.before,
        done.after,
    )
    assert predicted.values["changes"] == done.values["changes"]
    return done


def refusal(store: FakeStore, desired: Desired, kind: type[Exception]) -> str:
    for check_mode in (True, False):
        with pytest.raises(kind) as refused:
            converge(store, desired, FakeRuntime(check_mode=check_mode))
    assert store.writes == 0
    return str(refused.value)


def made(profile: Capabilities, **fields: object) -> FakeStore:
    store = FakeStore(profile)
    converge(store, Desired(Payload(KEY), fields=fields), FakeRuntime())
    return store.copy()


@every_vault
@every_wish
def test_metadata_change_and_the_value_stays(profile: Capabilities, desired: Desired) -> None:
    store = made(profile, description="Old", tags={"theirs": "1"})
    assert store.held is not None
    fingerprint = store.held.fingerprint
    changed = run(store, replace(desired, fields={**RENAMED, "tags": {"ours": "2"}}))
    assert changed.values["changes"] == ["description", "tags"]
    assert changed.values.get("version") == changed.values.get("version_before")
    assert changed.values["verified_by"] is None
    assert fingerprint is not None
    assert changed.values["fingerprint"] == fingerprint.short
    assert (store.held.text, store.held.fingerprint) == (KEY.value, fingerprint)
    assert store.held.version == 1
    assert store.held.fields["tags"] == {"theirs": "1", "ours": "2"}
    assert not run(store, replace(desired, fields=RENAMED)).changed
    assert store.calls["read_value"] == 0
    # The fingerprint is still good.
    assert not run(store, Desired(Payload(KEY))).changed


def test_what_is_not_given_is_not_described() -> None:
    assert "api_key" not in run(made(LIKE_AWS), WITHOUT_KEY).values


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_without_a_key_a_missing_secret_is_refused(profile: Capabilities) -> None:
    text = refusal(FakeStore(profile), WITHOUT_KEY, NotFoundError)
    assert text.endswith("it does not exist, and there is no key to make it with; give api_key.")


@soft_delete
@every_wish
def test_a_deleted_secret_comes_back_with_its_value(
    profile: Capabilities, desired: Desired
) -> None:
    store = made(profile)
    converge(store, Desired(None), FakeRuntime())
    back = run(store, replace(desired, fields=RENAMED))
    assert back.values["changes"] == ["state", "description"]
    assert store.held is not None
    assert (store.held.text, store.held.deleted) == (KEY.value, False)
    assert not run(store, desired).changed


@every_vault
@every_wish
def test_a_foreign_secret_is_taken_over_with_its_value(
    profile: Capabilities, desired: Desired
) -> None:
    theirs = new_key().value
    store = FakeStore(profile, Held(theirs, fields={"description": "theirs"}))
    refusal(store, desired, Exception)
    adopt = replace(desired, on_foreign="adopt")
    assert run(store, adopt).values["changes"] == ["ownership"]
    assert store.held is not None
    assert store.held.text == theirs
    assert not run(store, adopt).changed
    assert store.calls["read_value"] == 0
    # Nobody has looked at the value, so nothing is claimed to be known of it.
    assert store.held.fingerprint is None


@every_vault
@every_wish
def test_other_labels_need_not_be_read(profile: Capabilities, desired: Desired) -> None:
    held = Held('{"api_key": "a", "user": "b"}', salt=new_salt(), fields={"description": ""})
    store = FakeStore(profile, held)
    run(store, replace(desired, label="api_key", fields=RENAMED))
    assert store.held is not None
    assert store.held.text == held.text
    assert store.calls["read_value"] == 0


@every_vault
@every_wish
def test_the_users_number_is_not_stored_for_a_value_that_is_not_written(
    profile: Capabilities, desired: Desired
) -> None:
    """The next run would else take the number for the value that belongs to it."""
    store = made(profile, value_version=1)
    assert not run(store, replace(desired, fields={"value_version": 2})).changed
    wanted = Desired(Payload(new_key()), fields={"value_version": 2})
    assert run(store.copy(), replace(wanted, update_value="on_change")).changed


@every_wish
def test_where_all_is_replaced_the_value_is_not_sent_by_the_way(desired: Desired) -> None:
    store = made(LIKE_HOSTED, description="Old")
    text = refusal(store, replace(desired, fields=RENAMED), ConflictError)
    assert "can only be made by writing the value" in text
    assert not run(store, desired).changed
    foreign = FakeStore(LIKE_HOSTED, Held("theirs", fields={"description": ""}))
    assert "writing the value" in refusal(
        foreign, replace(desired, on_foreign="adopt"), ConflictError
    )


def test_where_all_is_replaced_a_number_does_not_hide_that_the_value_is_sent() -> None:
    store = made(LIKE_HOSTED, value_version=1)
    desired = Desired(Payload(new_key()), fields={**RENAMED, "value_version": 1})
    assert run(store, desired).values["changes"] == ["value", "description"]


def test_a_vault_without_soft_delete_has_nothing_to_bring_back() -> None:
    store = made(LIKE_SNOWFLAKE)
    converge(store, Desired(None), FakeRuntime())
    refusal(store.copy(), WITHOUT_KEY, NotFoundError)

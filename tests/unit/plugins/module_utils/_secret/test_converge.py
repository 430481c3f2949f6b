# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converging one secret in a vault in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    ForeignObjectError,
    NotPermittedError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Capabilities,
    Desired,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import StripeKey
from unit.fakes import (
    ALL_RIGHTS,
    LIKE_AWS,
    LIKE_AZURE,
    PROFILES,
    FakeRuntime,
    FakeStore,
    Held,
)
from unit.keys import new_key

every_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
soft_delete = pytest.mark.parametrize(
    "profile", [LIKE_AWS, LIKE_AZURE], ids=["like AWS", "like Azure"]
)
WRITE_ONLY = ALL_RIGHTS - {"read_value"}


def want(key: StripeKey, **options: Any) -> Desired:
    return Desired(Payload(key), **options)


def run(store: FakeStore, desired: Desired) -> Outcome:
    store.label = desired.label
    return converge(store, desired, FakeRuntime())


def check(store: FakeStore, desired: Desired) -> Outcome:
    """In check mode, which must not write."""
    before = store.writes
    store.label = desired.label
    outcome = converge(store, desired, FakeRuntime(check_mode=True))
    assert store.writes == before
    return outcome


def made(profile: Capabilities, key: StripeKey, **fields: object) -> FakeStore:
    """A store with a secret of ours in it, and no calls counted."""
    store = FakeStore(profile)
    run(store, want(key, fields=fields))
    return store.copy()


def foreign(profile: Capabilities, key: StripeKey) -> FakeStore:
    return FakeStore(profile, Held(key.value, fields={"description": "theirs"}))


def unstamped(profile: Capabilities, key: StripeKey) -> FakeStore:
    return FakeStore(profile, Held(key.value, salt=new_salt(), sole_label=True))


@every_profile
def test_create_then_nothing(profile: Capabilities) -> None:
    key, store = new_key(), FakeStore(profile)
    predicted = check(store, want(key))
    created = run(store, want(key))
    again = run(store, want(key))
    assert (created.changed, again.changed) == (True, False)
    assert predicted.before == created.before
    assert predicted.after == created.after
    assert created.values["changes"] == predicted.values["changes"] == ["state", "value"]
    assert again.values["verified_by"] == "fingerprint"
    assert created.values["fingerprint"] is not None
    assert again.values["fingerprint"] == created.values["fingerprint"]
    assert store.calls["read_value"] == 0
    assert store.held is not None
    assert store.held.text == key.value


@every_profile
def test_a_new_key_is_written_once(profile: Capabilities) -> None:
    old, new = new_key(), new_key()
    store = made(profile, old)
    predicted = check(store, want(new))
    updated = run(store, want(new))
    assert predicted.changed
    assert updated.changed
    assert (predicted.before, predicted.after) == (updated.before, updated.after)
    assert predicted.values["fingerprint"] == updated.values["fingerprint"]
    assert not run(store, want(new)).changed
    assert store.calls["update"] == 1
    assert store.calls["read_value"] == 0
    for text in (old.value, new.value):
        assert text not in repr((predicted, updated))


@every_profile
def test_metadata_alone_leaves_the_value_alone(profile: Capabilities) -> None:
    key = new_key()
    store = made(profile, key, description="Old", tags={"theirs": "1"})
    desired = want(key, fields={"description": "New", "tags": {"ours": "2"}})
    predicted = check(store, desired)
    updated = run(store, desired)
    assert updated.values["changes"] == ["description", "tags"] == predicted.values["changes"]
    assert (predicted.before, predicted.after) == (updated.before, updated.after)
    assert store.held is not None
    assert store.held.fields["tags"] == {"theirs": "1", "ours": "2"}
    assert store.held.text == key.value
    assert store.held.version == (2 if profile.replaces_whole else 1)
    assert not run(store, desired).changed


@soft_delete
def test_check_mode_knows_that_metadata_make_no_new_version(profile: Capabilities) -> None:
    """RETURN says of version: null in check mode when it would change. Here it would not."""
    key = new_key()
    store = made(profile, key)
    desired = want(key, fields={"description": "New"})
    predicted = check(store, desired)
    assert predicted.values["version"] == run(store, desired).values["version"] == "1"


@pytest.mark.parametrize("state", ["same", "different", "unknown"])
@pytest.mark.parametrize("compare", ["auto", "value", "fingerprint"])
def test_the_value_is_read_only_when_needed(state: str, compare: str) -> None:
    key = new_key()
    store = {
        "same": made(LIKE_AZURE, key),
        "different": made(LIKE_AZURE, new_key()),
        "unknown": unstamped(LIKE_AZURE, key),
    }[state]
    run(store, want(key, compare=compare))
    # What nobody has noted may be more than a key, and so is read before it is replaced.
    needed = compare == "value" or state == "unknown"
    assert store.calls["read_value"] == (1 if needed else 0)


@soft_delete
@pytest.mark.parametrize(
    ("on_unknown", "changes"), [("write", ["value"]), ("keep", []), ("fail", None)]
)
def test_write_only_rights(
    profile: Capabilities, on_unknown: str, changes: list[str] | None
) -> None:
    key = new_key()
    store = unstamped(profile, new_key())
    store.rights = WRITE_ONLY
    if profile is LIKE_AZURE and changes == ["value"]:
        with pytest.raises(NotPermittedError, match="to keep what others have in it"):
            run(store, want(key, on_unknown=on_unknown))
        assert store.writes == 0
    desired = want(key, on_unknown=on_unknown, replace_value=True)
    if changes is None:
        why = "cannot be known .*, since the credentials lack read_value; .*, or allow read_value"
        for attempt in (check, run):
            with pytest.raises(ConflictError, match=why):
                attempt(store, desired)
        assert store.writes == 0
        return
    assert check(store, desired).values["changes"] == changes
    outcome = run(store, desired)
    assert outcome.values["changes"] == changes
    assert outcome.values["verified_by"] == "unknown"
    assert not run(store, desired).changed


@soft_delete
def test_compare_value_names_the_missing_right(profile: Capabilities) -> None:
    key = new_key()
    store = made(profile, key)
    store.rights = WRITE_ONLY
    with pytest.raises(
        NotPermittedError, match="to compare it failed: the credentials lack read_value"
    ):
        run(store, want(key, compare="value"))
    assert store.writes == 0


@every_profile
def test_a_foreign_secret_is_left_alone(profile: Capabilities) -> None:
    theirs = new_key()
    store = foreign(profile, theirs)
    held = store.held
    for desired in (want(new_key()), want(theirs), Desired(None)):
        for attempt in (check, run):
            with pytest.raises(ForeignObjectError, match="on_foreign"):
                attempt(store, desired)
    assert store.held == held
    assert store.writes == 0


@every_profile
@pytest.mark.parametrize("on_unknown", ["write", "keep"])
def test_adopting_marks_it_and_then_nothing_changes(profile: Capabilities, on_unknown: str) -> None:
    key = new_key()
    store = foreign(profile, key)
    desired = want(key, on_foreign="adopt", on_unknown=on_unknown)
    predicted = check(store, desired)
    adopted = run(store, desired)
    assert "ownership" in str(adopted.values["changes"])
    assert predicted.values["changes"] == adopted.values["changes"]
    assert (predicted.before, predicted.after) == (adopted.before, adopted.after)
    assert not run(store, desired).changed
    assert store.held is not None
    assert store.held.fields["description"] == "theirs"


@every_profile
def test_absent(profile: Capabilities) -> None:
    store = made(profile, new_key())
    predicted = check(store, Desired(None))
    gone = run(store, Desired(None))
    assert gone.changed
    assert (predicted.before, predicted.after) == (gone.before, gone.after)
    assert gone.values["changes"] == ["state"]
    assert not run(store, Desired(None)).changed
    assert store.calls["read_value"] == 0


@soft_delete
@pytest.mark.parametrize("same", [True, False], ids=["same value", "another value"])
def test_a_deleted_secret_comes_back(profile: Capabilities, same: bool) -> None:
    old = new_key()
    store = made(profile, old, description="kept")
    run(store, Desired(None))
    desired = want(old if same else new_key())
    predicted = check(store, desired)
    back = run(store, desired)
    assert back.values["changes"] == (["state"] if same else ["state", "value"])
    assert predicted.values["changes"] == back.values["changes"]
    assert (predicted.before, predicted.after) == (back.before, back.after)
    assert not run(store, desired).changed
    assert store.held is not None
    assert store.held.fields["description"] == "kept"


@soft_delete
def test_a_crash_between_restore_and_write_is_made_good_by_the_next_run(
    profile: Capabilities,
) -> None:
    store = made(profile, new_key())
    run(store, Desired(None))
    store.fail_once_at = "update"
    desired = want(new_key())
    with pytest.raises(TransientError):
        run(store, desired)
    assert run(store, desired).values["changes"] == ["value"]
    assert not run(store, desired).changed


@every_profile
@pytest.mark.parametrize("at", ["create", "update"])
def test_a_write_that_fails_is_repeated_by_the_next_run(profile: Capabilities, at: str) -> None:
    store = FakeStore(profile) if at == "create" else made(profile, new_key())
    store.fail_once_at = at
    desired = want(new_key())
    with pytest.raises(TransientError):
        run(store, desired)
    assert run(store, desired).changed
    assert not run(store, desired).changed


def test_results_hold_what_the_documentation_promises() -> None:
    key, store = new_key(), FakeStore(LIKE_AWS)
    outcome = run(store, want(key))
    fingerprint = outcome.values["fingerprint"]
    assert store.held is not None
    assert isinstance(store.held.fingerprint, Fingerprint)
    assert outcome.values == {
        "name": "shop",
        "label": None,
        "format": "plaintext",
        "changes": ["state", "value"],
        "verified_by": None,
        "verdict": None,
        "unread_because": None,
        "value_problem": None,
        "fingerprint": store.held.fingerprint.short,
        "api_key": key.describe(),
        "created": None,
        "last_changed": None,
        "value_since": None,
        "version": "1",
        "version_before": None,
    }
    again = run(store, want(key)).values
    assert again["created"] == "2026-01-01T00:00:00+00:00"
    assert (again["version"], again["version_before"]) == ("1", "1")
    assert again["fingerprint"] == fingerprint


class GuardedStore(FakeStore):
    """Somebody else looks after the value."""

    refusal = ConflictError(FakeStore.subject, "it is looked after", "leave it alone")

    def describe(self) -> Observed:
        return replace(super().describe(), value_refusal=self.refusal)


def test_a_value_that_must_not_be_written_is_not_while_metadata_are() -> None:
    key = new_key()
    store = GuardedStore(LIKE_AWS, made(LIKE_AWS, key, description="old").held)
    for act in (check, run):
        with pytest.raises(ConflictError, match="it is looked after"):
            act(store, want(new_key()))
    assert store.writes == 0
    assert run(store, want(key, fields={"description": "new"})).values["changes"] == ["description"]
    assert run(store, Desired(None)).changed

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else writes right after us: whose value is gone is told so, and nobody else.

What else is not as desired then is written again.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConflictError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Capabilities,
    Change,
    Desired,
    NewValue,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import StripeKey
from unit.fakes import (
    LIKE_AWS,
    LIKE_AZURE,
    LIKE_HOSTED,
    LIKE_SNOWFLAKE,
    FakeRuntime,
    FakeStore,
)
from unit.keys import new_key

TOLD = {"like AWS": LIKE_AWS, "like Azure": LIKE_AZURE, "like Snowflake": LIKE_SNOWFLAKE}


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long somebody would have waited, in seconds."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


class Crowded(FakeStore):
    """A store to which something happens right after each write."""

    def __init__(self, capabilities: Capabilities, then: Callable[[Crowded], None]) -> None:
        super().__init__(capabilities)
        self.then = then
        self.shown: Observed | None = None
        self.errors: list[CollectionError] = []

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        version = super().create(value, fields)
        self.then(self)
        return version

    def update(self, change: Change, observed: Observed) -> str | None:
        version = super().update(change, observed)
        self.then(self)
        return version

    def describe(self) -> Observed:
        for error in self.errors:
            raise error
        return self.shown or super().describe()


def written_by(key: StripeKey, salt: str = "") -> Callable[[Crowded], None]:
    """Another run of ours writes this key, which it planned at the same moment."""

    def then(store: Crowded) -> None:
        assert store.held
        own = salt or store.held.salt or new_salt()
        mark = Fingerprint.of(key.value, resource=store.resource, salt=own)
        number = store.held.version + 1
        store.held = replace(store.held, text=key.value, salt=own, fingerprint=mark, version=number)

    return then


def by_hand(store: Crowded) -> None:
    assert store.held
    store.held = replace(store.held, text="by hand", fingerprint=None, version=9)


def once(then: Callable[[Crowded], None]) -> Callable[[Crowded], None]:
    def only_now(store: Crowded) -> None:
        store.then = lambda _store: None
        then(store)

    return only_now


def wish(key: StripeKey, description: str) -> Desired:
    return Desired(Payload(key), fields={"description": description})


def run(store: Crowded, key: StripeKey) -> bool:
    """Whether it is told."""
    desired = Desired(Payload(key))
    try:
        converge(store, desired, FakeRuntime())
    except ConflictError as error:
        return "another writer stored a different value" in error.reason
    return False


def rotating(capabilities: Capabilities, then: Callable[[Crowded], None]) -> Crowded:
    store = Crowded(capabilities, lambda _store: None)
    assert not run(store, new_key())
    store.then = then
    return store


@pytest.mark.parametrize("profile", TOLD.values(), ids=TOLD)
def test_another_key_is_told(profile: Capabilities) -> None:
    assert run(Crowded(profile, written_by(new_key())), new_key())
    assert run(rotating(profile, written_by(new_key())), new_key())


@pytest.mark.parametrize("profile", TOLD.values(), ids=TOLD)
def test_the_same_key_is_not(profile: Capabilities) -> None:
    key = new_key()
    assert not run(Crowded(profile, written_by(key)), key)
    assert not run(Crowded(profile, written_by(key, new_salt())), key)
    assert not run(rotating(profile, written_by(key)), key)


def test_a_value_written_by_hand_is_told_where_there_are_versions() -> None:
    assert run(rotating(LIKE_AWS, by_hand), new_key())
    assert not run(rotating(LIKE_SNOWFLAKE, by_hand), new_key())


def test_a_look_that_comes_too_early_is_not_believed() -> None:
    store = rotating(LIKE_AWS, lambda _store: None)
    before = store.describe()

    def lag(crowded: Crowded) -> None:
        crowded.shown = before

    store.then = lag
    assert not run(store, new_key())


def test_of_two_writes_in_one_second_the_probable_one_counts() -> None:
    store = rotating(LIKE_AZURE, lambda _store: None)

    def then(crowded: Crowded) -> None:
        written_by(new_key())(crowded)
        now = FakeStore.describe(crowded)
        crowded.shown = replace(
            now, certain=False, version=None, fingerprint=None, probable=now.fingerprint
        )

    store.then = then
    assert run(store, new_key())


def test_a_look_that_fails_does_not_undo_a_success() -> None:
    def then(store: Crowded) -> None:
        store.errors.append(TransientError(store.subject, "it is down", "run again"))

    assert not run(rotating(LIKE_AWS, then), new_key())


def test_where_requests_are_counted_nobody_looks() -> None:
    store = Crowded(LIKE_HOSTED, written_by(new_key()))
    assert not run(store, new_key())
    assert store.calls["describe"] == 1


def described(store: Crowded, text: str) -> None:
    assert store.held
    store.held = replace(store.held, fields={**store.held.fields, "description": text})


def describing(text: str) -> Callable[[Crowded], None]:
    """Another run changes the description, once."""
    return once(lambda store: described(store, text))


@pytest.mark.parametrize("profile", TOLD.values(), ids=TOLD)
def test_a_description_that_somebody_else_overwrote_is_written_again(profile: Capabilities) -> None:
    store, runtime, key = rotating(profile, describing("Theirs")), FakeRuntime(), new_key()
    outcome = converge(store, wish(key, "Ours"), runtime)
    assert store.held
    assert (store.held.text, store.held.fields["description"]) == (key.value, "Ours")
    assert store.held.version == 2, "the value was written twice"
    assert outcome.values["changes"] == ["value", "description"]
    assert len(runtime.warnings) == 1
    assert "at the same time, so it was changed again" in runtime.warnings[0]


@pytest.mark.parametrize("profile", TOLD.values(), ids=TOLD)
def test_who_only_changed_the_description_goes_on_to_the_value(profile: Capabilities) -> None:
    key = new_key()
    store = Crowded(profile, lambda _store: None)
    assert not run(store, key)
    store.then = once(written_by(new_key()))
    outcome = converge(store, wish(key, "Ours"), FakeRuntime())
    assert store.held
    assert (store.held.text, store.held.fields["description"]) == (key.value, "Ours")
    assert outcome.values["changes"] == ["description", "value"]


def test_a_description_as_it_was_before_is_not_believed() -> None:
    store = rotating(LIKE_AWS, describing(""))
    converge(store, wish(new_key(), "Ours"), FakeRuntime())
    assert store.calls["update"] == 1


def test_what_shows_late_is_not_contested() -> None:
    patient = replace(LIKE_AWS, shown_late=frozenset({"description"}))
    store = rotating(patient, describing("On its way"))
    converge(store, wish(new_key(), "Ours"), FakeRuntime())
    assert store.calls["update"] == 1


def test_a_new_secret_may_be_shown_without_its_metadata() -> None:
    store = Crowded(LIKE_AWS, describing("On its way"))
    converge(store, wish(new_key(), "Ours"), FakeRuntime())
    assert store.calls["update"] == 0


def test_a_value_is_not_written_again_for_a_look_that_came_too_early() -> None:
    store, key = rotating(LIKE_AWS, lambda _store: None), new_key()
    early = store.describe()

    def settle(crowded: Crowded) -> None:
        crowded.shown = None

    def lag(crowded: Crowded) -> None:
        crowded.shown = replace(early, fields={**early.fields, "description": "Theirs"})
        crowded.then = settle

    store.then = lag
    converge(store, wish(key, "Ours"), FakeRuntime())
    assert store.calls["update"] == 2
    assert store.held
    assert store.held.version == 2, "the value was written twice"


def test_a_value_stays_as_it_is_if_that_is_wanted() -> None:
    store, other = rotating(LIKE_AWS, lambda _store: None), new_key()
    store.then = once(written_by(other))
    desired = replace(wish(new_key(), "Ours"), update_value="never")
    converge(store, desired, FakeRuntime())
    assert store.held
    assert store.held.text == other.value


def test_an_endless_contest_fails(waited: list[float]) -> None:
    numbers = itertools.count()
    store = rotating(LIKE_AWS, lambda crowded: described(crowded, f"Theirs {next(numbers)}"))
    with pytest.raises(ConflictError, match="keeps changing it") as caught:
        converge(store, wish(new_key(), "Ours"), FakeRuntime())
    assert caught.value.hint
    assert waited
    assert max(waited) <= 2

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several owners in one JSON value: only our label is ours."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    ForeignObjectError,
    NotPermittedError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import StripeKey
from unit.fakes import ALL_RIGHTS, LIKE_AWS, FakeRuntime, FakeStore, Held
from unit.keys import new_key, random_text


def present(key: StripeKey, label: str = "api_key", **options: Any) -> Desired:
    return Desired(Payload(key, label), label, **options)


def absent(label: str = "api_key", **options: Any) -> Desired:
    return Desired(None, label, **options)


def run(store: FakeStore, desired: Desired) -> Outcome:
    store.label = desired.label
    return converge(store, desired, FakeRuntime())


def shared(*, ours: bool = True, **labels: str) -> FakeStore:
    """A secret that others write to as well; what is under api_key was written by us."""
    salt, fingerprint = new_salt(), None
    if ours and "api_key" in labels:
        part = json.dumps({"api_key": labels["api_key"]})
        fingerprint = Fingerprint.of(part, resource=FakeStore.resource, salt=salt)
    held = Held(json.dumps(labels), salt if ours else None, fingerprint)
    return FakeStore(LIKE_AWS, held)


def labels(store: FakeStore) -> dict[str, str]:
    assert store.held is not None
    assert store.held.text is not None
    return dict(json.loads(store.held.text))


def test_our_label_is_set_and_others_stay() -> None:
    key, theirs = new_key(), random_text()
    store = shared(password=theirs)
    assert run(store, present(key)).values["changes"] == ["value"]
    assert labels(store) == {"password": theirs, "api_key": key.value}
    assert not run(store, present(key)).changed
    assert store.calls["read_value"] == 1


def test_a_new_key_under_our_label_leaves_others_alone() -> None:
    theirs, key = random_text(), new_key()
    store = shared(password=theirs)
    run(store, present(new_key()))
    run(store, present(key))
    assert labels(store) == {"password": theirs, "api_key": key.value}


def test_only_our_label_is_removed() -> None:
    theirs = random_text()
    store = shared(password=theirs, api_key=new_key().value)
    predicted = converge(store, absent(), FakeRuntime(check_mode=True))
    assert store.writes == 0
    removed = run(store, absent())
    assert labels(store) == {"password": theirs}
    assert removed.values["changes"] == predicted.values["changes"] == ["value"]
    assert (predicted.before, predicted.after) == (removed.before, removed.after)
    assert not run(store, absent()).changed
    assert theirs not in repr(removed)


@pytest.mark.parametrize("check", [True, False])
def test_a_key_that_we_did_not_write_is_deleted_only_with_consent(check: bool) -> None:
    store = shared(password=random_text(), api_key=new_key().value)
    assert store.held is not None
    store.held = replace(store.held, fingerprint=None)
    before = store.held
    with pytest.raises(
        ForeignObjectError, match=r"did not write.*to delete it anyway, set on_foreign to adopt"
    ):
        converge(store, absent(), FakeRuntime(check_mode=check))
    assert store.held == before
    run(store, absent(on_foreign="adopt"))
    assert "api_key" not in labels(store)


def test_a_key_of_others_under_our_label_is_taken_only_with_consent() -> None:
    theirs, key = new_key(), new_key()
    store = shared(password=random_text(), api_key=theirs.value)
    assert store.held is not None
    store.held = replace(store.held, fingerprint=None)
    store.claimed = False
    for check in (True, False):
        with pytest.raises(ForeignObjectError, match="that others put there"):
            converge(store, present(key), FakeRuntime(check_mode=check))
    assert not run(store, present(theirs)).changed
    run(store, present(key, on_foreign="adopt"))
    assert labels(store)["api_key"] == key.value


def test_a_removed_label_can_come_back() -> None:
    theirs, key = random_text(), new_key()
    store = shared(password=theirs, api_key=new_key().value)
    run(store, absent())
    run(store, present(key))
    assert labels(store) == {"password": theirs, "api_key": key.value}


def test_the_last_label_takes_the_secret_with_it() -> None:
    store = FakeStore(LIKE_AWS)
    run(store, present(new_key()))
    assert run(store, absent()).values["changes"] == ["state"]
    assert store.held is not None
    assert store.held.deleted
    assert store.calls["read_value"] == 0


def test_without_the_right_to_read_other_labels_are_not_put_at_risk() -> None:
    store = shared(password=random_text())
    store.rights = ALL_RIGHTS - {"read_value"}
    for desired in (present(new_key()), absent()):
        with pytest.raises(NotPermittedError):
            run(store, desired)
    assert store.writes == 0


def test_a_plain_key_does_not_replace_several_labels() -> None:
    store = shared(password=random_text(), user=random_text())
    with pytest.raises(ConflictError, match="several labels"):
        run(store, Desired(Payload(new_key())))
    assert store.writes == 0


def test_adopting_keeps_the_labels_that_are_there() -> None:
    theirs, key = random_text(), new_key()
    store = shared(ours=False, password=theirs)
    run(store, present(key, on_foreign="adopt"))
    assert labels(store) == {"password": theirs, "api_key": key.value}


# Two tasks may keep a live and a test key in one secret.


def test_a_second_label_of_ours_keeps_the_first() -> None:
    live, test = new_key(), new_key(mode="test")
    store = FakeStore(LIKE_AWS)
    run(store, present(live, "live_key"))
    run(store, present(test, "test_key"))
    assert labels(store) == {"live_key": live.value, "test_key": test.value}


def test_two_labels_of_ours_settle() -> None:
    wanted = [present(new_key(), "live_key"), present(new_key(mode="test"), "test_key")]
    store = FakeStore(LIKE_AWS)
    for desired in wanted:
        run(store, desired)
    assert [run(store, desired).changed for desired in wanted] == [False, False]


def test_removing_a_label_that_is_not_there_keeps_the_secret() -> None:
    key = new_key()
    store = FakeStore(LIKE_AWS)
    run(store, present(key, "live_key"))
    run(store, absent("test_key"))
    assert store.held is not None
    assert not store.held.deleted
    assert labels(store) == {"live_key": key.value}


def test_values_of_other_labels_met_on_the_way_are_protected() -> None:
    """An error may quote one value alone."""
    theirs, runtime = random_text(), FakeRuntime()
    converge(shared(password=theirs), present(new_key()), runtime)
    assert theirs in runtime.protected


@pytest.mark.parametrize("state", [present(new_key()), absent()], ids=["present", "absent"])
def test_what_is_nested_too_deeply_is_left_alone(state: Desired) -> None:
    store = FakeStore(LIKE_AWS, Held("[" * 100_000, salt=new_salt()))
    with pytest.raises(ConflictError, match="nested too deeply"):
        run(store, state)
    assert store.writes == 0


@pytest.mark.parametrize("theirs", ["a password", {"host": "db"}, ["x"], True, 5], ids=type)
@pytest.mark.parametrize("ours", [True, False], ids=["ours", "adopted"])
@pytest.mark.parametrize("others", [{}, {"api_key": "x"}], ids=["the last one", "one of two"])
def test_what_is_no_key_under_our_label_is_neither_replaced_nor_deleted(
    theirs: Any, ours: bool, others: dict[str, Any]
) -> None:
    text = json.dumps({"backup": theirs, **others})
    for state in (present(new_key(), "backup"), absent("backup")):
        desired = replace(state, on_foreign="adopt")
        store = FakeStore(LIKE_AWS, Held(text, salt=new_salt() if ours else None))
        with pytest.raises(ConflictError, match="under the label 'backup' is no Stripe key"):
            run(store, desired)
        assert store.writes == 0
        assert run(store, replace(desired, replace_value=True)).changed


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_label_is_filled(empty: str | None) -> None:
    key = new_key()
    store = FakeStore(LIKE_AWS, Held(json.dumps({"api_key": empty}), salt=new_salt()))
    run(store, present(key))
    assert labels(store) == {"api_key": key.value}


@pytest.mark.parametrize("label", [None, "api_key"])
@pytest.mark.parametrize("under_a_label", [True, False])
def test_a_webhooks_secret_is_not_adopted(label: str | None, under_a_label: bool) -> None:
    theirs = f"whsec_{random_text(32)}"
    text = json.dumps({"api_key": theirs}) if under_a_label else theirs
    for payload in (Payload(new_key(), label), None):
        store = FakeStore(LIKE_AWS, Held(text))
        desired = Desired(payload, label, on_foreign="adopt", format_given=True)
        with pytest.raises(ConflictError, match="replace_value"):
            run(store, desired)
        assert store.writes == 0


@pytest.mark.parametrize("ours", [True, False], ids=["ours", "adopted"])
@pytest.mark.parametrize("known", [True, False], ids=["by its version", "by reading"])
def test_two_labels_do_not_overwrite_each_other_in_a_plain_text(ours: bool, known: bool) -> None:
    held = new_key()
    salt = new_salt() if ours else None
    store = FakeStore(LIKE_AWS, Held(held.value, salt=salt, sole_label=known and ours))
    for desired in (present(new_key(), "one"), present(held, "two"), absent("one")):
        desired = replace(desired, on_foreign="adopt")
        with pytest.raises(ConflictError, match="as plain text, which has no label"):
            run(store, desired)
    assert store.writes == 0
    key = new_key()
    run(store, present(key, "one", format_given=True, on_foreign="adopt"))
    assert labels(store) == {"one": key.value}


def test_the_label_that_is_the_default_keeps_a_plain_text() -> None:
    key = new_key()
    store = FakeStore(LIKE_AWS, Held(new_key().value, salt=new_salt()))
    run(store, present(key))
    assert store.held is not None
    assert store.held.text == key.value

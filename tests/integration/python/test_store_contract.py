# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the core may expect of every store, tried on each of them over its real SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    ConflictError,
    ForeignObjectError,
    NotFoundError,
    NotPermittedError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    MAX_VALUE_VERSION,
    Change,
    Desired,
    Existence,
    NewValue,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.store import Store
from integration.python.vendors import VENDORS, Vendor, vendor_of
from sandbox.client import SandboxClient
from unit.fakes import FakeRuntime
from unit.keys import make_key, new_key


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest, services: SandboxClient) -> Vendor:
    return vendor_of(request.param, services)


@pytest.fixture
def store(vendor: Vendor) -> Iterator[Store]:
    with vendor.open() as opened:
        yield opened


def new_value(store: Store, key: str, salt: str | None = None) -> NewValue:
    fingerprint = Fingerprint.of(key, resource=store.resource, salt=salt or new_salt())
    return NewValue(key, fingerprint)


def all_fields(vendor: Vendor) -> dict[str, object]:
    return {vendor.text_field: "Shop", **vendor.more_fields}


def includes(held: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Of several members there may be more, such as the account's future grants."""

    def there(found: object, value: object) -> bool:
        if isinstance(value, frozenset):
            return isinstance(found, frozenset) and found >= value
        return found == value

    return all(there(held.get(name), value) for name, value in wanted.items())


def make(store: Store, vendor: Vendor, key: str) -> NewValue:
    value = new_value(store, key)
    store.create(value, all_fields(vendor))
    return value


def test_a_new_secret_is_ours_and_has_its_fingerprint(store: Store, vendor: Vendor) -> None:
    value = new_value(store, make_key())
    version = store.create(value, all_fields(vendor))
    observed = store.describe()
    assert observed.existence is Existence.LIVE
    assert observed.ours
    assert observed.sole_label
    assert observed.fingerprint == value.fingerprint
    assert observed.salt == value.fingerprint.salt
    assert includes(observed.fields, all_fields(vendor))
    assert observed.version == version
    assert (version is not None) == store.capabilities.versions
    assert observed.fields.keys() == store.capabilities.fields.keys()


def test_created_is_a_moment_with_a_time_zone_or_nothing(store: Store, vendor: Vendor) -> None:
    make(store, vendor, make_key())
    observed = store.describe()
    for moment in (observed.created, observed.changed):
        assert moment is None or moment.utcoffset() is not None


def test_a_new_value_keeps_metadata_that_nobody_asked_for(store: Store, vendor: Vendor) -> None:
    salt = make(store, vendor, make_key()).fingerprint.salt
    before = store.describe()
    vendor.next_moment()
    value = new_value(store, make_key(), salt)
    version = store.update(Change(salt, value, value.fingerprint), before)
    after = store.describe()
    assert after.ours
    assert includes(after.fields, all_fields(vendor))
    if store.capabilities.versions:
        assert version is not None
        assert version != before.version
    assert after.fingerprint == value.fingerprint
    assert after.version == version


def test_metadata_alone_make_no_new_version(store: Store, vendor: Vendor) -> None:
    value = make(store, vendor, make_key())
    before = store.describe()
    change = Change(
        before.salt or "",
        value if store.capabilities.replaces_whole else None,
        value.fingerprint,
        {vendor.text_field: "Renamed"},
    )
    store.update(change, before)
    after = store.describe()
    assert after.version == before.version
    assert after.fingerprint == before.fingerprint
    assert includes(after.fields, {**all_fields(vendor), vendor.text_field: "Renamed"})


def test_a_text_can_be_cleared(store: Store, vendor: Vendor) -> None:
    value = make(store, vendor, make_key())
    before = store.describe()
    again = value if store.capabilities.replaces_whole else None
    change = Change(before.salt or "", again, value.fingerprint, {vendor.text_field: ""})
    store.update(change, before)
    assert store.describe().fields[vendor.text_field] == ""


def test_a_deleted_secret_can_be_restored_or_is_absent(store: Store, vendor: Vendor) -> None:
    value = make(store, vendor, make_key())
    store.delete()
    gone = store.describe()
    if not store.capabilities.soft_delete:
        assert gone.existence is Existence.ABSENT
        return
    assert gone.existence is Existence.DELETED
    assert gone.ours
    assert gone.salt == value.fingerprint.salt
    store.restore()
    back = store.describe()
    assert back.existence is Existence.LIVE
    assert back.fingerprint == value.fingerprint
    assert includes(back.fields, all_fields(vendor))


def test_a_secret_that_others_made_is_not_ours(store: Store, vendor: Vendor) -> None:
    vendor.make_foreign(make_key())
    observed = store.describe()
    assert observed.existence is Existence.LIVE
    assert not observed.ours
    assert observed.fingerprint is None
    assert observed.salt is None


def test_the_value_can_be_read_exactly_where_it_is_said_to(store: Store, vendor: Vendor) -> None:
    key = make_key()
    make(store, vendor, key)
    if store.capabilities.value_readable:
        assert store.read_value().text == key
        return
    with pytest.raises(NotImplementedError):
        store.read_value()


def test_describing_never_reads_the_value(store: Store, vendor: Vendor) -> None:
    store.describe()
    make(store, vendor, make_key())
    store.describe()
    if store.capabilities.soft_delete:
        store.delete()
        store.describe()
    assert vendor.reads_of_values() == 0


def test_values_are_plain_and_hold_no_key(store: Store, vendor: Vendor) -> None:
    key = make_key()
    make(store, vendor, key)
    store.describe()
    values = store.values()
    assert values["name"]
    assert all(isinstance(value, str | bool | list | None) for value in values.values())
    assert key not in repr(values)


def test_wrong_credentials(vendor: Vendor) -> None:
    with pytest.raises(AuthenticationError) as failure, vendor.open("wrong") as store:
        store.describe()
    assert str(failure.value).endswith(".")
    assert failure.value.__cause__ is None


def test_without_the_right_to_write_the_right_is_named(vendor: Vendor) -> None:
    key = make_key()
    with vendor.open("metadata") as store:
        with pytest.raises(NotPermittedError) as failure:
            make(store, vendor, key)
        assert failure.value.subject == store.subject
    assert vendor.lacks_create in str(failure.value)
    assert key not in str(failure.value)
    assert key not in repr(failure.value.to_result())
    assert failure.value.__cause__ is None


def test_without_any_right_the_first_one_needed_is_named(vendor: Vendor) -> None:
    # Snowflake does not tell what is missing from what may not be seen.
    kinds = (NotPermittedError, NotFoundError) if vendor.name == "snowflake" else NotPermittedError
    with vendor.open("none") as store, pytest.raises(kinds) as failure:
        store.describe()
    assert vendor.lacks_describe in str(failure.value)


def test_without_the_right_to_read_the_right_is_named(vendor: Vendor) -> None:
    if not vendor.lacks_read:
        pytest.skip("nobody can read a value there")
    with vendor.open() as store:
        make(store, vendor, make_key())
    with vendor.open("writer") as store:
        store.describe()
        with pytest.raises(NotPermittedError, match=vendor.lacks_read):
            store.read_value()


def test_a_service_that_is_down_is_a_passing_trouble(store: Store, vendor: Vendor) -> None:
    store.describe()  # logs in
    vendor.fail(50)
    with pytest.raises(TransientError) as failure:
        store.describe()
    assert failure.value.subject == store.subject


# Azure's SDK reports it like credentials that are not accepted.
@pytest.mark.parametrize("vendor", ["azure", "hosted"], indirect=True)
def test_a_token_endpoint_that_is_down_is_a_passing_trouble(store: Store, vendor: Vendor) -> None:
    vendor.fail(50)
    with pytest.raises(TransientError):
        store.describe()


def test_one_failure_is_ridden_out(store: Store, vendor: Vendor) -> None:
    if vendor.name == "fake":
        pytest.skip("it has no SDK that would try again")
    store.describe()  # logs in
    vendor.fail(1)
    assert store.describe().existence is Existence.ABSENT


# --- with the core on top ---


def run(vendor: Vendor, desired: Desired, *, check: bool = False, identity: str = "full") -> Any:
    """One whole run with a session of its own, as a task would have it."""
    vendor.fingerprint_key = desired.fingerprint_key
    with vendor.open(identity) as store:
        return converge(store, desired, FakeRuntime(check_mode=check))


def test_runs_settle_and_check_mode_is_honest(vendor: Vendor) -> None:
    first = Desired(Payload(new_key()), fields=all_fields(vendor))
    renamed = Desired(first.payload, fields={vendor.text_field: "Renamed"})
    for desired in (first, renamed, Desired(None), first):
        read_before = vendor.reads_of_values()
        predicted = run(vendor, desired, check=True)
        done = run(vendor, desired)
        assert done.changed
        assert predicted.values["changes"] == done.values["changes"]
        assert (predicted.before, predicted.after) == (done.before, done.after)
        assert not run(vendor, desired).changed
        assert not run(vendor, desired, check=True).changed
        assert vendor.reads_of_values() == read_before


# Azure's times have whole seconds: of two versions in one second none is surely the last.
def test_two_values_in_one_second_settle(vendor: Vendor) -> None:
    for _index in range(3):
        desired = Desired(Payload(new_key()))
        assert run(vendor, desired).changed
    assert not run(vendor, desired).changed


def test_going_back_to_an_earlier_key_writes_it(vendor: Vendor) -> None:
    one, two = Desired(Payload(new_key())), Desired(Payload(new_key()))
    for desired in (one, two, one):
        assert run(vendor, desired).changed
    with vendor.open() as store:
        assert one.payload is not None
        if store.capabilities.value_readable:
            assert store.read_value().text == one.payload.text


def test_a_foreign_secret_can_be_adopted(vendor: Vendor) -> None:
    key = new_key()
    vendor.make_foreign(key.value)
    desired = Desired(Payload(key))
    with pytest.raises(CollectionError, match="was not made by"):
        run(vendor, desired)
    adopt = Desired(Payload(key), on_foreign="adopt")
    predicted, adopted = run(vendor, adopt, check=True), run(vendor, adopt)
    assert "ownership" in adopted.values["changes"]
    assert predicted.values["changes"] == adopted.values["changes"]
    assert not run(vendor, desired).changed


# As a promoted replica, a restored backup or a clone is: with our note, but of another place.
@pytest.mark.parametrize("on_unknown", ["write", "keep"])
def test_a_copy_in_another_place_is_read_or_else_refused(vendor: Vendor, on_unknown: str) -> None:
    desired = Desired(Payload(new_key()), on_unknown=on_unknown)
    run(vendor, desired)
    with vendor.open() as store:
        store.resource = f"{store.resource}, promoted"
        if store.capabilities.value_readable:
            outcome = converge(store, desired, FakeRuntime(check_mode=True))
            assert outcome.values["verdict"] == "proven"
            assert "value" not in outcome.values["changes"]  # type: ignore[operator]
            return
        for wish in (desired, replace(desired, payload=None)):
            with pytest.raises((ForeignObjectError, ConflictError)):
                converge(store, wish, FakeRuntime(check_mode=True))


def test_what_a_matching_fingerprint_is_worth(vendor: Vendor) -> None:
    desired = Desired(Payload(new_key()))
    run(vendor, desired)
    worth = run(vendor, desired).values["verdict"]
    assert worth == ("proven" if vendor.name == "aws" else "recorded")


def test_preferring_the_value_reads_it_where_it_can(vendor: Vendor) -> None:
    desired = Desired(Payload(new_key()), compare="prefer_value")
    run(vendor, desired)
    found = run(vendor, desired)
    with vendor.open() as store:
        readable = store.capabilities.value_readable
    assert found.values["verdict"] == ("proven" if readable else "recorded")
    assert found.values["verified_by"] == ("value" if readable else "fingerprint")
    assert not found.changed
    if "writer" in vendor.identities:
        refused = run(vendor, desired, identity="writer")
        assert refused.values["verified_by"] == "fingerprint"
        assert vendor.lacks_read in str(refused.values["unread_because"])
        assert not refused.changed


@pytest.mark.parametrize(
    ("value", "ours"),
    [
        # None of it is a Stripe key alone, whoever made it; more of them are in tests/unit.
        pytest.param("correct horse battery staple", True, id="plain text of ours"),
        pytest.param('["staple"]', False, id="an array of others"),
        pytest.param('{"password": "staple", "user": "shop"}', False, id="a JSON object of others"),
    ],
)
def test_2_1_what_is_more_than_our_key_is_kept(vendor: Vendor, value: str, ours: bool) -> None:
    with vendor.open() as store:
        if not store.capabilities.value_readable:
            pytest.skip("nobody can read a value there")
    if ours:
        run(vendor, Desired(Payload(new_key())))
        vendor.write_over(value)
    else:
        vendor.make_foreign(value)
    wish = Desired(Payload(new_key()), on_foreign="adopt")
    for desired in (wish, Desired(None, on_foreign="adopt")):
        for check in (True, False):
            with pytest.raises(ConflictError, match="replace_value") as caught:
                run(vendor, desired, check=check)
            assert "staple" not in repr(caught.value.to_result())
    with vendor.open() as store:
        assert store.read_value().text == value
    vendor.next_moment()
    assert run(vendor, replace(wish, replace_value=True)).changed
    assert not run(vendor, wish).changed


def test_the_users_own_number_is_stored_with_the_value(vendor: Vendor) -> None:
    one, two = new_key(), new_key()
    assert run(vendor, Desired(Payload(one), fields={"value_version": 1})).changed
    assert not run(vendor, Desired(Payload(two), fields={"value_version": 1})).changed
    vendor.next_moment()
    written = run(vendor, Desired(Payload(two), fields={"value_version": 2}))
    assert written.values["changes"] == ["value", "value_version"]
    assert not run(vendor, Desired(Payload(two), fields={"value_version": 2})).changed
    # Left out, it stays, and the value is compared as usual.
    vendor.next_moment()
    assert run(vendor, Desired(Payload(one))).changed
    with vendor.open() as store:
        assert store.describe().fields["value_version"] == 2


# A moment in nanoseconds, and the largest that there can be.
@pytest.mark.parametrize("number", [1_795_430_400_123_456_789, MAX_VALUE_VERSION])
def test_terraform_37214_a_large_number_keeps_its_last_digits(vendor: Vendor, number: int) -> None:
    """Theirs was rounded, and differed from itself in every plan."""
    desired = Desired(Payload(new_key()), fields={"value_version": number})
    assert run(vendor, desired).changed
    assert not run(vendor, desired).changed
    with vendor.open() as store:
        assert store.describe().fields["value_version"] == number
    vendor.next_moment()
    assert run(vendor, replace(desired, fields={"value_version": number - 1})).changed


def test_a_fingerprint_with_a_key_is_known_to_its_holder_only(vendor: Vendor) -> None:
    key, payload = "k" * 16, Payload(new_key())
    desired = Desired(payload, compare="fingerprint", on_unknown="keep", fingerprint_key=key)
    run(vendor, desired)
    assert run(vendor, desired).values["verified_by"] == "fingerprint"
    for other in ("", "x" * 16):
        outcome = run(vendor, replace(desired, fingerprint_key=other))
        assert outcome.values["verified_by"] == "unknown"
    vendor.next_moment()
    assert run(vendor, replace(desired, fingerprint_key="", update_value="always")).changed
    assert run(vendor, replace(desired, fingerprint_key="")).values["verified_by"] == "fingerprint"

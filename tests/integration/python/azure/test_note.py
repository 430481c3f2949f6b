# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's note counts only for the version that it was written with."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.metadata.fields import (
    MARKER_TAG,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.versions.note import (
    Note,
    digest_of,
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
from integration.python.vendors import AzureVendor
from sandbox.client import SandboxClient
from unit.fakes import FakeRuntime
from unit.keys import make_key, new_key


@pytest.fixture
def azure(services: SandboxClient) -> AzureVendor:
    return AzureVendor(services)


def run(azure: AzureVendor, desired: Desired, identity: str = "full") -> Outcome:
    with azure.open(identity) as store:
        return converge(store, desired, FakeRuntime())


def copy_tags(azure: AzureVendor, value: str) -> None:
    """As a rotation function does: another version, with all that the last one had."""
    azure.next_moment()
    with azure.client("full") as client:
        last = client.get_secret(azure.secret).properties
        client.set_secret(azure.secret, value, tags=last.tags, content_type=last.content_type)
    azure.next_moment()


def said(outcome: Outcome) -> tuple[Any, ...]:
    return tuple(outcome.values[name] for name in ("changes", "verified_by", "verdict"))


def test_our_note_does_not_count_for_a_version_that_its_tags_were_copied_to(
    azure: AzureVendor,
) -> None:
    desired = Desired(Payload(new_key()))
    run(azure, desired)
    copy_tags(azure, make_key())
    assert said(run(azure, desired)) == (["value"], "value", "contradicted")
    assert said(run(azure, desired)) == ([], "fingerprint", "recorded")


def test_it_does_not_count_either_where_the_value_cannot_be_read(azure: AzureVendor) -> None:
    desired = Desired(Payload(new_key()), on_unknown="keep")
    run(azure, desired)
    copy_tags(azure, make_key())
    outcome = run(azure, desired, "writer")
    assert said(outcome) == ([], "unknown", "unknown")
    assert "get" in str(outcome.values["unread_because"])


def test_a_copy_of_the_same_value_gets_a_note_of_its_own_once(azure: AzureVendor) -> None:
    desired = Desired(Payload(new_key()))
    run(azure, desired)
    copy_tags(azure, desired.payload.text if desired.payload else "")
    assert said(run(azure, desired)) == (["fingerprint"], "value", "proven")
    reads = azure.reads_of_values()
    assert said(run(azure, desired)) == ([], "fingerprint", "recorded")
    assert azure.reads_of_values() == reads


def test_the_user_s_number_does_not_count_for_a_copy_either(azure: AzureVendor) -> None:
    desired = Desired(Payload(new_key()), fields={"value_version": 7})
    run(azure, desired)
    copy_tags(azure, make_key())
    assert "value" in run(azure, desired).values["changes"]  # type: ignore[operator]


def test_a_change_of_tags_keeps_the_note(azure: AzureVendor) -> None:
    payload = Payload(new_key())
    run(azure, Desired(payload))
    for team in ("data", "shop"):
        changed = run(azure, Desired(payload, fields={"tags": {"team": team}}))
        assert said(changed) == (["tags"], "fingerprint", "recorded")
    assert said(run(azure, Desired(payload))) == ([], "fingerprint", "recorded")


def of_1_0_0(azure: AzureVendor, key: Payload) -> None:
    """A version as release 1.0.0 wrote it."""
    with azure.open() as store:
        made = Fingerprint.of(key.text, resource=store.resource, salt=new_salt())
    note = str(Fingerprint(made.salt, made.digest))
    with azure.client("full") as client:
        client.set_secret(azure.secret, key.text, tags={MARKER_TAG: note})


def test_a_note_of_release_1_0_0_is_recorded_at_best_and_so_the_value_is_read(
    azure: AzureVendor,
) -> None:
    payload = Payload(new_key())
    of_1_0_0(azure, payload)
    assert said(run(azure, Desired(payload))) == ([], "value", "proven")
    assert said(run(azure, Desired(payload), "writer")) == ([], "fingerprint", "recorded")
    copy_tags(azure, make_key())
    assert said(run(azure, Desired(payload))) == (["value"], "value", "contradicted")


def test_a_change_of_tags_alone_does_not_make_a_better_note(azure: AzureVendor) -> None:
    payload = Payload(new_key())
    of_1_0_0(azure, payload)
    copy_tags(azure, make_key())
    tagged = Desired(payload, fields={"tags": {"team": "data"}})
    assert said(run(azure, tagged, "writer")) == (["tags"], "fingerprint", "recorded")
    assert said(run(azure, tagged)) == (["value"], "value", "contradicted")


def test_versions_of_one_second_are_told_apart() -> None:
    fingerprint = Fingerprint.of(make_key(), resource="here", salt=new_salt())
    note = Note.parse(str(Note(fingerprint, digest_of(["a", "b"]))))
    assert note is not None
    assert note.fingerprint == fingerprint
    assert note.belongs_after({"b", "a"})
    assert not note.belongs_after({"a", "b", "c"})
    assert not note.belongs_after({"a"})
    assert not note.belongs_after(())


@pytest.mark.parametrize("tag", ["", "v1", "v2:x after y", "v1:s.0 after 0", "v1:s.0"])
def test_what_is_no_note(tag: str) -> None:
    assert Note.parse(tag) is None

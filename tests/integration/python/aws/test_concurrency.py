# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Others write to the same secret at the same moment: what they wrote is still there."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.settings import Settings
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.store.store import AwsStore
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._run_state import FileState
from unit.fakes import FakeRuntime
from unit.keys import new_key, random_text

LABELS = [f"label_{number}" for number in range(8)]
SECRETS = 6
THREADS = 8
# Fewer than a task's attempts: each attempt that fails is a label that the other one added.
LOOPED, INSERTED = 3, 3


def labels(client: Any, name: str) -> dict[str, str]:
    text = client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"]
    return dict(json.loads(text))


def add_theirs(client: Any, name: str, label: str, value: str) -> None:
    """A writer with care of its own: it replaces the version that it read, or tries again."""
    for attempt in itertools.count():
        found = client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")
        text = json.dumps({**json.loads(found["SecretString"]), label: value})
        version = client.put_secret_value(
            SecretId=name,
            SecretString=text,
            VersionStages=[f"theirs-{label}-{attempt}"],
        )["VersionId"]
        try:
            client.update_secret_version_stage(
                SecretId=name,
                VersionStage="AWSCURRENT",
                MoveToVersionId=version,
                RemoveFromVersionId=found["VersionId"],
            )
        except ClientError:
            continue
        return


def put_theirs(client: Any, name: str, **more: str) -> None:
    """A writer without care."""
    text = json.dumps({**labels(client, name), **more})
    client.put_secret_value(SecretId=name, SecretString=text)


def before_put(client: Any, then: Callable[[], None]) -> None:
    """Let somebody else write between our look and our first write of a value."""
    before_call(client, "PutSecretValue", 0, then)


def before_call(client: Any, operation: str, number: int, then: Callable[[], None]) -> None:
    """Let somebody else write before a call of ours, the first of which has the number 0."""
    calls = itertools.count()

    def called(**_more: Any) -> None:
        if next(calls) == number:
            then()

    client.meta.events.register(f"before-call.secrets-manager.{operation}", called)


def store_of(client: Any, name: str, label: str | None = "api_key") -> AwsStore:
    return AwsStore(client, name, label=label, settings=Settings())


def present(label: str = "api_key", **options: Any) -> Desired:
    return Desired(Payload(new_key(), label), label, **options)


def value_of(desired: Desired) -> str:
    assert desired.payload is not None
    return desired.payload.key.value


@pytest.mark.parametrize("shared", [False, True], ids=["only ours", "others in it"])
def test_2_3_a_label_added_between_our_look_and_our_write_stays(aws: Any, shared: bool) -> None:
    ours, theirs, other = aws.client(), random_text(), aws.client()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    if shared:
        put_theirs(other, aws.name, first="1")
    before_put(ours, lambda: put_theirs(other, aws.name, added=theirs))
    wish = present()
    outcome = converge(store_of(ours, aws.name), wish, FakeRuntime())
    held = labels(other, aws.name)
    assert (held["api_key"], held["added"]) == (value_of(wish), theirs)
    assert ("first" in held) == shared
    assert outcome.changed
    assert not converge(store_of(ours, aws.name), wish, FakeRuntime()).changed


@pytest.mark.parametrize("value", ['{"api_key": "KEY", "theirs": "1"}', "database password"])
def test_what_is_written_before_our_deletion_is_brought_back(aws: Any, value: str) -> None:
    ours, other = aws.client(), aws.client()
    wish = present()
    converge(store_of(ours, aws.name), wish, FakeRuntime())
    value = value.replace("KEY", value_of(wish))
    write = {"SecretId": aws.name, "SecretString": value}
    before_call(ours, "DeleteSecret", 0, lambda: other.put_secret_value(**write))
    gone = Desired(None, "api_key")
    if "theirs" in value:
        assert converge(store_of(ours, aws.name), gone, FakeRuntime()).changed
        assert labels(other, aws.name) == {"theirs": "1"}
    else:
        with pytest.raises(ConflictError, match="cannot be kept"):
            converge(store_of(ours, aws.name), gone, FakeRuntime())
        assert other.get_secret_value(SecretId=aws.name)["SecretString"] == value


@pytest.mark.parametrize("writers", [1, 2, 3])
@pytest.mark.parametrize("before", [True, False], ids=["one before us", "none before us"])
def test_what_careful_writers_add_right_after_us_does_not_hide_what_we_replaced(
    aws: Any, writers: int, before: bool
) -> None:
    """One writes between our look and our write, and others on top of ours before we look again."""
    ours, other = aws.client(), aws.client()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    if before:
        before_put(ours, lambda: add_theirs(other, aws.name, "replaced", "0"))

    def write_on() -> None:
        for number in range(writers):
            add_theirs(other, aws.name, f"after_{number}", "0")

    before_call(ours, "DescribeSecret", 1, write_on)
    wish = present()
    assert converge(store_of(ours, aws.name), wish, FakeRuntime()).changed
    after = {f"after_{number}": "0" for number in range(writers)}
    replaced = {"replaced": "0"} if before else {}
    assert labels(other, aws.name) == {"api_key": value_of(wish), **replaced, **after}
    assert not converge(store_of(ours, aws.name), wish, FakeRuntime()).changed


def test_labels_are_merged_again_while_others_write(aws: Any) -> None:
    ours, other = aws.client(), aws.client()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    before_put(ours, lambda: add_theirs(other, aws.name, "replaced", "0"))
    for number in range(3):
        before_call(
            ours,
            "UpdateSecretVersionStage",
            number,
            partial(add_theirs, other, aws.name, f"after_{number}", "0"),
        )
    wish = present()
    converge(store_of(ours, aws.name), wish, FakeRuntime())
    after = {f"after_{number}": "0" for number in range(3)}
    assert labels(other, aws.name) == {"api_key": value_of(wish), "replaced": "0", **after}


def test_who_gives_up_merging_says_that_our_key_was_written(aws: Any) -> None:
    ours, other, numbers = aws.client(), aws.client(), itertools.count()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    before_put(ours, lambda: add_theirs(other, aws.name, "replaced", "0"))
    ours.meta.events.register(
        "before-call.secrets-manager.UpdateSecretVersionStage",
        lambda **_more: add_theirs(other, aws.name, f"after_{next(numbers)}", "0"),
    )
    wish = present()
    with pytest.raises(ConflictError, match=r"our key was written, but .* keep changing it"):
        converge(store_of(ours, aws.name), wish, FakeRuntime())
    held = labels(other, aws.name)
    assert held["api_key"] == value_of(wish)
    assert len(held) == 1 + next(numbers)


def test_what_was_replaced_and_cannot_be_kept_is_said(aws: Any) -> None:
    ours, other = aws.client(), aws.client()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    before_put(ours, lambda: other.put_secret_value(SecretId=aws.name, SecretBinary=b"\x80theirs"))
    told = r"our key was written, but .* cannot be kept beside our key \(it is binary data\)"
    with pytest.raises(ConflictError, match=told):
        converge(store_of(ours, aws.name), present(), FakeRuntime())


def test_a_writer_that_never_stops_is_given_up_on(aws: Any) -> None:
    ours, other = aws.client(), aws.client()
    converge(store_of(ours, aws.name), present(), FakeRuntime())
    put_theirs(other, aws.name, first="1")
    numbers = itertools.count()

    def write(**_more: Any) -> None:
        put_theirs(other, aws.name, number=str(next(numbers)))

    ours.meta.events.register("before-call.secrets-manager.PutSecretValue", write)
    with pytest.raises(ConflictError, match="keeps changing it"):
        converge(store_of(ours, aws.name), present(), FakeRuntime())
    held = labels(other, aws.name)
    assert held["number"] == str(next(numbers) - 1)


def keep_adding_theirs(client: Any, names: list[str]) -> None:
    for number in range(LOOPED):
        for name in names:
            add_theirs(client, name, f"looped_{number}", "0")


def test_2_3_every_label_that_was_reported_as_written_is_there(aws: Any, tmp_path: Path) -> None:
    """8 labels of each secret, written by 8 threads that share a run, while others add theirs.

    They do so in a loop, and whatever the load just before a write of ours as well.
    """
    names = [f"{aws.name}/{number}" for number in range(SECRETS)]
    outside, inside = aws.client(), aws.client()
    for name in names:
        outside.create_secret(Name=name, SecretString=json.dumps({"theirs": "0"}))
    wishes = {
        (name, label): present(label, on_foreign="adopt") for label in LABELS for name in names
    }
    to_insert = {name: [f"inserted_{number}" for number in range(INSERTED)] for name in names}
    clients = threading.local()

    def insert(params: dict[str, Any], **_more: Any) -> None:
        name = json.loads(params["body"])["SecretId"]
        if to_insert[name]:
            add_theirs(inside, name, to_insert[name].pop(), "0")

    def own_client() -> Any:
        if not hasattr(clients, "own"):
            clients.own = aws.client()
            clients.own.meta.events.register("before-call.secrets-manager.PutSecretValue", insert)
        return clients.own

    def write(place: tuple[str, str]) -> None:
        # As the forks of a run have it: the locks are files.
        runtime = FakeRuntime(shared=FileState(tmp_path))
        name, label = place
        assert converge(store_of(own_client(), name, label), wishes[place], runtime).changed

    with ThreadPoolExecutor(THREADS + 1) as pool:
        theirs = pool.submit(keep_adding_theirs, outside, names)
        list(pool.map(write, wishes))
        theirs.result()
    looped = {f"looped_{number}": "0" for number in range(LOOPED)}
    inserted = {f"inserted_{number}": "0" for number in range(INSERTED)}
    for name in names:
        ours = {label: value_of(wishes[name, label]) for label in LABELS}
        assert labels(outside, name) == {"theirs": "0", **looped, **inserted, **ours}

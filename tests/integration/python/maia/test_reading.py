# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered saves requests and never causes a wrong write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConflictError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Outcome,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import LocalState
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.connections_api import (
    ConnectionsApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.converge.reading import (
    on_fresh_reading,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    MaiaConnection,
)
from integration.python.maia_world import MaiaWorld
from unit.faces import run_action
from unit.fakes import FakeRuntime
from unit.keys import make_key


class Book:
    """A Reading: what is remembered, and what is true."""

    def __init__(self, remembered: str | None, truth: str) -> None:
        self.from_memory = remembered is not None
        self.text = remembered or truth
        self.truth = truth
        self.renewed = 0

    def load(self) -> bool:
        if not self.from_memory:
            self.text = self.truth
        return self.from_memory

    def renew(self) -> None:
        self.renewed += 1
        self.text = self.truth


def rewrite(book: Book, wanted: str, written: list[str]) -> Any:
    def converge(runtime: Runtime) -> Outcome:
        if book.text == "refuse":
            raise ConflictError("It", "refuses", "ask again")
        changed = book.text != wanted
        if changed and not runtime.check_mode:
            written.append(f"{book.text} to {wanted}")
        return Outcome(changed, {"read": book.text})

    return converge


@pytest.mark.parametrize(
    ("remembered", "truth", "read", "renewed", "written"),
    [
        pytest.param(None, "new", "new", 0, [], id="read now, unchanged"),
        pytest.param(None, "old", "old", 0, ["old to new"], id="read now, written"),
        pytest.param("new", "new", "new", 0, [], id="remembered, unchanged"),
        pytest.param("old", "old", "old", 1, ["old to new"], id="remembered, and still so"),
        pytest.param("old", "new", "new", 1, [], id="somebody else has done it"),
        pytest.param("old", "other", "other", 1, ["other to new"], id="another change is needed"),
        pytest.param("refuse", "new", "new", 1, [], id="no longer a reason to refuse"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_change_rests_on_a_fresh_reading(
    remembered: str | None,
    truth: str,
    read: str,
    renewed: int,
    written: list[str],
    check_mode: bool,
) -> None:
    book = Book(remembered, truth)
    done: list[str] = []
    runtime = FakeRuntime(check_mode=check_mode)
    outcome = on_fresh_reading([book], rewrite(book, "new", done), runtime, name="it")
    assert outcome.values == {"read": read}
    assert outcome.changed is (read != "new")
    assert book.renewed == renewed
    assert done == ([] if check_mode else written)


def test_a_refusal_that_is_still_right_is_raised() -> None:
    book = Book("refuse", "refuse")
    with pytest.raises(CollectionError):
        on_fresh_reading([book], rewrite(book, "new", []), FakeRuntime(), name="it")
    assert book.renewed == 1


def test_of_several_readings_all_are_loaded_and_renewed() -> None:
    books = (Book("a", "b"), Book(None, "c"), Book("d", "e"))
    outcome = on_fresh_reading(books, rewrite(books[0], "new", []), FakeRuntime(), name="it")
    assert outcome.changed
    assert [book.renewed for book in books] == [1, 1, 1]


def test_what_another_task_of_the_run_has_written_since_is_read() -> None:
    book, done = Book(None, "old"), list[str]()

    class WrittenMeanwhile(LocalState):
        @contextmanager
        def exclusive(self, name: str) -> Iterator[None]:  # noqa: ARG002 - as all have it
            book.truth = "new"
            yield

    runtime = FakeRuntime(shared=WrittenMeanwhile())
    outcome = on_fresh_reading([book], rewrite(book, "new", done), runtime, name="it")
    assert (outcome.changed, done) == (False, [])


# --- with the module, in one run: the tasks share their state in process ---


def run(world: MaiaWorld, name: str, **changed: Any) -> dict[str, Any]:
    given = {"project": "Shop Analytics", "secret_name": "shop/key", **changed}
    options = {name: value for name, value in given.items() if value is not None}
    return run_action(OPERATION, world.options(name=name, **options))


def somebody_else(world: MaiaWorld, name: str, **changed: Any) -> None:
    """The same, but in a run of their own."""
    given = {"name": name, "project": "Shop Analytics", "secret_name": "theirs", **changed}
    validated = validator(OPERATION.spec).validate(world.options(**given))
    assert not validated.error_messages
    assert OPERATION.execute(validated.validated_parameters, FakeRuntime()).changed


def test_definitions_are_listed_once_for_all_of_a_project(world: MaiaWorld) -> None:
    somebody_else(world, "one", secret_name="shop/key")
    somebody_else(world, "two", secret_name="shop/key")
    world.clear()
    for name in ("one", "two", "one"):
        assert not run(world, name)["changed"]
    assert world.requests() == {"Token": 1, "ListProjects": 1, "ListConnections": 1}


def test_a_write_costs_a_reading_and_only_what_was_written_is_read_anew(world: MaiaWorld) -> None:
    somebody_else(world, "two", secret_name="shop/key")
    world.clear()
    run(world, "one")
    assert world.requests() == {
        "Token": 1, "ListProjects": 1, "ListConnections": 1, "CreateConnection": 1,
    }  # fmt: skip
    world.clear()
    assert not run(world, "two")["changed"]
    assert world.requests() == {}
    assert not run(world, "one")["changed"]
    assert world.requests() == {"ListConnections": 1}
    world.clear()
    assert not run(world, "one")["changed"]
    assert world.requests() == {}
    world.clear()
    assert run(world, "one", secret_name="other")["changed"]  # reads again what is remembered
    assert world.requests() == {"ListConnections": 1, "UpdateConnection": 1}


def test_what_somebody_else_made_meanwhile_is_not_written_over(world: MaiaWorld) -> None:
    run(world, "one")
    run(world, "one")
    somebody_else(world, "two")
    world.clear()
    assert run(world, "two", secret_name="theirs")["changed"] is False
    assert "CreateConnection" not in world.requests()
    # That reading has shown that the list is out of date.
    world.clear()
    assert run(world, "one")["changed"] is False
    assert world.requests() == {"ListConnections": 1}


def test_what_somebody_else_deleted_meanwhile_is_made_again(world: MaiaWorld) -> None:
    run(world, "one")
    run(world, "one")
    somebody_else(world, "one", state="absent", secret_name="shop/key")
    world.clear()
    assert run(world, "one", secret_name="other")["changed"]
    assert world.requests()["CreateConnection"] == 1


def test_a_change_that_somebody_else_made_meanwhile_is_kept(world: MaiaWorld) -> None:
    run(world, "one", secret_label="old")
    run(world, "one")
    somebody_else(world, "one", secret_name="shop/key", secret_label="new", description="Theirs")
    result = run(world, "one", secret_name="other")
    assert (result["secret_label"], result["description"]) == ("new", "Theirs")
    assert result["changes"] == ["secret_name"]


def test_a_name_that_differs_in_case_only_is_refused_from_memory_too(world: MaiaWorld) -> None:
    run(world, "Stripe")
    run(world, "Stripe")
    world.clear()
    refused = run(world, "stripe")
    assert "but 'Stripe', which differs in case only" in refused["msg"]
    assert world.requests() == {"ListConnections": 1}
    # It went away meanwhile.
    somebody_else(world, "Stripe", state="absent", secret_name="shop/key")
    assert run(world, "stripe")["changed"]


def test_of_a_name_that_was_just_written_another_one_is_refused(world: MaiaWorld) -> None:
    run(world, "other")
    run(world, "Stripe")
    refused = run(world, "stripe")
    assert "but 'Stripe', which differs in case only" in refused["msg"]


def test_what_is_absent_in_this_case_only_is_told(world: MaiaWorld) -> None:
    run(world, "Stripe")
    absent = run(world, "stripe", state="absent")
    assert not absent["changed"]
    [warning] = absent["warnings"]
    assert "There is no definition 'stripe', but 'Stripe', which differs in case only." in warning
    assert "warnings" not in run(world, "Stripe", state="absent")


# While one task reads what another has written, a third may write again.
def test_a_reading_counts_for_the_writes_before_it_only(
    world: MaiaWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = FakeRuntime()
    params = (
        validator(OPERATION.spec)
        .validate(world.options(name="it", project="Shop Analytics", secret_name="x"))
        .validated_parameters
    )
    with MaiaConnection.from_params(params).open(runtime) as client:
        api = ConnectionsApi(client, find_project(client, "Shop Analytics"))
        api.load("it")
        api.create(Draft("it", "Ours", secret_name="x"))
        read, reads = client.pages, list[str]()

        def overtaken(path: str, shape: Any, *, subject: str, attempt: str, **more: Any) -> Any:
            found = list(read(path, shape, subject=subject, attempt=attempt, **more))
            if not reads:
                reads.append("it")
                api.delete("it")
            return found

        monkeypatch.setattr(client, "pages", overtaken)
        assert api.find("it") is not None
        assert api.load("it") is False
        assert api.find("it") is None


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_value_is_kept_from_memory_and_written_on_a_fresh_reading(
    world: MaiaWorld, check_mode: bool
) -> None:
    key = make_key()
    hosted: dict[str, Any] = {"project": "Marketing Reports", "secret_name": None}
    assert run(world, "one", api_key=key, **hosted)["changed"]
    assert not run(world, "one", api_key=key, **hosted)["changed"]
    world.clear()
    assert not run(world, "one", api_key=key, **hosted)["changed"]
    assert world.requests() == {}
    options = {"name": "one", "project": "Marketing Reports", "api_key": make_key()}
    result = run_action(OPERATION, world.options(**options), check_mode=check_mode)
    assert result["changes"] == ["value"]
    writes = {} if check_mode else {"CreateSecret": 1, "UpdateConnection": 1}
    assert world.requests() == {"ListConnections": 1, **writes}


def test_the_older_api_lists_once_too(world: MaiaWorld) -> None:
    older = {"api": "secret_references", "agent_type": "aws"}
    assert run(world, "one", **older)["changed"]
    assert not run(world, "one", **older)["changed"]
    world.clear()
    assert not run(world, "one", **older)["changed"]
    assert run(world, "two", **older)["changed"]
    assert world.requests() == {"ListSecretReferences": 1, "CreateSecretReference": 1}


def test_what_one_api_has_written_the_other_one_reads_again(world: MaiaWorld) -> None:
    older = {"api": "secret_references", "agent_type": "aws"}
    assert run(world, "one", **older)["changed"]
    assert not run(world, "one", **older)["changed"]
    assert run(world, "one", state="absent", secret_name=None)["changed"]
    assert run(world, "one", **older)["changed"]

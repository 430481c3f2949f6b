# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Converging a definition that points at a secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConflictError,
    ForeignObjectError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import DefinitionApi
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.hosted_vault import (
    HostedRequest,
    HostedVault,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.references_api import (
    SecretReferencesApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.converge.hosted_store import (
    HostedDefinitionStore,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.converge.reference import (
    converge_reference,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.definition import (
    MAX_DESCRIPTION,
    Definition,
    Reference,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    Project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.client import MaiaClient
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.marker import MarkedText
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Payload,
)
from unit.fakes import FakeDefinitionApi, FakeRuntime, ScriptedTransport
from unit.keys import new_key

PROJECT = Project("1", "Shop")
WANTED = Reference("stripe", "shop/key", secret_label="api_key", description="Shop")


def run(
    api: DefinitionApi,
    wanted: Reference | None,
    *,
    check: bool = False,
    on_foreign: str = "fail",
) -> Outcome:
    runtime = FakeRuntime(check_mode=check)
    return converge_reference(
        api, PROJECT, "stripe", wanted, on_foreign=on_foreign, runtime=runtime
    )


def test_create_change_delete_each_once_and_as_foretold() -> None:
    api = FakeDefinitionApi()
    changed = Reference("stripe", "other", secret_label="")
    for wanted in (WANTED, changed, None):
        writes = api.writes
        predicted = run(api, wanted, check=True)
        assert api.writes == writes
        done = run(api, wanted)
        assert predicted == done
        assert done.changed
        assert api.writes == writes + 1
        again = run(api, wanted)
        assert not again.changed
        assert api.writes == writes + 1


def test_what_is_left_out_stays() -> None:
    api = FakeDefinitionApi()
    run(api, replace(WANTED, secrets_location={"region": "eu"}))
    run(api, Reference("stripe", "other"))
    definition = api.find("stripe")
    assert definition is not None
    assert definition.secret_label == "api_key"
    assert definition.secrets_location == {"region": "eu"}
    assert definition.description.text == "Shop"
    assert definition.description.ours


def test_adopting() -> None:
    theirs = Definition("stripe", MarkedText("By hand", ours=False), secret_name="shop/key")
    api = FakeDefinitionApi(theirs)
    with pytest.raises(ForeignObjectError):
        run(api, WANTED)
    assert api.writes == 0
    wanted = Reference("stripe", "shop/key")
    assert run(api, wanted, on_foreign="adopt").values["changes"] == ["ownership"]
    assert not run(api, wanted).changed


def hosted_store(api: DefinitionApi) -> HostedDefinitionStore:
    """One whose vault must not be called."""
    client = MaiaClient(
        ScriptedTransport(), FakeRuntime(), api_url="", token_url="", access_token="x"
    )
    return HostedDefinitionStore(
        api, HostedVault(client, PROJECT, HostedRequest()), PROJECT, "stripe"
    )


def test_connections_of_other_kinds_are_never_touched() -> None:
    api = FakeDefinitionApi(Definition("stripe", MarkedText(""), generic=False))
    for wanted in (WANTED, None):
        with pytest.raises(ConflictError, match="another kind"):
            run(api, wanted, on_foreign="adopt")
    assert api.writes == 0


def test_a_name_that_differs_in_case_only_makes_no_second_definition() -> None:
    theirs = Definition("Stripe", MarkedText("By hand", ours=False), secret_name="shop/key")
    api = FakeDefinitionApi(theirs)
    for check in (True, False):
        with pytest.raises(ConflictError, match="but 'Stripe', which differs in case only"):
            run(api, WANTED, check=check)
    assert not run(api, None).changed
    hosted = hosted_store(api)
    for check in (True, False):
        with pytest.raises(ConflictError, match="but 'Stripe', which differs in case only"):
            converge(hosted, Desired(Payload(new_key())), FakeRuntime(check_mode=check))
    assert api.writes == 0


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(
            Definition("stripe", MarkedText(""), secret_name="shop/key"), id="a reference"
        ),
        pytest.param(Definition("stripe", MarkedText(""), generic=False), id="another kind"),
    ],
)
def test_a_key_goes_only_where_there_is_one_already(held: Definition) -> None:
    api = FakeDefinitionApi(held)
    desired = Desired(Payload(new_key()), on_foreign="adopt")
    for check in (True, False):
        with pytest.raises(ConflictError, match="does not name a secret that was made for it"):
            converge(
                hosted_store(api),
                desired,
                FakeRuntime(check_mode=check),
            )
    assert api.writes == 0


# Both may be there already, and then each can be told from the other.
def test_of_two_names_that_differ_in_case_only_the_exact_one_counts() -> None:
    api = FakeDefinitionApi(
        Definition("Stripe", MarkedText("By hand", ours=False), secret_name="theirs"),
        Definition("stripe", MarkedText("Shop"), secret_name="other"),
    )
    assert run(api, WANTED).changed
    assert api.held["Stripe"].secret_name == "theirs"


def attempt(api: DefinitionApi, wanted: Reference | None, *, check: bool) -> str:
    try:
        return f"changed={run(api, wanted, check=check, on_foreign='adopt').changed}"
    except CollectionError as error:
        return type(error).__name__


class _OldApi(SecretReferencesApi):
    """The older API with one definition in it; it can only create."""

    def __init__(self, definition: Definition | None) -> None:
        client = MaiaClient(
            ScriptedTransport(), FakeRuntime(), api_url="", token_url="", access_token="x"
        )
        super().__init__(client, PROJECT, "aws", None)
        self._definition = definition

    def find(self, _name: str) -> Definition | None:
        return self._definition

    def similar(self, _name: str) -> str | None:
        return None


HELD = Definition("stripe", MarkedText("Shop"), secret_name="other")


@pytest.mark.parametrize(
    ("definition", "wanted"),
    [
        pytest.param(HELD, WANTED, id="a change"),
        pytest.param(HELD, None, id="a deletion"),
    ],
)
def test_check_mode_knows_what_the_older_api_cannot_do(
    definition: Definition | None, wanted: Reference | None
) -> None:
    api = _OldApi(definition)
    assert attempt(api, wanted, check=True) == attempt(api, wanted, check=False)


def test_adopting_checks_that_the_marker_fits_behind_the_description() -> None:
    """Maia takes 256 characters; the server would refuse what we send."""
    long = MarkedText("x" * MAX_DESCRIPTION, ours=False)
    api = FakeDefinitionApi(Definition("stripe", long, secret_name="shop/key"))
    with pytest.raises(CollectionError):
        run(api, Reference("stripe", "shop/key"), on_foreign="adopt")
    assert api.writes == 0


def test_check_mode_knows_that_the_marker_does_not_fit() -> None:
    long = MarkedText("x" * 240, ours=False)
    store = hosted_store(FakeDefinitionApi(Definition("stripe", long)))
    desired = Desired(Payload(new_key()), on_foreign="adopt")
    with pytest.raises(CollectionError, match="characters"):
        converge(store, desired, FakeRuntime(check_mode=True))

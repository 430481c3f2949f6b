# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only Snowflake has: grants, owners, schemas, and names that LIKE takes for others."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Existence,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.grants import (
    Grant,
    GrantPolicy,
    grant_policy,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.store.store import (
    SnowflakeStore,
)
from integration.python.vendors import SnowflakeVendor
from sandbox.client import SandboxClient
from unit.fakes import FakeRuntime
from unit.keys import new_key

RUNNER = {"type": "role", "name": "RUNNER_ROLE", "privileges": ["READ", "USAGE"]}
READER = {"type": "database_role", "name": "SECRETS_READER", "privileges": ["READ"]}
# Nobody has granted it anything.
WRITER = {"type": "role", "name": "MAIA_NOTHING", "privileges": ["USAGE"]}


class Place:
    """One secret, brought to the desired state by sessions of different users."""

    def __init__(self, services: SandboxClient, schema: str = "SECRETS") -> None:
        self.vendor = SnowflakeVendor(services)
        self.name = QualifiedName(
            Identifier("PLATFORM"), Identifier(schema), Identifier(self.vendor.secret)
        )
        self.services = services
        self.payload = Payload(new_key())

    def run(
        self,
        grant_to: list[dict[str, Any]] | None = None,
        *,
        check: bool = False,
        identity: str = "full",
        purge: bool = False,
        create_schema: bool = False,
        on_schema: bool = True,
    ) -> Outcome:
        policy = grant_policy(grant_to, self.name, usage_on_schema=on_schema, purge=purge)
        fields: dict[str, object] = {} if policy is None else {"grants": policy.wanted}
        with self.vendor._session(identity) as session:
            store = SnowflakeStore(session, self.name, grants=policy, create_schema=create_schema)
            desired = Desired(self.payload, fields=fields)
            return converge(store, desired, FakeRuntime(check_mode=check))

    def settle(self, grant_to: list[dict[str, Any]] | None = None, **options: Any) -> Outcome:
        """A prediction, the run, and a run that changes nothing."""
        predicted = self.run(grant_to, check=True, **options)
        done = self.run(grant_to, **options)
        again = self.run(grant_to, **options)
        assert (predicted.changed, predicted.values["changes"]) == (
            done.changed,
            done.values["changes"],
        )
        assert (predicted.before, predicted.after) == (done.before, done.after)
        assert not again.changed, again
        return done

    def sql(self, *statements: str, identity: str = "full") -> list[Any]:
        with self.vendor._session(identity) as session:
            return [session.run(statement) for statement in statements]

    def grants(self, on: str = "SECRET") -> set[str]:
        what = {
            "SECRET": str(self.name),
            "SCHEMA": self.name.schema_name,
            "DATABASE": str(self.name.database),
        }[on]
        (rows,) = self.sql(f"SHOW GRANTS ON {on} {what}")
        return {f"{row['privilege']} {row['grantee_name']}" for row in rows}

    def writes(self) -> int:
        return self.services.writes("snowflake")


@pytest.fixture
def place(services: SandboxClient) -> Place:
    return Place(services)


# --- grants ---


def test_the_grantee_gets_what_it_needs_to_reach_the_secret(place: Place) -> None:
    done = place.settle([WRITER])
    assert done.values["changes"] == ["state", "value", "grants"]
    assert "USAGE MAIA_NOTHING" in place.grants()
    assert "USAGE MAIA_NOTHING" in place.grants("SCHEMA")
    assert "USAGE MAIA_NOTHING" in place.grants("DATABASE")


def test_usage_on_the_schema_is_granted_to_a_secret_that_is_there(place: Place) -> None:
    place.settle([WRITER], on_schema=False)
    assert "USAGE MAIA_NOTHING" not in place.grants("SCHEMA")
    done = place.settle([WRITER])
    assert done.values["changes"] == ["grants"]
    assert "USAGE MAIA_NOTHING" in place.grants("SCHEMA")


def test_a_database_role(place: Place) -> None:
    place.settle([READER])
    assert "READ PLATFORM.SECRETS_READER" in place.grants()
    assert "USAGE PLATFORM.SECRETS_READER" in place.grants("SCHEMA")
    place.settle([], purge=True)
    assert "READ PLATFORM.SECRETS_READER" not in place.grants()


def test_extra_grants_are_shown_and_stay(place: Place) -> None:
    place.settle([RUNNER, READER])
    done = place.settle([RUNNER])
    assert not done.changed
    assert done.values["extra_grants"] == [
        "READ to database role SECRETS_READER",
        "USAGE to role MAIA_READER",
    ]


def test_extra_grants_go_on_request_and_the_owner_stays(place: Place) -> None:
    place.settle([RUNNER, READER])
    elsewhere = place.grants("SCHEMA"), place.grants("DATABASE")
    done = place.settle([{**RUNNER, "privileges": ["READ"]}], purge=True)
    assert done.values["changes"] == ["grants"]
    assert done.values["extra_grants"] == []
    assert place.grants() == {"OWNERSHIP MAIA_ADMIN", "READ RUNNER_ROLE"}
    assert elsewhere == (place.grants("SCHEMA"), place.grants("DATABASE"))


def test_a_new_secret_loses_grants_on_future_secrets_at_once(place: Place) -> None:
    place.settle([RUNNER], purge=True)
    assert place.grants() == {"OWNERSHIP MAIA_ADMIN", "READ RUNNER_ROLE", "USAGE RUNNER_ROLE"}


def test_no_grants_at_all_are_left_alone_unless_purged(place: Place) -> None:
    place.settle([RUNNER])
    before = place.grants()
    assert not place.settle([]).changed
    assert not place.settle(None, purge=True).changed
    assert place.grants() == before
    place.settle([], purge=True)
    assert place.grants() == {"OWNERSHIP MAIA_ADMIN"}


# --- who owns it ---


def test_the_secret_of_another_role_is_refused_before_anything_is_changed(place: Place) -> None:
    place.run()
    before = place.writes()
    place.payload = Payload(new_key())
    for check in (True, False):
        with pytest.raises(NotPermittedError) as refusal:
            place.run(identity="metadata", check=check)
        assert str(refusal.value) == (
            f"{refusal.value.subject}: the role MAIA_READER lacks OWNERSHIP of the secret, which"
            " role MAIA_ADMIN has; set role to MAIA_ADMIN, or to a role that it is granted to."
        )
    assert place.writes() == before


def test_a_role_that_has_the_owners_role_may_change_it(place: Place) -> None:
    place.sql(f"CREATE SECRET {place.name} TYPE = GENERIC_STRING SECRET_STRING = 'x'")
    place.sql(
        f"GRANT USAGE ON SECRET {place.name} TO ROLE MAIA_ADMIN",
        f"GRANT OWNERSHIP ON SECRET {place.name} TO ROLE MAIA_READER COPY CURRENT GRANTS",
    )
    with pytest.raises(NotPermittedError, match="lacks OWNERSHIP"):
        adopt(place)
    place.sql(f"GRANT OWNERSHIP ON SECRET {place.name} TO ROLE MAIA_ADMIN", identity="metadata")
    assert adopt(place).changed


def adopt(place: Place) -> Outcome:
    with place.vendor._session("full") as session:
        store = SnowflakeStore(session, place.name)
        return converge(store, Desired(place.payload, on_foreign="adopt"), FakeRuntime())


class ScriptedSession:
    """Answers statements by their first words."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.statements: list[str] = []

    def run(self, statement: str) -> list[dict[str, Any]]:
        self.statements.append(statement)
        for words, answer in self.answers.items():
            if statement.startswith(words):
                if isinstance(answer, Exception):
                    raise answer
                return list(answer)
        return []


def secret_row(**changed: Any) -> dict[str, Any]:
    return {
        "created_on": datetime(2026, 1, 1, tzinfo=UTC),
        "name": "KEY",
        "owner": "OTHER",
        "owner_role_type": "ROLE",
        "comment": "[maia.stripe_query]",
        "secret_type": "GENERIC_STRING",
        **changed,
    }


def scripted(answers: dict[str, Any]) -> tuple[SnowflakeStore, ScriptedSession]:
    session: Any = ScriptedSession(answers)
    name = QualifiedName(Identifier("DB"), Identifier("S"), Identifier("KEY"))
    return SnowflakeStore(session, name), session


def test_what_the_application_owns_is_refused() -> None:
    row = secret_row(owner="APP", owner_role_type="APPLICATION")
    store, session = scripted({"SHOW SECRETS": [row]})
    with pytest.raises(NotPermittedError, match="lacks OWNERSHIP of the secret, which the app"):
        store.check({}, store.describe())
    assert len(session.statements) == 1


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        pytest.param({}, [{"current_role": "R", "in_session": True}], id="inherited"),
        pytest.param({}, [{"current_role": "R", "in_session": None}], id="no answer"),
        pytest.param({}, ConflictError("x", "no warehouse", "x"), id="refused"),
        pytest.param({"owner": ""}, AssertionError(), id="unknown owner"),
        pytest.param({"owner": None, "owner_role_type": None}, AssertionError(), id="nothing"),
        pytest.param({"owner_role_type": "DATABASE_ROLE"}, AssertionError(), id="database role"),
    ],
)
def test_where_the_owner_is_not_surely_another_snowflake_decides(row: Any, answer: Any) -> None:
    store, _session = scripted({"SHOW SECRETS": [secret_row(**row)], "SELECT": answer})
    store.check({}, store.describe())


MINE = {"current_role": "MINE", "in_session": True}
NOT_MINE = {"current_role": "MINE", "in_session": False}


def grant_row(privilege: str, to: str, *, grant_option: str = "false") -> dict[str, str]:
    kinds = {"granted_to": "ROLE", "grantee_name": to, "grant_option": grant_option}
    return {"privilege": privilege, **kinds}


def checked(answers: dict[str, Any], **grants: Any) -> None:
    policy = GrantPolicy(frozenset({Grant("ROLE", "READER", "USAGE", **grants)}))
    session: Any = ScriptedSession({"SHOW SECRETS": [secret_row()], **answers})
    name = QualifiedName(Identifier("DB"), Identifier("S"), Identifier("KEY"))
    store = SnowflakeStore(session, name, grants=policy)
    store.check({"grants": policy.wanted}, store.describe())


@pytest.mark.parametrize("on", ["SECRET", "SCHEMA", "DATABASE"])
@pytest.mark.parametrize(
    "managers",
    [
        pytest.param([], id="nobody"),
        pytest.param(ConflictError("x", "not to be seen", "x"), id="nobody says"),
        pytest.param([grant_row("MANAGE GRANTS", "SECURITYADMIN")], id="others"),
    ],
)
def test_grants_on_what_another_role_owns_are_not_promised(on: str, managers: Any) -> None:
    answers = {
        f"SHOW GRANTS ON {on}": [grant_row("OWNERSHIP", "OTHER")],
        "SHOW GRANTS ON ACCOUNT": managers,
        "SELECT": [NOT_MINE],
    }
    with pytest.raises(NotPermittedError, match=r"role MINE lacks OWNERSHIP of .* role OTHER has"):
        checked(answers, on=on)


@pytest.mark.parametrize(
    ("on_secret", "answers"),
    [
        pytest.param([], {"SELECT": [MINE]}, id="the owner's role is in the session"),
        pytest.param(
            [],
            {
                "SHOW GRANTS ON ACCOUNT": [grant_row("MANAGE GRANTS", "MANAGER")],
                "SELECT CURRENT_ROLE() AS CURRENT_ROLE, IS_ROLE_IN_SESSION('MANAGER')": [MINE],
                "SELECT": [NOT_MINE],
            },
            id="MANAGE GRANTS",
        ),
        pytest.param(
            [grant_row("USAGE", "MINE", grant_option="true")],
            {"SELECT": [NOT_MINE]},
            id="grant option",
        ),
    ],
)
def test_grants_alone_do_not_need_ownership(on_secret: Any, answers: Any) -> None:
    checked({"SHOW GRANTS ON SECRET": on_secret, **answers})


def test_check_mode_promises_no_grants_on_a_secret_of_another_role(place: Place) -> None:
    place.settle()
    place.sql(f"GRANT OWNERSHIP ON SECRET {place.name} TO ROLE MAIA_ADMIN COPY CURRENT GRANTS")
    place.sql(f"GRANT USAGE ON SECRET {place.name} TO ROLE MAIA_READER")
    before = place.writes()
    for check in (True, False):
        with pytest.raises(NotPermittedError, match="which role MAIA_ADMIN has, and MANAGE GRANTS"):
            place.run([RUNNER], identity="metadata", check=check)
    assert place.writes() == before


def test_a_grantee_that_does_not_exist_is_named(place: Place) -> None:
    place.settle()
    missing = [{**RUNNER, "name": "NO_SUCH_ROLE"}]
    with pytest.raises(NotFoundError, match='to ROLE "NO_SUCH_ROLE" failed'):
        place.run(missing)


# --- the schema ---


@pytest.fixture
def new_place(services: SandboxClient) -> Place:
    return Place(services, schema="made here")


def test_a_missing_schema_is_an_error_unless_it_is_to_be_made(new_place: Place) -> None:
    with pytest.raises(NotFoundError, match="USAGE on the database and schema"):
        new_place.run()
    predicted = new_place.run(check=True, create_schema=True)
    assert predicted.values["schema_created"] is True
    assert new_place.writes() == 0
    done = new_place.settle([RUNNER], create_schema=True)
    assert done.values["schema_created"] is True
    assert new_place.run([RUNNER], create_schema=True).values["schema_created"] is False
    assert "USAGE RUNNER_ROLE" in new_place.grants("SCHEMA")


def test_without_create_schema_the_privilege_is_named(new_place: Place) -> None:
    with pytest.raises(NotPermittedError, match="lacks CREATE SCHEMA on the database"):
        new_place.run(identity="writer", create_schema=True)


def test_a_database_that_is_not_there_is_not_made(place: Place) -> None:
    place.name = QualifiedName(Identifier("NOWHERE"), Identifier("S"), Identifier("KEY"))
    with pytest.raises(NotFoundError, match="USAGE on the database"):
        place.run(create_schema=True)
    assert place.writes() == 0


def test_a_hidden_schema_is_not_taken_for_a_missing_one(place: Place) -> None:
    """PLATFORM.PUBLIC belongs to a role that the writer does not have."""
    place.name = QualifiedName(Identifier("PLATFORM"), Identifier("PUBLIC"), Identifier("KEY"))
    with pytest.raises((ConflictError, NotPermittedError)):
        place.run(identity="writer", create_schema=True)
    assert place.writes() == 0


# --- names that LIKE takes for others ---


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param("A_B", "AXB", id="an underscore is any character"),
        pytest.param("A%", "ABC", id="a percent sign is any text"),
        pytest.param("A%", "A%B", id="and matches itself"),
        pytest.param("Shop", "SHOP", id="case is ignored"),
        pytest.param("SHOP", "shop", id="either way"),
        pytest.param("A\\_B", "A_B", id="a backslash"),
        pytest.param("%", "SHOP", id="nothing but a percent sign"),
        pytest.param("A'B", "A''B", id="quotes"),
        pytest.param("A B", "A  B", id="spaces"),
    ],
)
def test_like_finds_others_but_we_take_ours(place: Place, ours: str, theirs: str) -> None:
    def named(name: str) -> QualifiedName:
        return QualifiedName(Identifier("PLATFORM"), Identifier("SECRETS"), Identifier(name))

    place.sql(f"CREATE SECRET {named(theirs)} TYPE = GENERIC_STRING SECRET_STRING = 'x'")
    place.name = named(ours)
    with place.vendor._session("full") as session:
        assert SnowflakeStore(session, named(ours)).describe().existence is Existence.ABSENT
    assert place.settle().values["changes"] == ["state", "value"]
    with place.vendor._session("full") as session:
        assert SnowflakeStore(session, named(ours)).describe().ours
        assert not SnowflakeStore(session, named(theirs)).describe().ours


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("PASSWORD", "USERNAME = 'x' PASSWORD = 'x'"),
        ("SYMMETRIC_KEY", "ALGORITHM = GENERIC"),
        ("OAUTH2", "API_AUTHENTICATION = X"),
        ("CLOUD_PROVIDER_TOKEN", "API_AUTHENTICATION = X"),
    ],
)
def test_secrets_of_other_types_are_refused(place: Place, kind: str, properties: str) -> None:
    place.sql(f"CREATE SECRET {place.name} TYPE = {kind} {properties}")
    before = place.writes()
    with pytest.raises(ConflictError, match=f"it is a secret of type {kind}"):
        adopt(place)
    gone = Desired(None, on_foreign="adopt", replace_value=True)
    with place.vendor._session("full") as session:
        store = SnowflakeStore(session, place.vendor._name())
        with pytest.raises(ConflictError, match=f"it is a secret of type {kind}"):
            converge(store, gone, FakeRuntime())
    assert place.writes() == before

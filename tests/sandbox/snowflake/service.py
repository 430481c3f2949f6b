# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulated Snowflake account "demo": its users, and what each request does."""

from __future__ import annotations

import re
import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ..service import Entry, Journal
from .catalog import (
    ADMIN_ROLE,
    EMPTY_ROLE,
    READER_ROLE,
    RUNNER_ROLE,
    WRITER_ROLE,
    Catalog,
    Secret,
)
from .errors import SnowflakeError
from .execution import plan
from .login import Authenticator, OAuthError, User, check_role
from .names import ACCOUNT, Securable, database, qualified, read_identifier, schema
from .parameters import check_statement_count, folds_quoted, most_rows
from .parser import parse
from .results import Result, row_set, row_type
from .routes import create_app
from .session_statements import VERSION
from .sessions import Json, OpenSession, Sessions

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_SESSION_SECONDS = 3600
_MASTER_SECONDS = 14400
_PARAMETERS: list[Json] = [
    {"name": "AUTOCOMMIT", "value": True},
    {"name": "CLIENT_SESSION_KEEP_ALIVE", "value": False},
    {"name": "CLIENT_TELEMETRY_ENABLED", "value": False},
    {"name": "TIMEZONE", "value": "UTC"},
]
_STRIPE_KEY = re.compile(r"(?:sk|rk|pk)_(?:test|live)_[A-Za-z0-9_]{12,}")

_ROLES = {
    "full": (ADMIN_ROLE, READER_ROLE, RUNNER_ROLE),
    "metadata": (READER_ROLE,),
    "writer": (WRITER_ROLE,),
    # Nobody can read a value, so this one has no more than "metadata".
    "reader": (READER_ROLE,),
    "none": (EMPTY_ROLE,),
}


class SnowflakeService:
    """One account, with a user for each identity; some identities are further ones of "full"."""

    name = "snowflake"
    hosts: tuple[str, ...] = ("*.snowflakecomputing.com",)

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        users = {
            identity: User(
                name=f"MAIA_{identity.upper()}",
                default_role=roles[0],
                roles=frozenset({*roles, "PUBLIC"}),
                password=secrets.token_urlsafe(24),
            )
            for identity, roles in _ROLES.items()
        }
        self.identities = {
            identity: {
                "account": ACCOUNT.name[0].lower(),
                "user": user.name,
                "password": user.password,
                "role": user.default_role,
            }
            for identity, user in users.items()
        }
        mfa = User(
            name="MAIA_MFA",
            default_role=ADMIN_ROLE,
            roles=frozenset({ADMIN_ROLE, "PUBLIC"}),
            password=secrets.token_urlsafe(24),
            passcode=f"{secrets.randbelow(10**6):06d}",
        )
        self._authenticator = Authenticator([*users.values(), mfa])
        self._give_further_credentials(users["full"])
        self._add_further_identities(users["full"], mfa)
        self._sessions = Sessions()
        self._catalog = Catalog()
        self.app: WSGIApplication = create_app(self)

    def _give_further_credentials(self, user: User) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        user.public_key = key.public_key()
        self.private_key_passphrase = secrets.token_urlsafe(16)
        self.private_key_pem = _pem(key, serialization.NoEncryption())
        self.encrypted_private_key_pem = _pem(
            key, serialization.BestAvailableEncryption(self.private_key_passphrase.encode())
        )
        self.programmatic_access_token = secrets.token_urlsafe(32)
        user.programmatic_access_token = self.programmatic_access_token
        self.oauth_client_id = secrets.token_hex(12)
        self.oauth_client_secret = secrets.token_urlsafe(32)
        self._authenticator.add_client(self.oauth_client_id, self.oauth_client_secret, user)
        self.oauth_token = self._authenticator.issue_token(user)

    def _add_further_identities(self, user: User, mfa: User) -> None:
        """Other ways to log in, as options of the module."""
        account = {"account": ACCOUNT.name[0].lower(), "role": user.default_role}
        named = {**account, "user": user.name}
        self.identities |= {
            "key_pair": {**named, "private_key": self.private_key_pem},
            "encrypted_key_pair": {
                **named,
                "private_key": self.encrypted_private_key_pem,
                "private_key_passphrase": self.private_key_passphrase,
            },
            "token": {**named, "token": self.programmatic_access_token},
            "oauth": {**account, "authenticator": "oauth", "token": self.oauth_token},
            "oauth_client": {
                **named,
                "oauth_client_id": self.oauth_client_id,
                "oauth_client_secret": self.oauth_client_secret,
            },
            "mfa": {
                **account,
                "user": mfa.name,
                "password": mfa.password,
                "passcode": mfa.passcode or "",
            },
        }

    def reset(self) -> None:
        """Back to the first content of the account; sessions stay open."""
        with self._lock:
            self._catalog = Catalog()

    def contents(self) -> list[Entry]:
        with self._lock:
            return [
                Entry(self.name, "secret", qualified(name), self._details(name, secret))
                for name, secret in sorted(self._catalog.secrets.items())
            ]

    def _details(self, name: tuple[str, ...], secret: Secret) -> Json:
        securable = Securable("SECRET", name)
        details: Json = {
            "type": secret.type,
            "owner": self._catalog.owner(securable),
            "comment": secret.comment,
            "created_on": secret.created_on.isoformat(),
            "values_written": secret.values_written,
            "grants": [
                f"{grant.privilege} TO {grant.to.kind.replace('_', ' ')} {grant.to}"
                for grant in self._catalog.grants
                if grant.on == securable and grant.privilege != "OWNERSHIP"
            ],
        }
        value = secret.properties.get("SECRET_STRING") or ""
        if _STRIPE_KEY.fullmatch(value):
            details["key"] = f"{value[:8]}…{value[-4:]}"
        return details

    # --- requests ---

    def log_in(self, data: Mapping[str, object], wanted: Mapping[str, str]) -> Json:
        """wanted: the role, database, schema and warehouse of the login request."""
        with self._lock:
            user = self._authenticator.authenticate(data)
            role = read_identifier(wanted.get("roleName") or user.default_role)
            check_role(user, role)
        self._journal.enter(self.name, "Login", write=False)
        with self._lock:
            session = self._sessions.open(user.name, role, user.roles)
            given = data.get("SESSION_PARAMETERS")
            for name, value in (given if isinstance(given, dict) else {}).items():
                session.state.parameters[str(name).upper()] = str(value).upper()
            self._enter_default_schema(session, wanted)
            state = session.state
            return {
                "token": session.token,
                "masterToken": session.master_token,
                "validityInSeconds": _SESSION_SECONDS,
                "masterValidityInSeconds": _MASTER_SECONDS,
                "displayUserName": user.name,
                "serverVersion": VERSION,
                "firstLogin": False,
                "remMeToken": None,
                "remMeValidityInSeconds": 0,
                "healthCheckInterval": 45,
                "newClientForUpgrade": None,
                "sessionId": state.id,
                "parameters": _PARAMETERS,
                "sessionInfo": {
                    "databaseName": state.database,
                    "schemaName": state.schema,
                    "warehouseName": state.warehouse,
                    "roleName": state.role,
                },
                "idToken": None,
                "responseData": None,
            }

    def _enter_default_schema(self, session: OpenSession, wanted: Mapping[str, str]) -> None:
        """A login does not fail over a database or schema that the role cannot see."""
        if wanted.get("warehouse"):
            session.state.warehouse = read_identifier(wanted["warehouse"])
        try:
            if wanted.get("databaseName"):
                name = read_identifier(wanted["databaseName"])
                self._catalog.use(session.state, database(name))
                if wanted.get("schemaName"):
                    place = schema(name, read_identifier(wanted["schemaName"]))
                    session.state.schema = None
                    self._catalog.use(session.state, place)
        except SnowflakeError:
            return

    def run(self, token: str | None, sql: str, request_id: str, sent: Mapping[str, object]) -> Json:
        """The data of the answer to a statement; raises SnowflakeError.

        sent: the parameters that came with the statement.
        """
        with self._lock:
            session = self._sessions.find(token)
            check_statement_count(self._catalog, session.state, sent)
            statement = parse(sql, fold_quoted=folds_quoted(self._catalog, session.state))
            plan(statement, self._catalog, session.state)
        # Outside the lock, since an ordered delay sleeps in here.
        self._journal.enter(self.name, statement.operation, write=statement.write)
        with self._lock:
            # A client that got no answer in time sends the same request again.
            if request_id in session.answers:
                return session.answers[request_id]
            result = plan(statement, self._catalog, session.state)()
            answer = _answer(session, result, most_rows(self._catalog, session.state))
            session.remember(request_id, answer)
            return answer

    def enter_session(self, token: str | None, operation: str) -> OpenSession:
        """For requests about the session itself."""
        with self._lock:
            session = self._sessions.find(token)
        self._journal.enter(self.name, operation, write=False)
        return session

    def close(self, token: str | None) -> None:
        session = self.enter_session(token, "Logout")
        with self._lock:
            self._sessions.close(session)

    def renew(self, master_token: str | None) -> Json:
        with self._lock:
            session = self._sessions.find_by_master(master_token)
        self._journal.enter(self.name, "Renew session", write=False)
        with self._lock:
            self._sessions.renew(session)
            return {
                "sessionToken": session.token,
                "validityInSecondsST": _SESSION_SECONDS,
                "masterToken": session.master_token,
                "validityInSecondsMT": _MASTER_SECONDS,
                "sessionId": session.state.id,
            }

    def issue_oauth_token(
        self, client_id: str, client_secret: str, grant_type: str, scope: str
    ) -> Json:
        with self._lock:
            user = self._authenticator.check_client(client_id, client_secret)
        if grant_type != "client_credentials":
            raise OAuthError(400, "unsupported_grant_type")
        wanted = re.findall(r"session:role:(\S+)", scope)
        if not user.roles.issuperset(role.upper() for role in wanted):
            raise OAuthError(400, "invalid_scope")
        self._journal.enter(self.name, "OAuth token request", write=False)
        with self._lock:
            token = self._authenticator.issue_token(user)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 600, "scope": scope}


def _pem(key: rsa.RSAPrivateKey, encryption: serialization.KeySerializationEncryption) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    ).decode()


def _answer(session: OpenSession, result: Result, most: int | None) -> Json:
    state = session.state
    result = result if result.is_status else replace(result, rows=result.rows[:most])
    return {
        "queryId": str(uuid.uuid4()),
        "parameters": _PARAMETERS,
        "rowtype": row_type(result),
        "rowset": row_set(result),
        "total": len(result.rows),
        "returned": len(result.rows),
        "databaseProvider": None,
        "finalDatabaseName": state.database,
        "finalSchemaName": state.schema,
        "finalWarehouseName": state.warehouse,
        "finalRoleName": state.role,
        "numberOfBinds": 0,
        "arrayBindSupported": False,
        "statementTypeId": 24576 if result.is_status else 4096,
        "version": 1,
        "sendResultTime": int(time.time() * 1000),
        "queryResultFormat": "json",
    }

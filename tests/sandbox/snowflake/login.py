# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may log in, and how: password, key pair, programmatic access token, OAuth."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .errors import SnowflakeError
from .names import ACCOUNT

_SQLSTATE = "08001"


@dataclass
class User:
    name: str
    default_role: str
    roles: frozenset[str]
    password: str = field(repr=False)
    programmatic_access_token: str | None = field(default=None, repr=False)
    public_key: rsa.RSAPublicKey | None = field(default=None, repr=False)
    # With one, a password is not enough. Real ones change every half minute.
    passcode: str | None = field(default=None, repr=False)


class OAuthError(Exception):
    """A refusal of the token endpoint (RFC 6749, section 5.2)."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class Authenticator:
    """Not thread-safe: its owner holds a lock."""

    def __init__(self, users: list[User]) -> None:
        self._users = {user.name: user for user in users}
        self._clients: dict[str, tuple[str, User]] = {}
        self._tokens: dict[str, User] = {}

    def add_client(self, client_id: str, client_secret: str, user: User) -> None:
        self._clients[client_id] = (client_secret, user)

    def check_client(self, client_id: str, client_secret: str) -> User:
        expected, user = self._clients.get(client_id, ("", None))
        if user is None or not hmac.compare_digest(expected.encode(), client_secret.encode()):
            raise OAuthError(401, "invalid_client")
        return user

    def issue_token(self, user: User) -> str:
        token = secrets.token_urlsafe(32)
        self._tokens[token] = user
        return token

    def authenticate(self, data: Mapping[str, object]) -> User:
        """The user that the data of a login request proves to be."""
        login_name = str(data.get("LOGIN_NAME") or "").upper()
        token = str(data.get("TOKEN") or "")
        match str(data.get("AUTHENTICATOR") or "SNOWFLAKE").upper():
            case "SNOWFLAKE" | "USERNAME_PASSWORD_MFA":
                user = self._by_password(login_name, str(data.get("PASSWORD") or ""))
                _check_passcode(user, data)
                return user
            case "SNOWFLAKE_JWT":
                return self._by_key_pair(login_name, token)
            case "PROGRAMMATIC_ACCESS_TOKEN":
                return self._by_access_token(login_name, token)
            case "OAUTH" | "OAUTH_CLIENT_CREDENTIALS" | "OAUTH_AUTHORIZATION_CODE":
                return self._by_oauth(login_name, token)
        raise _wrong_password()

    def _by_password(self, login_name: str, password: str) -> User:
        user = self._users.get(login_name)
        # A programmatic access token is accepted wherever a password is.
        if user is None or not (
            _same(user.password, password) or _same(user.programmatic_access_token, password)
        ):
            raise _wrong_password()
        return user

    def _by_key_pair(self, login_name: str, token: str) -> User:
        user = self._users.get(login_name)
        if user is None or user.public_key is None:
            raise _refused("390144", f"JWT token is invalid. [{uuid.uuid4()}]")
        subject = f"{ACCOUNT.name[0]}.{user.name}"
        try:
            jwt.decode(
                token,
                user.public_key,
                algorithms=["RS256"],
                issuer=f"{subject}.{fingerprint(user.public_key)}",
                subject=subject,
                options={"require": ["exp", "iat", "iss", "sub"]},
            )
        except jwt.InvalidTokenError:
            raise _refused("390144", f"JWT token is invalid. [{uuid.uuid4()}]") from None
        return user

    def _by_access_token(self, login_name: str, token: str) -> User:
        user = self._users.get(login_name)
        if user is None or not _same(user.programmatic_access_token, token):
            raise _refused("394400", "Programmatic access token is invalid.")
        return user

    def _by_oauth(self, login_name: str, token: str) -> User:
        user = self._tokens.get(token)
        if user is None:
            raise _refused("390303", f"Invalid OAuth access token. [{uuid.uuid4()}]")
        if login_name not in ("", user.name):
            raise _refused(
                "390309",
                "The user you were trying to authenticate as differs from the user tied to the "
                "access token.",
            )
        return user


def _check_passcode(user: User, data: Mapping[str, object]) -> None:
    if user.passcode is None:
        return
    given = str(data.get("PASSCODE") or "")
    if data.get("EXT_AUTHN_DUO_METHOD") != "passcode" or not _same(user.passcode, given):
        raise _refused("390125", "Multi-factor authentication failed: invalid passcode.")


def check_role(user: User, role: str) -> None:
    if role not in user.roles:
        raise _refused(
            "390189",
            f"Role '{role}' specified in the connect string is not granted to this user. Contact "
            "your local system administrator, or attempt to login with another role, e.g. PUBLIC.",
        )


def fingerprint(public_key: rsa.RSAPublicKey) -> str:
    der = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


def _same(expected: str | None, given: str) -> bool:
    return expected is not None and hmac.compare_digest(expected.encode(), given.encode())


def _wrong_password() -> SnowflakeError:
    return _refused("390100", "Incorrect username or password was specified.")


def _refused(code: str, message: str) -> SnowflakeError:
    return SnowflakeError(code, _SQLSTATE, message)

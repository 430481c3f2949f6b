# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entra ID: one tenant that issues access tokens for Key Vault and checks them again."""

from __future__ import annotations

import datetime
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.azure.credentials import (
    Application,
    TokenError,
    TrustedIssuer,
    check_credentials,
)

RESOURCE = "https://vault.azure.net"
# The identity that a machine has of its own, and one that was assigned to it.
MANAGED = ("system-assigned", "user-assigned")


class InvalidToken(Exception):
    """An access token that a vault refuses; the text says why."""


class Entra:
    def __init__(self, names: Iterable[str]) -> None:
        self.tenant_id = str(uuid.uuid4())
        self.token_seconds = 3599
        self.identity_header = secrets.token_hex(16).upper()
        self.issuer = TrustedIssuer()
        self.applications = {name: Application(name) for name in (*names, *MANAGED)}
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = secrets.token_urlsafe(16)

    @property
    def token_issuer(self) -> str:
        return f"https://sts.windows.net/{self.tenant_id}/"

    def openid_configuration(self, base: str) -> dict[str, object]:
        return {
            "issuer": f"{base}/{self.tenant_id}/v2.0",
            "authorization_endpoint": f"{base}/{self.tenant_id}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/{self.tenant_id}/oauth2/v2.0/token",
            "jwks_uri": f"{base}/{self.tenant_id}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code", "token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def check_tenant(self, tenant: str) -> None:
        if tenant.lower() != self.tenant_id:
            raise TokenError(
                "invalid_request",
                90002,
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID "
                "and are signing into the correct cloud.",
            )

    def authenticate(self, form: Mapping[str, str], endpoint: str) -> Application:
        """The application that asks for a token with the client credentials grant."""
        if form.get("grant_type") != "client_credentials":
            raise TokenError("unsupported_grant_type", 70003, "The grant type is not supported.")
        application = self._application(form.get("client_id"))
        if application is None:
            raise TokenError(
                "unauthorized_client",
                700016,
                f"Application with identifier '{form.get('client_id')}' was not found in the "
                "directory.",
            )
        check_credentials(form, application, endpoint, self.issuer)
        self._check_scope(form.get("scope", ""))
        return application

    def _application(self, client_id: object) -> Application | None:
        for application in self.applications.values():
            if application.client_id == client_id:
                return application
        return None

    def _check_scope(self, scope: str) -> None:
        if not scope.endswith("/.default"):
            raise TokenError(
                "invalid_scope",
                1002012,
                f"The provided value for scope {scope} is not valid. Client credential flows must "
                "have a scope value with /.default suffixed to the resource identifier.",
            )
        if scope.removesuffix("/.default") != RESOURCE:
            raise TokenError(
                "invalid_resource",
                500011,
                f"The resource principal named {scope.removesuffix('/.default')} was not found.",
            )

    def managed_identity(self, client_id: str | None) -> Application | None:
        """The managed identity that a request to the metadata service means."""
        system_assigned, user_assigned = (self.applications[name] for name in MANAGED)
        if client_id is None:
            return system_assigned
        return user_assigned if client_id == user_assigned.client_id else None

    def access_token(self, application: Application) -> str:
        now = datetime.datetime.now(datetime.UTC)
        claims = {
            "aud": RESOURCE,
            "iss": self.token_issuer,
            "appid": application.client_id,
            "oid": application.object_id,
            "sub": application.object_id,
            "tid": self.tenant_id,
            "idtyp": "app",
            "ver": "1.0",
            "uti": secrets.token_urlsafe(16),
            "iat": now,
            "nbf": now,
            "exp": now + datetime.timedelta(seconds=self.token_seconds),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def verify(self, token: str) -> Application:
        """Whose access token it is; raises InvalidToken."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["RS256"],
                audience=RESOURCE,
                issuer=self.token_issuer,
            )
        except jwt.ExpiredSignatureError:
            raise InvalidToken("[TokenExpired] Error validating token: IDX10223.") from None
        except jwt.InvalidAudienceError:
            raise InvalidToken(f"AKV10022: Invalid audience. Expected {RESOURCE}.") from None
        except jwt.InvalidTokenError:
            raise InvalidToken("AKV10046: Unable to validate the token's signature.") from None
        application = self._application(claims.get("appid"))
        if application is None:
            raise InvalidToken("AKV10032: Unknown application.")
        return application

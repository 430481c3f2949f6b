# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications of the tenant, and the ways in which they prove who they are."""

from __future__ import annotations

import base64
import datetime
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HEADERS_OF_THUMBPRINTS: tuple[tuple[str, hashes.HashAlgorithm], ...] = (
    ("x5t", hashes.SHA1()),
    ("x5t#S256", hashes.SHA256()),
)


class TokenError(Exception):
    """A refusal of Entra ID: OAuth error code, AADSTS number and message."""

    def __init__(self, error: str, number: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.error = error
        self.number = number
        self.message = message
        self.status = status


@dataclass
class Application:
    name: str
    client_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(30), repr=False)
    certificates: list[x509.Certificate] = field(default_factory=list, repr=False)

    @property
    def subject(self) -> str:
        """The workload whose tokens this application trusts."""
        return f"system:serviceaccount:sandbox:{self.name}"


class TrustedIssuer:
    """The outside party (a Kubernetes cluster, say) whose tokens the applications trust."""

    url = "https://issuer.sandbox.invalid/"

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, subject: str, seconds: float) -> str:
        now = datetime.datetime.now(datetime.UTC)
        claims = {
            "iss": self.url,
            "sub": subject,
            "aud": EXCHANGE_AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + datetime.timedelta(seconds=seconds),
        }
        return jwt.encode(claims, self._key, algorithm="RS256")

    def check(self, assertion: str, application: Application) -> None:
        claims = _decode(assertion, self._key.public_key(), EXCHANGE_AUDIENCE)
        if claims.get("sub") != application.subject:
            raise TokenError(
                "invalid_client",
                700213,
                "No matching federated identity record found for presented assertion subject "
                f"'{claims.get('sub')}'.",
                401,
            )


def check_credentials(
    form: Mapping[str, str], application: Application, endpoint: str, issuer: TrustedIssuer
) -> None:
    """Raise TokenError unless the form proves that it comes from the application."""
    if assertion := form.get("client_assertion"):
        if form.get("client_assertion_type") != JWT_BEARER:
            raise TokenError(
                "invalid_request",
                900144,
                "The request body must contain the following parameter: 'client_assertion_type'.",
            )
        if _unverified_issuer(assertion) == issuer.url:
            issuer.check(assertion, application)
        else:
            _check_certificate(assertion, application, endpoint)
    elif secret := form.get("client_secret"):
        if not hmac.compare_digest(secret.encode(), application.client_secret.encode()):
            raise TokenError(
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is "
                "the client secret value, not the client secret ID, for a secret added to app "
                f"'{application.client_id}'.",
                401,
            )
    else:
        raise TokenError(
            "invalid_client",
            7000218,
            "The request body must contain the following parameter: 'client_assertion' or "
            "'client_secret'.",
            401,
        )


def issue_certificate(application: Application) -> str:
    """Register a new certificate for the application; returns it with its key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, application.name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    application.certificates.append(certificate)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()


def _check_certificate(assertion: str, application: Application, endpoint: str) -> None:
    for certificate in application.certificates:
        if _names_certificate(jwt.get_unverified_header(assertion), certificate):
            key = certificate.public_key()
            assert isinstance(key, rsa.RSAPublicKey)
            claims = _decode(assertion, key, endpoint)
            if claims.get("iss") == claims.get("sub") == application.client_id:
                return
            raise TokenError(
                "invalid_client", 700021, "Client assertion application identifier mismatch.", 401
            )
    raise TokenError(
        "invalid_client",
        700027,
        "The certificate with identifier used to sign the client assertion is not registered on "
        "application. [Reason - The key was not found.]",
        401,
    )


def _names_certificate(header: Mapping[str, object], certificate: x509.Certificate) -> bool:
    for field_name, algorithm in HEADERS_OF_THUMBPRINTS:
        thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).decode()
        if str(header.get(field_name, "")).rstrip("=") == thumbprint.rstrip("="):
            return True
    return False


def _unverified_issuer(assertion: str) -> str:
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise _malformed() from None
    return str(claims.get("iss", ""))


def _decode(assertion: str, key: rsa.RSAPublicKey, audience: str) -> dict[str, object]:
    try:
        return jwt.decode(assertion, key, algorithms=["RS256", "PS256"], audience=audience)
    except jwt.InvalidTokenError:
        raise TokenError(
            "invalid_client", 700027, "Client assertion contains an invalid signature.", 401
        ) from None


def _malformed() -> TokenError:
    return TokenError("invalid_request", 50027, "JWT token is invalid or malformed.")

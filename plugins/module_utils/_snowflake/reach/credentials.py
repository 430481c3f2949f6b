# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to log in: from options to the connector's arguments.

https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect
"""

from __future__ import annotations

from typing import Any, NoReturn

from ..._core.argspec import ArgumentSpec, from_environment
from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError
from ..._core.operation import Params
from ..._core.private_file import read_private_file

SUBJECT = "Snowflake connection"

# What each way needs; a key, for snowflake_jwt, is one of two options.
_NEEDED = {
    "snowflake": ("user", "password"),
    "username_password_mfa": ("user", "password"),
    "snowflake_jwt": ("user",),
    "programmatic_access_token": ("user", "token"),
    "oauth": ("token",),
    "oauth_client_credentials": (
        "oauth_client_id",
        "oauth_client_secret",
        "oauth_token_request_url",
    ),
    "workload_identity": ("workload_identity_provider",),
}
AUTHENTICATORS = tuple(_NEEDED)
PROVIDERS = ("aws", "azure", "gcp", "oidc")


CREDENTIALS_SPEC = ArgumentSpec(
    options={
        "authenticator": from_environment("SNOWFLAKE_AUTHENTICATOR", choices=list(AUTHENTICATORS)),
        "password": from_environment("SNOWFLAKE_PASSWORD", no_log=True),
        "passcode": {"type": "str", "no_log": True},
        "private_key": {"type": "str", "no_log": True},
        "private_key_path": from_environment(
            "SNOWFLAKE_PRIVATE_KEY_PATH", type="path", no_log=False
        ),
        "private_key_passphrase": from_environment("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", no_log=True),
        "token": from_environment("SNOWFLAKE_TOKEN", no_log=True),
        "oauth_client_id": from_environment("SNOWFLAKE_OAUTH_CLIENT_ID"),
        "oauth_client_secret": from_environment("SNOWFLAKE_OAUTH_CLIENT_SECRET", no_log=True),
        "oauth_token_request_url": {"type": "str", "no_log": False},
        "oauth_scope": {"type": "str"},
        "workload_identity_provider": {"type": "str", "choices": list(PROVIDERS)},
        "workload_identity_entra_resource": {"type": "str"},
        "workload_identity_impersonation_path": {"type": "list", "elements": "str"},
    },
)


def credentials(params: Params) -> dict[str, Any]:
    """The connector's arguments for the one way to log in that the options describe.

    Raises ConfigurationError.
    """
    kind = str(params["authenticator"] or _default_authenticator(params)).lower()
    if kind not in _NEEDED:
        raise ConfigurationError(
            SUBJECT,
            f"authenticator {kind[:64]} is not one of those that this module knows",
            f"use one of {', '.join(AUTHENTICATORS)}",
        )
    missing = [name for name in _NEEDED[kind] if not params[name]]
    if kind == "snowflake_jwt" and not (params["private_key"] or params["private_key_path"]):
        missing.append("private_key_path")
    if missing:
        raise ConfigurationError(
            SUBJECT,
            f"authenticator {kind} needs {' and '.join(missing)}",
            "set the option or its environment variable, or choose another authenticator",
        )
    if kind == "username_password_mfa" and not params["passcode"]:
        _refuse_prompt()
    return {"authenticator": kind.upper(), **_arguments(kind, params)}


def _refuse_prompt() -> NoReturn:
    raise ConfigurationError(
        SUBJECT,
        "without passcode Snowflake would ask for an approval on the user's phone, and a task would"
        " wait for it",
        "give passcode for a single task; for automation log in as a user of TYPE = SERVICE, with"
        " private_key_path or token",
    )


def credentials_name(authenticator: str, params: Params) -> str:
    """The way to log in as messages call it, with what it was taken from."""
    user = f"user {params['user']}"
    provider = params["workload_identity_provider"]
    path = "" if params["private_key"] else f" ({params['private_key_path']})"
    name = {
        "snowflake": f"the password of {user}",
        "username_password_mfa": f"the password and passcode of {user}",
        "snowflake_jwt": f"the key pair of {user}{path}",
        "programmatic_access_token": f"the programmatic access token of {user}",
        "oauth": "the OAuth access token",
        "oauth_client_credentials": f"OAuth client {params['oauth_client_id']}",
        "workload_identity": f"workload identity (provider {provider})",
    }[authenticator.lower()]
    connection = params["connection_name"]
    return f"{name} of connection '{connection}'" if connection else name


def _default_authenticator(params: Params) -> str:
    if params["private_key"] or params["private_key_path"]:
        return "snowflake_jwt"
    if params["token"]:
        return "programmatic_access_token"
    if params["oauth_client_id"]:
        return "oauth_client_credentials"
    return "username_password_mfa" if params["passcode"] else "snowflake"


def _arguments(kind: str, params: Params) -> dict[str, Any]:
    if kind == "snowflake_jwt":
        content, path = params["private_key"], params["private_key_path"]
        return {"private_key": _private_key_der(content, path, params["private_key_passphrase"])}
    names = _NEEDED[kind]
    if kind == "username_password_mfa":
        names += ("passcode",)
    elif kind == "oauth_client_credentials":
        names += ("oauth_scope",)
    elif kind == "workload_identity":
        _check_provider(params)
        names += (
            "workload_identity_entra_resource",
            "workload_identity_impersonation_path",
            "token",
        )
    given = {name: params[name] for name in names if name != "user" and params[name]}
    if kind == "oauth_client_credentials":
        # The client secret goes there.
        url = Endpoint.parse(
            given["oauth_token_request_url"], f"{SUBJECT}, option oauth_token_request_url"
        ).url
        given["oauth_token_request_url"] = url
    if kind == "workload_identity":
        given["workload_identity_provider"] = given["workload_identity_provider"].upper()
    return given


def _check_provider(params: Params) -> None:
    provider = str(params["workload_identity_provider"]).lower()
    if provider not in PROVIDERS:
        raise ConfigurationError(
            SUBJECT,
            f"workload_identity_provider {provider[:64]} is unknown",
            f"use one of {', '.join(PROVIDERS)}",
        )
    if provider == "oidc" and not params["token"]:
        raise ConfigurationError(
            SUBJECT,
            "workload_identity_provider oidc needs token",
            "set it to the identity token of this workload",
        )


def _private_key_der(content: str | None, path: str | None, passphrase: str | None) -> bytes:
    """PKCS#8 in DER, not encrypted. content: in PEM; it comes before path.

    Raises ConfigurationError.
    """
    if content:
        subject, text = "Snowflake private key in private_key", content
    else:
        subject = f"Snowflake private key {path}"
        text = read_private_file(subject, path or "", shared=True)
    return _der(subject, text.strip(), passphrase)


def _der(subject: str, text: str, passphrase: str | None) -> bytes:
    # With the connector, which needs it, and no sooner: see there.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    encrypted = "ENCRYPTED" in text.partition("-----END")[0]
    if encrypted and not passphrase:
        raise ConfigurationError(
            subject, "it is encrypted and there is no passphrase", "set private_key_passphrase"
        )
    password = passphrase.encode() if passphrase and encrypted else None
    try:
        key = serialization.load_pem_private_key(text.encode(), password)
        return key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(
            subject,
            "it cannot be decrypted with this passphrase" if encrypted else "it is no key in PEM",
            "check private_key_passphrase" if encrypted else "give a PKCS#8 key in PEM",
        ) from None

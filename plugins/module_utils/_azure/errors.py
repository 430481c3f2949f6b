# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's errors in the collection's terms. Only codes are passed on, never Azure's texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from .._core.errors import (
    MALFORMED,
    ApiError,
    AuthenticationError,
    CollectionError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    TransientError,
    malformed,
    plain_code,
)

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from azure.core.exceptions import (
        AzureError,
        ClientAuthenticationError,
        HttpResponseError,
        IncompleteReadError,
        ServiceRequestError,
        ServiceResponseError,
    )
    from azure.identity import CredentialUnavailableError

    _UNANSWERED = (ServiceRequestError, ServiceResponseError, IncompleteReadError)

# https://learn.microsoft.com/azure/role-based-access-control/permissions/security
_DATA_ACTIONS = {
    "get": "getSecret/action",
    "set": "setSecret/action",
    "update": "update/action",
    "list": "readMetadata/action",
    "delete": "delete",
    "recover": "recover/action",
    "purge": "purge/action",
}
# In access policies one permission covers both.
_ACCESS_POLICY = {"update": "set"}

# What a write answers while an earlier deletion or recovery goes on.
UNDER_WAY = ("ObjectIsBeingDeleted", "ObjectIsBeingRecovered")
SOFT_DELETED = "ObjectIsDeletedButRecoverable"

_BUSY_STATUS = (408, 429, 500, 502, 503, 504)
_BUSY_TEXT = re.compile(r"HTTP Error: (?:408|429|5\d\d)")


@contextmanager
def azure_errors(subject: str, attempt: str, permission: str) -> Iterator[None]:
    """Translate what the Azure SDK raises while making one call.

    permission: the right that the call needs, a name in _DATA_ACTIONS.
    """
    try:
        yield
    except ClientAuthenticationError as error:
        if _token_endpoint_is_down(error):
            raise TransientError(
                subject,
                "Entra ID is busy or failing",
                "run again in a while",
                attempt=attempt,
                status=error.status_code,
            ) from None
        if _has_found_none(error):
            raise AuthenticationError(
                subject,
                "no Azure credentials were found",
                "give tenant_id, client_id and client_secret, or say with credential what to use",
                attempt=attempt,
            ) from None
        raise AuthenticationError(
            subject,
            "Azure does not accept the credentials",
            "check tenant_id, client_id and client_secret, or the identity of this machine",
            attempt=attempt,
            code=azure_code(error) if error.status_code else None,
            status=error.status_code,
        ) from None
    except _UNANSWERED as error:
        raise TransientError(
            subject,
            f"the service could not be reached ({type(error).__name__})",
            "check the vault's name, network, proxy and ca_bundle, and run again",
            attempt=attempt,
        ) from None
    except HttpResponseError as error:
        raise _from_response(subject, attempt, permission, error) from None
    except AzureError as error:
        raise ApiError(
            subject,
            f"the Azure SDK could not make the call ({type(error).__name__})",
            "check the module's options",
            attempt=attempt,
        ) from None
    except MALFORMED:
        raise malformed(subject, "Azure", attempt) from None


def _from_response(
    subject: str, attempt: str, permission: str, error: HttpResponseError
) -> CollectionError:
    code = azure_code(error)
    kind, reason, cure = _explain(error.status_code, code, permission)
    headers: Any = getattr(error.response, "headers", {})
    return kind(
        subject,
        reason,
        cure,
        attempt=attempt,
        code=code,
        status=error.status_code,
        request_id=headers.get("x-ms-request-id"),
    )


def _explain(
    status: int | None, code: str, permission: str
) -> tuple[type[CollectionError], str, str]:
    if status == 403 and code in ("ForbiddenByFirewall", "ForbiddenByConnection"):
        return (
            NotPermittedError,
            f"the vault's firewall does not let this machine in ({code})",
            "allow this machine's address in the vault's network settings",
        )
    if code == "SecretDisabled":
        return (
            NotPermittedError,
            f"the value of a disabled secret cannot be read ({code})",
            "enable that version first",
        )
    if status == 403:
        policy = _ACCESS_POLICY.get(permission, permission)
        return (
            NotPermittedError,
            f"the identity lacks the right to {permission} secrets ({code})",
            f"assign {_role(permission)}, a role with"
            f" Microsoft.KeyVault/vaults/secrets/{_DATA_ACTIONS[permission]}, or the secret"
            f" permission {policy} in the vault's access policy",
        )
    if status == 404:
        return (
            NotFoundError,
            "the vault or the secret is not there",
            "check vault_name or vault_url, and run again if somebody just deleted the secret",
        )
    if code == SOFT_DELETED:
        return (
            ConflictError,
            f"the vault keeps a deleted secret of this name ({code})",
            "run again, so that it is recovered, or purge it",
        )
    if status == 409:
        return (
            ConflictError,
            f"the secret's state does not allow it ({code})",
            "run again when the deletion or recovery that is under way has ended",
        )
    if status in _BUSY_STATUS:
        return TransientError, f"the vault is busy or failing ({code})", "run again in a while"
    return ApiError, f"Azure refused the request ({code})", "look the code up in Azure's docs"


def _role(permission: str) -> str:
    """The least built-in role that has the right."""
    return "Key Vault Secrets User" if permission == "get" else "Key Vault Secrets Officer"


def _token_endpoint_is_down(error: ClientAuthenticationError) -> bool:
    """azure-identity reports that as refused credentials; only its text has the status."""
    return error.status_code in _BUSY_STATUS or _BUSY_TEXT.search(error.message) is not None


def _has_found_none(error: ClientAuthenticationError) -> bool:
    """Whether no credentials were tried at all."""
    chain = "DefaultAzureCredential failed"
    return isinstance(error, CredentialUnavailableError) or error.message.startswith(chain)


def azure_code(error: HttpResponseError) -> str:
    """The innermost error code in the answer, or the HTTP status."""
    details: Any = error.error
    inner = getattr(details, "innererror", None) or {}
    code = inner.get("code") if isinstance(inner, dict) else None
    return plain_code(code or getattr(details, "code", None) or f"HTTP {error.status_code}")

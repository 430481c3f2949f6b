# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's errors in the collection's terms. Only codes are passed on, never Azure's texts.

What they mean is in the tables of causes.py and causes_token.py.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, suppress
from typing import Any

from ..._core.causes import Said, class_names, comes_from, error_for, translating, with_causes
from ..._core.deadline import OutOfTime, overdue
from ..._core.errors import MALFORMED, CollectionError, malformed, plain_code
from ..._core.wording import listed
from .causes import ANSWERS
from .causes import LAST as LAST_ANSWER
from .causes_token import LAST as LAST_RAISED
from .causes_token import NO_TOKEN, NO_TOKEN_OF_CHAIN, RAISED
from .sources import caller_of, source_of

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from azure.core.exceptions import ClientAuthenticationError, DecodeError, HttpResponseError

# Of the SDK, and of what it sends requests with.
_PACKAGES = ("azure", "msal", "requests", "urllib3")

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

# What to look at where nothing more is known, by the source as sources.py calls it.
_CHECKS = {"az login": "run az account get-access-token by hand as the user who runs the task"}
_CHECK_OPTIONS = "check tenant_id, client_id and client_secret, or the identity of this machine"

# The parts of Azure's texts that are let through: codes, and ids, none of which is a secret.
_AADSTS = re.compile(r"\bAADSTS\d{4,8}\b")
_KEY_VAULT = re.compile(r"\bAKV\d{5}\b")
_OBJECT = re.compile(r"\boid=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", re.IGNORECASE)
_TRIED = re.compile(r"^\t(\w{1,64}Credential)\b", re.MULTILINE)


def azure_errors(subject: str, attempt: str, permission: str) -> AbstractContextManager[None]:
    """Translate what the Azure SDK raises while making one call.

    permission: the right that the call needs, a name in _DATA_ACTIONS.
    """
    return translating(lambda error: _translated(subject, attempt, permission, error))


def _translated(
    subject: str, attempt: str, permission: str, error: Exception
) -> CollectionError | None:
    """None for what is neither of the SDK nor about its answers."""
    if _is_answer(error):
        return _answered(subject, attempt, permission, error)
    if isinstance(error, OutOfTime) or comes_from(error, _PACKAGES):
        late = overdue(subject, attempt)
        if late is not None:
            return late
    if source_of(error) is not None or isinstance(error, ClientAuthenticationError):
        return _without_token(subject, attempt, error)
    if comes_from(error, _PACKAGES):
        return _raised(subject, attempt, error)
    return malformed(subject, "Azure", attempt) if isinstance(error, MALFORMED) else None


def _is_answer(error: Exception) -> bool:
    """Whether it is the vault's answer; source_of() knows what comes from a credential."""
    if not isinstance(error, HttpResponseError) or isinstance(error, DecodeError):
        return False
    return error.status_code is not None and source_of(error) is None


def _answered(subject: str, attempt: str, permission: str, error: Any) -> CollectionError:
    code = azure_code(error)
    outer = getattr(error.error, "code", None)
    text = f"{error.message}\n{getattr(error.error, 'message', '')}"
    if error.status_code == 401 and (found := _KEY_VAULT.search(text)):
        code = found[0]
    headers: Any = getattr(error.response, "headers", {})
    said = Said(
        codes=[code, *([plain_code(outer)] if outer else [])],
        raised=class_names(error),
        status=error.status_code,
        right=permission,
        text=text,
    )
    caller = caller_of(error.response)
    if seen := _OBJECT.search(text):
        caller = f"{caller} (object id {seen[1]})"
    words = {
        "code": code,
        "right": permission,
        "action": _DATA_ACTIONS[permission],
        "policy": _ACCESS_POLICY.get(permission, permission),
        # The least built-in role that has the right.
        "role": f"Key Vault Secrets {'User' if permission == 'get' else 'Officer'}",
        "caller": caller,
    }
    return error_for(
        (*ANSWERS, LAST_ANSWER),
        said,
        subject,
        attempt,
        words=words,
        code=code,
        request_id=headers.get("x-ms-request-id"),
    )


def _without_token(subject: str, attempt: str, error: Any) -> CollectionError:
    text = with_causes(error)
    found = _AADSTS.search(text)
    status = getattr(error, "status_code", None)
    said = Said(
        codes=[found[0]] if found else [], raised=class_names(error), status=status, text=text
    )
    tried = _TRIED.findall(text)
    words = {
        "service": "Entra ID or the metadata service",
        "where": "cloud and authority_host",
        "ca": "ca_bundle",
        # What breaks the chain of DefaultAzureCredential is the last that it tried.
        "source": tried[-1] if tried else source_of(error) or "the credential",
        "check": _CHECKS.get((source_of(error) or "").partition(" in ")[0], _CHECK_OPTIONS),
        "tried": listed(tried) if tried else "all of azure-identity's",
        "class_name": type(error).__name__,
        "code": found[0] if found else "",
    }
    table = (*(NO_TOKEN_OF_CHAIN if tried else NO_TOKEN), LAST_RAISED)
    return error_for(table, said, subject, attempt, words=words, code=words["code"] or None)


def _raised(subject: str, attempt: str, error: Exception) -> CollectionError:
    said = Said(raised=class_names(error), text=with_causes(error))
    words = {
        "service": "Key Vault",
        "where": "vault_name or vault_url",
        "ca": "ca_bundle",
        "class_name": type(error).__name__,
    }
    return error_for((*RAISED, LAST_RAISED), said, subject, attempt, words=words)


def azure_code(error: HttpResponseError) -> str:
    """The innermost error code in the answer, or the HTTP status."""
    details: Any = error.error
    inner = getattr(details, "innererror", None) or {}
    code = inner.get("code") if isinstance(inner, dict) else None
    return plain_code(code or getattr(details, "code", None) or f"HTTP {error.status_code}")

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that the Azure SDK raises is unexpected; a new version's news fail this test."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.causes_token import (
    NO_TOKEN,
    RAISED,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.errors import (
    azure_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.sources import named
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError
from unit.sdk_exceptions import (
    LAST_ROW,
    NOT_OURS,
    WRAPPED,
    exceptions_of,
    instance_of,
    untold,
)

KINDS = exceptions_of(
    "azure.core.exceptions",
    "azure.core.polling.base_polling",
    "azure.identity._exceptions",
    "msal.exceptions",
    "msal.managed_identity",
    "msal.oauth2cli.oauth2",
    "msal.oauth2cli.oidc",
)
ANSWER = "the vault's answer, by its codes and its HTTP status"
KNOWN = {
    "AzureError": LAST_ROW,
    **dict.fromkeys(
        (
            *("HttpResponseError", "ResourceExistsError", "ResourceModifiedError"),
            *("ResourceNotFoundError", "ResourceNotModifiedError"),
        ),
        ANSWER,
    ),
    **dict.fromkeys(
        (
            *("ArcPlatformNotSupportedError", "ManagedIdentityError", "MsalError"),
            *("MsalServiceError", "IdTokenAudienceError", "IdTokenError", "IdTokenIssuerError"),
            *("IdTokenNonceError", "_IdTokenTimeError"),
        ),
        WRAPPED,
    ),
    # For browsers, and for pollers of other services.
    **dict.fromkeys(
        ("BrowserInteractionTimeoutError", "BadResponse", "BadStatus", "OperationFailed"), NOT_OURS
    ),
}


class _Credential:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_token(self, *_scopes: str) -> None:
        raise self._error


def test_every_class_is_told() -> None:
    assert untold(KINDS, (*NO_TOKEN, *RAISED), KNOWN) == set()
    assert KNOWN.keys() - {kind.__name__ for kind in KINDS} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_each_becomes_an_error_of_ours(kind: type[Exception]) -> None:
    error = instance_of(kind)
    if isinstance(error, HttpResponseError):
        error.message, error.error, error.response, error.status_code = "", None, None, None
    with pytest.raises(CollectionError) as failure, azure_errors("It", "trying it", "get"):
        raise error
    assert failure.value.hint
    with pytest.raises(CollectionError) as failure, azure_errors("It", "trying it", "get"):
        named(_Credential(error), "az login").get_token("scope")
    assert failure.value.hint
    assert "{" not in str(failure.value)


@pytest.mark.parametrize("kind", [FileNotFoundError, PermissionError, UnicodeDecodeError])
def test_what_python_raises_in_a_credential_is_told(kind: type[Exception]) -> None:
    error = named(_Credential(instance_of(kind)), "workload identity")
    with pytest.raises(CollectionError) as failure, azure_errors("It", "trying it", "get"):
        error.get_token("scope")
    assert "workload identity" in failure.value.reason or "SDK" in failure.value.reason

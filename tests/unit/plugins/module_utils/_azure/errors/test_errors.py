# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's errors in our terms: only codes are passed on, and missing rights have their names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.errors import (
    _DATA_ACTIONS,
    azure_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    CollectionError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    TransientError,
)
from sandbox.azure.rights import OPERATIONS
from unit.keys import make_key

KEY = make_key()


class Answer:
    """As much of a response as the SDK's exceptions look at."""

    reason = "because"
    headers = {"x-ms-request-id": "42"}  # noqa: RUF012 - a stand-in

    def __init__(self, status: int, code: str, inner: str = "") -> None:
        self.status_code = status
        error: dict[str, Any] = {"code": code, "message": KEY}
        if inner:
            error["innererror"] = {"code": inner}
        self._text = json.dumps({"error": error})

    def text(self, **_options: Any) -> str:
        return self._text

    def body(self) -> bytes:
        return self._text.encode()


def refusal(status: int, code: str, inner: str = "") -> HttpResponseError:
    from azure.core.exceptions import ODataV4Format

    answer: Any = Answer(status, code, inner)
    error = HttpResponseError(message=KEY, response=answer)
    error.error = ODataV4Format(json.loads(answer.text()))
    return error


def token_refusal(message: str) -> ClientAuthenticationError:
    return ClientAuthenticationError(message=f"{message} {KEY}")


@pytest.mark.parametrize(
    ("raised", "kind", "text"),
    [
        (refusal(403, "Forbidden", "SecretDisabled"), NotPermittedError, "disabled secret"),
        (refusal(404, "SecretNotFound"), NotFoundError, "is not there"),
        (refusal(409, "Conflict", "ObjectIsBeingRecovered"), ConflictError, "is under way"),
        (refusal(500, ""), TransientError, "busy or failing (HTTP 500)"),
        (refusal(400, "BadParameter"), ApiError, "one of the values (BadParameter)"),
        (token_refusal("HTTP Error: 503"), TransientError, "Entra ID is busy"),
        (ServiceRequestError(KEY), TransientError, "could not be reached"),
        (ServiceResponseError(KEY), TransientError, "could not be reached"),
        (AzureError(KEY), ApiError, "could not make the call"),
    ],
)
def test_translation(raised: Exception, kind: type[CollectionError], text: str) -> None:
    with pytest.raises(CollectionError) as failure, azure_errors("It", "changing it", "set"):
        raise raised
    error = failure.value
    assert error.__class__ is kind
    assert text in str(error)
    assert str(error).startswith("It: changing it failed: ")
    assert str(error).endswith(".")
    assert KEY not in repr(error.to_result())
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize("permission", _DATA_ACTIONS)
def test_a_missing_right_is_named_as_roles_and_access_policies_do(permission: str) -> None:
    with pytest.raises(NotPermittedError) as failure, azure_errors("It", "trying", permission):
        raise refusal(403, "Forbidden", "ForbiddenByRbac")
    text = str(failure.value)
    assert [operation.action for operation in OPERATIONS.values() if operation.action in text]
    with pytest.raises(NotPermittedError) as failure, azure_errors("It", "trying", permission):
        raise refusal(403, "Forbidden", "ForbiddenByPolicy")
    policy = "set" if permission == "update" else permission
    assert f"secret permission {policy} in the vault's access policy" in str(failure.value)

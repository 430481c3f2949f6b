# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Key Vault, Entra ID and azure-identity say becomes an error that leads to the cause."""

from __future__ import annotations

import json
from typing import Any

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ODataV4Format,
    ServiceRequestError,
)

from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.errors import (
    azure_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.errors.sources import (
    name_of,
    named,
)
from unit.situations.injected import ATTEMPT, SUBJECT, Situation, check_translated, situations


class _Answer:
    """As much of a response as the SDK's exceptions look at."""

    reason = "because"

    def __init__(self, status: int, body: str) -> None:
        self.status_code = status
        self.headers = {"x-ms-request-id": "42"}
        self._body = body

    def text(self, **_options: Any) -> str:
        return self._body


class _Credential:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_token(self, *_scopes: str) -> None:
        raise self._error


@pytest.mark.parametrize("situation", situations("azure"))
def test_situation(situation: Situation) -> None:
    translation = azure_errors(SUBJECT, ATTEMPT, "set")
    if "answers" in situation:
        check_translated(situation, translation, _refusal(*situation["answers"]))
    elif "unanswered" in situation:
        check_translated(situation, translation, ServiceRequestError(situation["unanswered"]))
    else:
        check_translated(situation, translation, _without_token(situation))


def _refusal(status: int, code: str, inner: str, text: str) -> Exception:
    error: dict[str, Any] = {"code": code, "message": text}
    if inner:
        error["innererror"] = {"code": inner}
    body = json.dumps({"error": error})
    answer: Any = _Answer(status, body)
    refused = HttpResponseError(message=text, response=answer)
    refused.error = ODataV4Format(json.loads(body))
    return refused


def _without_token(situation: Situation) -> Exception:
    """As a credential raises it."""
    name = name_of(
        situation.get("source", "service_principal"),
        client_id="app-1",
        tenant_id="tenant-1",
        token_file="/var/run/token",
    )
    error: Exception = (
        FileNotFoundError(2, "No such file", "/var/run/token")
        if "raises" in situation
        else ClientAuthenticationError(message=situation["token"])
    )
    with pytest.raises(type(error)) as raised:
        named(_Credential(error), name).get_token("scope")
    return raised.value

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes and request ids are a server's texts as well: what has another form is not shown."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    plain_code,
)


@pytest.mark.parametrize(
    "code",
    [
        *("ThrottlingException", "HTTP 403", "AADSTS7000215", "390100/42000", "invalid_client"),
        *("Forbidden.ByFirewall", "ProgrammingError/42601"),
    ],
)
def test_a_code_is_shown(code: str) -> None:
    assert plain_code(code) == code
    assert ApiError("It", "why", "do it", code=code).code == code


@pytest.mark.parametrize(
    "text", ["x" * 65, "near 'value'", "a\nb", "", "{}", "<html>", '"quoted"', {"a": "b"}]
)
def test_what_is_no_code_is_not_shown(text: object) -> None:
    assert plain_code(text) == "unknown code"


@pytest.mark.parametrize("request_id", ["x" * 129, "what was sent", "a'b", "a\nb"])
def test_what_is_no_request_id_is_not_shown(request_id: str) -> None:
    assert ApiError("It", "why", "do it", request_id=request_id).request_id is None


def test_a_request_id_is_shown() -> None:
    request_id = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert ApiError("It", "why", "do it", request_id=request_id).request_id == request_id

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing a secret's versions, which may take several pages."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.secret import AwsSecret
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.versions.versions import (
    list_versions,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ApiError


def secret(tokens: dict[str | None, str | None]) -> AwsSecret:
    """One that gives a version for each page. tokens: of the next page, by a page's own."""

    def list_secret_version_ids(**request: str) -> dict[str, Any]:
        token = request.get("NextToken")
        version = {"VersionId": token or "first", "CreatedDate": datetime(2026, 1, 1, tzinfo=UTC)}
        following = tokens[token]
        return {"Versions": [version], **({"NextToken": following} if following else {})}

    client: Any = SimpleNamespace(
        list_secret_version_ids=list_secret_version_ids,
        meta=SimpleNamespace(region_name="eu-west-1"),
    )
    return AwsSecret(client, "shop")


def test_all_pages_are_read() -> None:
    found = list_versions(secret({None: "b", "b": "c", "c": None}))
    assert [version.id for version in found] == ["first", "b", "c"]


@pytest.mark.parametrize("tokens", [{None: "b", "b": "b"}, {None: "b", "b": "c", "c": "b"}])
def test_pages_in_a_circle_are_refused(tokens: dict[str | None, str | None]) -> None:
    with pytest.raises(ApiError) as caught:
        list_versions(secret(tokens))
    assert "listing its versions" in str(caught.value)

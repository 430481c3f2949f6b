# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which regions are taken, and the API's URL in them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC,
    MaiaConnection,
)
from unit.keys import random_text


def url(**options: Any) -> str:
    given = {"access_token": random_text(), **options}
    validated = validator(CONNECTION_SPEC).validate(given)
    return MaiaConnection.from_params(validated.validated_parameters).api_url


@pytest.mark.parametrize("region", ["eu1", "us1", "au1"])
def test_the_known_regions(region: str) -> None:
    assert url(region=region) == f"https://{region}.api.matillion.com/dpc"


def test_an_unknown_region_only_where_that_is_allowed() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        url(region="sg1")
    assert str(refusal.value) == (
        "Maia connection: region 'sg1' is not one that is known (eu1, us1, au1); correct it, or set"
        " allow_unknown_region if Maia has a region of this name now."
    )
    assert url(region="sg1", allow_unknown_region=True) == "https://sg1.api.matillion.com/dpc"


@pytest.mark.parametrize("path", ["/dpc/v1", "/v1/", "/dpc/V1"])
def test_the_version_is_not_given_twice(path: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        url(api_url=f"https://eu1.api.matillion.com{path}")
    assert str(refusal.value) == (
        "Maia connection: api_url ends in /v1, which this collection adds itself; leave /v1 out."
    )


@pytest.mark.parametrize("region", ["EU1", "eu1 ", "eu1.evil", "x@y", "eu1/..", "e", "", " "])
def test_what_is_no_regions_name_builds_no_url(region: str) -> None:
    with pytest.raises(ConfigurationError):
        url(region=region, allow_unknown_region=True)

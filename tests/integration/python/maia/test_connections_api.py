# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Connections API is sent and how its answers are read."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ApiError
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import Draft
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.references_api import (
    SecretReferencesApi,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    find_project,
)
from integration.python.maia_world import maia_world
from unit.fakes import FakeRuntime


def test_the_older_api_is_told_the_agent_that_was_given() -> None:
    with maia_world() as world, world.client(FakeRuntime()) as client:
        project = find_project(client, "Shop Analytics")
        known = world.service.add_agent("runner", "aws", "fargate")
        SecretReferencesApi(client, project, "aws", known).create(
            Draft("known", "", secret_name="shop/key")
        )
        with pytest.raises(ApiError, match="because of agentId"):
            SecretReferencesApi(client, project, "aws", "nobody").create(
                Draft("unknown", "", secret_name="shop/key")
            )

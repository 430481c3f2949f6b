# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role and authorize_targets say of a host's variables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.clients import ClientPool
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import AUTHORIZE
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import (
    TargetRuntime,
    go_through,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._role_plan import role_plan
from unit.fakes import FakeRuntime, forbidden

LEAST = {"authorize_project": "Shop", "authorize_environment": "test"}


def refusal_of(variables: dict[str, Any], **more: Any) -> str:
    """Why the host shop is refused, or nothing."""
    return str(role_plan(variables, target="shop", **more)["refusal"])


def in_bulk(variables: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """What authorize_targets says of a target, for which nothing may be contacted."""
    monkeypatch.setattr(ClientPool, "share", forbidden)
    monkeypatch.setattr(ClientPool, "lease", forbidden)
    runtime = FakeRuntime()
    done = go_through(
        {"name": "shop", **variables}, AUTHORIZE, TargetRuntime(runtime, runtime.shared)
    )
    return str(done.result["msg"])

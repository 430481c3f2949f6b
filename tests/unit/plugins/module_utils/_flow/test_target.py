# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked once for a target, and what is checked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.adopt import ADOPT
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import (
    AUDIT,
    AUTHORIZE,
    PROVE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.preflight import PREFLIGHT
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Flow
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import (
    KnownVariables,
    TargetRuntime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.undoing import REVOKE
from unit.fakes import FakeRuntime
from unit.keys import make_key

SHOP = {"name": "shop", "authorize_project": "Shop", "authorize_environment": "test"}


class Counting(FakeRuntime):
    """Counts what Ansible was asked."""

    asked = 0

    def validated(
        self, module: str, spec: ArgumentSpec, options: Mapping[str, Any], /
    ) -> dict[str, Any]:
        self.asked += 1
        return super().validated(module, spec, options)


def test_a_target_s_variables_are_checked_once() -> None:
    runtime = Counting()
    known = KnownVariables(runtime.validated)
    assert known.of(SHOP, AUTHORIZE) is known.of(SHOP, AUTHORIZE)
    assert runtime.asked == 1


def test_other_variables_of_the_same_target_are_checked() -> None:
    known = KnownVariables(FakeRuntime().validated)
    assert known.of(SHOP, AUTHORIZE)["authorize_environment"] == "test"
    later = {**SHOP, "authorize_environment": "production"}
    assert known.of(later, AUTHORIZE)["authorize_environment"] == "production"
    with pytest.raises(ConfigurationError):
        known.of({**SHOP, "authorize_state": "gone"}, AUTHORIZE)


def test_what_one_flow_leaves_out_another_one_has() -> None:
    known = KnownVariables(FakeRuntime().validated)
    given = {**SHOP, "authorize_api_key": make_key()}
    assert REVOKE.keyless
    assert known.of(given, REVOKE)["authorize_api_key"] is None
    assert known.of(given, AUTHORIZE)["authorize_api_key"] == given["authorize_api_key"]


@pytest.mark.parametrize("flow", [AUTHORIZE, AUDIT, PROVE, PREFLIGHT])
def test_what_is_to_be_absent_has_no_key(flow: Flow) -> None:
    """Neither one that is right nor one that is wrong."""
    known = KnownVariables(FakeRuntime().validated)
    for key in (make_key(), "", ["a list"]):
        given = {**SHOP, "authorize_api_key": key, "authorize_state": "absent"}
        assert known.of(given, flow)["authorize_api_key"] is None
    with pytest.raises(ConfigurationError):
        known.of({**given, "authorize_state": "present"}, flow)
    with pytest.raises(ConfigurationError):
        known.of(given, ADOPT)


def test_the_same_options_are_validated_once_and_others_again() -> None:
    of_all = Counting()
    runtime = TargetRuntime(of_all, of_all.shared)
    spec = ArgumentSpec(options={"name": {"type": "str"}})
    other = ArgumentSpec(options={"name": {"type": "str"}, "state": {"default": "present"}})
    assert runtime.validated("a", spec, {"name": "x"}) == {"name": "x"}
    assert runtime.validated("a", spec, {"name": "x"}) == {"name": "x"}
    assert of_all.asked == 1
    assert runtime.validated("a", spec, {"name": "y"}) == {"name": "y"}
    assert runtime.validated("a", other, {"name": "x"}) == {"name": "x", "state": "present"}
    assert of_all.asked == 3

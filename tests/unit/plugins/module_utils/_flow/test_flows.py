# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a flow takes from an earlier call, in place of another one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import AUTHORIZE
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Situation

LOOKED = {"changed": False, "secret_name": "stripe/shop", "secret_label": "api_key"}
SECRET = {"changed": False, "name": "stripe/shop", "label": "api_key"}
(DEFINITION,) = (call for call in AUTHORIZE.calls if call.result == "definition")


@pytest.mark.parametrize(
    ("state", "looked", "secret", "known"),
    [
        pytest.param("present", LOOKED, SECRET, True, id="it points there"),
        pytest.param("present", LOOKED, {**SECRET, "changed": True}, True, id="another key"),
        pytest.param(
            *("present", {**LOOKED, "secret_label": None}, {**SECRET, "label": None}, True),
            id="neither has a label",
        ),
        pytest.param("present", {**LOOKED, "changed": True}, SECRET, False, id="it would change"),
        pytest.param("present", None, SECRET, False, id="nobody has looked"),
        pytest.param(
            "present", LOOKED, {**SECRET, "name": "STRIPE"}, False, id="the vault folds names"
        ),
        pytest.param("present", LOOKED, {**SECRET, "label": "other"}, False, id="another label"),
        pytest.param("present", LOOKED, {**SECRET, "label": None}, False, id="a label to clear"),
        pytest.param(
            "present", {**LOOKED, "secret_label": None}, SECRET, False, id="a label to set"
        ),
        pytest.param("absent", None, {}, False, id="to be deleted"),
    ],
)
def test_a_definition_is_not_kept_twice_that_points_at_the_secret_already(
    state: str, looked: dict[str, Any] | None, secret: dict[str, Any], known: bool
) -> None:
    situation = Situation("shop", {"authorize_state": state})
    situation.results = {"secret": secret} | ({"looked_at_definition": looked} if looked else {})
    assert DEFINITION.known(situation) == (looked if known else None)

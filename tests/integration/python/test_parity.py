# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same task gives the same result whichever face does it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from sandbox.client import SandboxClient
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text
from unit.plugins.plugin_utils.test_parity import both


def aws_args(services: SandboxClient, **options: Any) -> dict[str, Any]:
    return {"name": f"shop/{random_text(8)}", **services.reach("aws"), **options}


def test_a_secret_in_aws_is_kept_alike(
    services: SandboxClient, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make_key()
    args = aws_args(services, api_key=key)
    predicted = both(AWS, args, capsys, check_mode=True, diff=True)
    created = run_module(AWS, args, capsys, diff=True)
    unchanged = both(AWS, args, capsys, diff=True)
    assert (predicted["changed"], created["changed"], unchanged["changed"]) == (True, True, False)
    assert predicted["diff"] == created["diff"]
    assert key not in json.dumps([predicted, created, unchanged])
    gone = run_action(AWS, {**args, "state": "absent"})
    assert gone["changed"]
    assert not both(AWS, {**args, "state": "absent"}, capsys)["changed"]


def test_refusals_of_aws_are_told_alike(
    services: SandboxClient, capsys: pytest.CaptureFixture[str]
) -> None:
    args = {**aws_args(services, api_key=make_key()), **services.identity("aws", "none")}
    module, action = run_module(AWS, args, capsys), run_action(AWS, args)
    for result in (module, action):
        assert result["error"].pop("request_id")
        result.setdefault("changed", False)
    assert module == action
    assert module["error"]["kind"] == "not_permitted"

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings are masked like everything else that is shown, by both faces."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
    Params,
    Runtime,
)
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text

SPEC = ArgumentSpec(options={"secret": {"type": "str", "no_log": True}})


def test_finding_1_5_a_warning_shows_no_secret_and_no_part_of_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def execute(params: Params, runtime: Runtime) -> Outcome:
        runtime.warn(f"it said {params['secret'][:30]}, and {make_key()}")
        return Outcome(changed=False)

    operation = Operation("probe", SPEC, execute)
    args = {"secret": random_text(40)}
    result = run_action(operation, args)
    assert result["warnings"] == ["it said ********, and ********"]
    assert run_module(operation, args, capsys) == result

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both faces mask what is shown, warnings too, and let Ansible do so where it can."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core import module_face
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
    Params,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import encoded_forms
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text

SPEC = ArgumentSpec(options={"secret": {"type": "str", "no_log": True}})


def test_a_warning_shows_no_secret_and_no_part_of_one(
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


@pytest.mark.parametrize("face", ["module", "action"])
def test_ansible_is_told_each_secret_in_all_its_forms(
    face: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given, met = random_text(40), random_text(40)

    def execute(_params: Params, runtime: Runtime) -> Outcome:
        runtime.protect(met)
        return Outcome(changed=False)

    told: list[str] = []
    # Before ansible-core 2.22 there is nobody to tell.
    monkeypatch.setattr(module_face, "register_secret", told.append)
    operation = Operation("probe", SPEC, execute)
    if face == "module":
        run_module(operation, {"secret": given}, capsys)
    else:
        run_action(operation, {"secret": given})
    assert set(told) == {*encoded_forms(given), *encoded_forms(met)}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pipeline file with one component of ours, and what is planned for it."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.document import (
    Desired,
    Plan,
    Selection,
    plan_file,
)

STRIPE = Selection(types=frozenset({"stripe-query"}))
WANTED = Desired("new_name", ("apiKey",))

HEAD = """\
type: "orchestration"
version: "1.0"
pipeline:
  components:
    Start:
      type: "start"
      parameters:
        componentName: "Start"
    Load:
      type: "stripe-query"
      parameters:
"""
TAIL = """\
design:
  components:
    Load:
      position:
        "y": 0
"""

NESTED = Desired("new_name", ("apiKey",), replace_nested=True)
METHOD = Desired("new_name", ("apiKey",), authentication_method="API Key")
GROUPED = Desired("new_name", ("stripe", "auth", "apiKey"))


def plan(text: str, desired: Desired = WANTED, selection: Selection = STRIPE) -> Plan:
    return plan_file("a.orch.yaml", text.encode(), selection, desired)


def changed(text: str, desired: Desired = WANTED) -> str:
    """The text after the change; a second run finds nothing to do."""
    first = plan(text, desired)
    data = first.data.decode()
    second = plan(data, desired)
    assert second.data.decode() == data
    assert not any(component.changed for component in second.components)
    return data


def refusal(text: str, desired: Desired = WANTED, selection: Selection = STRIPE) -> ConflictError:
    with pytest.raises(ConflictError) as refused:
        plan(text, desired, selection)
    assert str(refused.value).endswith(".")
    assert not str(refused.value).endswith("..")
    return refused.value


def parameters(*lines: str) -> str:
    """The Load component's parameters, in a file."""
    return HEAD + "".join(f"        {line}\n" for line in lines) + TAIL

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host ends as its target did."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleActionSkip

from ansible_collections.maia.stripe_query.plugins.action.target_outcome import ActionModule
from unit.faces import stand_ins

DIFF = [{"before": {"value": "one"}, "after": {"value": "two"}}]
RUN = {
    "changed": False,
    "targets": {
        "same": {"changed": False, "vault": "aws"},
        "new": {"changed": True, "vault": "aws"},
        "half": {"changed": True, "failed": True, "msg": "No.", "error": {"kind": "api"}},
        "later": {"changed": False, "skipped": True, "msg": "Not started."},
    },
    "diffs": {"new": DIFF},
}


def run(
    host: str,
    args: dict[str, Any] | None = None,
    targets: dict[str, Any] | None = None,
    **task: Any,
) -> dict[str, Any]:
    action = ActionModule(**stand_ins({"var": "rollout"} if args is None else args, **task))
    rollout = {**RUN, "targets": targets or RUN["targets"]}
    return action.run(task_vars={"inventory_hostname": host, "rollout": rollout, "other": {}})


def test_it_is_unchanged_changed_or_failed_as_its_target() -> None:
    assert run("same") == {"changed": False, "vault": "aws"}
    assert run("new") == {"changed": True, "vault": "aws"}
    assert run("half") == {"changed": True, "failed": True, "msg": "No."}


def test_the_first_of_those_that_failed_for_one_reason_tells_it() -> None:
    def failed(subject: str, reason: str) -> dict[str, Any]:
        error = {"subject": subject, "reason": reason, "hint": "mend it"}
        return {"changed": False, "failed": True, "msg": f"{subject}: {reason}.", "error": error}

    def refused(name: str) -> dict[str, Any]:
        return {"changed": False, "failed": True, "msg": f"Host '{name}': it has no variable x."}

    targets = {
        "one": failed("Secret 'one'", "it is locked"),
        "two": failed("Secret 'two'", "it is gone"),
        "three": failed("Secret 'three'", "it is locked"),
        **{name: refused(name) for name in ("four", "five")},
    }
    told = {host: run(host, targets=targets)["msg"] for host in targets}
    assert told == {
        "one": "Secret 'one': it is locked.",
        "two": "Secret 'two': it is gone.",
        "three": "Failed for the same reason as one; see the table at the end.",
        "four": "Host 'four': it has no variable x.",
        "five": "Failed for the same reason as four; see the table at the end.",
    }


def test_one_that_was_not_started_is_skipped_and_says_why() -> None:
    with pytest.raises(AnsibleActionSkip, match="Not started"):
        run("later")


def test_it_shows_its_own_diff_where_that_is_asked_for() -> None:
    assert run("new", diff=True)["diff"] == DIFF
    assert "diff" not in run("same", diff=True)
    assert "diff" not in run("new")


@pytest.mark.parametrize(
    ("host", "args"), [("nobody", None), ("same", {"var": "other"}), ("same", {})]
)
def test_without_a_result_it_fails(host: str, args: dict[str, Any] | None) -> None:
    with pytest.raises(AnsibleActionFail, match=f"has no outcome of host '{host}'"):
        run(host, args)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says beside each target: reasons once, ages, and which key is stored."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import Rules, audit
from ansible_collections.maia.stripe_query.plugins.plugin_utils._report import report

TIME = "2026-03-31T12:00:00Z"
KEY = {"kind": "restricted", "mode": "test", "masked": "rk_test_...4242"}


def failed(name: str, reason: str = "it is locked") -> dict[str, Any]:
    error = {"subject": f"Secret '{name}'", "reason": reason, "hint": "unlock it"}
    message = f"Secret '{name}': {reason}; unlock it."
    return {"target": name, "project": name, "changed": False, "failed": True, "msg": message} | {
        "error": error
    }


def fine(name: str, **more: Any) -> dict[str, Any]:
    known = {"secret_changes": [], "verdict": "proven", "value_since": "2026-03-30T12:00:00Z"}
    return {"target": name, "project": name, "changed": False, "api_key": KEY, **known, **more}


def page(*results: dict[str, Any], **options: Any) -> dict[str, Any]:
    shown: dict[str, Any] = report(results, title="Keys", time=TIME, **options)["page"]
    return shown


def shown(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    (project,) = page(result, **options)["projects"]
    target: dict[str, Any] = project["cells"][0]["targets"][0]
    return target


def test_each_reason_stands_once_with_all_that_failed_for_it() -> None:
    found = page(failed("a"), fine("b"), failed("c"), failed("d", "it is gone"))
    assert found["failures"] == [
        "2 failed: it is locked; unlock it. (a, c)",
        "1 failed: Secret &#x27;d&#x27;: it is gone; unlock it. (d)",
    ]


def test_what_an_action_calls_it_is_named() -> None:
    def unread(name: str) -> dict[str, Any]:
        result = failed(name)
        result["error"]["attempt"] = "looking for it"
        return result

    found = page(unread("a"), unread("b"))
    assert found["failures"] == [
        "2 failed: Secret &#x27;a&#x27;, Secret &#x27;b&#x27;: looking for it failed: it is locked;"
        " unlock it. (a, b)"
    ]


def test_a_refusal_names_no_host_where_it_is_the_same_for_several() -> None:
    def refused(name: str) -> dict[str, Any]:
        return {"target": name, "failed": True, "msg": f"Host '{name}': there is no variable x."}

    found = page(refused("a"), refused("b"))
    assert found["failures"] == ["2 failed: there is no variable x. (a, b)"]


def test_what_a_preflight_names_is_not_stored_yet() -> None:
    target = shown(fine("a", secret_changes=["state", "value"], value_since=None))
    assert (target["state"], target["stored"], target["age"]) == ("would change", False, "")


def test_what_failed_comes_first_and_then_what_is_of_concern() -> None:
    found = page(fine("a"), fine("b", drift="Tags differ."), failed("z"), fine("c"))
    assert [project["name"] for project in found["projects"]] == ["z", "b", "a", "c"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "stored 1 day ago"),
        ({"value_since": "2026-03-01T12:00:00Z"}, "stored 30 days ago"),
        ({"value_since": "2026-03-31T11:00:00Z"}, "stored today"),
        ({"value_since": None}, "age of key unknown"),
        ({"value_since": None, "last_changed": "2026-03-01T12:00:00Z"}, "age of key unknown"),
        ({"value_since": None, "secret_changes": ["state", "value"]}, ""),
        ({"value_since": None, "state": "absent"}, ""),
    ],
)
def test_an_age_says_what_it_is_of_and_that_it_is_not_known(
    told: dict[str, Any], words: str
) -> None:
    assert shown(fine("a", **told), check_mode=True)["age"] == words


@pytest.mark.parametrize(
    ("told", "check_mode", "stored"),
    [
        ({}, False, True),
        ({"verdict": "recorded"}, False, True),
        ({"verdict": "contradicted", "secret_changes": ["value"]}, True, False),
        ({"verdict": "contradicted", "secret_changes": ["value"], "changed": True}, False, True),
        ({"verdict": "unknown"}, False, False),
        ({"failed": True, "msg": "no"}, False, False),
    ],
)
def test_the_given_key_is_told_from_the_stored_one(
    told: dict[str, Any], check_mode: bool, stored: bool
) -> None:
    assert shown(fine("a", **told), check_mode=check_mode)["stored"] == stored


@pytest.mark.parametrize(
    ("days", "told", "kinds"),
    [
        (90, {"value_since": None}, ["age_unknown"]),
        (0, {"value_since": None}, []),
        (90, {"value_since": None, "secret_changes": ["state"]}, ["secret_missing"]),
        (1, {"value_since": "2026-03-01T12:00:00Z"}, ["key_too_old"]),
    ],
)
def test_an_audit_does_not_take_an_unknown_age_for_young(
    days: int, told: dict[str, Any], kinds: list[str]
) -> None:
    results = {"a": {**fine("a", state="present"), **told}}
    found = audit(results, Rules(TIME, max_age_days=days))["findings"]
    assert [each["kind"] for each in found] == kinds


@pytest.mark.parametrize(
    ("old", "kinds"),
    [
        (None, []),
        ({"status": "ended", "masked": "...1111", "given": False, "reason": "x"}, []),
        ({"status": "works", "masked": "...1111", "given": False, "reason": None}, ["works"]),
        ({"status": "unknown", "masked": None, "given": False, "reason": "busy"}, ["works"]),
        (
            {"status": "works", "masked": "...1111", "given": True, "reason": None},
            ["given", "works"],
        ),
    ],
)
def test_an_audit_reminds_of_the_old_key_until_it_is_dead(
    old: dict[str, Any] | None, kinds: list[str]
) -> None:
    found = audit({"a": fine("a", old_key=old)}, Rules(TIME))["findings"]
    assert [each["kind"] for each in found] == [f"old_key_{kind}" for kind in kinds]

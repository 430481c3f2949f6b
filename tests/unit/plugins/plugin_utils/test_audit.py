# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit finds, worked out from results."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.maia.stripe_query.plugins.filter.audit import (
    DOCUMENTATION,
    RETURN,
    FilterModule,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._audit import KINDS

audit = FilterModule().filters()["audit"]

NOW = "2026-03-31T12:00:00Z"


def result(target: str = "shop-production", **changed: Any) -> dict[str, Any]:
    return {
        "target": target,
        "project": "Shop",
        "environment": target.rpartition("-")[2],
        "vault": "aws",
        "state": "present",
        "changed": False,
        "secret_name": "stripe/shop",
        "secret_changes": [],
        "definition_name": f"stripe_{target}",
        "definition_changes": [],
        "api_key": {"kind": "restricted", "mode": "test", "masked": f"...{target}"},
        "last_changed": "2026-01-31T12:00:00Z",
        "definitions": [],
        **changed,
    }


def key(end: str = "4242", *, mode: str = "live", kind: str = "restricted") -> dict[str, str]:
    return {"kind": kind, "mode": mode, "masked": f"rk_{mode}_...{end}"}


def found(*results: dict[str, Any], **rules: Any) -> list[tuple[str, str]]:
    findings = audit(results, time=NOW, **rules)["findings"]
    return [(finding["target"], finding["kind"]) for finding in findings]


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, []),
        ({"secret_changes": ["state", "value", "tags"]}, ["secret_missing"]),
        ({"secret_changes": ["value"]}, ["key_differs"]),
        ({"secret_changes": ["value", "tags"]}, ["key_differs", "secret_differs"]),
        ({"secret_changes": ["fingerprint"]}, ["secret_differs"]),
        ({"unreadable_because": "It is disabled."}, ["secret_unusable"]),
        (
            {"unreadable_because": "It is disabled.", "secret_changes": ["state"]},
            ["secret_missing"],
        ),
        ({"definition_changes": ["state"]}, ["definition_missing", "orphaned_secret"]),
        (
            {"secret_changes": ["state"], "definition_changes": ["state"]},
            ["secret_missing", "definition_missing"],
        ),
        ({"definition_changes": ["secret_name"]}, ["definition_differs"]),
        (
            {"definition_changes": ["secret_name"], "edited_in_maia": True},
            ["edited_in_maia"],
        ),
        ({"secret_name": None, "edited_in_maia": True}, ["edited_in_maia"]),
        ({"components": [{"component": "Load", "changed": True}]}, ["component_differs"]),
        ({"components": [{"component": "Load", "changed": False}]}, []),
        # In Full SaaS both are one thing, which is told once.
        (
            {"vault": "maia", "secret_changes": ["value"], "definition_changes": ["value"]},
            ["key_differs"],
        ),
        ({"api_key": key(kind="publishable")}, ["wrong_kind"]),
        ({"api_key": key(kind="secret")}, ["secret_key_unrestricted"]),
        ({"api_key": key(kind="secret"), "state": "absent"}, []),
        ({"api_key": key(), "environment": "Test"}, ["live_key_in_test"]),
        ({"api_key": key(), "environment": "shop_QA_2"}, ["live_key_in_test"]),
        ({"api_key": key(), "environment": "latest"}, []),
        ({"api_key": key(mode="test"), "environment": "test"}, []),
        ({"api_key": None, "last_changed": None}, []),
        ({"state": "absent"}, []),
        ({"state": "absent", "secret_changes": ["state"]}, ["not_revoked"]),
        ({"state": "absent", "definition_changes": ["state"]}, ["not_revoked"]),
        ({"failed": True, "msg": "No."}, ["failed"]),
    ],
)
def test_what_one_target_tells(changed: dict[str, Any], kinds: list[str]) -> None:
    assert found(result(**changed)) == [("shop-production", kind) for kind in kinds]


@pytest.mark.parametrize("link", ["definition", "location"])
def test_a_definition_that_an_override_or_location_leads_elsewhere_is_found(link: str) -> None:
    def leading(verdict: str) -> dict[str, Any]:
        return result(proof=[{"link": link, "verdict": verdict, "reason": "It points elsewhere."}])

    (finding,) = audit([leading("contradicted")], time=NOW)["findings"]
    assert finding["kind"] == "definition_differs"
    assert finding["text"] == (
        "Secret definition 'stripe_shop-production' differs: It points elsewhere."
    )
    assert found(leading("proven"), leading("unknown")) == []


def test_who_was_not_reached_was_not_audited() -> None:
    assert found({"target": "shop-test"}) == [("shop-test", "failed")]


@pytest.mark.parametrize(("most", "old"), [(0, False), (58, True), (59, False), (None, False)])
def test_age(most: int | None, old: bool) -> None:
    assert found(result(), max_age_days=most) == [("shop-production", "key_too_old")] * old


def test_a_secret_that_is_not_there_has_no_age() -> None:
    missing = result(secret_changes=["state", "value"])
    assert found(missing, max_age_days=1) == [("shop-production", "secret_missing")]


def test_one_key_in_several_environments() -> None:
    production = result("shop-production", api_key=key())
    other = result("tax-production", api_key=key())
    staging = result("shop-live2", api_key=key())
    absent = result("shop-live3", api_key=key(), state="absent")
    assert found(production, other, absent) == []
    findings = audit([production, other, staging], time=NOW)["findings"]
    assert [finding["kind"] for finding in findings] == ["key_shared"] * 3
    assert findings[0]["text"].endswith("that of other environments, too: shop-live2.")
    assert findings[2]["text"].endswith("too: shop-production, tax-production.")


def test_keys_of_other_ends_or_kinds_are_others() -> None:
    others = [key("4242"), key("4243"), key("4242", kind="unknown"), key("4242", mode="test")]
    results = [result(f"shop-live{place}", api_key=each) for place, each in enumerate(others)]
    assert found(*results) == []


def test_definitions_that_no_target_names() -> None:
    listed = [
        {"name": "stripe_shop-live", "secret_name": "stripe/shop"},
        {"name": "stripe_old", "secret_name": "stripe/old"},
        {"name": "stripe_hosted", "secret_name": None},
    ]
    results = [result("shop-live", definitions=listed), result("shop-next", definitions=listed)]
    findings = audit(results, time=NOW)["findings"]
    assert [(each["target"], each["text"]) for each in findings] == [
        (
            "shop-live",
            "No target of project 'Shop' names its definition 'stripe_old', and perhaps the secret"
            " 'stripe/old' that it points at.",
        ),
        ("shop-live", "No target of project 'Shop' names its definition 'stripe_hosted'."),
    ]
    assert found(*results, orphans=False) == []


def test_other_test_environments() -> None:
    live = result(api_key=key())
    assert found(live, test_environments="^prod") == [("shop-production", "live_key_in_test")]


def test_findings_come_in_the_order_of_the_targets_and_can_be_left_out() -> None:
    results = [
        result("a-live", api_key=key(), secret_changes=["tags"]),
        result("b-next", api_key=key()),
    ]
    assert found(*results) == [
        ("a-live", "secret_differs"),
        ("a-live", "key_shared"),
        ("b-next", "key_shared"),
    ]
    assert found(*results, ignore=["key_shared"]) == [("a-live", "secret_differs")]
    assert found(*results, ignore="key_shared, secret_differs") == []
    assert len(found(*results, ignore="")) == 3
    with pytest.raises(AnsibleFilterError, match="no kind of finding called 'age'"):
        found(*results, ignore="age")


def test_the_summary_is_one_sentence() -> None:
    results = [
        result("a-live", secret_changes=["value", "tags"]),
        result("b-live", failed=True, msg="No."),
        result("c-live"),
    ]
    judged = audit(results, time=NOW)
    assert judged["summary"] == (
        "3 findings in 2 of 3 targets (1 failed, 1 key_differs, 1 secret_differs): a-live, b-live."
    )
    assert judged["lines"][2] == "b-live: failed: No."
    nothing = audit([result()], time=NOW)
    assert nothing["summary"] == "Nothing was found in 1 target."
    assert nothing["lines"] == [nothing["summary"]]


def test_the_report_gets_findings_as_drift_and_no_predicted_changes() -> None:
    differs = result(changed=True, secret_changes=["value"])
    failed = {"target": "b", "failed": True, "msg": "No.", "changed": True}
    first, second, third = audit([differs, failed, {"target": "c"}], time=NOW)["results"]
    assert not first["changed"]
    assert first["drift"] == [
        "key_differs: Secret 'stripe/shop' holds another key than the given one."
    ]
    assert second["drift"] == []
    assert "changed" not in third


def test_every_kind_is_documented() -> None:
    assert [kind for kind in KINDS if f"C({kind})" not in RETURN] == []
    assert "max_age_days" in DOCUMENTATION


@pytest.mark.parametrize("fail", [True, False])
def test_a_target_fails_by_its_own_findings_if_it_is_to(fail: bool) -> None:
    results = {
        "a-live": {**result("a-live", secret_changes=["value"]), "api_key": None},
        "b-live": {**result("b-live"), "api_key": None},
        "c-live": {"failed": True, "msg": "No."},
    }
    outcomes = audit(results, time=NOW, fail=fail)["targets"]
    assert [outcomes[name].get("failed", False) for name in results] == [fail, False, fail]
    assert not any(outcome["changed"] for outcome in outcomes.values())
    if fail:
        assert outcomes["a-live"]["msg"].startswith("key_differs: Secret 'stripe/shop' holds")
        assert outcomes["c-live"]["msg"] == "failed: No."

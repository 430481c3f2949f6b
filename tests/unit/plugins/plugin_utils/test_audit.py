# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit finds, worked out from results."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

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


@pytest.mark.parametrize("secret_name", ["stripe/shop", None])
def test_a_definition_of_which_it_was_refused_to_say_where_it_leads_was_not_audited(
    secret_name: str | None,
) -> None:
    unread = {"verdict": "unknown", "reason": "Maia refuses it.", "failed": True}
    proof = [{"link": link, **unread} for link in ("location", "definition")]
    audited = audit([result(proof=proof, secret_name=secret_name)], time=NOW)
    (finding,) = audited["findings"]
    assert finding["kind"] == "failed"
    assert finding["text"] == (
        "Where secret definition 'stripe_shop-production' leads could not be read: Maia refuses it."
    )
    assert audited["targets"]["shop-production"]["failed"]
    assert audited["results"][0]["drift"] == [f"failed: {finding['text']}"]


@pytest.mark.parametrize(
    ("changes", "kinds"), [([], ["definition_differs"]), (["value"], ["key_differs"])]
)
def test_an_override_of_full_saas_leads_elsewhere_as_well(
    changes: list[str], kinds: list[str]
) -> None:
    proof = [{"link": "definition", "verdict": "contradicted", "reason": "It is overridden."}]
    hosted = result(vault="maia", secret_name=None, secret_changes=changes, proof=proof)
    assert [kind for _name, kind in found(hosted)] == kinds


def test_who_was_not_reached_was_not_audited() -> None:
    assert found({"target": "shop-test"}) == [("shop-test", "failed")]


@pytest.mark.parametrize(("most", "old"), [(0, False), (58, True), (59, False), (None, False)])
def test_age(most: int | None, old: bool) -> None:
    assert found(result(), max_age_days=most) == [("shop-production", "key_too_old")] * old


def test_a_secret_that_is_not_there_has_no_age() -> None:
    missing = result(secret_changes=["state", "value"])
    assert found(missing, max_age_days=1) == [("shop-production", "secret_missing")]


def test_one_key_in_several_environments() -> None:
    names = ["shop-production", "tax-production", "shop-live2", "shop-live3"]

    def sharing(name: str, **changed: Any) -> dict[str, Any]:
        others = [other for other in names if other != name]
        return result(name, api_key=key(), same_key=others, **changed)

    production, other, staging, _last = map(sharing, names)
    absent = sharing("shop-live3", state="absent")
    assert found(production, other, absent) == []
    findings = audit([production, other, staging], time=NOW)["findings"]
    assert [finding["kind"] for finding in findings] == ["key_shared"] * 3
    assert findings[0]["text"].endswith("the key of other environments: shop-live2.")
    assert findings[2]["text"].endswith("environments: shop-production, tax-production.")


def test_keys_that_only_show_alike_are_not_one() -> None:
    results = [result(f"shop-live{place}", api_key=key()) for place in range(3)]
    results[0]["same_key"] = []
    assert found(*results) == []


@pytest.mark.parametrize(
    ("ends", "within", "soon"),
    [
        ("2026-04-20T12:00:00+00:00", 30, True),
        ("2026-04-20T12:00:00+00:00", 19, False),
        ("2026-04-20T12:00:00+00:00", 20, True),
        ("2026-03-31T13:00:00Z", 0, True),
        (None, 30, False),
        ("never", 30, False),
    ],
)
def test_a_secret_that_expires_soon(ends: str | None, within: int, soon: bool) -> None:
    expiring = result(expires_on=ends)
    kinds = [("shop-production", "secret_expires_soon")] * soon
    assert found(expiring, expires_within_days=within) == kinds


def test_what_has_expired_is_told_once() -> None:
    expired = result(expires_on="2026-03-01T00:00:00Z", unreadable_because="It expired.")
    assert found(expired) == [("shop-production", "secret_unusable")]


@pytest.mark.parametrize("verdict", ["recorded", "unknown"])
def test_a_key_that_is_not_proven_is_a_finding_if_that_is_wanted(verdict: str) -> None:
    noted = result(verdict=verdict, unread_because="no right")
    assert found(noted) == []
    (finding,) = audit([noted, result("b-live")], time=NOW, recorded=True)["findings"]
    assert (finding["kind"], finding["target"]) == ("key_not_proven", "shop-production")
    assert finding["text"].endswith("its value was not read (no right).")
    gone = result(verdict=verdict, secret_changes=["state"])
    assert found(gone, recorded=True) == [("shop-production", "secret_missing")]


def test_groups_have_all_their_targets_the_largest_first() -> None:
    results = [
        result("a-live", secret_changes=["value", "tags"]),
        result("b-live", secret_changes=["tags"]),
        result("c-live"),
    ]
    judged = audit(results, time=NOW)
    assert [(each["kind"], each["targets"]) for each in judged["json"]["groups"]] == [
        ("secret_differs", ["a-live", "b-live"]),
        ("key_differs", ["a-live"]),
    ]
    assert judged["group_lines"][0] == (
        "2 secret_differs (the secret differs in something other than its value): a-live, b-live"
    )
    assert judged["json"]["targets"] == ["a-live", "b-live", "c-live"]


def test_junit_has_a_test_for_each_target() -> None:
    results = [
        result("a-live", secret_changes=["value", "tags"]),
        {"target": "b-live", "failed": True, "msg": "No <right> & no \x1b[31mkey."},
        result("c-live"),
    ]
    text = audit(results, time=NOW)["junit"]
    suite = ElementTree.fromstring(text).find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "1"]
    first, second, third = suite.findall("testcase")
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("message") == "key_differs, secret_differs"
    assert "key_differs: Secret 'stripe/shop' holds another key" in str(failure.text)
    error = second.find("error")
    assert error is not None
    assert str(error.text) == "failed: No <right> & no ?[31mkey."
    assert len(third) == 0


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
            "No target uses definition 'stripe_old' of project 'Shop'; its secret 'stripe/old' may"
            " be orphaned.",
        ),
        ("shop-live", "No target uses definition 'stripe_hosted' of project 'Shop'."),
    ]
    assert found(*results, orphans=False) == []


SERVICE = {"failed": True, "error": {"kind": "not_permitted"}, "msg": "No."}
MISSPELT = {"failed": True, "msg": "authorize_descripton is no variable."}
REFUSED = {"failed": True, "error": {"kind": "configuration"}, "msg": "authorize_x."}


@pytest.mark.parametrize(
    ("unread", "projects"),
    [
        # The project that it names may be a default, beside a misspelt variable with its own.
        ({"project": "Shop", **MISSPELT}, []),
        ({"project": "Shop", **REFUSED}, []),
        ({"project": None, **SERVICE}, []),
        # No other has this name, so it may be misspelt.
        ({"project": "Shpo", **SERVICE}, []),
        ({"project": "Shop", "changed": False, "skipped": True, "msg": "Not started."}, []),
        ({"project": "Shop", **SERVICE}, ["b-live"]),
    ],
)
def test_no_definition_is_orphaned_that_a_target_may_use_that_was_not_read(
    unread: dict[str, Any], projects: list[str]
) -> None:
    def seen(name: str, project: str) -> dict[str, Any]:
        unused = {"name": f"stripe_{project}_old", "secret_name": "stripe/old"}
        return result(name, project=project, definitions=[unused])

    results = [seen("a-live", "Shop"), seen("b-live", "Bills"), {"target": "c-live", **unread}]
    judged = audit(results, time=NOW)
    orphaned = [each for each in judged["findings"] if each["kind"] == "orphaned_definition"]
    assert [each["target"] for each in orphaned] == projects
    assert judged["notes"][0] == (
        "It is not known whether definition 'stripe_Shop_old' of project 'Shop' is in use, since"
        " what these targets use could not be read: c-live."
    )
    assert len(judged["notes"]) == 2 - len(projects)
    for left_out in ({"orphans": False}, {"ignore": ["orphaned_definition"]}):
        assert audit(results, time=NOW, **left_out)["notes"] == []


def test_other_test_environments() -> None:
    live = result(api_key=key())
    assert found(live, test_environments="^prod") == [("shop-production", "live_key_in_test")]


def test_findings_come_in_the_order_of_the_targets_and_can_be_left_out() -> None:
    results = [
        result("a-live", api_key=key(), same_key=["b-next"], secret_changes=["tags"]),
        result("b-next", api_key=key(), same_key=["a-live"]),
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


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("fail", "flase"),
        ("recorded", "ture"),
        ("orphans", "perhaps"),
        ("expires_within_days", "abc"),
        ("expires_within_days", True),
        ("max_age_days", "-1"),
        ("ignore", "failed"),
        ("ignore", ["key_too_old", "failed"]),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: str, given: object) -> None:
    told = {"ignore": "failed", **dict.fromkeys(("fail", "recorded", "orphans"), "neither true")}
    with pytest.raises(AnsibleFilterError, match=told.get(rule, str(given))):
        audit([], time=NOW, **{rule: given})


@pytest.mark.parametrize("pattern", ["(", "*prod", "a{99999999999}", "", " ", "test|", ["a"], 1])
def test_a_pattern_is_refused_before_it_is_needed(pattern: object) -> None:
    """No key is live here, so that nothing is compared with it."""
    with pytest.raises(AnsibleFilterError, match=r"\(audit_test_environments\)"):
        audit([], time=NOW, test_environments=pattern)


@pytest.mark.parametrize("kinds", [1, True, {"a": 1}, [1]])
def test_what_is_no_list_of_kinds_is_refused(kinds: object) -> None:
    with pytest.raises(AnsibleFilterError, match=r"\(audit_ignore\)"):
        audit([], time=NOW, ignore=kinds)


def test_rules_of_a_command_line_are_texts() -> None:
    given = {"fail": "no", "recorded": "yes", "max_age_days": "90", "expires_within_days": "0"}
    judged = audit([result("a-live", secret_changes=["value"])], time=NOW, **given)
    assert not judged["targets"]["a-live"].get("failed")


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
    assert nothing["summary"] == "No findings in 1 target."
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
    # Nothing is known of the last one.
    assert [outcomes[name].get("failed", False) for name in results] == [fail, False, True]
    assert not any(outcome["changed"] for outcome in outcomes.values())
    if fail:
        assert outcomes["a-live"]["msg"].startswith("key_differs: Secret 'stripe/shop' holds")
        assert outcomes["c-live"]["msg"] == "No."

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that playbooks for many targets end with."""

from __future__ import annotations

from typing import Any

from ansible_collections.maia.stripe_query.plugins.plugin_utils._table import table
from unit.keys import make_key

CHANGED = {"secret_name": "stripe/shop", "secret_changes": ["value"], "definition_changes": []}


def refused(secret: str, **changed: Any) -> dict[str, Any]:
    error = {
        "kind": "not_permitted",
        "subject": f"AWS secret '{secret}'",
        "attempt": "reading its value",
        "reason": "AWS does not permit it",
        "hint": "allow it",
        **changed,
    }
    msg = f"{error['subject']}: reading its value failed: {error['reason']}; {error['hint']}."
    return {"changed": False, "failed": True, "msg": msg, "error": error}


def contradicted(name: str, verdict: str = "contradicted") -> dict[str, Any]:
    link = {"link": "secret", "verdict": verdict, "reason": "It is another."}
    msg = f"Stripe Query in '{name}': The link 'secret' is {verdict}. It is another."
    return {"changed": False, "failed": True, "msg": msg, "proof": [link]}


def test_there_is_one_line_for_each_target_and_one_for_all() -> None:
    proof = [
        {"link": "secret", "verdict": "proven"},
        {"link": "location", "verdict": "unknown"},
        {"link": "definition", "verdict": "proven"},
    ]
    results: dict[str, dict[str, Any]] = {
        "test": {"vault": "aws", "changed": True, **CHANGED, "definition_changes": ["state"]},
        "production": {"vault": "snowflake", "changed": False, "proof": proof},
        "later": {"changed": False, "skipped": True, "msg": "Not started."},
    }
    assert table(results) == [
        "test        changed      aws        secret (value); definition added",
        "production  unchanged    snowflake  2 proven, 1 unknown",
        "later       not reached",
        "1 changed, 1 unchanged, 0 failed, 1 not reached",
    ]


def test_of_full_saas_a_row_says_only_what_was_done() -> None:
    hosted = {"vault": "maia", "changed": True, "secret_name": None}
    changes = {"secret_changes": ["state"], "definition_changes": ["state"]}
    results: dict[str, dict[str, Any]] = {
        "made": {**hosted, "state": "present", **changes},
        "gone": {**hosted, "state": "absent", **changes, "secret_changes": []},
    }
    assert table(results)[:2] == [
        "made  changed  maia  secret added",
        "gone  changed  maia  definition removed",
    ]


def test_what_failed_after_a_change_says_what_was_changed() -> None:
    results: dict[str, dict[str, Any]] = {
        "test": {**contradicted("test"), "vault": "aws", "changed": True, **CHANGED},
        "production": contradicted("production"),
        "other": {**contradicted("other"), "changed": True},
    }
    lines = table(results)
    assert lines[:4] == [
        "test        failed  aws  after secret (value); see below",
        "production  failed       see below",
        "other       failed       after a change; see below",
        "0 changed, 0 unchanged, 3 failed (2 after a change)",
    ]
    predicted = table(results, check_mode=True)
    assert predicted[0] == "test        failed  aws  see below"
    assert predicted[3] == "0 changed, 0 unchanged, 3 failed"


def test_a_prediction_is_called_one() -> None:
    lines = table({"test": {"vault": "aws", "changed": True, **CHANGED}}, check_mode=True)
    assert lines == [
        "test  would change  aws  secret (value)",
        "1 would change, 0 unchanged, 0 failed",
    ]


def test_a_label_of_a_secret_that_others_have_labels_in_is_removed() -> None:
    removed = {"vault": "aws", "changed": True, "state": "absent", "secret_changes": ["value"]}
    removed |= {"secret_name": "stripe", "definition_changes": ["state"]}
    line, _counts = table({"test": removed})
    assert line == "test  changed  aws  label removed; definition removed"


def test_failures_for_one_reason_are_told_once_with_all_their_targets() -> None:
    lines = table(
        {
            "a": refused("one"),
            "b": refused("two"),
            "c": refused("three", hint="turn it on"),
            "d": {"changed": False, "failed": True, "msg": "It has no environment."},
            **{name: contradicted(name) for name in "ef"},
            **{name: contradicted(name, "unknown") for name in "gh"},
        }
    )
    assert lines[8:15] == [
        "0 changed, 0 unchanged, 8 failed",
        "2 failed: AWS secret 'one', AWS secret 'two': reading its value failed: AWS does not",
        "    permit it; allow it. (a, b)",
        "1 failed: AWS secret 'three': reading its value failed: AWS does not permit it; turn it",
        "    on. (c)",
        "1 failed: It has no environment. (d)",
        "2 failed: The link 'secret' is contradicted. It is another. (e, f)",
    ]
    # Where nothing could be looked at.
    assert lines[15] == "2 failed: The link 'secret' is unknown. It is another. (g, h)"


def test_why_a_link_is_not_proven_is_told_once_for_all_that_it_is_about() -> None:
    def seen(*verdicts: str) -> dict[str, Any]:
        links = ("secret", "location", "definition")
        proof = [
            {"link": link, "verdict": verdict, "reason": f"It is {verdict}."}
            for link, verdict in zip(links, verdicts, strict=True)
        ]
        return {"changed": False, "proof": proof}

    lines = table(
        {
            "a": seen("proven", "unknown", "proven"),
            "b": seen("recorded", "unknown", "proven"),
            "c": {"failed": True, "msg": "No.", **seen("proven", "unknown", "contradicted")},
        }
    )
    assert lines[4:] == [
        "1 failed: No. (c)",
        "location unknown: It is unknown. (all)",
        "secret recorded: It is recorded. (b)",
    ]


def test_what_could_not_be_read_is_not_what_cannot_be_seen() -> None:
    refused = {"verdict": "unknown", "failed": True, "reason": "Maia refuses it."}
    proof = [
        {"link": "secret", "verdict": "proven", "reason": "It is."},
        {"link": "definition", **refused},
        {"link": "component", "verdict": "unknown", "reason": "None was given."},
    ]
    assert table({"a": {"changed": False, "proof": proof}}) == [
        "a  unchanged    1 proven, 1 not readable, 1 unknown",
        "0 changed, 1 unchanged, 0 failed",
        "component unknown: None was given. (all)",
    ]
    broken = table({"a": {"changed": False, "failed": True, "msg": "No.", "proof": proof}})
    assert broken[2] == "1 failed: No. (a)"


def test_what_a_preflight_names_would_change_and_what_an_audit_finds_would_not() -> None:
    planned = {"changed": False, "secret_changes": ["state"], "secret_name": "stripe"}
    assert table({"a": planned}) == [
        "a  would change    secret added",
        "1 would change, 0 unchanged, 0 failed",
    ]
    found = {**planned, "drift": ["secret_missing: There is no secret 'stripe'."]}
    assert table({"a": found})[0] == "a  with findings    see below"


def test_remarks_and_files_come_last() -> None:
    drift = {"target": "a", "changed": False, "drift": ["Component 'x' names 'y'."]}
    lines = table([drift], files=["/report.html", ""], remarks=["All is well."])
    assert lines == [
        "a  with findings    see below",
        "0 changed, 0 unchanged, 0 failed, 1 with findings",
        "a: Component 'x' names 'y'.",
        "Report: /report.html",
        "All is well.",
    ]


def test_a_text_about_several_targets_is_shown_once() -> None:
    drift = {"changed": False, "drift": ["It is old."]}
    assert table({"a": drift, "b": drift})[3:] == ["It is old. (a, b)"]


def test_a_long_row_goes_on_below_its_last_column() -> None:
    def changed(components: int, **more: Any) -> dict[str, Any]:
        names = [f"Load {number}" for number in range(components)]
        shown = [{"component": name, "changed": True} for name in names]
        return {"changed": True, "components": shown, **more}

    row, more, _total = table({"a": changed(10)})
    assert row.startswith("a  changed    components (Load 0, Load 1,")
    assert row.endswith("Load 8,")
    assert more == "              Load 9)"

    # Rather after a part than within it.
    proof = [{"link": "secret", "verdict": "proven", "reason": "It is."}] * 5
    row, more, *_others = table({"a-name-of-some-length": changed(6, proof=proof)})
    assert row.endswith("Load 5);")
    assert more == f"{' ' * 34}5 proven"

    row, more, *_others = table({"a" * 99: changed(10)})
    assert row.endswith("changed    components (Load 0, Load 1, Load 2, Load")
    assert more == f"{' ' * 112}3, Load 4, Load 5, Load 6, Load 7, Load"


def test_only_text_is_wrapped_and_only_the_first_targets_of_a_doubt_are_named() -> None:
    reason = (
        "A reason that takes more than one line, since it says everything that there is to say."
    )
    proof = [{"link": "location", "verdict": "unknown", "reason": reason}]
    results: dict[str, dict[str, Any]] = {
        f"a-host-with-a-name-of-some-length-{number}": {"changed": False, "proof": proof}
        for number in range(5)
    }
    lines = table({**results, "one": {"changed": False}}, remarks=["word " * 30])
    assert max(map(len, lines)) <= 89
    text = " ".join(line.strip() for line in lines[7:])
    assert f"location unknown: {reason} (" in text
    assert "length-2 and 2 more)" in text
    assert "length-3" not in text


def test_there_may_be_no_targets() -> None:
    assert table({}) == ["0 changed, 0 unchanged, 0 failed"]


def test_a_key_in_somebody_s_text_is_masked() -> None:
    key = make_key()
    assert key not in str(table({key: {"failed": True, "msg": f"No such key: {key}."}}))


def test_a_value_that_was_taken_over_unread_is_told() -> None:
    adopted = {
        "target": "a",
        "vault": "snowflake",
        "changed": True,
        "secret_name": "A",
        "secret_changes": ["ownership"],
        "value_read": False,
    }
    assert table([adopted])[0].endswith("secret (ownership); value not read")
    unchanged = {**adopted, "changed": False, "secret_changes": []}
    assert "read" not in "".join(table([unchanged]))

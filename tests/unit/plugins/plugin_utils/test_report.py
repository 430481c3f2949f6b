# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report shows, worked out from results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils._report import COLOURS, report
from unit.keys import make_key

TIME = "2026-03-31T12:00:00Z"


def result(**changed: Any) -> dict[str, Any]:
    place = {"target": "shop-test", "project": "Shop", "environment": "test"}
    return {**place, "changed": False, **changed}


def api_key(end: str, mode: str = "test", kind: str = "restricted") -> dict[str, str]:
    return {"kind": kind, "mode": mode, "masked": f"rk_{mode}_...{end}"}


def page(*results: dict[str, Any], **options: Any) -> dict[str, Any]:
    shown: dict[str, Any] = report(results, title="Keys", time=TIME, **options)["page"]
    return shown


def targets(*results: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    return [
        target
        for project in page(*results, **options)["projects"]
        for cell in project["cells"]
        for target in cell["targets"]
    ]


@pytest.mark.parametrize(
    ("told", "check_mode", "state"),
    [
        ({"changed": False}, False, "unchanged"),
        ({"changed": True}, False, "changed"),
        ({"changed": False}, True, "unchanged"),
        ({"changed": True}, True, "would change"),
        ({"failed": True}, False, "failed"),
        ({"failed": True, "changed": True}, True, "failed"),
        ({}, False, "not reached"),
        ({"failed": False}, False, "not reached"),
        ({"changed": False, "skipped": True}, False, "not reached"),
    ],
)
def test_state(told: dict[str, bool], check_mode: bool, state: str) -> None:
    (target,) = targets({"target": "shop-test", **told}, check_mode=check_mode)
    assert target["state"] == state


@pytest.mark.parametrize(
    ("told", "days"),
    [
        ({"last_changed": "2026-03-30T12:00:00Z"}, 1),
        ({"last_changed": "2026-03-30T12:00:01Z"}, 0),
        ({"last_changed": "2026-03-30T14:00:00+02:00"}, 1),
        ({"last_changed": "2026-03-01"}, 30),
        ({"created": "2026-03-21T12:00:00Z"}, 10),
        ({"created": "2026-01-01", "last_changed": "2026-03-21T12:00:00Z"}, 10),
        ({"last_changed": "2026-04-01T12:00:00Z"}, 0),
        ({"last_changed": "yesterday"}, None),
        ({"last_changed": None}, None),
        ({}, None),
    ],
)
def test_age(told: dict[str, str], days: int | None) -> None:
    (target,) = targets(result(**told))
    assert target["age_days"] == days


@pytest.mark.parametrize(
    ("limit", "overdue"), [(None, False), (0, False), (9, True), (10, False), (11, False)]
)
def test_overdue(limit: int | None, overdue: bool) -> None:
    (target,) = targets(result(last_changed="2026-03-21T12:00:00Z"), max_age_days=limit)
    assert (target["overdue"], target["concerns"]) == (overdue, ["overdue"] if overdue else [])


def test_keys_with_the_same_visible_end_get_the_same_number() -> None:
    ends = ["0001", "4242", "0002", "4242", "0003", "0003", "4242"]
    shown = targets(*(result(api_key=api_key(end)) for end in ends))
    assert [target["key_number"] for target in shown] == [None, 1, None, 1, 2, 2, 1]
    assert [target["key_uses"] for target in shown] == [None, 3, None, 3, 2, 2, 3]


def test_keys_that_differ_in_kind_or_mode_are_not_the_same() -> None:
    keys = [api_key("4242"), api_key("4242", mode="live"), api_key("4242", kind="secret"), None, {}]
    shown = targets(*(result(api_key=key) for key in keys))
    assert {target["key_number"] for target in shown} == {None}


def test_numbers_go_on_when_the_colours_are_used_up() -> None:
    ends = [f"{number // 2:04}" for number in range(2 * COLOURS + 2)]
    shown = targets(*(result(api_key=api_key(end)) for end in ends))
    assert shown[-1]["key_number"] == COLOURS + 1
    assert shown[-1]["key_colour"] == 1


def test_concerns_and_reasons() -> None:
    proof = [
        {"link": "key to vault", "verdict": "proven", "reason": None},
        {"link": "vault to definition", "verdict": "contradicted", "reason": "Another one."},
        {"link": "key to Stripe", "verdict": "unknown", "reason": "Not asked."},
    ]
    (target,) = targets(result(proof=proof, drift="Tags differ."))
    assert target["concerns"] == ["contradicted", "drift"]
    assert target["reasons"] == ["Tags differ.", "vault to definition: Another one."]
    assert target["contradicted"] == 1


@pytest.mark.parametrize(
    ("proof", "changes", "verdict", "shown"),
    [
        pytest.param(None, [], "recorded", "recorded", id="only what the module knew"),
        pytest.param(None, [], None, "", id="nothing was compared"),
        pytest.param(None, ["value"], "contradicted", "", id="another value was written since"),
        pytest.param("recorded", ["value"], "contradicted", "recorded", id="written, not readable"),
        pytest.param("proven", [], "recorded", "proven", id="a proof reads"),
        pytest.param("unknown", [], None, "unknown", id="a proof that could not"),
    ],
)
def test_the_verdict_on_the_key_is_shown_counted_and_to_be_filtered_by(
    proof: str | None, changes: list[str], verdict: str | None, shown: str
) -> None:
    links = [{"link": "secret", "verdict": proof, "reason": None}] if proof else None
    one = result(proof=links, secret_changes=changes, verdict=verdict)
    about = page(one)
    (target,) = targets(one)
    assert target["verdict"] == shown
    assert about["totals"]["verdicts"] == ({shown: 1} if shown else {})
    assert about["verdicts"] == ([shown] if shown else [])


def test_projects_are_rows_and_environments_are_columns() -> None:
    places = [("shop", "production"), ("Billing", "dev"), ("shop", "dev"), ("shop", "dev")]
    rows = page(
        *(
            result(target=str(number), project=project, environment=environment)
            for number, (project, environment) in enumerate(places)
        )
    )
    assert rows["environments"] == ["production", "dev"]
    found = {
        project["name"]: [[t["target"] for t in cell["targets"]] for cell in project["cells"]]
        for project in rows["projects"]
    }
    assert found == {"Billing": [[], ["1"]], "shop": [["0"], ["2", "3"]]}
    assert list(found) == ["Billing", "shop"]


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["Shop 10", "shop 9", "Shop 2b", "Shop 2a"]
    rows = page(*(result(project=name) for name in names))["projects"]
    assert [row["name"] for row in rows] == ["Shop 2a", "Shop 2b", "shop 9", "Shop 10"]


def test_what_rows_are_sorted_by() -> None:
    (row,) = page(
        result(failed=True),
        result(failed=True, drift=["Gone."]),
        result(last_changed="2026-03-21T12:00:00Z", drift=["Gone.", "And so on."]),
        result(last_changed="2026-03-01T12:00:00Z"),
    )["projects"]
    assert (row["failed"], row["concerns"], row["oldest"]) == (2, 2, 30)


def test_what_failed_most_comes_first_and_then_what_is_of_concern() -> None:
    failed, drifts = {"failed": True, "msg": "No."}, {"drift": ["It differs."]}
    rows = page(
        result(project="A"),
        result(project="B", **drifts),
        result(project="C", **failed),
        result(project="D", **failed),
        result(project="D", **failed),
    )["projects"]
    assert [row["name"] for row in rows] == ["D", "C", "B", "A"]


def test_totals() -> None:
    told = report(
        [
            result(),
            result(changed=True, api_key=api_key("4242")),
            result(project="Other", environment="live", drift=["Gone."], api_key=api_key("4242")),
        ],
        title="Keys",
        time=TIME,
    )
    assert told["json"]["totals"] == {
        "targets": 3,
        "projects": 2,
        "environments": 2,
        "states": {"failed": 0, "changed": 1, "unchanged": 2},
        "concerns": {"drift": 1},
        "verdicts": {},
        "shared_keys": 1,
    }


def test_a_target_may_tell_nothing_but_its_name() -> None:
    (target,) = targets({"target": "shop-test"})
    assert (target["project"], target["environment"]) == ("shop-test", "")


def test_no_results() -> None:
    assert page()["totals"]["targets"] == 0


def test_all_text_is_html() -> None:
    nasty = """{{ 1 }}{% <script>"'&"""
    told = result(
        **dict.fromkeys(("target", "project", "environment", "vault", "msg"), nasty),
        api_key={"kind": nasty, "mode": nasty, "masked": nasty},
        proof=[{"link": nasty, "verdict": "contradicted", "reason": nasty}],
        permissions={nasty: nasty},
        verification={"status": nasty},
        drift=[nasty],
        secret_changes=[nasty],
    )
    shown = report([told, told], title=nasty, time=TIME)["page"]
    texts = json.dumps(shown, ensure_ascii=False)
    assert "<" not in texts
    assert "{{ 1" not in texts
    assert "{%" not in texts
    assert "'" not in texts
    assert '\\"' not in texts
    assert texts.count("&lt;script&gt;&quot;&#x27;&amp;") > 20


def test_json_holds_the_results_as_they_are() -> None:
    results = [result(project='<b>"Ünï" {{ 1 + 1 }}', drift=["<"]), {"target": "other", "extra": 1}]
    told = report(results, title="Keys & more", time=TIME, check_mode=True)["json"]
    assert told["results"] == results
    assert (told["title"], told["time"], told["check_mode"]) == ("Keys & more", TIME, True)


@pytest.mark.parametrize("kind", ["rk", "sk"])
def test_a_key_that_got_into_a_message_is_masked(kind: str) -> None:
    key = make_key(kind)
    told = report([result(failed=True, msg=f"Refused: {key}.", drift=[key])], title="K", time=TIME)
    assert key not in json.dumps(told)
    assert told["json"]["results"][0]["msg"] == "Refused: ********."


def test_the_nonce_depends_on_all_data_and_on_nothing_else() -> None:
    one, same, other = (page(result(drift=[text]))["nonce"] for text in ("a", "a", "b"))
    assert one == same != other


GONE: dict[str, Any] = {"state": "absent", "secret_changes": [], "definition_changes": []}
LEFT = {**GONE, "secret_changes": ["state"], "definition_changes": ["state"]}
DRIFT = {"drift": ["not_revoked: It is still there."]}


@pytest.mark.parametrize(
    ("told", "check_mode", "said"),
    [
        ({**LEFT, "changed": True}, False, "key removed"),
        ({**LEFT, "changed": True}, True, "key would be removed"),
        # Of a preflight, which is not in check mode.
        (LEFT, False, "key would be removed"),
        (GONE, False, "no key"),
        ({**GONE, "drift": []}, True, "no key"),
        # Of an audit, and of a run that failed or did not begin.
        ({**LEFT, **DRIFT}, True, ""),
        ({**LEFT, "changed": True, "failed": True}, False, ""),
        ({**GONE, "skipped": True}, False, ""),
        # Of a rotation, which does not look at it.
        ({"state": "absent", "secret_changes": None}, False, ""),
        ({**LEFT, "changed": True, "state": "present"}, False, ""),
        # The secret that it named is there still.
        ({**GONE, "changed": True, "vault": "maia"}, False, "definition removed"),
        ({**GONE, "vault": "maia"}, False, "no definition"),
    ],
)
def test_a_key_is_said_to_be_removed_only_where_it_was(
    told: dict[str, Any], check_mode: bool, said: str
) -> None:
    (target,) = targets(result(**told), check_mode=check_mode)
    assert target["removed"] == said


@pytest.mark.parametrize(
    ("told", "check_mode", "age"),
    [
        ({"secret_changes": ["value"], "changed": True}, False, 0),
        ({"secret_changes": ["value"]}, True, 59),
        ({"secret_changes": ["tags"]}, False, 59),
        ({"state": "absent", "secret_changes": ["state"]}, False, None),
    ],
)
def test_the_age_is_that_of_the_key_after_the_run(
    told: dict[str, Any], check_mode: bool, age: int | None
) -> None:
    (target,) = targets(result(last_changed="2026-01-31T12:00:00Z", **told), check_mode=check_mode)
    assert target["age_days"] == age

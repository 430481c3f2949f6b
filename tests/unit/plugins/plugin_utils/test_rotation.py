# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told about the old key after a rotation."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.maia.stripe_query.plugins.filter.rotation import FilterModule

rotation = FilterModule().filters()["rotation"]

NOW = "2026-03-31T12:00:00Z"
MOST = "The old key works until you expire it. If it was rolled, it works until the time that was"
MAY = "You may expire it in Stripe's dashboard"
DO_NOT = "Do not expire the old key in Stripe before the others have it"
OLD = {"kind": "restricted", "mode": "live", "masked": "rk_live_...1111"}
NEW = {"kind": "restricted", "mode": "live", "masked": "rk_live_...4242"}


def target(name: str, proven: str | None = "proven", /, **changed: Any) -> dict[str, Any]:
    """One whose key replaced another in this run. proven: the verdict of the proof afterwards."""
    proof = [
        {"link": "secret", "verdict": proven, "reason": ""},
        {"link": "location", "verdict": "unknown", "reason": ""},
    ]
    return {
        "target": name,
        "vault": "aws",
        "state": "present",
        "changed": True,
        "secret_changes": ["value"],
        "verdict": "contradicted",
        "verification": {"status": "valid", "reason": None, "account": None},
        "api_key": NEW,
        "proof": proof if proven else None,
        **changed,
    }


def unchanged(name: str, proven: str = "proven", /, **changed: Any) -> dict[str, Any]:
    same = {"changed": False, "secret_changes": [], "verdict": proven}
    return target(name, proven, **{**same, **changed})


FAILED = {"target": "failed", "changed": True, "failed": True, "msg": "no"}
UNREACHED = {"target": "unreached"}
SKIPPED = {"target": "skipped", "changed": False, "skipped": True}


@pytest.mark.parametrize(
    ("results", "told"),
    [
        (
            [target("a")],
            f"The only environment has the new key, as is proven (rk_live_...4242). {MOST}",
        ),
        ([target("a"), target("b")], "All 2 environments have the new key, as is proven ("),
        ([target("a"), unchanged("b")], "All 2 environments have the new key, as is proven ("),
        (
            [target("a", secret_changes=["state", "value"], verdict=None)],
            "The only environment has the new key, as is proven",
        ),
        (
            [target("a"), target("b", "recorded")],
            "the new key, as is proven for 1; the other 1 was written in this run (",
        ),
        (
            [target("a", "recorded")],
            "has the new key, which was written in this run and cannot be read back (",
        ),
        (
            [target("a"), FAILED],
            f"1 of 2 environments is known to have the given key. {DO_NOT}: failed.",
        ),
        ([UNREACHED], f"0 of 1 environments are known to have the given key. {DO_NOT}: unreached."),
        (
            [target("a"), SKIPPED],
            f"1 of 2 environments is known to have the given key. {DO_NOT}: skipped.",
        ),
        ([UNREACHED] * 5, f"{DO_NOT}: unreached, unreached, unreached and 2 more."),
    ],
)
def test_what_it_depends_on(results: list[dict[str, Any]], told: str) -> None:
    text = rotation(results, time=NOW)
    assert told in text
    assert (MAY in text) == (DO_NOT not in text)


@pytest.mark.parametrize("verdict", ["recorded", "unknown", None])
@pytest.mark.parametrize("changes", [[], ["comment"]])
def test_no_advice_to_expire_a_key_rests_on_our_note_alone(
    verdict: str | None, changes: list[str]
) -> None:
    noted = [target(name, verdict, secret_changes=changes, verdict=verdict) for name in ("b", "c")]
    text = rotation([target("a"), *noted], time=NOW)
    assert MAY not in text
    assert "have the new key" not in text
    assert "in 2 of 3, nor was it written there in this run: b, c. Do not expire" in text
    assert "authorize_update_value=always" in text


def test_no_advice_while_targets_of_the_inventory_were_left_out_of_the_run() -> None:
    text = rotation([target("a")], time=NOW, others=["e", "d", "c", "b"])
    assert MAY not in text
    assert "4 targets were not looked at" in text
    assert "authorize_hosts: b, c, d and 1 more. Do not expire" in text


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(unchanged("b", api_key=OLD), id="its key file was forgotten"),
        pytest.param(unchanged("b", api_key=None), id="which key it has is not known"),
        pytest.param(
            target("b", api_key=OLD, verdict=None), id="always wrote perhaps the same key anew"
        ),
        pytest.param(target("b", api_key=OLD, verdict="unknown"), id="a value_version went up"),
    ],
)
def test_no_advice_while_a_target_may_have_been_given_the_old_key_again(
    kept: dict[str, Any],
) -> None:
    text = rotation([target("a"), kept], time=NOW)
    assert MAY not in text
    assert "In 1 of 2 the given key is not known to have replaced another in this run: b" in text
    assert ("b (rk_live_...1111)." in text) == (kept["api_key"] is OLD)


@pytest.mark.parametrize(
    "results",
    [
        [unchanged("a")],
        [unchanged("a"), unchanged("b", api_key=OLD)],
        [target("a", "recorded", verdict=None)],
    ],
)
def test_no_advice_where_no_key_was_replaced(results: list[dict[str, Any]]) -> None:
    text = rotation(results, time=NOW)
    assert text.startswith("No key is known to have been replaced in this run")
    assert "Do not expire any key in Stripe because of this run." in text
    assert MAY not in text


def test_a_key_that_was_stored_before_something_failed_is_not_passed_over() -> None:
    text = rotation([target("a"), target("b", "contradicted", failed=True), FAILED], time=NOW)
    assert text.startswith(
        "1 of 3 environments is known to have the given key. 1 more got it in this run and failed"
        f" after that: b. {DO_NOT}: failed."
    )
    text = rotation([target("a"), target("b", "contradicted", failed=True)], time=NOW)
    assert "failed after that: b. Do not expire the old key in Stripe before these succeed." in text
    assert MAY not in text


def test_a_revoked_target_does_not_count() -> None:
    absent = {"target": "z", "state": "absent", "changed": False, "secret_changes": []}
    text = rotation([target("a"), absent], time=NOW)
    assert text.startswith("The only environment has the new key")
    assert MAY in text
    assert "1 of 2 environments is known to have" in rotation(
        [target("a"), {**absent, "failed": True}], time=NOW
    )
    assert MAY not in rotation([absent], time=NOW)


def test_a_wave_does_not_count_a_note_as_a_key_that_is_there() -> None:
    text = rotation([target("a"), unchanged("b", "recorded"), UNREACHED], time=NOW)
    assert (
        "1 of 3 environments is known to have the given key; 1 more may have it, which is not"
        " proven." in text
    )


@pytest.mark.parametrize("vault", ["snowflake", "maia"])
def test_a_rollback_is_not_promised_where_the_vault_keeps_no_versions(vault: str) -> None:
    text = rotation([target("a"), target("b", "recorded", vault=vault)], time=NOW)
    assert "keep the old key for authorize_old_api_key_file" in text
    assert text.endswith("the vault keeps no version before in b.")
    alone = rotation([target("b", "recorded", vault=vault)], time=NOW)
    assert "rollback can bring it back." not in alone


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        ("2026-04-07T12:00:00Z", "works until 2026-04-07 12:00 UTC, for 7 days more."),
        ("2026-04-02T11:00:00Z", "works until 2026-04-02 11:00 UTC, for 47 hours more."),
        ("2026-03-31T15:00:00+02:00", "works until 2026-03-31 13:00 UTC, for 1 hour more."),
        ("2026-03-31T12:59:00Z", "works until 2026-03-31 12:59 UTC, for less than an hour more."),
    ],
)
def test_how_long_the_old_key_works(expires: str, told: str) -> None:
    text = rotation([target("a")], time=NOW, expires=expires)
    assert told in text
    assert f"{MAY}, under Developers > API keys, once no pipeline runs any more" in text
    assert "began before 2026-03-31 12:00 UTC." in text


def test_an_old_key_that_has_ended_cannot_be_brought_back() -> None:
    text = rotation([target("a")], time=NOW, expires="2026-03-31T11:00:00Z")
    assert text.endswith("The old key should have expired on 2026-03-31 11:00 UTC.")


def old_key(status: str, reason: str | None = None, /, *, given: bool = False) -> dict[str, Any]:
    return {"masked": "rk_live_...1111", "status": status, "reason": reason, "given": given}


@pytest.mark.parametrize(
    ("status", "reason", "told", "may"),
    [
        ("ended", "it has expired or was rolled", "no longer accepts the old key (rk_", False),
        ("works", None, "Stripe still accepts the old key (rk_live_...1111).", True),
        (
            "unknown",
            "Stripe is busy (HTTP 429)",
            "It is not known whether Stripe still accepts the old key (rk_live_...1111): Stripe is"
            " busy (HTTP 429).",
            True,
        ),
    ],
)
def test_what_stripe_says_of_the_old_key_counts(
    status: str, reason: str | None, told: str, may: bool
) -> None:
    """Also where the run has only found what an earlier one did: that is how it is resumed."""
    kept = unchanged("b", old_key=old_key(status, reason), wave=0, waves=0)
    text = rotation([kept], time=NOW)
    assert told in text
    assert text.startswith("The only environment has the new key, as is proven; 1 of them had it")
    assert (MAY in text) == may
    assert ("maia.stripe_query.audit reminds you" in text) == may


def test_what_is_given_is_compared_with_the_old_key() -> None:
    forgotten = unchanged("b", api_key=OLD, old_key=old_key("works", given=True))
    text = rotation([target("a", old_key=old_key("works")), forgotten], time=NOW)
    assert MAY not in text
    assert "In 1 of 2 the given key is the old one (rk_live_...1111): b. Give the new one" in text
    assert MAY not in rotation([forgotten], time=NOW)


@pytest.mark.parametrize("said", [None, {"status": "unverified"}, {"status": "not_asked"}])
def test_no_advice_unless_stripe_says_that_the_new_key_is_valid(
    said: dict[str, Any] | None,
) -> None:
    text = rotation([target("a"), target("b", verification=said)], time=NOW)
    assert MAY not in text
    assert "Stripe has not said that the new key is valid in 1 of 2: b. Do not expire" in text


def test_a_run_that_stopped_says_where_it_stands() -> None:
    results = [
        unchanged("a", wave=0, waves=3),
        target("b", wave=1, waves=3),
        {**FAILED, "wave": 0, "waves": 3},
        {**FAILED, "wave": 2, "waves": 3},
        {**SKIPPED, "wave": None, "waves": 3},
    ]
    text = rotation(results, time=NOW)
    assert text.startswith(
        "2 of 5 environments are known to have the given key. 1 of them had it before this run."
        f" Wave 2 of 3 was the last to begin. {DO_NOT}: failed, failed, skipped."
    )
    assert text.endswith("run the same command again to go on with the others.")


def test_who_has_the_old_key_cannot_work_once_it_has_ended() -> None:
    ended = old_key("ended", "it has expired or was rolled")
    text = rotation([target("a", old_key=ended), {**FAILED, "old_key": ended}], time=NOW)
    assert "These cannot load anything before they have it: failed." in text
    assert DO_NOT not in text


def test_no_moment_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="'soon' is no moment; give one such as 2026-"):
        rotation([target("a")], time=NOW, expires="soon")

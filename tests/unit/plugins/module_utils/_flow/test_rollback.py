# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which key a rollback brings back, which it leaves, and what it checks before it writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validated
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.rollback import ROLLBACK
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Situation
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import KnownVariables
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.earlier import (
    NoEarlierVersionError,
)
from unit.keys import make_key

OLD, NEW, READ = make_key(), make_key(), make_key()
SHOP = {
    "name": "shop",
    "authorize_project": "Shop",
    "authorize_environment": "test",
    "authorize_azure": {"vault_name": "vault"},
}
HAS_OLD, HAS_NEW = {"authorize_old_api_key": OLD}, {"authorize_api_key": NEW}
LIVE, VERIFIED = {"authorize_expected_mode": "live"}, {"authorize_verify": "stripe"}
HELD = {"verdict": "proven", "changes": [], "name": "stripe/shop"}
ANOTHER = {"verdict": "contradicted", "changes": ["value"], "name": "stripe/shop"}
UNSURE = {"failed": True, "msg": "It may not be read."}
SHORT = ConfigurationError("Stripe API key", "it is too short", "give the whole key")
NO_KEY = {"failed": True, **SHORT.to_result()}
NONE_BEFORE = NoEarlierVersionError("Secret 'shop'", "it has none", "give a key")
THAT, OTHER = ({"version": "v1", "in_effect": False, "holds_key": holds} for holds in (True, False))
DONE = {**OTHER, "in_effect": True}


def go(
    given: Mapping[str, Any], *, vault: str = "aws", **found: Any
) -> tuple[dict[str, Mapping[str, Any]], Situation]:
    """What is asked for, by the calls' names in order. found: what each of them returns."""
    variables = KnownVariables(validated).of(
        {**SHOP, "authorize_vault": vault, "authorize_secret_name": "stripe/shop", **given},
        ROLLBACK,
    )
    situation = Situation("shop", ROLLBACK.prepare(variables))
    made: dict[str, Mapping[str, Any]] = {}
    for call in ROLLBACK.calls:
        if call.when(situation) and (step := call.step_for(situation)) is not None:
            known = call.known(situation)
            if known is None:
                (options,) = call.options(situation)
                made[call.result] = step.params(situation.variables, options, validated)
                situation.keys |= {"earlier": READ} if call.result == "earlier" else {}
            situation.results[call.result] = known or found.get(call.result, {})
        call.check(situation, validated)
    return made, situation


@pytest.mark.parametrize(
    ("given", "found", "made"),
    [
        pytest.param({}, {}, ["secret"], id="no key is given, as it always was"),
        pytest.param(HAS_OLD, {"old": ANOTHER, "earlier": THAT}, ["old", "earlier", "secret"]),
        pytest.param(HAS_OLD, {"old": UNSURE, "earlier": THAT}, ["old", "earlier", "secret"]),
        pytest.param(HAS_OLD, {"old": HELD}, ["old"], id="it was not rotated"),
        pytest.param(HAS_OLD | LIVE, {"old": HELD}, ["old", "key"]),
        pytest.param(HAS_NEW, {"new": HELD}, ["new", "secret"]),
        pytest.param(
            *(HAS_NEW, {"new": ANOTHER, "earlier": DONE}, ["new", "earlier", "secret"]),
            id="a second run",
        ),
        pytest.param(
            *(HAS_NEW | {"authorize_rolled_back_to": "v1"}, {}, ["secret"]),
            id="the version is named",
        ),
        pytest.param(
            HAS_NEW | HAS_OLD, {"old": ANOTHER, "earlier": THAT}, ["old", "earlier", "secret"]
        ),
        pytest.param(LIVE, {"earlier": OTHER}, ["earlier", "key", "secret"]),
        pytest.param(VERIFIED, {"earlier": OTHER}, ["earlier", "key", "secret"]),
        pytest.param({"authorize_guards": True}, {"earlier": DONE}, ["earlier", "key", "secret"]),
    ],
)
def test_what_is_looked_at_checked_and_done(
    given: dict[str, Any], found: dict[str, Any], made: list[str]
) -> None:
    asked, situation = go(given, **found)
    assert list(asked) == made
    if "secret" in asked:
        expected = "v1" if "earlier" in asked else situation["rolled_back_to"]
        assert asked["secret"]["rolled_back_to"] == expected
        assert asked["secret"]["api_key"] is None
    if "key" in asked:
        assert asked["key"]["api_key"] == (OLD if HAS_OLD.items() <= given.items() else READ)
        assert asked["key"]["verify"] == (situation["verify"] == "stripe")
        assert asked["key"]["on_unverified"] == "fail"


@pytest.mark.parametrize(
    ("given", "read", "compared"),
    [
        (LIVE, True, None),
        (HAS_OLD | LIVE, False, "old"),
        (HAS_NEW | LIVE, True, "new"),
        (HAS_NEW, False, "new"),
    ],
)
def test_a_key_that_is_given_is_not_read(
    given: dict[str, Any], read: bool, compared: str | None
) -> None:
    """So that it takes no right that the rollback itself does not need."""
    done = {**THAT, "in_effect": True}
    asked, _situation = go(given, old=ANOTHER, new=ANOTHER, earlier=done)
    assert asked["earlier"]["read"] == read
    assert asked["earlier"]["api_key"] == {"old": OLD, "new": NEW, None: None}[compared]


@pytest.mark.parametrize(
    ("vault", "given", "found", "says"),
    [
        (
            *("aws", HAS_OLD, {"old": ANOTHER, "earlier": OTHER}),
            "rolling it back failed: the version to go back to does not hold the key in"
            " authorize_old_api_key, nor does the current one; leave the host out with --limit if"
            " it was not rotated, or give its own old key, or the id of its version in"
            " authorize_rolled_back_to.",
        ),
        (
            *("azure", HAS_OLD, {"old": UNSURE, "earlier": OTHER}),
            "authorize_old_api_key, and whether the current one does is unknown: It may not be"
            " read; leave",
        ),
        (
            *("aws", HAS_NEW, {"new": ANOTHER, "earlier": THAT}),
            "rolling it back failed: its vault does not hold the key in authorize_api_key, and the"
            " version to go back to does: it was not rotated to that one, or the inventory has the"
            " old key again; leave the host out with --limit if it was not rotated; if that is the"
            " old key, run authorize, which stores it.",
        ),
        (
            *("aws", HAS_NEW, {"new": ANOTHER, "earlier": OTHER}),
            "rolling it back failed: its vault does not hold the key in authorize_api_key, so it"
            " was not rotated to that one, and the version to go back to may be older than the key"
            " that it has; leave the host out with --limit, or give its own old key in"
            " authorize_old_api_key_file.",
        ),
        (
            *("snowflake", HAS_OLD | HAS_NEW, {"old": ANOTHER, "new": ANOTHER}),
            "the key in authorize_old_api_key may be older than the key that it has",
        ),
    ],
)
def test_what_was_not_rotated_is_not_rolled_back(
    vault: str, given: dict[str, Any], found: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConflictError) as refused:
        go(given, vault=vault, **found)
    assert says in str(refused.value)


def test_an_old_key_that_is_none_is_the_cause() -> None:
    """Unless a version holds just that text."""
    with pytest.raises(ConfigurationError, match=f"^{SHORT}$"):
        go(HAS_OLD, old=NO_KEY, earlier=OTHER)
    asked, _situation = go(HAS_OLD, old=NO_KEY, earlier=THAT)
    assert "secret" in asked


@pytest.mark.parametrize(
    ("old", "error", "told"),
    [
        (NO_KEY, NONE_BEFORE, str(SHORT)),
        (
            *(ANOTHER, NONE_BEFORE),
            "Secret 'shop': rolling it back failed: it has none; leave the host out with --limit if"
            " it was not rotated; if it was, run authorize with its old key, which stores it.",
        ),
        (ANOTHER, SHORT, str(SHORT)),
    ],
)
def test_what_a_vault_says_is_told_with_what_to_do_for_a_host(
    old: dict[str, Any], error: CollectionError, told: str
) -> None:
    situation = Situation("shop", {}, results={"old": old})
    calls = [call for call in ROLLBACK.calls if call.result in ("earlier", "secret")]
    assert [str(call.told(situation, error)) for call in calls] == [told, told]


@pytest.mark.parametrize("vault", ["snowflake", "maia"])
@pytest.mark.parametrize(
    ("given", "found", "made"),
    [
        (HAS_OLD, {"old": ANOTHER}, ["old", "secret"]),
        (HAS_OLD, {"old": HELD}, ["old", "secret"]),
        (HAS_OLD | LIVE, {"old": ANOTHER}, ["old", "key", "secret"]),
        (HAS_OLD | HAS_NEW, {"old": ANOTHER, "new": HELD}, ["old", "new", "secret"]),
        (HAS_OLD | HAS_NEW, {"old": HELD}, ["old", "secret"]),
        (HAS_OLD | HAS_NEW, {"old": ANOTHER, "new": UNSURE}, ["old", "new", "secret"]),
        (HAS_OLD | {"authorize_api_key": OLD}, {"old": ANOTHER}, ["old", "secret"]),
    ],
)
def test_where_no_version_is_kept_the_old_key_is_stored(
    vault: str, given: dict[str, Any], found: dict[str, Any], made: list[str]
) -> None:
    asked, _situation = go(given, vault=vault, **found)
    assert list(asked) == made
    assert asked["secret"]["api_key"] == OLD
    if "new" in asked:
        assert asked["new"]["api_key"] == NEW


def test_the_new_key_is_never_stored_in_place_of_the_old_one() -> None:
    with pytest.raises(ConfigurationError, match="keeps no earlier version of a secret"):
        go(HAS_NEW, vault="snowflake")


def test_a_target_that_has_the_old_key_says_so() -> None:
    _asked, situation = go(HAS_OLD, old={**HELD, "changes": ["ownership"]})
    result = ROLLBACK.outcome(situation)
    assert (result["changed"], result["secret_changes"]) == (False, [])
    assert result["msg"] == "Its vault holds the old key, so there was nothing to bring back."


@pytest.mark.parametrize("wrong", ["", ["a list"]])
def test_a_new_key_that_is_wrong_is_left_out_where_something_else_decides(wrong: Any) -> None:
    """In the night of a rollback the place that it comes from may be gone."""
    named = {"authorize_rolled_back_to": "an id"}
    asked, _situation = go({"authorize_api_key": wrong, **named})
    assert list(asked) == ["secret"]
    with pytest.raises(ConfigurationError, match="authorize_label"):
        go({"authorize_api_key": wrong, "authorize_label": "", **named})
    with pytest.raises(ConfigurationError, match="authorize_api_key"):
        go({"authorize_api_key": wrong})


def test_an_old_key_that_is_wrong_is_never_left_out() -> None:
    """It says which key is to come back, whatever else does."""
    with pytest.raises(ConfigurationError, match="authorize_old_api_key"):
        go({"authorize_old_api_key": {}, "authorize_rolled_back_to": "an id", **HAS_NEW})


@pytest.mark.parametrize(
    ("error", "more"),
    [
        ({}, ""),
        ({"error": {"kind": "authentication"}}, ""),
        (
            {"error": {"kind": "not_permitted"}},
            ", or set authorize_api_key to null to go back one version whatever it is",
        ),
    ],
)
def test_a_new_key_that_cannot_be_read_is_not_left_out(error: dict[str, Any], more: str) -> None:
    unread = {"failed": True, "msg": "Its mode 0644 gives rights to others.", **error}
    with pytest.raises(ConflictError) as refused:
        go(HAS_NEW, new=unread)
    assert str(refused.value).endswith(
        "rolling it back failed: it is not known whether it was rotated to the key in"
        " authorize_api_key: Its mode 0644 gives rights to others; correct that or give the old key"
        f" in authorize_old_api_key_file{more}."
    )

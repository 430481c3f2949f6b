# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of waves, and what stops the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.old_key import OLD_KEY
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Flow
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import Done
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import Values
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.rotation import (
    STAGE,
    Plan,
    rotate,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.threads import (
    Limits,
    Rollout,
    Work,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.waves import wave_sizes

TARGETS = [{"name": name, "authorize_api_key_env": "KEY"} for name in "abcdef"]
# One that has its key.
FINE = {
    "changed": False,
    "api_key": {"kind": "restricted"},
    "state": "present",
    "secret_changes": [],
    "verdict": "proven",
}
ROTATES = {"changed": True, "secret_changes": ["value"], "verdict": "contradicted"}


@pytest.mark.parametrize(
    ("waves", "targets", "sizes"),
    [
        pytest.param([], 5, (), id="none"),
        pytest.param(["1", "10%", "100%"], 50, (1, 5, 44), id="percentages are of all targets"),
        pytest.param(["1", "10%", "100%"], 2, (1, 1), id="a percentage is one target at least"),
        pytest.param(["2"], 5, (2, 2, 1), id="the last one is that of all after it"),
        pytest.param(["100%"], 0, (), id="no targets"),
        pytest.param([" 3", "100% "], 4, (3, 1), id="blanks"),
    ],
)
def test_waves_are_as_large_as_ansible_s_serial_says(
    waves: Sequence[str], targets: int, sizes: tuple[int, ...]
) -> None:
    assert wave_sizes(waves, targets) == sizes


@pytest.mark.parametrize("wave", ["0", "0%", "-1", "101%", "ten", "1.5", ""])
def test_what_is_no_size_is_refused(wave: str) -> None:
    with pytest.raises(
        ConfigurationError,
        match=rf"Option waves \(authorize_serial\): '{wave}' is neither a number",
    ):
        wave_sizes(["1", wave], 5)


def run(failing: str, percentage: float, *waves: int) -> tuple[dict[str, Done], list[str]]:
    """What came of it, and what was told."""

    def work(target: Values) -> Done:
        failed = {"failed": True, "msg": "no"} if target["name"] in failing else {}
        return Done(target["name"], {"changed": False, **failed})

    told: list[str] = []
    rollout = Rollout(Limits(4, percentage, waves), told.append, lambda: 0)
    return rollout.run(TARGETS, work), told


def started(done: dict[str, Done]) -> str:
    return "".join(name for name in sorted(done) if not done[name].result.get("skipped"))


@pytest.mark.parametrize(
    ("failing", "percentage", "begun"),
    [
        ("", 0, "abcdef"),
        pytest.param("b", 0, "abc", id="the others of the wave are done"),
        pytest.param("a", 0, "a", id="the first one alone"),
        pytest.param("b", 50, "abcdef", id="half of the wave is not more than half"),
        pytest.param("bc", 50, "abc", id="all of the wave is"),
        pytest.param("f", 0, "abcdef", id="nothing is left to stop"),
    ],
)
def test_no_wave_begins_after_one_in_which_too_many_failed(
    failing: str, percentage: float, begun: str
) -> None:
    done, _told = run(failing, percentage, 1, 2, 3)
    assert started(done) == begun
    assert done.keys() == set("abcdef")


def test_each_wave_is_told_when_it_is_done() -> None:
    assert run("b", 0, 1, 2, 3)[1] == [
        "wave 1 of 3: 0 changed, 1 unchanged, 0 failed",
        "wave 2 of 3: 0 changed, 1 unchanged, 1 failed",
    ]


def rotated(
    staged: dict[str, Values],
    waves: Sequence[str] = ("1", "1", "100%"),
    canary: Sequence[str] = (),
    fails: str = "",
    percentage: float = 0,
    targets: Sequence[dict[str, Any]] = TARGETS,
) -> tuple[dict[str, Done], list[str]]:
    """What came of it, and which targets were worked on, in order. staged: what differs from FINE.

    fails: the targets that fail when they are worked on.
    """
    worked: list[str] = []

    def work(flow: Flow) -> Work:
        def look(target: Values) -> Done:
            return Done(target["name"], {**FINE, **staged.get(target["name"], {})})

        def write(target: Values) -> Done:
            worked.append(target["name"])
            failed = {"failed": True, "msg": "no"} if target["name"] in fails else {}
            return Done(target["name"], {"changed": True, **failed})

        def ask(target: Values) -> Done:
            status = {"masked": "...1111", "status": "works"}
            return Done(target["name"], {"changed": False, "old_key": status})

        return look if flow is STAGE else ask if flow is OLD_KEY else write

    rollout = Rollout(Limits(1, percentage), lambda _text: None, lambda: 0)
    return dict(rotate(targets, work, rollout, Plan(waves, canary))), worked


def waves_of(done: dict[str, Done]) -> dict[str, int | None]:
    return {name: done[name].result["wave"] for name in sorted(done)}


def test_the_waves_are_those_of_the_targets_whose_key_changes() -> None:
    """What has its key already is proven first, counted apart, and never the canary."""
    done, worked = rotated(dict.fromkeys("bdf", ROTATES))
    assert "".join(worked) == "acebdf"
    assert waves_of(done) == {"a": 0, "b": 1, "c": 0, "d": 2, "e": 0, "f": 3}
    assert {each.result["waves"] for each in done.values()} == {3}


def test_percentages_are_of_the_targets_whose_key_changes() -> None:
    done, _worked = rotated(dict.fromkeys("abcd", ROTATES), waves=("1", "50%", "100%"))
    assert waves_of(done) == {"a": 1, "b": 2, "c": 2, "d": 3, "e": 0, "f": 0}


@pytest.mark.parametrize(
    ("canary", "order"),
    [
        pytest.param("d", "da", id="it replaces the first size"),
        pytest.param("df", "dfab", id="all of them are one wave"),
        pytest.param("de", "da", id="one that has its key was a canary before"),
        pytest.param("e", "ab", id="without any left, it begins as ever"),
    ],
)
def test_the_canary_is_who_is_named(canary: str, order: str) -> None:
    done, worked = rotated(dict.fromkeys("abcdf", ROTATES), waves=("1", "100%"), canary=canary)
    waves = waves_of(done)
    first = [name for name in worked if waves[name] == 1]
    assert first == [name for name in canary if name != "e"] or order.startswith("ab")
    assert "".join(name for name in worked if name != "e").startswith(order)


def test_a_canary_that_is_no_target_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="nowhere is no target of this run"):
        rotated({}, canary=["nowhere"])


def test_nothing_more_is_begun_if_what_has_its_key_cannot_be_proven() -> None:
    done, worked = rotated(dict.fromkeys("bdf", ROTATES), fails="c")
    assert "".join(worked) == "ace"
    assert waves_of(done) == {"a": 0, "b": None, "c": 0, "d": None, "e": 0, "f": None}
    assert done["b"].result["msg"].startswith("Not started, since targets that have the new key")
    _done, worked = rotated(dict.fromkeys("bdf", ROTATES), fails="c", percentage=40)
    assert "".join(worked) == "acebdf"


def test_a_wave_of_which_one_cannot_be_proven_is_the_last() -> None:
    done, worked = rotated(dict.fromkeys("abcdef", ROTATES), fails="b")
    assert "".join(worked) == "ab"
    assert waves_of(done) == {"a": 1, "b": 2, "c": None, "d": None, "e": None, "f": None}


@pytest.mark.parametrize(
    "staged",
    [
        {"secret_changes": ["state", "value"], "verdict": None},
        {"secret_changes": [], "verdict": "unknown"},
        {"secret_changes": [], "verdict": None},
    ],
)
def test_what_may_get_another_key_belongs_to_the_waves(staged: Values) -> None:
    assert waves_of(rotated({"c": staged})[0])["c"] == 1


def test_metadata_alone_make_no_canary() -> None:
    changes = {"changed": True, "secret_changes": ["tags"], "verdict": "recorded"}
    assert waves_of(rotated({"a": changes, "b": ROTATES})[0]) == {
        **dict.fromkeys("acdef", 0),
        "b": 1,
    }


def test_stripe_is_asked_about_the_old_key_when_all_is_done() -> None:
    done, _worked = rotated({"a": ROTATES})
    assert {each.result["old_key"]["status"] for each in done.values()} == {"works"}


@pytest.mark.parametrize(
    ("staged", "msg"),
    [
        ({"failed": True, "msg": "It is expired."}, "It is expired."),
        ({"api_key": None}, "There is no new key; give authorize_api_key_file, "),
    ],
)
def test_a_rotation_writes_nothing_if_one_key_cannot_be_stored(staged: Values, msg: str) -> None:
    done, worked = rotated({"c": staged, "b": ROTATES})
    assert worked == []
    assert started(done) == "c"
    assert done["c"].failed
    assert done["c"].result["msg"].startswith(msg)


def test_a_target_that_is_to_be_absent_is_left_alone() -> None:
    gone = {**TARGETS[0], "authorize_state": "absent"}
    done, worked = rotated(dict.fromkeys("abcd", ROTATES), targets=[gone, *TARGETS[1:]])
    assert gone["name"] not in worked
    assert len(worked) == len(TARGETS) - 1
    left = done[gone["name"]]
    assert (left.outcome, left.result["state"]) == ("unchanged", "absent")
    assert "rotate deletes nothing" in left.result["msg"]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of waves, and what stops the next one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import AUDIT
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.situation import Flow, Values
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import Done
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.rotation import rotate
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.threads import (
    Limits,
    Rollout,
    Work,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.waves import wave_sizes

TARGETS = [{"name": name} for name in "abcdef"]
FINE = {"changed": False, "api_key": {"kind": "restricted"}, "state": "present"}


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
    with pytest.raises(ConfigurationError, match=f"Option waves: '{wave}' is neither a number"):
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


def rotated(staged: dict[str, Values]) -> tuple[dict[str, Done], list[str]]:
    """What came of it, and which targets were written, in order. staged: what differs from FINE."""
    written: list[str] = []

    def work(flow: Flow) -> Work:
        def look(target: Values) -> Done:
            return Done(target["name"], {**FINE, **staged.get(target["name"], {})})

        def write(target: Values) -> Done:
            written.append(target["name"])
            return Done(target["name"], {"changed": True})

        return look if flow is AUDIT else write

    rollout = Rollout(Limits(1, 0, (1, 1, 4)), lambda _text: None, lambda: 0)
    return dict(rotate(TARGETS, work, rollout)), written


def test_a_rotation_begins_with_what_changes() -> None:
    _done, written = rotated({"d": {"changed": True}, "b": {"changed": True}})
    assert "".join(written) == "bdacef"


@pytest.mark.parametrize(
    ("staged", "msg"),
    [
        ({"failed": True, "msg": "It is expired."}, "It is expired."),
        ({"api_key": None}, "There is no new key; give authorize_api_key_file, "),
    ],
)
def test_a_rotation_writes_nothing_if_one_key_cannot_be_stored(staged: Values, msg: str) -> None:
    done, written = rotated({"c": staged, "b": {"changed": True}})
    assert written == []
    assert started(done) == "c"
    assert done["c"].failed
    assert done["c"].result["msg"].startswith(msg)


def test_a_target_that_is_to_be_absent_needs_no_key() -> None:
    _done, written = rotated({"c": {"api_key": None, "state": "absent"}})
    assert len(written) == len(TARGETS)

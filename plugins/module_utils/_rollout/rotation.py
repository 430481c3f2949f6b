# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation: wave by wave over the targets whose key changes, each wave proven before the next.

Nothing is written before every new key was checked and everything was compared. Targets that have
the given key already are proven first: they are what an earlier run got done, and if that does not
stand, no more is begun. So a run that was stopped is resumed by running it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._core.errors import ConfigurationError
from .._core.wording import listed
from .._flow.flows import AUTHORIZE
from .._flow.old_key import OLD_KEY, check_old_key
from .._flow.outcome import holds_key
from .._flow.situation import Flow, Situation, is_absent
from .._flow.target import Done, place_of
from .threads import Rollout, Work, counts_of, failed, not_started
from .waves import option, wave_sizes

ROTATE = "rotate"


def _staged(situation: Situation) -> dict[str, Any]:
    """Raises ConfigurationError for an old key that is of no use: it is asked for last of all."""
    check_old_key(situation)
    return AUTHORIZE.outcome(situation)


# What a rotation would do, before it is done.
STAGE = replace(AUTHORIZE, outcome=_staged, predicts=True)
_NO_KEY = (
    "There is no new key; give authorize_api_key_file, authorize_api_key_env or authorize_api_key."
)
_ABSENT = "Left alone, since its authorize_state is absent, and rotate deletes nothing."
_REFUSED = "Not started, since the new keys of other targets cannot be stored."
_UNPROVEN = "Not started, since targets that have the new key already could not be proven."

Targets = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Plan:
    """waves: as Ansible's serial. canary: the targets that are the first wave, in place of the
    first of these sizes; none to begin with any.
    """

    waves: Sequence[str]
    canary: Sequence[str] = ()

    def check(self, targets: Targets) -> None:
        """Raises ConfigurationError."""
        unknown = sorted(set(self.canary) - {target["name"] for target in targets})
        if unknown:
            raise ConfigurationError(
                option("canary"),
                f"{listed(unknown)} is no target of this run",
                "name targets that are, and whose authorize_state is not absent, or leave it out",
            )
        wave_sizes(self.waves, len(targets))

    def ordered(self, rotating: Targets) -> Targets:
        """The canary first."""
        return sorted(rotating, key=lambda target: target["name"] not in self.canary)

    def sizes(self, rotating: Targets) -> tuple[int, ...]:
        """Of the waves of those whose key changes. A canary that has its key was one before."""
        first = sum(target["name"] in self.canary for target in rotating)
        if not first:
            return wave_sizes(self.waves, len(rotating))
        later = self.waves[1:] or self.waves
        return (first, *wave_sizes(later, len(rotating) - first))


def rotate(
    targets: Targets, work: Callable[[Flow], Work], rollout: Rollout, plan: Plan
) -> Mapping[str, Done]:
    """What came of each target, by its name. work: does for a target what a flow says.

    Each result has a `wave`: 0 of a target that had its key before, otherwise the number of its
    wave, or None if that was not begun; and `waves`, how many there were to be.
    """
    gone = [target for target in targets if is_absent(target)]
    targets = [target for target in targets if target not in gone]
    done = _rotated(targets, work, rollout, plan)
    return {**done, **{target["name"]: _left_alone(target) for target in gone}}


def _left_alone(target: Mapping[str, Any]) -> Done:
    """Unchanged, and not one that was not reached: it is to have no key, so it waits for none."""
    what = {"state": "absent", "changed": False, "msg": _ABSENT}
    return Done(target["name"], {**place_of(target), **what})


def _rotated(
    targets: Targets, work: Callable[[Flow], Work], rollout: Rollout, plan: Plan
) -> Mapping[str, Done]:
    plan.check(targets)
    staged = rollout.look(targets, work(STAGE))
    refused = {target["name"]: _refused(target, staged[target["name"]]) for target in targets}
    if any(refused.values()):
        return {
            target["name"]: refused[target["name"]] or not_started(target, _REFUSED)
            for target in targets
        }
    kept = [target for target in targets if _has_its_key(staged[target["name"]])]
    rotating = plan.ordered([target for target in targets if target not in kept])
    sizes = plan.sizes(rotating)
    done = _waves(kept, rotating, sizes, work(AUTHORIZE), rollout)
    return _with_old_keys(targets, _numbered(kept, rotating, sizes, done), work, rollout)


def _waves(
    kept: Targets, rotating: Targets, sizes: Sequence[int], work: Work, rollout: Rollout
) -> dict[str, Done]:
    done: dict[str, Done] = {}
    if kept:
        done = rollout.look(kept, work)
        counts = counts_of(done.values())
        rollout.say(f"{len(kept)} had the given key already: {counts['failed']} failed")
        if rollout.limits.exceeded(counts["failed"], len(kept)):
            return done | {each["name"]: not_started(each, _UNPROVEN) for each in rotating}
    limits = replace(rollout.limits, waves=sizes)
    return done | (replace(rollout, limits=limits).run(rotating, work) if rotating else {})


def _has_its_key(staged: Done) -> bool:
    """Whether nothing speaks against it that the vault holds the given key."""
    return holds_key({**staged.result, "changes": staged.result.get("secret_changes")})


def _numbered(
    kept: Targets, rotating: Targets, sizes: Sequence[int], done: Mapping[str, Done]
) -> dict[str, Done]:
    numbers: dict[str, int] = {target["name"]: 0 for target in kept}
    waves = [
        number for number, size in enumerate(sizes or [len(rotating)], 1) for _each in range(size)
    ]
    numbers |= {target["name"]: wave for target, wave in zip(rotating, waves, strict=True)}
    return {
        name: replace(
            each,
            result={
                **each.result,
                "wave": None if each.result.get("skipped") else numbers[name],
                "waves": max(waves, default=0),
            },
        )
        for name, each in done.items()
    }


def _with_old_keys(
    targets: Targets, done: Mapping[str, Done], work: Callable[[Flow], Work], rollout: Rollout
) -> dict[str, Done]:
    """With what Stripe says of the old keys, last of all."""
    seen = rollout.look(targets, work(OLD_KEY))
    return {
        name: replace(each, result={**each.result, "old_key": seen[name].result.get("old_key")})
        for name, each in done.items()
    }


def _refused(target: Mapping[str, Any], staged: Done) -> Done | None:
    """The failure of a target whose new key cannot be stored, or was not looked at any more.

    Nothing was changed.
    """
    if staged.failed or staged.result.get("skipped"):
        return Done(staged.name, {**staged.result, "changed": False}, [], staged.warnings)
    return None if staged.result["api_key"] else failed(target, msg=_NO_KEY)

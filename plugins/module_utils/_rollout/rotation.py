# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotation: nothing is written before every new key was checked and everything was compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._flow.flows import AUDIT, AUTHORIZE
from .._flow.situation import Flow
from .._flow.target import Done, place_of
from .threads import Rollout, Work, not_started

ROTATE = "rotate"
_NO_KEY = (
    "There is no new key; give authorize_api_key_file, authorize_api_key_env or authorize_api_key."
)
_REFUSED = "Not started, since the new keys of other targets cannot be stored."


def rotate(
    targets: Sequence[dict[str, Any]], work: Callable[[Flow], Work], rollout: Rollout
) -> Mapping[str, Done]:
    """What came of each target, by its name. work: does for a target what a flow says.

    Those of which it is known that something would change come first: so that one of them is the
    first wave.
    """
    staged = rollout.look(targets, work(AUDIT))
    refused = {target["name"]: _refused(target, staged[target["name"]]) for target in targets}
    if any(refused.values()):
        return {
            target["name"]: refused[target["name"]] or not_started(target, _REFUSED)
            for target in targets
        }
    ordered = sorted(targets, key=lambda target: not staged[target["name"]].changed)
    return rollout.run(ordered, work(AUTHORIZE))


def _refused(target: Mapping[str, Any], staged: Done) -> Done | None:
    """The failure of a target whose new key cannot be stored. Nothing was changed."""
    if staged.failed:
        return Done(staged.name, {**staged.result, "changed": False}, [], staged.warnings)
    if staged.result["api_key"] or staged.result["state"] == "absent":
        return None
    return Done(staged.name, {**place_of(target), "changed": False, "failed": True, "msg": _NO_KEY})

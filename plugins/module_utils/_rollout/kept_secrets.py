# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that were kept since the definition of a later target named them, or one of their name.

What shares the secret has deleted it by now; what has another one of its name, in another place,
has let go of that name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._flow.target import Done
from .threads import Limits, Rollout, Work, counts_of

_KEPT = frozenset({"secret_kept", "drift"})
_OF_FIRST = frozenset({"definition_changes", "components"})


def delete_kept(
    targets: Sequence[dict[str, Any]], done: Mapping[str, Done], work: Work, rollout: Rollout
) -> dict[str, Done]:
    """What came of each target once it was tried again. A rollout that stopped stays so."""
    kept = [each for each in targets if done[each["name"]].result.get("secret_kept")]
    if not kept or counts_of(done.values())["not_started"]:
        return dict(done)
    rollout.say(f"trying again to delete what others named: {len(kept)} targets")
    limits = Limits(rollout.limits.threads, 100.0)
    again = replace(rollout, limits=limits).run(kept, work)
    return {**done, **{name: _both(done[name], again[name]) for name in again}}


def _both(first: Done, again: Done) -> Done:
    """The definition and the components are of the first time; that it was kept is told anew."""
    earlier = {name: held for name, held in first.result.items() if name not in _KEPT}
    of_first = {name: earlier[name] for name in _OF_FIRST & earlier.keys()}
    result = {**earlier, **again.result, **of_first, "changed": first.changed or again.changed}
    told = [text for text in first.warnings if text not in first.result["drift"]]
    return replace(
        again,
        result=result,
        diffs=[*first.diffs, *again.diffs],
        warnings=[*told, *again.warnings],
    )

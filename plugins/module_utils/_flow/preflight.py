# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a first run: whether all would be done for a target, check by check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from .._core.verdicts import CONTRADICTED, PROVEN, UNKNOWN
from .flows import any_error, beside_definition, evidence, has_components, here, pointing
from .proof import Evidence, Finding, Link, error_finding, pointer_of, prove
from .situation import Call, Flow, Situation, Values
from .steps import (
    CHECK_KEY,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    SET_COMPONENTS,
)
from .variables import has_key
from .vaults import VAULTS


def _asks_stripe(situation: Situation) -> bool:
    return situation.present and has_key(situation.variables)


def _secret_is_known(situation: Situation) -> bool:
    known = "changes" in situation.result("secret")
    return beside_definition(situation) and (known or not situation.present)


def _key(seen: Values) -> Finding:
    """Whether Stripe takes it, whatever authorize_verify says."""
    if not seen:
        return UNKNOWN, "No key was given."
    verification = seen["verification"]
    if verification["status"] != "valid":
        return UNKNOWN, f"It could not be verified: {verification['reason']}."
    return PROVEN, "Stripe takes it."


def _maia(seen: Values) -> Finding:
    return PROVEN, f"It has project and environment by these names; the runner: {seen['vault']}."


def _would(seen: Values) -> Finding:
    """What a run would do to an object."""
    if not seen:
        return UNKNOWN, "It could not be looked at without what comes before."
    if seen.get("unreadable_because"):
        return CONTRADICTED, str(seen["unreadable_because"])
    changes = list(seen["changes"])
    if "state" in changes:
        return PROVEN, "It would be created, deleted or restored."
    if changes:
        return PROVEN, f"It is there; these would change: {', '.join(changes)}."
    return PROVEN, "It is there and as it should be."


def _components(seen: Values) -> Finding:
    if not seen:
        return UNKNOWN, "No pipeline files were given to look at."
    return PROVEN, f"Found: {len(seen['components'])}."


# By the name of the call, in the order in which they are shown.
_CHECKS: dict[str, Callable[[Values], Finding]] = {
    "key": _key,
    "runner": _maia,
    "secret": _would,
    "definition": _would,
    "components": _components,
}


def _link(name: str, seen: Evidence) -> Link:
    """One of those of a proof."""
    return {link.link: link for link in prove(seen)}[name]


def _overridden(situation: Situation) -> Finding | None:
    """An override of this environment that leads elsewhere, which a run leaves as it is."""
    seen = evidence(situation)
    if "overrides" not in (pointer_of(seen) or {}):
        return None
    link = _link("definition", seen)
    return (CONTRADICTED, link.reason) if link.verdict == CONTRADICTED else None


def _error(seen: Values) -> Finding:
    """Whatever the error is, a run would meet it too; another time it may be over."""
    _verdict, reason = error_finding(seen)
    over = (seen.get("error") or {}).get("kind") == "transient"
    return (UNKNOWN if over else CONTRADICTED), reason


def _checks(situation: Situation) -> Iterable[Link]:
    hosted = situation.vault_id in VAULTS and situation.vault.in_definition
    for name, tell in _CHECKS.items():
        if name == "definition" and hosted:
            continue  # the secret's own
        seen = situation.result(name)
        verdict, reason = _error(seen) if seen.get("failed") else tell(seen)
        if name == "definition" and verdict == PROVEN:
            verdict, reason = _overridden(situation) or (verdict, reason)
        yield Link(name, verdict, reason)
        if name == "runner":
            # Errors of the others say nothing about it.
            alone = replace(evidence(situation), secret={}, definitions={}, components={})
            yield _link("vault", alone)


def _checked(situation: Situation) -> dict[str, Any]:
    links = list(_checks(situation))
    # Where it could not be looked, a run would get no further either.
    wrong = [
        f"{link.link}: {link.reason}"
        for link in links
        if link.verdict == CONTRADICTED or situation.result(link.link).get("failed")
    ]
    failure = {"failed": True, "msg": f"{situation.target}: {' '.join(wrong)}"}
    return {
        "project": situation["project"],
        "environment": situation["environment"],
        "vault": situation.vault_id,
        "changed": False,
        "secret_name": situation.result("secret").get("name"),
        "secret_changes": situation.result("secret").get("changes"),
        "definition_name": situation["definition_name"],
        "definition_changes": situation.result("definition").get("changes"),
        "proof": [link.to_result() for link in links],
        **(failure if wrong else {}),
    }


def _call(name: str, step: Any, **how: Any) -> Call:
    return Call(name, step, reads=True, tolerates=any_error, **how)


PREFLIGHT = Flow(
    (
        _call("key", CHECK_KEY, when=_asks_stripe, options=lambda _target: ({"verify": True},)),
        _call("runner", FIND_VAULT),
        _call("secret", KEEP_SECRET, when=lambda target: target.vault_id in VAULTS),
        _call("definition", KEEP_DEFINITION, when=_secret_is_known, options=pointing),
        _call("definitions", LIST_DEFINITIONS, options=here),
        _call("components", SET_COMPONENTS, when=has_components),
    ),
    _checked,
    predicts=True,
)

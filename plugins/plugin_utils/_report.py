# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report's page shows, worked out from the results of a run.

Ansible's templates do not escape, not even where Jinja2 is told to. So all text leaves here as
HTML already, and no template can forget to escape it.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..module_utils._core.redaction import Redactor
from ..module_utils._core.verdicts import CONTRADICTED, PROVEN, RECORDED, VERDICTS
from ..module_utils._flow.vaults import VAULTS
from ._reasons import reasons, text_of

# Results as they are given: one after another, or by their targets' names.
Results = Iterable[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]]
# A result as the role authorize leaves it, and what the page shows of it.
Result = dict[str, Any]
Target = dict[str, Any]

# In the order in which they are listed. A target is in one state, and may have several concerns.
STATES = ("failed", "not reached", "would change", "changed", "unchanged")
CONCERNS = ("contradicted", "drift", "overdue")
# What a target tells in plain text, if it tells it.
_TEXTS = (
    *("target", "project", "environment", "vault", "secret_name", "definition_name"),
    *("fingerprint", "verified_by", "unread_because", "created", "last_changed", "value_since"),
)
# What is said of a target that is to have no key, by its state.
_REMOVED = {
    "changed": "{} removed",
    "would change": "{} would be removed",
    "unchanged": "no {}",
}
# How many colours the style has for keys; the keys' numbers go on.
COLOURS = 12


def report(
    results: Results,
    *,
    title: str,
    time: str,
    check_mode: bool = False,
    max_age_days: int | None = None,
) -> dict[str, Any]:
    """What the JSON file holds ("json"), and what the page shows, as HTML ("page").

    time: when the run was, in ISO 8601. max_age_days: older keys are marked; None or 0 for none.
    """
    data = _without_keys(named(results))
    targets = [_target(result, time, check_mode, max_age_days) for result in data]
    environments = list(dict.fromkeys(target["environment"] for target in targets))
    targets.sort(key=lambda target: (_alphabetical(target["project"]), target["project"]))
    failures = [text for text, _about in reasons(data)]
    _number_shared_keys(targets)
    about = {"title": title, "time": time, "check_mode": check_mode, "totals": _totals(targets)}
    page = {
        **about,
        "max_age_days": max_age_days or None,
        "failures": failures,
        "environments": environments,
        "projects": _projects(targets, environments),
        "vaults": _distinct(targets, "vault"),
        "modes": _distinct(targets, "mode"),
        "verdicts": [verdict for verdict in VERDICTS if verdict in _distinct(targets, "verdict")],
    }
    # No data can contain its own hash, so none can pass for the page's own script or style.
    nonce = hashlib.sha256(json.dumps([about, data]).encode()).hexdigest()
    return {
        "json": {**about, "results": data},
        "page": {**_as_html(page), "nonce": nonce},
    }


def _without_keys(results: Iterable[Mapping[str, Any]]) -> list[Result]:
    """The results as plain data, without anything that looks like a Stripe key.

    The collection's own results hold none, but a message may come from anywhere.
    """
    # Masked first: that visits every item, which json does not do with Ansible's lazy lists.
    masked = Redactor().mask_data(list(results))
    data: list[Result] = json.loads(json.dumps(masked, default=str))
    return data


def _target(result: Result, time: str, check_mode: bool, max_age_days: int | None) -> Target:
    check_mode = check_mode or _is_planned(result)
    key = result.get("api_key") or {}
    proof = result.get("proof") or []
    drift = result.get("drift") or []
    drift = [drift] if isinstance(drift, str) else drift
    contradicted = [link for link in proof if link.get("verdict") == CONTRADICTED]
    age = _age(result, time, check_mode)
    target = {
        **{field: text_of(result.get(field)) for field in _TEXTS},
        **{field: result.get(field) or [] for field in ("secret_changes", "definition_changes")},
        "verification": [text for text in (result.get("verification") or {}).values() if text],
        "permissions": result.get("permissions") or {},
        "state": state_of(result, check_mode),
        "removed": _removed(result, check_mode),
        "key": key if key.get("masked") else None,
        "stored": _is_stored(result, check_mode),
        "mode": text_of(key.get("mode")),
        "age_days": age,
        "age": _age_in_words(result, age),
        "overdue": age is not None and bool(max_age_days) and age > (max_age_days or 0),
        "drift": drift,
        "proof": proof,
        "contradicted": len(contradicted),
        "verdict": _verdict(result),
        "reasons": [
            *filter(None, [text_of(result.get("msg"))]),
            *drift,
            *(f"{link.get('link')}: {link.get('reason')}" for link in contradicted),
        ],
    }
    target["project"] = target["project"] or target["target"]
    target["concerns"] = [concern for concern in CONCERNS if target[concern]]
    return target


def _is_stored(result: Result, check_mode: bool) -> bool:
    """Whether the key that is shown, which is the given one, is known to be in the vault."""
    if not reached(result) or result.get("failed"):
        return False
    changes = result.get("secret_changes") or ()
    if "value" in changes:
        return not check_mode
    if "state" in changes and check_mode:  # it is deleted still
        return False
    return _verdict(result) in (PROVEN, RECORDED)


def _removed(result: Result, check_mode: bool) -> str:
    """What was done to a target that is to have no key; "" if that is not so, or not known.

    What an audit finds is there still. In Full SaaS the key stays, and its definition goes.
    """
    state = state_of(result, check_mode)
    if result.get("state") != "absent" or state not in _REMOVED or result.get("secret_kept"):
        return ""
    found = result.get("secret_changes"), result.get("definition_changes")
    # Lists without anything to do, where it was looked at.
    if state == "unchanged" and (found[0] is None or any(found)):
        return ""
    vault = VAULTS.get(text_of(result.get("vault")))
    return _REMOVED[state].format("definition" if vault and vault.in_definition else "key")


def _age_in_words(result: Result, age: int | None) -> str:
    """That an age is not known is said as well, of a key that is there; "" without one."""
    if age is not None:
        return f"stored {age} day{'' if age == 1 else 's'} ago" if age else "stored today"
    looked_at = reached(result) and not result.get("failed") and "value_since" in result
    there = result.get("state") != "absent" and "state" not in (result.get("secret_changes") or ())
    return "age of key unknown" if looked_at and there else ""


def _verdict(result: Result) -> str:
    """Whether the vault holds the given key, and how that is known; "" if it was not asked.

    A proof is read after what was written. Without one, what was known before says nothing once
    another value is written.
    """
    for link in result.get("proof") or []:
        if link.get("link") == "secret":
            return text_of(link.get("verdict"))
    return "" if "value" in (result.get("secret_changes") or ()) else text_of(result.get("verdict"))


def named(results: Results) -> Iterable[Mapping[str, Any]]:
    """Results with their targets' names, which authorize_targets has them by."""
    if not isinstance(results, Mapping):
        return results
    return [{"target": name, **result} for name, result in results.items()]


def state_of(result: Mapping[str, Any], check_mode: bool) -> str:
    """One of STATES."""
    if result.get("failed"):
        return "failed"
    if not reached(result):
        return "not reached"
    if not result["changed"]:
        return "would change" if _is_planned(result) else "unchanged"
    return "would change" if check_mode else "changed"


def _is_planned(result: Mapping[str, Any]) -> bool:
    """Whether a preflight, which changes nothing itself, names changes of a run to come.

    What an audit finds is drift.
    """
    if result.get("changed") or result.get("failed") or "drift" in result:
        return False
    return bool(result.get("secret_changes") or result.get("definition_changes"))


def reached(result: Mapping[str, Any]) -> bool:
    """Whether the run came to this target; a bulk rollout that stops skips the rest."""
    return "changed" in result and not result.get("skipped")


def _age(result: Result, time: str, check_mode: bool) -> int | None:
    """Whole days. What results tell is from before the run, which may have stored a new key."""
    if result.get("state") == "absent":
        return None
    if not check_mode and "value" in (result.get("secret_changes") or ()):
        return 0
    return age_in_days(result, time)


def days_until(moment: object, time: str) -> int | None:
    """Whole days from the time to the moment, both in ISO 8601; None without one."""
    try:
        return max(0, (utc(str(moment)) - utc(time)).days) if moment else None
    except ValueError:
        return None


def age_in_days(result: Mapping[str, Any], time: str) -> int | None:
    """Whole days from when the stored value was written to the time; None if that is not known.

    Results of release 1.0.0 only say when the secret was last changed.
    """
    former = result.get("last_changed") or result.get("created")
    try:
        moment = str(result.get("value_since", former))
        return max(0, (utc(time) - utc(moment)).days)
    except ValueError:
        return None


def utc(text: str) -> datetime:
    """A moment in ISO 8601; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number_shared_keys(targets: Sequence[Target]) -> None:
    """Give each key that several targets have a number and a colour, for all that can be seen.

    Fingerprints are salted for each place, so equal keys have different ones. What can be
    compared is the kind, the mode and the visible end.
    """
    uses = Counter(_visible(target) for target in targets if target["key"])
    shared = [visible for visible, count in uses.items() if count > 1]
    numbers = {visible: number for number, visible in enumerate(shared, start=1)}
    for target in targets:
        number = numbers.get(_visible(target)) if target["key"] else None
        target["key_number"] = number
        target["key_colour"] = (number - 1) % COLOURS + 1 if number else None
        target["key_uses"] = uses[_visible(target)] if number else None


def _visible(target: Target) -> tuple[Any, ...]:
    key = target["key"] or {}
    return key.get("kind"), key.get("mode"), key.get("masked")


def _alphabetical(name: str) -> str:
    """As the page's own script sorts: "Project 2" before "Project 10"."""
    return re.sub(r"\d+", lambda number: number[0].zfill(20), name.casefold())


def _projects(targets: Sequence[Target], environments: Sequence[str]) -> list[dict[str, Any]]:
    """The page's rows: a project's targets by environment, and what rows are sorted by."""
    rows: dict[str, list[Target]] = {}
    for target in targets:
        rows.setdefault(target["project"], []).append(target)
    projects = [
        {
            "name": name,
            "failed": sum(target["state"] == "failed" for target in row),
            "concerns": sum(bool(target["concerns"]) for target in row),
            "oldest": max((target["age_days"] or 0 for target in row), default=0),
            "cells": [
                {
                    "environment": environment,
                    "targets": [target for target in row if target["environment"] == environment],
                }
                for environment in environments
            ],
        }
        for name, row in rows.items()
    ]
    # As the page's script does it for "failures first"; where equal, by name as they were.
    return sorted(projects, key=lambda project: (-project["failed"], -project["concerns"]))


def _totals(targets: Sequence[Target]) -> dict[str, Any]:
    states = Counter(target["state"] for target in targets)
    concerns = Counter(concern for target in targets for concern in target["concerns"])
    verdicts = Counter(target["verdict"] for target in targets)
    return {
        "targets": len(targets),
        "projects": len({target["project"] for target in targets}),
        "environments": len({target["environment"] for target in targets}),
        # That nothing failed is worth saying.
        "states": {s: states[s] for s in STATES if states[s] or s == "failed"},
        "concerns": {concern: concerns[concern] for concern in CONCERNS if concerns[concern]},
        "verdicts": {verdict: verdicts[verdict] for verdict in VERDICTS if verdicts[verdict]},
        "shared_keys": len({target["key_number"] for target in targets} - {None}),
    }


def _distinct(targets: Sequence[Target], field: str) -> list[str]:
    return sorted({str(target[field]) for target in targets if target.get(field)})


def _as_html(data: Any) -> Any:
    """The same data with all text escaped, for use between tags and in quoted attributes.

    Braces too: ansible-core 2.18 would look for templates in what templates are given.
    """
    if isinstance(data, str):
        return html.escape(data).replace("{", "&#123;")
    if isinstance(data, dict):
        return {_as_html(key): _as_html(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_html(item) for item in data]
    return data

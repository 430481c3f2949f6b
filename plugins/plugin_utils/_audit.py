# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what an authorization would change to what an audit finds. Pure: nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..module_utils._core.verdicts import CONTRADICTED, RECORDED, UNKNOWN
from ..module_utils._core.wording import listed
from ..module_utils._stripe.old_key import WORKS
from ._audit_output import MEANINGS, Finding, group_lines, groups_of, junit_of
from ._report import Results, age_in_days, days_until, named
from ._unused_definitions import orphans, perhaps_used

# As authorize_targets returns it for an audit, with the name of its target.
Result = Mapping[str, Any]

KINDS = tuple(MEANINGS)
# Environments of which one of these words is a part of the name.
TEST_ENVIRONMENTS = (
    r"(?<![a-z])(dev|devel|development|test|tests|testing|qa|uat|int|integration|stage|staging"
    r"|sandbox)(?![a-z])"
)
_UNUSABLE_KINDS = ("publishable", "ephemeral", "cli_access_token", "organization")


@dataclass(frozen=True)
class Rules:
    """max_age_days: how old a key may get; 0 for any age. time: of the audit, in ISO 8601.

    test_environments: a regular expression that the names of test environments contain.
    expires_within_days: how long before a secret's end that is a finding.
    recorded: whether it is one that a key is only recorded, or unknown, and was not read.
    orphans: whether definitions that no target names are findings. ignore: kinds to leave out.
    fail: whether a target with findings fails. One that could not be audited always does.
    """

    time: str
    max_age_days: int = 0
    test_environments: str = TEST_ENVIRONMENTS
    expires_within_days: int = 30
    recorded: bool = False
    orphans: bool = True
    ignore: Sequence[str] = ()
    fail: bool = True

    @property
    def wants_orphans(self) -> bool:
        return self.orphans and "orphaned_definition" not in self.ignore


def audit(results: Results, rules: Rules) -> dict[str, Any]:
    """The findings, the results with them as drift (for the report), and one sentence about all.

    targets: what the audit of each has come to, by its name, for target_outcome.

    What was not looked at makes notes, which are no findings.
    """
    targets = list(named(results))
    found = [
        *(finding for target in targets for finding in _of_one(target, rules)),
        *_shared(targets),
        *(_not_proven(targets) if rules.recorded else ()),
        *(orphans(targets) if rules.wants_orphans else ()),
    ]
    kept = [finding for finding in found if finding.kind not in rules.ignore]
    order = {_name(target): place for place, target in enumerate(targets)}
    kept.sort(key=lambda finding: (order[finding.target], KINDS.index(finding.kind)))
    notes = [*_notes(targets), *(perhaps_used(targets) if rules.wants_orphans else ())]
    summary = " ".join([_summary(kept, len(targets)), *notes])
    names = [_name(target) for target in targets]
    findings = [finding.to_result() for finding in kept]
    return {
        "junit": junit_of(names, kept, rules.time),
        "json": {
            "time": rules.time,
            "summary": summary,
            "targets": names,
            "groups": groups_of(kept),
            "findings": findings,
            "notes": notes,
        },
        "findings": findings,
        "notes": notes,
        "results": [_with_drift(target, kept) for target in targets],
        "targets": {_name(target): _outcome(target, kept, fail=rules.fail) for target in targets},
        "summary": summary,
        "group_lines": group_lines(kept),
        "lines": [f"{f.target}: {f.kind}: {f.text}" for f in kept] + notes if kept else [summary],
    }


def _notes(targets: Sequence[Result]) -> list[str]:
    """What was not looked at. That is nothing that was found, but it is not "in order" either."""
    about: dict[tuple[str, str], list[str]] = {}
    for target in targets:
        if (verdict := _unproven(target)) is not None:
            reason = str(target.get("unread_because") or "")
            about.setdefault((verdict, reason), []).append(_name(target))
    return [
        f"In {len(names)} of {len(targets)} targets"
        f" {_UNPROVEN[verdict][0].lower()}{_UNPROVEN[verdict][1:]}; its value was not read"
        f"{f' ({reason})' if reason else ''}: {listed(names)}."
        for (verdict, reason), names in sorted(about.items())
    ]


_UNPROVEN = {
    RECORDED: "The key is only recorded: a note of this collection says that it is the given one",
    UNKNOWN: "It is unknown whether the key is the given one",
}


def _unproven(target: Result) -> str | None:
    """The verdict on a key that is there, if it is no proof."""
    verdict = target.get("verdict")
    there = "state" not in (target.get("secret_changes") or ())
    return str(verdict) if verdict in _UNPROVEN and there else None


def _name(target: Result) -> str:
    return str(target.get("target"))


def _with_drift(target: Result, findings: Sequence[Finding]) -> dict[str, Any]:
    """The reason of a failure is in the result already."""
    told = target.get("failed") or "changed" not in target
    drift = [
        f"{finding.kind}: {finding.text}"
        for finding in findings
        if finding.target == _name(target) and not (told and finding.kind == "failed")
    ]
    # An audit changes nothing, and would not.
    audited = {"changed": False} if "changed" in target else {}
    return {**target, **audited, "drift": drift}


def _outcome(target: Result, findings: Sequence[Finding], *, fail: bool) -> dict[str, Any]:
    """Unchanged, or failed if something was found, and always if it could not be audited."""
    found = [finding for finding in findings if finding.target == _name(target)]
    broken = [each.text for each in found if each.kind == "failed"]
    own = broken + [f"{each.kind}: {each.text}" for each in found if fail and each.kind != "failed"]
    if not own:
        return {"changed": False}
    kinds = list(dict.fromkeys(each.kind for each in found))
    why = {"error": target.get("error")} if broken else {"kinds": kinds}
    return {"changed": False, "failed": True, "msg": " ".join(own), **why}


def _summary(findings: Sequence[Finding], count: int) -> str:
    if not findings:
        return f"No findings in {count} target{'' if count == 1 else 's'}."
    about = list(dict.fromkeys(finding.target for finding in findings))
    kinds = [kind for kind in KINDS if any(finding.kind == kind for finding in findings)]
    counts = [f"{sum(finding.kind == kind for finding in findings)} {kind}" for kind in kinds]
    noun = "finding" if len(findings) == 1 else "findings"
    return (
        f"{len(findings)} {noun} in {len(about)} of {count} targets ({', '.join(counts)}):"
        f" {listed(about)}."
    )


def _of_one(target: Result, rules: Rules) -> Iterator[Finding]:
    """What a target tells by itself."""
    name = _name(target)
    for kind, text in (*_state(target), *_key(target, rules), *_old_key(target)):
        yield Finding(name, kind, text)


def _state(target: Result) -> Iterator[tuple[str, str]]:
    if target.get("failed"):
        yield "failed", str(target.get("msg") or "It could not be audited.")
        return
    if "changed" not in target:
        yield "failed", "It was not reached."
        return
    secret = set(target.get("secret_changes") or ())
    definition = set(target.get("definition_changes") or ())
    if target.get("state") == "absent":
        yield from _left(secret, definition)
        return
    label = target.get("secret_name") or target.get("definition_name")
    if target.get("edited_in_maia"):
        yield (
            "edited_in_maia",
            f"Secret definition '{target.get('definition_name')}' was edited in Maia, which made a"
            " secret of its own and points it there.",
        )
    if "state" in secret:
        yield "secret_missing", f"There is no secret '{label}', or it is deleted."
    elif "value" in secret:
        yield "key_differs", f"Secret '{label}' holds another key than the given one."
    if (unusable := target.get("unreadable_because")) and "state" not in secret:
        yield "secret_unusable", f"Secret '{label}' cannot be used. {unusable}"
    if rest := _rest(secret):
        yield "secret_differs", f"Secret '{label}' differs in {rest}."
    yield from _definition(target, secret, definition)
    yield from _unread(target)
    yield from _components(target)


def _definition(
    target: Result, secret: set[str], definition: set[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the definition that points at the secret."""
    if not target.get("secret_name"):
        # The definition and its secret are one thing, but the environment may have another.
        if not (secret & {"state", "value", "secret_name"} or target.get("edited_in_maia")):
            yield from _leads_elsewhere(target)
        return
    name = target.get("definition_name")
    if "state" in definition:
        yield "definition_missing", f"There is no secret definition '{name}' in Maia."
        if "state" not in secret:
            label = target.get("secret_name")
            yield "orphaned_secret", f"No secret definition points at secret '{label}'."
    elif not target.get("edited_in_maia"):
        if rest := _rest(definition):
            yield "definition_differs", f"Secret definition '{name}' differs in {rest}."
        else:
            yield from _leads_elsewhere(target)


def _components(target: Result) -> Iterator[tuple[str, str]]:
    for component in target.get("components") or ():
        if component.get("changed"):
            yield (
                "component_differs",
                f"Component '{component.get('component')}' in '{component.get('file')}' does not"
                f" name '{target.get('definition_name')}'.",
            )


def _leads_elsewhere(target: Result) -> Iterator[tuple[str, str]]:
    """What of a definition that is as it should be leads to another secret in the environment."""
    for link in target.get("proof") or ():
        if link["verdict"] == CONTRADICTED:
            name = target.get("definition_name")
            yield "definition_differs", f"Secret definition '{name}' differs: {link['reason']}"


def _unread(target: Result) -> Iterator[tuple[str, str]]:
    """Where the definition leads in the environment, if that could not be looked at."""
    for reason in dict.fromkeys(
        link["reason"] for link in target.get("proof") or () if link.get("failed")
    ):
        name = target.get("definition_name")
        yield "failed", f"Where secret definition '{name}' leads could not be read: {reason}"


def _left(secret: set[str], definition: set[str]) -> Iterator[tuple[str, str]]:
    """What should be gone and is not."""
    left = [
        *(["the secret definition"] if "state" in definition else []),
        *(["the secret"] if secret else []),
    ]
    if left:
        yield "not_revoked", f"It should be revoked, but {' and '.join(left)} is still there."


def _rest(changes: set[str]) -> str:
    """What differs apart from existence and value, for which there are words of their own."""
    return ", ".join(sorted(changes - {"state", "value"})) if "state" not in changes else ""


def _key(target: Result, rules: Rules) -> Iterator[tuple[str, str]]:
    """What is wrong with a key that is there."""
    key = target.get("api_key") or {}
    environment = str(target.get("environment") or "")
    if target.get("state") == "absent":
        return
    if key.get("kind") in _UNUSABLE_KINDS:
        kind = str(key["kind"]).replace("_", " ")
        yield "wrong_kind", f"The key {key.get('masked')} is of the kind {kind}, not restricted."
    if key.get("kind") == "secret":
        yield (
            "secret_key_unrestricted",
            f"The key {key.get('masked')} has full access to the Stripe account; a restricted key"
            " can only read the data to load.",
        )
    if key.get("mode") == "live" and re.search(rules.test_environments, environment, re.IGNORECASE):
        yield "live_key_in_test", f"The key {key.get('masked')} of '{environment}' is a live key."
    there = "state" not in (target.get("secret_changes") or ())
    if there and not target.get("unreadable_because"):
        yield from _expiry(target, rules)
    age = age_in_days(target, rules.time) if there else None
    if rules.max_age_days and age is not None and age > rules.max_age_days:
        yield (
            "key_too_old",
            f"The key was stored {age} days ago; {rules.max_age_days} are allowed.",
        )
    if rules.max_age_days and age is None and there and "value_since" in target:
        yield (
            "age_unknown",
            "It is not known when the key was stored. Set authorize_update_value=always to write"
            " it again with a date.",
        )


def _old_key(target: Result) -> Iterator[tuple[str, str]]:
    """A rotation is complete only when Stripe is known to reject the old key."""
    old = target.get("old_key") or {}
    if old.get("given"):
        yield (
            "old_key_given",
            f"The given key is the old one ({old['masked']}), which a rotation should replace.",
        )
    if old.get("status") == WORKS:
        yield "old_key_works", f"Stripe still accepts the old key {old['masked']}; expire it there."
    elif old.get("status") == UNKNOWN:
        shown = f" {old['masked']}" if old.get("masked") else ""
        yield (
            "old_key_works",
            f"It is not known whether Stripe still accepts the old key{shown}:"
            f" {str(old['reason']).rstrip('.')}.",
        )


def _expiry(target: Result, rules: Rules) -> Iterator[tuple[str, str]]:
    """An expired secret is reported as unusable elsewhere."""
    ends = target.get("expires_on")
    left = days_until(ends, rules.time)
    if left is not None and left <= rules.expires_within_days:
        label = target.get("secret_name")
        yield "secret_expires_soon", f"Secret '{label}' expires on {ends}, in {left} days."


def _shared(targets: Sequence[Result]) -> Iterator[Finding]:
    """Keys that several environments have; one environment of several projects may share one.

    The results say which keys are equal: the visible parts of two different keys may be the same.
    """
    known = {_name(target): target for target in targets if target.get("state") != "absent"}
    for name, target in known.items():
        others = [
            other
            for other in target.get("same_key") or ()
            if other in known and known[other].get("environment") != target.get("environment")
        ]
        if others:
            masked = (target.get("api_key") or {}).get("masked")
            yield Finding(
                name,
                "key_shared",
                f"The key {masked} is also the key of other environments: {listed(others)}.",
            )


def _not_proven(targets: Sequence[Result]) -> Iterator[Finding]:
    for target in targets:
        if (verdict := _unproven(target)) is not None:
            reason = target.get("unread_because")
            yield Finding(
                _name(target),
                "key_not_proven",
                f"{_UNPROVEN[verdict]}; its value was not read{f' ({reason})' if reason else ''}.",
            )

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read of an authorization to what that proves, link by link. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.verdicts import CONTRADICTED, PROVEN, RECORDED, UNKNOWN
from .vaults import VAULTS

Result = Mapping[str, Any]
"""What one of our modules returned, or {} if it was not asked."""

# Errors that tell what is there; the others tell only that it could not be looked at.
_FINDINGS = ("conflict", "foreign_object", "not_found")


@dataclass(frozen=True)
class Link:
    """One statement about the chain. reason: one sentence, without any secret."""

    link: str
    verdict: str
    reason: str

    def to_result(self) -> dict[str, str]:
        return {"link": self.link, "verdict": self.verdict, "reason": self.reason}


@dataclass(frozen=True)
class Evidence:
    """What was read anew.

    vault: the kind that the key was given to.
    secret: of the vault's module (in Full SaaS maia_secret_definition) in check mode.
    runner: of maia_environment_info. definitions: of maia_secret_definition_info with the
    environment's overrides. components: of maia_stripe_component in check mode.
    probe: the pipeline that was to be run; None for none. pipeline: of maia_pipeline_run.
    """

    vault: str
    environment: str
    definition: str
    secret: Result | None = None
    runner: Result | None = None
    definitions: Result | None = None
    components: Result | None = None
    probe: str | None = None
    pipeline: Result | None = None


def prove(evidence: Evidence) -> list[Link]:
    """The links from the key to the component, always the same five; with a probe a sixth."""
    probed = (_pipeline,) if evidence.probe else ()
    parts = (_secret, _vault, _location, _definition, _component, *probed)
    return [
        Link(part.__name__.lstrip("_"), verdict, reason)
        for part in parts
        for verdict, reason in [part(evidence)]
    ]


Finding = tuple[str, str]
"""A verdict, and why in one sentence."""


def _secret(evidence: Evidence) -> Finding:
    """Whether the vault holds the given key."""
    seen = evidence.secret or {}
    if finding := _missing(seen, "changes"):
        return finding
    if "state" in seen["changes"]:
        return CONTRADICTED, "There is no such secret, or it is deleted."
    if seen.get("unreadable_because"):
        return CONTRADICTED, str(seen["unreadable_because"])
    verdict, verified_by = seen.get("verdict"), seen.get("verified_by")
    unread = f": {seen['unread_because']}" if seen.get("unread_because") else ""
    if verdict == CONTRADICTED:
        return CONTRADICTED, f"It holds something else than the given key, by its {verified_by}."
    if verdict == PROVEN and verified_by == "value":
        return PROVEN, "Its value was read, and is the given key."
    if verdict == PROVEN:
        return PROVEN, VAULTS[evidence.vault].fingerprint
    if verdict == RECORDED:
        return RECORDED, f"{VAULTS[evidence.vault].fingerprint} Its value was not read{unread}."
    if verified_by == "unknown":
        return UNKNOWN, (
            "It has no fingerprint that was made for its present value in this place, and its value"
            f" was not read{unread}."
        )
    if verified_by == "value_version":
        return UNKNOWN, "With value_version the value itself is not compared."
    return UNKNOWN, "No key was given that its value could be compared with."


def _vault(evidence: Evidence) -> Finding:
    """Whether the runner reads the kind of vault that was written to."""
    seen = evidence.runner or {}
    if finding := _missing(seen, "vault"):
        return finding
    if seen["vault"] is None:
        return UNKNOWN, "Maia does not tell which vault the environment's runner reads."
    reads, written = VAULTS[seen["vault"]].title, _title_of(evidence.vault)
    if seen["vault"] != evidence.vault:
        return CONTRADICTED, f"The environment's runner reads {reads}, but the key is in {written}."
    return PROVEN, f"The environment's runner reads {reads}, where the key is."


def _location(evidence: Evidence) -> Finding:
    """Whether it is the very vault that the runner reads, as far as Maia tells."""
    if _in_definition(evidence):
        return PROVEN, "The definition names a secret in Matillion's vault, which its runner reads."
    pointer = pointer_of(evidence) or {}
    named = (pointer.get("secrets_location") or {}).get("region")
    written = (evidence.secret or {}).get("region")
    place = VAULTS[evidence.vault].location if evidence.vault in VAULTS else "place"
    if not named or not written:
        return UNKNOWN, f"Maia does not tell the {place} of the vault that its runner reads."
    if named != written:
        return (
            CONTRADICTED,
            f"The definition names the region {named}, but the key is in {written}.",
        )
    return UNKNOWN, f"The definition names the right region, {named}, but tells no account."


def _definition(evidence: Evidence) -> Finding:
    """Whether the definition points at exactly that secret and label."""
    seen = evidence.definitions or {}
    if finding := _missing(seen, "definitions"):
        return finding
    pointer = pointer_of(evidence)
    if pointer is None:
        return CONTRADICTED, f"Maia has no definition of exactly the name '{evidence.definition}'."
    secret = evidence.secret or {}
    named = "secret_name" if _in_definition(evidence) else "name"
    if named not in secret:
        return UNKNOWN, f"It points at {_target(pointer)}; the secret could not be looked at."
    wanted = {"secret_name": secret[named], "secret_label": secret.get("label")}
    if _target(pointer) != _target(wanted):
        how = "is overridden in this environment and points" if "overrides" in pointer else "points"
        by = (
            ", which an edit in Maia's user interface made" if pointer.get("edited_in_maia") else ""
        )
        return CONTRADICTED, f"It {how} at {_target(pointer)}{by}, not at {_target(wanted)}."
    return PROVEN, f"It points at {_target(pointer)}."


def _component(evidence: Evidence) -> Finding:
    """Whether the components name the definition in the same case."""
    seen = evidence.components or {}
    if not seen or seen.get("skipped"):
        return UNKNOWN, "No pipeline files were given to look at."
    if finding := _missing(seen, "components"):
        return finding
    if not seen["components"]:
        return UNKNOWN, "No component matched."
    wrong = [item for item in seen["components"] if item["points_at_before"] != evidence.definition]
    if not wrong:
        count = len(seen["components"])
        return PROVEN, f"Every component found ({count}) names '{evidence.definition}'."
    held = wrong[0]["points_at_before"]
    names = f"names '{held}'" if held else "names no definition"
    if held and held.casefold() == evidence.definition.casefold():
        names += ", in which upper and lower case differ"
    return CONTRADICTED, f"Component '{wrong[0]['component']}' in '{wrong[0]['file']}' {names}."


def _pipeline(evidence: Evidence) -> Finding:
    """Whether a pipeline that uses the definition gets in, which only running it can tell."""
    seen, name = evidence.pipeline or {}, evidence.probe
    if not seen or seen.get("skipped"):
        return UNKNOWN, f"Pipeline '{name}' was not run, since another link is contradicted."
    if seen.get("status") == "SUCCESS" and not seen.get("failed"):
        return PROVEN, f"Pipeline '{name}' was run with what is stored now, and succeeded."
    verdict, text = _missing(seen, "") or (UNKNOWN, "")
    return (CONTRADICTED if seen.get("status") == "FAILED" else verdict), text


def contradicted(links: Iterable[Link]) -> list[Link]:
    return [link for link in links if link.verdict == CONTRADICTED]


def stopping(links: Iterable[Link]) -> list[Link]:
    """The links that let a run fail: what is contradicted, or else a probe without success.

    All of them if nothing could be looked at: that is no proof.
    """
    found = list(links)
    unproven = [link for link in found if link.link == "pipeline" and link.verdict != PROVEN]
    unseen = found if all(link.verdict == UNKNOWN for link in found) else []
    return contradicted(found) or unproven or unseen


def _missing(seen: Result, wanted: str) -> Finding | None:
    """What it means if a result is not there; None if it is."""
    return None if wanted in seen else error_finding(seen)


def error_finding(seen: Result) -> Finding:
    """What it means that a result is an error, or that there is none."""
    error = seen.get("error")
    if not isinstance(error, Mapping):
        return UNKNOWN, _sentence(str(seen.get("msg") or "It was not looked at"))
    attempt = f"{error['attempt']} failed: " if error.get("attempt") else ""
    text = _sentence(f"{error['subject']}: {attempt}{error['reason']}")
    return (CONTRADICTED if error.get("kind") in _FINDINGS else UNKNOWN), text


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def pointer_of(evidence: Evidence) -> Result | None:
    """What the definition points at in this environment; None if there is no definition.

    As in the result of maia_secret_definition_info, with `overrides` for an override.
    """
    found = (evidence.definitions or {}).get("definitions") or ()
    definition = next((item for item in found if item["name"] == evidence.definition), None)
    if definition is None:
        return None
    override = (definition.get("environment_overrides") or {}).get(evidence.environment)
    return {**override, "overrides": True} if override else definition


def _target(pointer: Result) -> str:
    """Text for what a definition points at."""
    if not pointer.get("secret_name"):
        return "its own value"
    label = pointer.get("secret_label")
    return f"secret '{pointer['secret_name']}'" + (f", label '{label}'" if label else "")


def _in_definition(evidence: Evidence) -> bool:
    return evidence.vault in VAULTS and VAULTS[evidence.vault].in_definition


def _title_of(vault: str) -> str:
    return VAULTS[vault].title if vault in VAULTS else "one that is not known"

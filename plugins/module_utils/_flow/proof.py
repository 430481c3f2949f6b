# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was read of an authorization to what that proves, link by link. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .._core.verdicts import CONTRADICTED, PROVEN, RECORDED, UNKNOWN
from .._core.wording import listed
from .._maia.model.pointer import leads_elsewhere
from .role_options import MAIN
from .vaults import VAULTS

Result = Mapping[str, Any]
"""What one of our modules returned, or {} if it was not asked."""

# Errors that tell what is there; the others tell only that it could not be looked at.
_FINDINGS = ("conflict", "foreign_object", "not_found")
# Instead of a verdict: it was asked for, and refused or not answered. Of what Maia does not expose
# nothing more can be known, but of this it can, so it is no reason to go on.
_UNREAD = "unread"
_NOT_READ = "could not be read"


@dataclass(frozen=True)
class Link:
    """One statement about the chain. reason: one sentence, without any secret.

    failed: it is unknown since what it rests on could not be read.
    """

    link: str
    verdict: str
    reason: str
    failed: bool = False

    def to_result(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Evidence:
    """What was read anew.

    vault: the kind that the key was given to.
    secret: of the vault's module (in Full SaaS maia_secret_definition) in check mode.
    runner: of maia_environment_info. definitions: of maia_secret_definition_info with the
    environment's overrides. components: of maia_stripe_component in check mode.
    key: of stripe_api_key_info, asked for what is expected of the key.
    probe: the pipeline that was to be run; None for none. pipeline: of maia_pipeline_run.
    probe_component: its component that has to succeed.
    """

    vault: str
    environment: str
    definition: str
    secret: Result | None = None
    runner: Result | None = None
    definitions: Result | None = None
    components: Result | None = None
    key: Result | None = None
    probe: str | None = None
    probe_component: str = MAIN["authorize_probe_component"]["default"]
    pipeline: Result | None = None


def prove(evidence: Evidence) -> list[Link]:
    """The links from the key to the component, always the same five; with a probe a sixth."""
    probed = (_pipeline,) if evidence.probe else ()
    parts = (_secret, _vault, _location, _definition, _component, *probed)
    return [link_of(part.__name__.lstrip("_"), *part(evidence)) for part in parts]


def link_of(name: str, verdict: str, reason: str) -> Link:
    """What could not be read is unknown, and fails."""
    if verdict == _UNREAD:
        return Link(name, UNKNOWN, reason, failed=True)
    return Link(name, verdict, reason)


Finding = tuple[str, str]
"""A verdict, and why in one sentence."""


def _secret(evidence: Evidence) -> Finding:
    """Whether the vault holds the given key, and that is of the expected mode and account."""
    key = evidence.key or {}
    return error_finding(key) if key.get("failed") else _stored(evidence)


def _stored(evidence: Evidence) -> Finding:
    seen = evidence.secret or {}
    if finding := missing(seen, "changes"):
        return finding
    if "state" in seen["changes"]:
        return CONTRADICTED, _absent(evidence.vault, seen)
    if seen.get("unreadable_because"):
        return CONTRADICTED, str(seen["unreadable_because"])
    verified_by = seen.get("verified_by")
    if verified_by == "value":
        return _compared(seen)
    unread = f": {seen['unread_because']}" if seen.get("unread_because") else ""
    return _by_note(evidence.vault, str(seen.get("verdict")), str(verified_by), unread)


def _compared(seen: Result) -> Finding:
    """Of a value that was read."""
    problem = f": {seen['value_problem']}" if seen.get("value_problem") else ""
    if seen.get("verdict") == CONTRADICTED:
        return CONTRADICTED, f"It does not hold the given key, according to its value{problem}."
    if seen.get("verdict") == UNKNOWN:
        return _UNREAD, f"It is unknown whether it holds the given key{problem}."
    return PROVEN, "The stored value is the given key."


def _by_note(vault: str, verdict: str, verified_by: str, unread: str) -> Finding:
    """Of a value that was not read."""
    if verdict == CONTRADICTED:
        return CONTRADICTED, f"It does not hold the given key, according to its {verified_by}."
    if verdict == PROVEN:
        return PROVEN, VAULTS[vault].fingerprint
    if verdict == RECORDED:
        return RECORDED, f"{VAULTS[vault].fingerprint} Its value was not read{unread}."
    if verified_by == "unknown":
        return UNKNOWN, (
            f"It has no fingerprint of its current value, and the value was not read{unread}."
        )
    if verified_by == "value_version":
        return UNKNOWN, "With value_version the value is not compared."
    return UNKNOWN, "No key was given to compare it with."


def _absent(vault_id: str, secret: Result) -> str:
    """Where there is no secret of this name; an option that leads elsewhere looks the same."""
    vault, name = VAULTS.get(vault_id), secret.get("name")
    if vault is None or vault.in_definition or not name:
        return "There is no such secret, or it is deleted."
    where = secret.get("region") or secret.get("vault_url")
    place = f"{vault.title}, {where}," if where else vault.title
    return f"{place} has no secret '{name}', or it is deleted; check its name and {vault.family}."


def _vault(evidence: Evidence) -> Finding:
    """Whether the runner reads the kind of vault that was written to."""
    seen = evidence.runner or {}
    if finding := missing(seen, "vault"):
        return finding
    if seen["vault"] is None:
        return UNKNOWN, "Maia's API does not expose which vault the environment's runner reads."
    reads = VAULTS[seen["vault"]].title
    held = VAULTS.get(evidence.vault)
    written = held.title if held else "one that is not known"
    if seen["vault"] != evidence.vault:
        return CONTRADICTED, f"The environment's runner reads {reads}, but the key is in {written}."
    return PROVEN, f"The environment's runner reads {reads}, where the key is."


def _location(evidence: Evidence) -> Finding:
    """Whether it is the very vault that the runner reads, as far as Maia tells."""
    if in_definition(evidence):
        return PROVEN, "The definition names a secret in Matillion's vault, which its runner reads."
    refused = missing(evidence.definitions or {}, "definitions")
    if refused and refused[0] == _UNREAD:
        return refused
    location = (pointer_of(evidence) or {}).get("secrets_location") or {}
    vault = VAULTS.get(evidence.vault)
    if vault is not None and leads_elsewhere(vault.id, location):
        return (
            CONTRADICTED,
            f"The definition names a location of the type {location['type']}, but the key is in"
            f" {vault.title}.",
        )
    named, written = location.get("region"), (evidence.secret or {}).get("region")
    place = vault.location if vault else "place"
    if not named or not written:
        return UNKNOWN, f"Maia's API does not expose the {place} of the runner's vault."
    if named != written:
        return (
            CONTRADICTED,
            f"The definition names the region {named}, but the key is in {written}.",
        )
    return UNKNOWN, f"The definition names the right region, {named}, but not the account."


def _definition(evidence: Evidence) -> Finding:
    """Whether the definition points at exactly that secret and label."""
    seen = evidence.definitions or {}
    if finding := missing(seen, "definitions"):
        return finding
    pointer = pointer_of(evidence)
    if pointer is None:
        return CONTRADICTED, f"Maia has no definition of exactly the name '{evidence.definition}'."
    secret = evidence.secret or {}
    named = "secret_name" if in_definition(evidence) else "name"
    if named not in secret:
        return UNKNOWN, f"It points at {target_of(pointer)}; the secret could not be looked at."
    wanted = {"secret_name": secret[named], "secret_label": secret.get("label")}
    if target_of(pointer) != target_of(wanted):
        how = "is overridden in this environment and points" if "overrides" in pointer else "points"
        by = (
            ", which an edit in Maia's user interface made" if pointer.get("edited_in_maia") else ""
        )
        return CONTRADICTED, f"It {how} at {target_of(pointer)}{by}, not at {target_of(wanted)}."
    return PROVEN, f"It points at {target_of(pointer)}."


def _component(evidence: Evidence) -> Finding:
    """Whether the components name the definition in the same case."""
    seen = evidence.components or {}
    if finding := no_components(seen):
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
        return UNKNOWN, (
            f"Pipeline '{name}' was not run, since another link is contradicted or could not be"
            " read."
        )
    if seen.get("status") == "SUCCESS" and not seen.get("failed"):
        return _steps(f"Pipeline '{name}' succeeded", evidence.probe_component, seen)
    verdict, text = error_finding(seen)
    if seen.get("status") == "FAILED":
        return CONTRADICTED, text
    return (UNKNOWN if verdict == _UNREAD else verdict), text


def _steps(succeeded: str, component: str, seen: Result) -> Finding:
    """Of a pipeline that succeeded, which it also does without the component, or if that failed."""
    if unread := seen.get("unread_because"):
        return _UNREAD, f"{succeeded}, but its components could not be read: {_sentence(unread)}"
    statuses = [(str(step.get("name")), step.get("status")) for step in seen.get("steps") or ()]
    if broken := [name for name, status in statuses if str(status).upper() == "FAILED"]:
        return CONTRADICTED, f"{succeeded}, but its component '{broken[0]}' failed."
    ended = {str(status).upper() for name, status in statuses if name == component}
    if not ended:
        ran = listed([name for name, _status in statuses]) or "none"
        return UNKNOWN, (
            f"{succeeded}, but '{component}' is not among its components that Maia shows ({ran});"
            " give the name of the one that uses the key in authorize_probe_component."
        )
    if ended != {"SUCCESS"}:
        status = ", ".join(sorted(ended - {"SUCCESS"}))
        return UNKNOWN, (
            f"{succeeded}, but Maia does not say that its component '{component}' did (status"
            f" {status})."
        )
    return PROVEN, f"{succeeded}, and so did its component '{component}', with what is stored now."


def not_run(pipeline: str) -> Link:
    """The link of a probe in check mode, which does not fail for it."""
    return Link("pipeline", UNKNOWN, f"Pipeline '{pipeline}' is not run in check mode.")


def refuted(links: Iterable[Link]) -> list[Link]:
    """What is contradicted, and what could not be read."""
    return [link for link in links if link.verdict == CONTRADICTED or link.failed]


def stopping(links: Iterable[Link]) -> list[Link]:
    """The links that let a run fail: what is contradicted, and what could not be read.

    Or else a probe without success; all of them if nothing could be looked at: that is no proof.
    """
    found = list(links)
    wrong = refuted(found)
    unproven = [link for link in found if link.link == "pipeline" and link.verdict != PROVEN]
    unseen = found if all(link.verdict == UNKNOWN for link in found) else []
    return wrong or unproven or unseen


def in_words(links: Iterable[Link]) -> list[str]:
    """What a failure says of these links; what several have in common is said once."""
    groups: dict[tuple[str, str], list[str]] = {}
    for link in links:
        said = _NOT_READ if link.failed else link.verdict
        groups.setdefault((said, link.reason), []).append(f"'{link.link}'")
    return [_of_links(names, *said) for said, names in groups.items()]


def _of_links(names: list[str], said: str, reason: str) -> str:
    several = len(names) > 1
    verb = "" if said == _NOT_READ else "are " if several else "is "
    return f"The link{'s' if several else ''} {', '.join(names)} {verb}{said}. {reason}"


def no_components(seen: Result) -> Finding | None:
    """What it means if none were looked at; None if they were."""
    if not seen or seen.get("skipped"):
        return UNKNOWN, "No pipeline files were given."
    return missing(seen, "components")


def missing(seen: Result, wanted: str) -> Finding | None:
    """What it means if a result is not there; None if it is."""
    return None if wanted in seen else error_finding(seen)


def error_finding(seen: Result) -> Finding:
    """What it means that a result is an error, or that there is none."""
    error = seen.get("error")
    if not isinstance(error, Mapping):
        verdict = _UNREAD if seen.get("failed") else UNKNOWN
        return verdict, _sentence(str(seen.get("msg") or "It was not looked at"))
    attempt = f"{error['attempt']} failed: " if error.get("attempt") else ""
    hint = f"; {error['hint']}" if error.get("hint") else ""
    verdict = CONTRADICTED if error.get("kind") in _FINDINGS else _UNREAD
    return verdict, _sentence(f"{error['subject']}: {attempt}{error['reason']}{hint}")


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def pointer_of(evidence: Evidence) -> Result | None:
    """What the definition points at in this environment; None if there is no definition."""
    found = (evidence.definitions or {}).get("definitions") or ()
    definition = next((item for item in found if item["name"] == evidence.definition), None)
    return definition and pointer_in(definition, evidence.environment)


def pointer_in(definition: Result, environment: str) -> Result:
    """As in the result of maia_secret_definition_info, with `overrides` for an override."""
    override = (definition.get("environment_overrides") or {}).get(environment)
    return {**override, "overrides": True} if override else definition


def target_of(pointer: Result) -> str:
    """Text for what a definition points at."""
    if not pointer.get("secret_name"):
        return "its own value"
    label = pointer.get("secret_label")
    return f"secret '{pointer['secret_name']}'" + (f", label '{label}'" if label else "")


def in_definition(evidence: Evidence) -> bool:
    return evidence.vault in VAULTS and VAULTS[evidence.vault].in_definition

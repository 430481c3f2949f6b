# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before a first run: whether all would be done for a target, check by check. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .._core.errors import ConfigurationError
from .._core.verdicts import CONTRADICTED, PROVEN, UNKNOWN
from .._maia.modules.assumptions import CONFIRMED, REFUTED
from .flows import beside_definition, deleting, evidence, has_components, here, pointing
from .outcome import changes_of
from .pointer import check_pointer
from .proof import Finding, Link, error_finding, pointer_of, prove
from .situation import Call, Flow, Situation, any_error
from .steps import (
    ASK_RIGHTS,
    CHECK_ASSUMPTIONS,
    CHECK_KEY,
    DELETE_SECRET,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    SET_COMPONENTS,
    Step,
)
from .variables import has_key
from .vaults import AUTO, VAULTS, Values


def _secret_is_known(situation: Situation) -> bool:
    known = _secret_was_seen(situation) or not situation.present
    return _vault_is_known(situation) and beside_definition(situation) and known


def _vault_is_known(situation: Situation) -> bool:
    return situation.vault_id in VAULTS


def _secret_was_seen(situation: Situation) -> bool:
    return "changes" in situation.result("secret")


def _exists(situation: Situation) -> Iterable[Values]:
    """What is to be there, and would not be made, is."""
    made = "state" in situation.result("secret").get("changes", ())
    return ({"exists": made != situation.present},)


def _key(seen: Values) -> Finding:
    """Whether Stripe takes it, whatever authorize_verify says."""
    if not seen:
        return UNKNOWN, "No key was given."
    verification = seen["verification"]
    if verification["status"] != "valid":
        return UNKNOWN, f"It could not be verified: {verification['reason']}."
    return PROVEN, "Stripe takes it."


def _would(seen: Values) -> Finding:
    """What a run would do to an object."""
    if not seen:
        return UNKNOWN, "It could not be looked at without what comes before."
    if seen.get("unreadable_because"):
        return CONTRADICTED, str(seen["unreadable_because"])
    changes = list(seen["changes"])
    if "state" in changes:
        return PROVEN, "It would be made."
    if changes:
        return PROVEN, f"It is there; these would change: {', '.join(changes)}."
    return PROVEN, "It is as it should be."


def _would_go(seen: Values) -> Finding:
    """What a run would do to an object that is not to be there."""
    if not seen:
        return UNKNOWN, "It could not be looked at without what comes before."
    if seen["changes"]:
        return PROVEN, "It would be deleted."
    return PROVEN, "It is not there, as it should be."


def _definition_would_go(seen: Values) -> Finding:
    """Where the definition names a secret that Maia's API cannot delete."""
    verdict, reason = _would_go(seen)
    if seen and seen["changes"]:
        return verdict, "Its definition would be deleted, which Maia's API cannot do to the secret."
    return verdict, reason


def _components(seen: Values) -> Finding:
    if not seen:
        return UNKNOWN, "No pipeline files were given."
    return PROVEN, f"Found: {len(seen['components'])}."


def _rights(seen: Values) -> Finding:
    """Those to the vault."""
    if "rights" not in seen:
        return UNKNOWN, "They could not be asked for without what comes before."
    rights = seen["rights"]
    if lacking := [right["name"] for right in rights if right["held"] is False]:
        return CONTRADICTED, f"The credentials lack {', '.join(lacking)}."
    if unknown := [right for right in rights if right["held"] is None]:
        names = ", ".join(each["name"] for each in unknown)
        reasons = "; ".join(dict.fromkeys(str(each["reason"]) for each in unknown))
        return UNKNOWN, f"It is not known whether the credentials may use {names}: {reasons}."
    return PROVEN, f"The credentials have {', '.join(right['name'] for right in rights) or 'all'}."


# By the name of the call, in the order in which they are shown.
_CHECKS: dict[str, Callable[[Values], Finding]] = {
    "key": _key,
    "runner": lambda _seen: (
        PROVEN,
        "Maia has the project and the environment by just these names.",
    ),
    "secret": _would,
    "rights": _rights,
    "definition": _would,
    "maia_rights": lambda _seen: (
        UNKNOWN,
        "Maia shows only at the first write whether these credentials can create, change and"
        " delete definitions; try one target first.",
    ),
    "components": _components,
}


def _vault(situation: Situation, found: Link) -> Link:
    """Check that the runner reads the named vault. If neither is known, the user must name it."""
    stuck = situation["vault"] == AUTO and not _vault_is_known(situation)
    if stuck and not situation.result("runner").get("failed"):
        return Link("vault", CONTRADICTED, f"{found.reason.rstrip('.')}; set authorize_vault.")
    return found


def _location(situation: Situation, found: Link) -> Link:
    """Whether it is the runner's own vault. What a run would change in the definition is not."""
    changes = situation.result("definition").get("changes") or ()
    if found.verdict == CONTRADICTED and "secrets_location" in changes:
        return Link("location", UNKNOWN, f"{found.reason} A run would change the definition.")
    return found


def _pointer(situation: Situation, found: Link) -> Link:
    """What a run would refuse before it looks at the definition, or at the secret in it."""
    if _vault_is_known(situation):
        try:
            check_pointer(situation)
        except ConfigurationError as refusal:
            return Link(found.link, *_error(refusal.to_result()))
    return found


def _assumptions(situation: Situation) -> list[list[str]]:
    """What the account shows of them, and what the pipeline files do."""
    found = [list(each) for each in situation.result("assumptions").get("assumptions", ())]
    seen = situation.result("components")
    if not seen:
        return found
    if components := seen.get("components"):
        return [*found, ["component_keys", CONFIRMED, f"{len(components)} components"]]
    missing = (seen.get("error") or {}).get("kind") == "not_found"
    return [*found, ["component_keys", REFUTED, "none is found by them"]] if missing else found


def _error(seen: Values) -> Finding:
    """Whatever the error is, a run would meet it too; another time it may be over.

    What is not visible may be there.
    """
    _verdict, reason = error_finding(seen)
    unclear = (seen.get("error") or {}).get("kind") in ("transient", "not_visible")
    return (UNKNOWN if unclear else CONTRADICTED), reason


def _is_hosted(situation: Situation) -> bool:
    return _vault_is_known(situation) and situation.vault.in_definition


def _checked_by(tell: Callable[[Values], Finding], name: str, situation: Situation) -> Link:
    if name == "rights" and _vault_is_known(situation) and situation.vault_id not in ASK_RIGHTS:
        title = situation.vault.title
        return Link(name, UNKNOWN, f"This collection cannot ask {title} for the rights there.")
    seen = situation.result(name)
    return Link(name, *(_error(seen) if seen.get("failed") else tell(seen)))


def _checks_of_absent(situation: Situation) -> Iterable[Link]:
    """Of what authorize would do: no key, component or runner's vault matters."""
    if situation.asks_maia:
        yield _checked_by(_CHECKS["runner"], "runner", situation)
        [found] = [link for link in prove(evidence(situation)) if link.link == "vault"]
        yield _vault(situation, found)
    if _is_hosted(situation):
        yield _checked_by(_definition_would_go, "secret", situation)
    else:
        yield _checked_by(_would_go, "secret", situation)
        yield _checked_by(_rights, "rights", situation)
        yield _checked_by(_would_go, "definition", situation)
    yield _checked_by(_CHECKS["maia_rights"], "maia_rights", situation)


def _checks(situation: Situation) -> Iterable[Link]:
    hosted = _is_hosted(situation)
    proof = {link.link: link for link in prove(evidence(situation))}
    overridden = "overrides" in (pointer_of(evidence(situation)) or {})
    for name, tell in _CHECKS.items():
        if name in ("definition", "rights") and hosted:
            continue  # the secret's own, and Maia's
        link, leads = _checked_by(tell, name, situation), proof["definition"]
        # An override of this environment that leads elsewhere, which a run leaves as it is.
        elsewhere = overridden and leads.verdict == CONTRADICTED
        if name == leads.link and link.verdict == PROVEN and elsewhere:
            link = leads
        if name == ("secret" if hosted else "definition"):
            link = _pointer(situation, link)
        yield link
        if name == "runner":
            yield _vault(situation, proof["vault"])
        if name == "definition":
            yield _location(situation, proof["location"])


def _checked(situation: Situation) -> dict[str, Any]:
    links = list(_checks(situation) if situation.present else _checks_of_absent(situation))
    target = {**situation.place, "state": situation["state"]}
    # Where it could not be looked, a run would get no further either.
    wrong: dict[str, list[str]] = {}
    for link in links:
        if link.verdict == CONTRADICTED or situation.result(link.link).get("failed"):
            wrong.setdefault(link.reason, []).append(link.link)
    return {
        **target,
        "changed": False,
        "secret_name": situation.result("secret").get("name"),
        **changes_of(target, situation.result("secret"), situation.result("definition")),
        "proof": [link.to_result() for link in links],
        "assumptions": _assumptions(situation),
        **situation.failure(f"{', '.join(names)}: {reason}" for reason, names in wrong.items()),
    }


def _call(name: str, step: Step | Mapping[str, Step], **how: Any) -> Call:
    return Call(name, step, reads=True, tolerates=any_error, **how)


PREFLIGHT = Flow(
    (
        _call(
            "key",
            CHECK_KEY,
            when=lambda target: target.present and has_key(target.variables),
            options=lambda _target: ({"verify": True},),
        ),
        _call("runner", FIND_VAULT, when=lambda target: target.present or target.asks_maia),
        _call(
            "secret", KEEP_SECRET, when=lambda target: target.present and _vault_is_known(target)
        ),
        _call(
            "secret",
            DELETE_SECRET,
            when=lambda target: not target.present and _vault_is_known(target),
            options=deleting,
        ),
        _call("rights", ASK_RIGHTS, when=_secret_was_seen, options=_exists),
        _call("definition", KEEP_DEFINITION, when=_secret_is_known, options=pointing),
        _call("definitions", LIST_DEFINITIONS, when=lambda target: target.present, options=here),
        _call(
            "components",
            SET_COMPONENTS,
            when=lambda target: target.present and has_components(target),
        ),
        _call(
            "assumptions",
            CHECK_ASSUMPTIONS,
            when=lambda target: not target.result("runner").get("failed"),
        ),
    ),
    _checked,
    predicts=True,
)

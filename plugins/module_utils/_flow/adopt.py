# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was discovered to hosts that authorize just that, and what adopting changes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._core.argspec import ArgumentSpec, Validate
from .._core.errors import ConfigurationError, ConflictError, NotFoundError
from .._core.wording import listed
from .._maia.modules.definition import SPEC as DEFINITION_SPEC
from .._secret.labels import DEFAULT_LABEL, format_of
from .._secret.model import Existence
from .._stripe.source import KEY_SOURCES, warning_of_kind
from .claims import family
from .discover import vault_of
from .flows import AUTHORIZE, outcome
from .situation import Call, Situation
from .steps import LOOK
from .variables import with_defaults
from .vaults import VAULTS, Values, Vault

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
# What a run with a key, or with a checkout, would do as well.
_WITHOUT: Values = {
    "authorize_state": "present",
    "authorize_verify": "never",
    "authorize_expected_mode": None,
    "authorize_expected_account": None,
    "authorize_prove": False,
    "authorize_component": {},
    "authorize_stripe": {},
}
PADDED_WARNING = (
    "There is white space before or after the stored Stripe API key, which Stripe Query may not"
    " remove; run authorize with the key, which stores it without."
)
NEEDS_KEY = (
    "A value in Matillion's own vault cannot be taken over: give this host the key, and adopting it"
    " creates a new secret and points the definition at it."
)


def _adopting(variables: Values) -> dict[str, Any]:
    """The value stays as it is, where a secret can be taken over with it."""
    vault = VAULTS.get(variables["authorize_vault"])
    written = "on_change" if vault and vault.in_definition else "never"
    return {
        **variables,
        **_WITHOUT,
        "authorize_on_foreign": "adopt",
        "authorize_update_value": written,
    }


def _check_existing(situation: Situation, _validated: Validate) -> None:
    """Raise NotFoundError or ConflictError unless there is a secret with a key to take over.

    What could not be read is refused; unless values are not to be read, as the user said.
    """
    for secret in situation.result("existing").get("secrets", ()):
        subject = f"{situation.vault.title} secret '{secret['name']}'"
        if secret["state"] == Existence.ABSENT.value:
            raise _absent(subject, secret)
        if secret["stripe_keys"] is not None:
            _check_keys(situation, subject, secret)
        elif secret["unread_because"] and not (secret["ours"] and secret["unread_hint"] is None):
            # What a vault shows to nobody has no labels of others: if it is ours, all of it is.
            raise _unread(subject, secret)


def _absent(subject: str, secret: Values) -> NotFoundError:
    similar = listed(secret["similar_names"])
    differing = f", but {similar} does, in which upper and lower case differ" if similar else ""
    return NotFoundError(
        subject,
        f"it does not exist{differing}, so there is nothing to take over",
        "correct authorize_secret_name, or run authorize, which creates it",
    )


def _unread(subject: str, secret: Values) -> ConflictError:
    """What cannot be read by anybody is mended; of the rest the user may know what it is."""
    unread_anyway = "set authorize_prove_values to false to take it over unread"
    hint = secret["unread_hint"]
    if not hint:
        unread_anyway += ", if you know that it holds a key; the next key given replaces it"
    elif secret["unreadable_because"]:
        unread_anyway = ""
    return ConflictError(
        subject,
        f"it is unknown whether it holds a Stripe key: {secret['unread_because'].rstrip('.')}",
        ", or ".join(filter(None, (hint, unread_anyway))),
    )


def _check_keys(situation: Situation, subject: str, secret: Values) -> None:
    """Raise ConflictError unless there is one key where authorize would look for it, and for a key
    of a kind that authorize would refuse."""
    labels = _labels(situation)
    for label in labels & {*secret["repeated_labels"]}:
        raise ConflictError(
            subject,
            f"its JSON object has the label '{label}' more than once, and programs differ in which"
            " one they read",
            "remove all but one of them",
        )
    found = [key for key in secret["stripe_keys"] if key["label"] in labels]
    if not found:
        names = [f"under the label '{label}'" for label in labels if label]
        names += ["as plain text"] if None in labels else []
        correct = "authorize_secret_name" + (
            " and authorize_label" if _has_labels(situation) else ""
        )
        raise ConflictError(
            subject,
            f"it holds no Stripe key {' or '.join(names)}",
            f"correct {correct}, or run authorize with the key and authorize_on_foreign set to"
            " adopt",
        )
    policies = {kind: situation[f"on_{kind}_key"] for kind in ("publishable", "secret")}
    for key in found:
        try:
            warning = warning_of_kind(key["counts_as"], policies)
        except ConfigurationError as refusal:
            raise ConflictError(
                subject, refusal.reason, refusal.hint, attempt="checking its key"
            ) from None
        for text in (warning, PADDED_WARNING if key["padded"] else None):
            if text:
                situation.warn(text)


def _has_labels(situation: Situation) -> bool:
    return "label" in situation.vault.variables


def _labels(situation: Situation) -> set[str | None]:
    """Under which labels authorize would look for a key; None is for a key alone."""
    given = family(situation.variables, situation.vault.family).get("format")
    if not _has_labels(situation) or given == format_of(None):
        return {None}
    label = situation["label"]
    return {label, None} if label == DEFAULT_LABEL and given is None else {label}


_EXISTING = Call(
    "existing",
    LOOK,
    when=lambda target: target.vault_id in LOOK,
    options=lambda target: (
        {"names": [target["secret_name"]], "read_values": target["prove_values"]},
    ),
    reads=True,
    check=_check_existing,
)


def _adopted(situation: Situation) -> dict[str, Any]:
    """Also whether it is known what the secret holds; None where there was none to look at."""
    seen = situation.result("existing").get("secrets")
    read = all(each["stripe_keys"] is not None for each in seen) if seen else None
    return {**outcome(situation), "value_read": read}


# Once the vault is known, and before anything is written.
_PLACE = [call.result for call in AUTHORIZE.calls].index("runner") + 1
_CALLS = (*AUTHORIZE.calls[:_PLACE], _EXISTING, *AUTHORIZE.calls[_PLACE:])
ADOPT = replace(
    AUTHORIZE,
    calls=_CALLS,
    prepare=_adopting,
    outcome=_adopted,
    proves=False,
    makes_present=True,
)
# What that would change.
PREDICT = replace(ADOPT, predicts=True, keyless=True)


@dataclass(frozen=True)
class Candidate:
    """A definition that may become a host.

    host: its name, empty if it cannot be one. target: the one that it was found for.
    variables: of the host, but for what says who may log in.
    reach: with all that the target's own variables say of that; never to be shown.
    refusal: why it cannot be a host, or cannot be taken over.
    """

    host: str
    target: str
    definition: Mapping[str, Any]
    variables: Values = field(default_factory=dict)
    reach: Values = field(default_factory=dict, repr=False)
    refusal: str | None = None

    @property
    def named_by(self) -> str | None:
        """The host that names the definition, if there is one."""
        found: str | None = self.definition["named_by"]
        return found

    @property
    def can_be_planned(self) -> bool:
        """Whether anything can be said without the key."""
        return not VAULTS[self.variables["authorize_vault"]].in_definition


def candidates_of(
    targets: Mapping[str, Values], found: Mapping[str, Mapping[str, Any]]
) -> list[Candidate]:
    """Of each target that was looked at, by the names of both."""
    made = [
        _candidate(name, targets[definition["seen_by"]], seen, definition)
        for name, seen in found.items()
        for definition in seen.get("definitions", ())
        if definition["because"]
    ]
    return list(_named(made, {name: _base(name, targets[name]) for name in found}))


def _candidate(
    name: str, given: Values, seen: Mapping[str, Any], definition: Mapping[str, Any]
) -> Candidate:
    vault = vault_of(seen)
    if refusal := _refusal(vault, definition):
        return Candidate("", name, definition, refusal=refusal)
    row = VAULTS[str(vault)]
    variables = with_defaults(given)
    own = {
        "authorize_project": seen["project"],
        "authorize_environment": seen["environment"],
        "authorize_vault": row.id,
        "authorize_definition_name": definition["name"],
        **({} if row.in_definition else {"authorize_secret_name": definition["secret_name"]}),
    }
    # The label, where a vault has some and the definition names one.
    if "label" in row.variables and (label := definition["secret_label"]):
        own["authorize_label"] = label
    place = _place(row, definition)
    reach = {row.family: {**family(variables, row.family), **place}}
    public = {
        "authorize_maia": _public(DEFINITION_SPEC, family(variables, "authorize_maia")),
        row.family: _public(row.operation.spec, reach[row.family]),
    }
    shown = {**own, **{variable: held for variable, held in public.items() if held}}
    base = {variable: held for variable, held in given.items() if variable not in OWN}
    return Candidate(
        name,
        name,
        definition,
        shown,
        {**base, **own, **reach},
        NEEDS_KEY if row.in_definition and not definition["ours"] else None,
    )


# What each host of an environment has for itself.
OWN = frozenset(
    {
        *("name", "authorize_definition_name", "authorize_secret_name", "authorize_label"),
        *(f"authorize_{source}" for source in KEY_SOURCES),
    }
)


def _refusal(vault: str | None, definition: Mapping[str, Any]) -> str | None:
    """Why it cannot be a host."""
    if vault is None:
        return "It is not known which vault the runner reads; set authorize_vault and look again."
    if definition["secret_name"] is None:
        return "It names no secret."
    if definition["overridden"] and not VAULTS[vault].in_definition:
        return (
            "In this environment an override leads elsewhere than the definition itself, and a host"
            " would change the definition for all environments. Keep it with"
            " maia_secret_definition and environment_overrides, or give the environment a"
            " definition of its own."
        )
    return None


def _place(vault: Vault, definition: Mapping[str, Any]) -> dict[str, Any]:
    """Options of the vault's module that what was seen tells."""
    seen = (definition["secret"] or {}).get("place", {})
    place = {"region": seen["region"]} if seen.get("region") else {}
    if "label" in vault.variables and not definition["secret_label"]:
        place["format"] = "plaintext"
    return place


def _public(spec: ArgumentSpec, options: Values) -> dict[str, Any]:
    """Without passwords and the like, whatever they are; what is not known is one."""
    return {
        name: value
        for name, value in options.items()
        if name in spec.options and not spec.options[name].get("no_log") and value is not None
    }


def _base(name: str, given: Values) -> str:
    """The name of a target without its definition's, as an earlier discovery may have added it."""
    return name.removesuffix(f"-{_slug(given.get('authorize_definition_name') or '')}") or name


def _named(candidates: Sequence[Candidate], bases: Mapping[str, str]) -> Iterator[Candidate]:
    """With a host's name each: that of the host which names the definition already.

    Otherwise that of the target, with the definition's where there are more.
    """
    several = Counter(each.target for each in candidates if each.host)
    plain = {
        (each.target, each.definition["name"]): _plain_name(each, several, bases)
        for each in candidates
        if each.host
    }
    times = Counter(plain.values())
    taken = {each.target for each in candidates}
    for each in candidates:
        if not each.host:
            yield each
            continue
        name = plain[each.target, each.definition["name"]]
        if each.named_by is None and (times[name] > 1 or (name != each.target and name in taken)):
            name = f"{name}-{_digest(each)}"
        yield replace(each, host=name)


def _plain_name(candidate: Candidate, several: Mapping[str, int], bases: Mapping[str, str]) -> str:
    if candidate.named_by is not None:
        return candidate.named_by
    if several[candidate.target] == 1:
        return candidate.target
    slug = _slug(candidate.definition["name"])
    return f"{bases[candidate.target]}-{slug or _digest(candidate)}"


def _slug(definition: object) -> str:
    return _NOT_IN_NAMES.sub("-", str(definition).lower()).strip("-")


def _digest(candidate: Candidate) -> str:
    text = f"{candidate.target}/{candidate.definition['name']}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was discovered to hosts that authorize just that, and what adopting changes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._core.argspec import ArgumentSpec, Validate
from .._core.errors import ConflictError, NotFoundError
from .._maia.definition_operation import SPEC as DEFINITION_SPEC
from .._secret.info import NOT_SHOWN
from .._secret.model import Existence
from .._stripe.source import KEY_SOURCES
from .claims import family
from .discover import vault_of
from .flows import AUTHORIZE
from .situation import Call, Situation, Values
from .steps import LOOK
from .variables import with_defaults
from .vaults import VAULTS, Vault

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


def _this_secret(situation: Situation) -> Iterable[Values]:
    return ({"names": [situation["secret_name"]], "read_values": situation["prove_values"]},)


def _check_existing(situation: Situation, _validated: Validate) -> None:
    """Raise NotFoundError or ConflictError unless there is a secret with a key to take over.

    Where values are not to be read, or the vault shows none, only the secret's state is known.
    """
    for secret in situation.result("existing").get("secrets", ()):
        subject = f"{situation.vault.title} secret '{secret['name']}'"
        if secret["state"] == Existence.ABSENT.value:
            raise NotFoundError(
                subject,
                "there is nothing to take over",
                "correct authorize_secret_name, or run authorize, which creates it",
            )
        keys, unread = secret["stripe_keys"], secret["unread_because"]
        if keys is None and unread and unread != NOT_SHOWN:
            raise ConflictError(
                subject,
                f"it is unknown whether it holds a Stripe key: {unread.rstrip('.')}",
                "let the value be read, or set authorize_prove_values to false to take it over"
                " unread",
            )
        if keys is not None and not {None, situation["label"]} & {each["label"] for each in keys}:
            raise ConflictError(
                subject,
                f"it holds no Stripe key under the label '{situation['label']}', nor as plain text",
                "correct authorize_secret_name and authorize_label, or run authorize with the key"
                " and authorize_on_foreign set to adopt",
            )


_EXISTING = Call(
    "existing",
    LOOK,
    when=lambda target: target.vault_id in LOOK,
    options=_this_secret,
    reads=True,
    check=_check_existing,
)


def _with_check(calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Once the vault is known, and before anything is written."""
    place = [call.result for call in calls].index("runner") + 1
    return (*calls[:place], _EXISTING, *calls[place:])


ADOPT = replace(AUTHORIZE, calls=_with_check(AUTHORIZE.calls), prepare=_adopting)
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
    def can_be_planned(self) -> bool:
        """Whether anything can be said without the key."""
        return not VAULTS[self.variables["authorize_vault"]].in_definition


def candidates_of(
    targets: Mapping[str, Values], found: Mapping[str, Mapping[str, Any]]
) -> list[Candidate]:
    """Of each target that was looked at, by the names of both."""
    made = [
        _candidate(name, targets[name], seen, definition)
        for name, seen in found.items()
        for definition in seen.get("definitions", ())
        if definition["because"]
    ]
    return list(_named(made))


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
    own |= _stored(row, definition)
    place = _place(row, definition)
    reach = {row.family: {**family(variables, row.family), **place}}
    public = {
        "authorize_maia": _public(DEFINITION_SPEC, family(variables, "authorize_maia")),
        row.family: _public(row.operation.spec, reach[row.family]),
    }
    shown = {**own, **{variable: held for variable, held in public.items() if held}}
    base = {variable: held for variable, held in given.items() if variable not in _KEYS}
    return Candidate(
        name,
        name,
        definition,
        shown,
        {**base, **own, **reach},
        NEEDS_KEY if row.in_definition and not definition["ours"] else None,
    )


_KEYS = frozenset(f"authorize_{source}" for source in KEY_SOURCES)


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


def _stored(vault: Vault, definition: Mapping[str, Any]) -> dict[str, Any]:
    """The label, where a vault has some and the definition names one."""
    label = definition["secret_label"]
    return {"authorize_label": label} if "label" in vault.variables and label else {}


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


def _named(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """With a host's name each: that of the target, with the definition's where there are more."""
    several = Counter(each.target for each in candidates if each.host)
    plain = Counter(_plain_name(each, several) for each in candidates if each.host)
    taken = {each.target for each in candidates}
    for each in candidates:
        if not each.host:
            yield each
            continue
        name = _plain_name(each, several)
        if plain[name] > 1 or (name != each.target and name in taken):
            name = f"{name}-{_digest(each)}"
        yield replace(each, host=name)


def _plain_name(candidate: Candidate, several: Mapping[str, int]) -> str:
    if several[candidate.target] == 1:
        return candidate.target
    slug = _NOT_IN_NAMES.sub("-", str(candidate.definition["name"]).lower()).strip("-")
    return f"{candidate.target}-{slug or _digest(candidate)}"


def _digest(candidate: Candidate) -> str:
    text = f"{candidate.target}/{candidate.definition['name']}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the existing objects in one environment of one project. Pure.

Lists each definition, the secret that it points at there, and why this may contain a Stripe key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional

from .flows import has_components
from .proof import pointer_in
from .situation import Call, Flow, Situation, any_error
from .steps import FIND_VAULT, LIST_DEFINITIONS, LOOK, SET_COMPONENTS
from .vaults import VAULTS, Values

_STRIPE = re.compile(r"stripe", re.IGNORECASE)
_Place = tuple[str, Optional[str]]  # noqa: UP045 - pylint cannot follow | in an alias
"""A secret's name, and its region if the definition has one."""


def discover_flow(salt: str) -> Flow:
    """salt: with which keys that are read are compared; another one for each run."""

    def names(situation: Situation) -> Iterable[Values]:
        """One by one: what is wrong with one of them is no reason not to look at the others."""
        return [
            {
                "names": [name],
                "region": region,
                "read_values": situation["prove_values"],
                "comparison_salt": salt,
            }
            for name, region in _places(situation)
        ]

    return Flow(
        (
            Call("runner", FIND_VAULT, reads=True, tolerates=any_error),
            Call(
                "definitions",
                LIST_DEFINITIONS,
                options=lambda target: ({"environments": [target["environment"]]},),
                reads=True,
            ),
            Call(
                "components",
                SET_COMPONENTS,
                when=has_components,
                options=lambda _target: ({"on_missing": "ignore"},),
                reads=True,
                tolerates=any_error,
            ),
            Call(
                "secrets",
                LOOK,
                when=lambda target: target.vault_id in LOOK,
                options=names,
                reads=True,
                tolerates=any_error,
            ),
        ),
        _found,
        reads=True,
        keyless=True,
    )


# All secrets of ours in the place that a target's variables name.
LIST_OURS = Flow(
    (
        Call("runner", FIND_VAULT, reads=True, tolerates=any_error),
        Call("secrets", LOOK, when=lambda target: target.vault_id in LOOK, reads=True),
    ),
    lambda situation: {
        "changed": False,
        "secrets": list(situation.result("secrets").get("secrets", ())),
    },
    reads=True,
    keyless=True,
)


def _places(situation: Situation) -> list[_Place]:
    """Each secret once, however many definitions lead to it."""
    places = (_place(pointer) for _definition, pointer in _pointers(situation))
    return list(dict.fromkeys(place for place in places if place))


def _place(pointer: Values) -> _Place | None:
    """What to look at, if anything; equal for the same secret."""
    region = (pointer["secrets_location"] or {}).get("region")
    name = pointer["secret_name"]
    return (name, region if isinstance(region, str) else None) if name else None


def _pointers(situation: Situation) -> Iterator[tuple[Values, Values]]:
    """Each definition, and what it points at in the target's environment."""
    for definition in situation.result("definitions")["definitions"]:
        yield definition, pointer_in(definition, situation["environment"])


def _found(situation: Situation) -> dict[str, Any]:
    seen = dict(zip(_places(situation), situation.every.get("secrets", ()), strict=False))
    components = situation.result("components")
    return {
        "project": situation["project"],
        "project_id": situation.result("definitions")["project"]["id"],
        "environment": situation["environment"],
        "vault": situation.vault_id,
        "changed": False,
        "definitions": [
            _described(situation, definition, pointer, seen.get(_place(pointer) or ("", None)))
            for definition, pointer in _pointers(situation)
        ],
        "components": components.get("components", []),
        "not_seen": [
            str(each["msg"])
            for each in (situation.result("runner"), components)
            if each.get("failed")
        ],
    }


def _described(
    situation: Situation, definition: Values, pointer: Values, seen: Values | None
) -> dict[str, Any]:
    failed = bool(seen and seen.get("failed"))
    secret = seen["secrets"][0] if seen and not failed else None
    users = [
        str(each["component"])
        for each in situation.result("components").get("components") or ()
        if each["points_at_before"] == definition["name"]
    ]
    return {
        "name": definition["name"],
        "ours": definition["ours"],
        "secret_name": pointer["secret_name"],
        "secret_label": pointer["secret_label"],
        "overridden": "overrides" in pointer,
        "edited_in_maia": pointer["edited_in_maia"],
        "components": users,
        "because": list(_reasons(definition, pointer, secret, users)),
        "secret": secret,
        "not_seen_because": str(seen["msg"]) if seen and failed else None,
    }


def _reasons(
    definition: Values, pointer: Values, secret: Values | None, users: Sequence[str]
) -> Iterator[str]:
    """Why a definition may be one for Stripe Query."""
    if definition["ours"]:
        yield "this collection made it"
    for user in users:
        yield f"component '{user}' names it"
    if secret and secret["stripe_keys"]:
        yield "its secret holds a Stripe key"
    if any(_STRIPE.search(name or "") for name in (definition["name"], pointer["secret_name"])):
        yield "its name or its secret's says so"


def keys_of(definition: Mapping[str, Any]) -> list[Values]:
    """Of the Stripe keys in its secret that one which the definition leads to, if it was read."""
    secret, label = definition["secret"] or {}, definition["secret_label"] or None
    if label in (secret.get("repeated_labels") or ()):
        return []
    return [key for key in secret.get("stripe_keys") or () if (key["label"] or None) == label]


def vault_of(found: Mapping[str, Any]) -> str | None:
    """The id of the vault, if it is known."""
    return found["vault"] if found["vault"] in VAULTS else None

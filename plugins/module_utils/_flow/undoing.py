# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow that goes back to nothing at all, as data. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._core.argspec import Validate
from .._core.errors import NotFoundError
from .._core.wording import nearest
from .flows import (
    FIND_VAULT_IF_ASKED,
    STILL_NAMED,
    beside_definition,
    deleting,
    has_components,
    kept,
    not_deleted,
    outcome,
    pointed,
)
from .situation import Call, Flow, Situation
from .steps import (
    DELETE_SECRET,
    KEEP_DEFINITION,
    LIST_DEFINITIONS,
    REVOKE_GRANTS,
    SET_COMPONENTS,
)
from .vaults import Values


def _references(situation: Situation) -> list[Values]:
    """The components that name the definition."""
    seen = situation.result("found").get("components") or ()
    name = situation["definition_name"]
    return [each for each in seen if each["points_at_before"] == name]


def _renamed(situation: Situation) -> Iterable[Values]:
    return [
        {
            "path": each["file"],
            "definition": situation["replacement_definition"],
            "component_names": [each["component"]],
        }
        for each in _references(situation)
    ]


def _revoked(situation: Situation) -> dict[str, Any]:
    name = situation["definition_name"]
    found = _references(situation)
    dangling = [] if situation["replacement_definition"] is not None else found
    done = outcome(situation)
    return {
        **done,
        "components": found,
        "drift": [
            *done.get("drift", ()),
            *(
                f"Component '{each['component']}' names '{name}', which is not defined any more."
                for each in dangling
            ),
        ],
    }


def _check_replacement(situation: Situation, _validated: Validate) -> None:
    """Raises NotFoundError if the components would name a definition that is not there."""
    replacement = situation["replacement_definition"]
    names = [each["name"] for each in situation.result("replacement").get("definitions", ())]
    if replacement is not None and replacement not in names:
        raise NotFoundError(
            f"Maia secret definition '{replacement}' of project '{situation['project']}'",
            "it does not exist, and authorize_replacement_definition names it",
            f"{nearest(replacement, names, 'name one that does')}, or make it first",
        )


def _replaces(situation: Situation) -> bool:
    return situation["replacement_definition"] is not None


_REPLACE = Call("replaced", SET_COMPONENTS, when=_replaces, options=_renamed)
REVOKE = Flow(
    (
        FIND_VAULT_IF_ASKED,
        Call("replacement", LIST_DEFINITIONS, when=_replaces, reads=True, check=_check_replacement),
        # A secret that must not be deleted keeps its definition.
        Call("looked_at_secret", DELETE_SECRET, when=beside_definition, reads=True),
        Call(
            "found",
            SET_COMPONENTS,
            when=has_components,
            options=lambda _target: ({"on_missing": "ignore"},),
            reads=True,
        ),
        # What would be refused once the definition is deleted.
        replace(_REPLACE, result="looked_at_components", reads=True),
        Call("definition", KEEP_DEFINITION, when=beside_definition, options=pointed),
        Call(
            "secret",
            DELETE_SECRET,
            when=lambda target: target.vault.in_definition,
            options=deleting,
        ),
        _REPLACE,
        STILL_NAMED,
        # Before the secret is deleted, because it cannot be read afterwards.
        Call(
            "grants",
            REVOKE_GRANTS,
            when=lambda target: not kept(target),
            options=lambda _target: (
                {"update_value": "never", "grant_to": [], "purge_grants": True},
            ),
            tolerates=lambda failure: (failure.get("error") or {}).get("kind") == "not_found",
        ),
        Call("secret", DELETE_SECRET, when=beside_definition, known=not_deleted),
    ),
    _revoked,
    lambda variables: {**variables, "authorize_state": "absent"},
    all_go=True,
    keyless=True,
)

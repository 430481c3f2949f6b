# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flows that go back: to the key before, and to nothing at all. As data. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._core.errors import ConfigurationError
from .._stripe.source import KEY_SOURCES
from .flows import (
    FIND_VAULT_IF_ASKED,
    beside_definition,
    has_components,
    outcome,
    pointed,
)
from .old_key import with_old_key
from .situation import Call, Flow, Situation
from .steps import DELETE_SECRET, KEEP_DEFINITION, REVOKE_GRANTS, ROLL_BACK, SET_COMPONENTS
from .variables import has_key
from .vaults import Values, environment_in_words

# rollback


def _back(situation: Situation) -> Iterable[Values]:
    """Raises ConfigurationError if the old key is nowhere."""
    if not situation.vault.keeps_versions and not has_key(situation.variables):
        *others, last = (f"authorize_old_{source}" for source in (*KEY_SOURCES[1:], KEY_SOURCES[0]))
        raise ConfigurationError(
            situation.target,
            f"{situation.vault.title} keeps no earlier version of a secret",
            f"give the old key in {', '.join(others)} or {last}",
        )
    return ({},)


def _to_roll_back(variables: Values) -> Values:
    """Raises ConfigurationError for a target that is to have no key."""
    if variables["authorize_state"] == "absent":
        raise ConfigurationError(
            environment_in_words(variables),
            "authorize_state is absent, and a rollback would bring a key back",
            "leave the host out, or set authorize_state to present",
        )
    return with_old_key(variables)


ROLLBACK = Flow(
    (FIND_VAULT_IF_ASKED, Call("secret", ROLL_BACK, options=_back)),
    outcome,
    _to_roll_back,
    keyless=True,
    renamed={f"authorize_{source}": f"authorize_old_{source}" for source in KEY_SOURCES},
)


# revoke


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
    return {
        **outcome(situation),
        "components": found,
        "drift": [
            f"Component '{each['component']}' names '{name}', which is not defined any more."
            for each in dangling
        ],
    }


_REPLACE = Call(
    "replaced",
    SET_COMPONENTS,
    when=lambda target: target["replacement_definition"] is not None,
    options=_renamed,
)
REVOKE = Flow(
    (
        FIND_VAULT_IF_ASKED,
        # A secret that must not be deleted keeps its definition.
        Call("looked", DELETE_SECRET, when=beside_definition, reads=True),
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
        Call("secret", DELETE_SECRET, when=lambda target: target.vault.in_definition),
        _REPLACE,
        # Before the secret is deleted, because it cannot be read afterwards.
        Call(
            "grants",
            REVOKE_GRANTS,
            options=lambda _target: (
                {"update_value": "never", "grant_to": [], "purge_grants": True},
            ),
            tolerates=lambda failure: (failure.get("error") or {}).get("kind") == "not_found",
        ),
        Call("secret", DELETE_SECRET, when=beside_definition),
    ),
    _revoked,
    lambda variables: {**variables, "authorize_state": "absent"},
    keyless=True,
)

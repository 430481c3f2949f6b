# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key that a rotation replaced: whether it still works, and whether it is still given.

A rotation is over when the old key is dead. Only Stripe can say so, and only to who has the key;
its end, as Stripe's dashboard shows it, is enough to find where it is still given. Pure.
"""

from __future__ import annotations

import re
from typing import Any

from .._core.errors import ConfigurationError
from .._stripe.key import parse_key
from .._stripe.old_key import UNKNOWN
from .._stripe.source import KEY_SOURCES, key_text
from .key_identity import key_identity
from .situation import Call, Flow, Situation, any_error
from .steps import CHECK_OLD_KEY
from .variables import has_key
from .vaults import Values

# As the dashboard and our own results show a key, or its last four characters alone.
_END = re.compile(r"(?:[a-z_]*(?:\.\.\.|\u2026))?([A-Za-z0-9]{4})")


def with_old_key(variables: Values) -> dict[str, Any]:
    """The old key in the place of the new one."""
    old = {f"authorize_{source}": variables[f"authorize_old_{source}"] for source in KEY_SOURCES}
    return {**variables, **old}


def _has_old_key(situation: Situation) -> bool:
    return has_key(with_old_key(situation.variables))


ASK = Call("old_key", CHECK_OLD_KEY, when=_has_old_key, reads=True, tolerates=any_error)


def old_key_of(situation: Situation) -> dict[str, Any] | None:
    """None if none was given; masked, status, reason and given, whether it is still the key to be
    stored. Raises ConfigurationError.
    """
    end = _end(situation["old_api_key_end"])
    seen = situation.result("old_key")
    if _has_old_key(situation):
        failed = {"masked": None, "status": UNKNOWN, "reason": seen.get("msg")}
        found = dict(seen.get("old_key") or failed)
        new, old = situation.variables, with_old_key(situation.variables)
        return {**found, "given": has_key(new) and key_identity(new) == key_identity(old)}
    if end is None:
        return None
    return {
        "masked": f"...{end}",
        "status": UNKNOWN,
        "reason": "its end is not enough to ask Stripe; give it in authorize_old_api_key_file",
        "given": _given_end(situation) == end,
    }


def check_old_key(situation: Situation) -> None:
    """Raises ConfigurationError for an old key that tells Stripe, or us, nothing."""
    _end(situation["old_api_key_end"])
    if _has_old_key(situation):
        parse_key(
            key_text({source: situation[f"old_{source}"] for source in KEY_SOURCES}),
            allow_unknown=True,
        )


def _end(given: str | None) -> str | None:
    if not given:
        return None
    match = _END.fullmatch(given)
    if match is None:
        raise ConfigurationError(
            "Variable authorize_old_api_key_end",
            "it is not the end of a key",
            "give the last four characters, or the key as Stripe's dashboard shows it",
        )
    return match[1]


def _given_end(situation: Situation) -> str | None:
    """The last four characters of the key to be stored; None if there is none to be read."""
    identity = key_identity(situation.variables) if has_key(situation.variables) else None
    return identity[-4:] if isinstance(identity, str) else None


# For a rotation, which asks when all is done.
OLD_KEY = Flow(
    (ASK,),
    lambda target: {**target.place, "changed": False, "old_key": old_key_of(target)},
    reads=True,
)

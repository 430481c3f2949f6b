# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow that goes back to the key before, as data. Pure.

A vault that keeps versions knows the one before, and not whether the last rotation got as far as
this target. Where it did not, one version before is one too many. Keys that are given tell: the old
one is what has to come back; and a target whose vault does not have the new key now was not rotated
to that one, or is rolled back already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._core.argspec import Validate
from .._core.errors import CollectionError, ConfigurationError, ConflictError
from .._core.verdicts import CONTRADICTED
from .._secret.earlier import NoEarlierVersionError
from .._stripe.source import KEY_SOURCES
from . import flows
from .key_identity import key_identity
from .old_key import with_old_key
from .outcome import holds_key
from .situation import Call, Flow, Situation, any_error
from .steps import CHECK_EARLIER_KEY, KEEP_KEY_ALONE, LOOK_BACK, ROLL_BACK
from .variables import has_key
from .vaults import Values, environment_in_words

_PREVIOUS = "previous"
_ATTEMPT = "rolling it back"
_OLD, _NEW = "old_", "new_"
# A kind of key that may not be stored can be compared with.
_COMPARING = {"on_publishable_key": "allow", "on_secret_key": "allow"}
_KEPT = "Its vault holds the old key, so there was nothing to bring back."


def _to_roll_back(variables: Values) -> Values:
    """The old key in the place of the new one, which is put where no step takes it by itself.

    Raises ConfigurationError for a target that is to have no key.
    """
    if variables["authorize_state"] == "absent":
        raise ConfigurationError(
            environment_in_words(variables),
            "authorize_state is absent, and a rollback would bring a key back",
            "leave the host out, or set authorize_state to present",
        )
    new = {f"authorize_{_NEW}{source}": variables[f"authorize_{source}"] for source in KEY_SOURCES}
    return {**with_old_key(variables), **new}


def _does_without_new_key(variables: Values) -> bool:
    """Whether something else says which key is to come back."""
    old = (variables.get(f"authorize_old_{source}") for source in KEY_SOURCES)
    named = variables.get("authorize_rolled_back_to") or _PREVIOUS
    return named != _PREVIOUS or any(key is not None for key in old)


def _has_old_key(situation: Situation) -> bool:
    return has_key(situation.variables)


def _key(situation: Situation, which: str) -> dict[str, Any]:
    """One of the keys, as options."""
    return {source: situation[f"{which}{source}"] for source in KEY_SOURCES}


def _names_version(situation: Situation) -> bool:
    """Whether it is said by its id which version is to come back."""
    return situation.vault.keeps_versions and situation["rolled_back_to"] != _PREVIOUS


def _keeps_old(situation: Situation) -> bool:
    """Whether the vault has the old key, so that none is to be brought back."""
    return holds_key(situation.result("old")) and not _names_version(situation)


def _compares_new(situation: Situation) -> bool:
    """Not where something else decides, or where the old key is to be the new one again."""
    new = {f"authorize_{source}": key for source, key in _key(situation, _NEW).items()}
    with_new = {**situation.variables, **new}
    if not has_key(with_new) or _keeps_old(situation) or _names_version(situation):
        return False
    if not _has_old_key(situation):
        return True
    again = key_identity(with_new) == key_identity(situation.variables)
    return not situation.vault.keeps_versions and not again


def _is_not_rotated(situation: Situation) -> bool:
    """Whether the vault is known to hold another key than the new one."""
    return bool(situation.result("new").get("verdict") == CONTRADICTED)


def _looks_back(situation: Situation) -> bool:
    if _keeps_old(situation):
        return False
    return _has_old_key(situation) or _is_not_rotated(situation) or situation.checks_key


def _looking(situation: Situation) -> Iterable[Values]:
    """A key that is given need not be read to be checked."""
    if _has_old_key(situation):
        return (_key(situation, _OLD),)
    new = _key(situation, _NEW) if _is_not_rotated(situation) else {}
    return ({**new, "read": situation.checks_key},)


def _refuse_without_key(situation: Situation, _validated: Validate) -> None:
    """Raises ConfigurationError if the old key is nowhere."""
    if situation.vault.keeps_versions or _has_old_key(situation):
        return
    *others, last = (f"authorize_old_{source}" for source in (*KEY_SOURCES[1:], KEY_SOURCES[0]))
    raise ConfigurationError(
        situation.target,
        f"{situation.vault.title} keeps no earlier version of a secret",
        f"give the old key in {', '.join(others)} or {last}",
    )


def _refuse_unread_key(situation: Situation, _validated: Validate) -> None:
    """Raises ConflictError if nothing tells whether the target was rotated, though it should."""
    compared = situation.result("new")
    if _has_old_key(situation) or not compared.get("failed"):
        return
    unreadable = (compared.get("error") or {}).get("kind") == "not_permitted"
    blindly = f", or set {_named(situation, _NEW)} to null to go back one version whatever it is"
    raise ConflictError(
        situation.target,
        f"it is not known whether it was rotated to the key in {_named(situation, _NEW)}:"
        f" {compared.get('msg', '').rstrip('.')}",
        "correct that or give the old key in authorize_old_api_key_file"
        f"{blindly if unreadable else ''}",
        attempt=_ATTEMPT,
    )


def _no_key(situation: Situation) -> ConfigurationError | None:
    """Why the old key could not even be compared with, if that is the user's to mend."""
    error = situation.result("old").get("error") or {}
    if error.get("kind") != ConfigurationError.kind:
        return None
    attempt = error.get("attempt", "")
    return ConfigurationError(error["subject"], error["reason"], error["hint"], attempt=attempt)


def _told(situation: Situation, error: CollectionError) -> CollectionError:
    """A vault's module knows neither other hosts nor what speaks against the old key."""
    if cause := _no_key(situation):
        return cause
    if isinstance(error, NoEarlierVersionError):
        return error.told_as(
            hint="leave the host out with --limit if it was not rotated; if it was, run authorize"
            " with its old key, which stores it",
            attempt=_ATTEMPT,
        )
    return error


def _refuse_wrong_key(situation: Situation, _validated: Validate) -> None:
    """Raises ConflictError where another key would come back than the one before the new one.

    And ConfigurationError where the old key is none.
    """
    found = situation.result("earlier")
    if _has_old_key(situation) and found and not found["holds_key"]:
        if cause := _no_key(situation):
            raise cause
        compared = situation.result("old")
        why = f": {compared['msg'].rstrip('.')}" if compared.get("failed") else ""
        known = compared.get("verdict") == CONTRADICTED
        now = "nor does the current one" if known else "and whether the current one does is unknown"
        raise ConflictError(
            situation.target,
            f"the version to go back to does not hold the key in {_named(situation, _OLD)},"
            f" {now}{why}",
            "leave the host out with --limit if it was not rotated, or give its own old key, or the"
            " id of its version in authorize_rolled_back_to",
            attempt=_ATTEMPT,
        )
    if not _is_not_rotated(situation) or found.get("in_effect"):
        return
    if found.get("holds_key"):
        raise ConflictError(
            situation.target,
            f"its vault does not hold the key in {_named(situation, _NEW)}, and the version to go"
            " back to does: it was not rotated to that one, or the inventory has the old key again",
            "leave the host out with --limit if it was not rotated; if that is the old key, run"
            " authorize, which stores it",
            attempt=_ATTEMPT,
        )
    back = "the version to go back to" if found else f"the key in {_named(situation, _OLD)}"
    raise ConflictError(
        situation.target,
        f"its vault does not hold the key in {_named(situation, _NEW)}, so it was not rotated to"
        f" that one, and {back} may be older than the key that it has",
        "leave the host out with --limit, or give its own old key in authorize_old_api_key_file",
        attempt=_ATTEMPT,
    )


def _named(situation: Situation, which: str) -> str:
    """The variable in which a key is given."""
    source = next(each for each in KEY_SOURCES if situation[f"{which}{each}"] is not None)
    return f"authorize_{source}" if which == _NEW else f"authorize_{which}{source}"


def _checking(situation: Situation) -> Iterable[Values]:
    """The given key, or the one that was read."""
    read = {} if _has_old_key(situation) else {"api_key": situation.keys["earlier"]}
    return ({**situation.how_to_ask, **read},)


def _back(situation: Situation) -> Iterable[Values]:
    """To the very version that was looked at."""
    found = situation.result("earlier")
    return ({"rolled_back_to": found["version"]} if found else {},)


def _as_it_is(situation: Situation) -> Values | None:
    """Without versions the same is found by storing the key."""
    if not _keeps_old(situation) or not situation.vault.keeps_versions:
        return None
    return {**situation.result("old"), "changed": False, "changes": []}


def _outcome(situation: Situation) -> dict[str, Any]:
    kept = {"msg": _KEPT} if _keeps_old(situation) else {}
    return {**flows.outcome(situation), **kept}


ROLLBACK = Flow(
    (
        replace(flows.FIND_VAULT_IF_ASKED, check=_refuse_without_key),
        Call(
            "old",
            KEEP_KEY_ALONE,
            when=_has_old_key,
            options=lambda _target: (_COMPARING,),
            reads=True,
            tolerates=any_error,
        ),
        Call(
            "new",
            KEEP_KEY_ALONE,
            when=_compares_new,
            options=lambda target: ({**_COMPARING, **_key(target, _NEW)},),
            reads=True,
            tolerates=any_error,
            check=_refuse_unread_key,
        ),
        Call(
            "earlier",
            LOOK_BACK,
            when=_looks_back,
            options=_looking,
            reads=True,
            told=_told,
            check=_refuse_wrong_key,
        ),
        # As a new key would be.
        Call("key", CHECK_EARLIER_KEY, when=lambda target: target.checks_key, options=_checking),
        Call("secret", ROLL_BACK, options=_back, known=_as_it_is, told=_told),
    ),
    _outcome,
    _to_roll_back,
    does_without_key=_does_without_new_key,
    renamed={f"authorize_{source}": f"authorize_old_{source}" for source in KEY_SOURCES},
)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version that a rollback would make current, and whether it holds a key that is given.

No module of its own: a rollback of many targets asks before it writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .._core.argspec import ArgumentSpec
from .._core.errors import ConflictError
from .._core.operation import Outcome, Params
from .._stripe.recognize import is_key
from .._stripe.source import KEY_SOURCES, key_given, key_text

_ATTEMPT = "rolling it back"


class NoEarlierVersionError(ConflictError):
    """There is no version to go back to."""


@dataclass(frozen=True)
class Question:
    """key: the one to compare with, if there is one. read: whether the version's is needed too."""

    key: str | None
    read: bool

    @classmethod
    def of(cls, params: Params) -> Question:
        """Raises ConfigurationError for a key that cannot be read."""
        return cls(key_text(params).strip() if key_given(params) else None, params["read"])


def earlier_spec(spec: ArgumentSpec) -> ArgumentSpec:
    """spec: of the module that stores the key, which takes no key for a rollback."""
    alone = replace(spec, mutually_exclusive=(KEY_SOURCES,))
    return alone.merge(ArgumentSpec(options={"read": {"type": "bool", "default": False}}))


def known(version: str | None, *, in_effect: bool, holds: bool) -> Outcome:
    """Of a version whose fingerprint is enough. in_effect: whether there is nothing to do."""
    values = {"version": version, "in_effect": in_effect, "holds_key": holds}
    return Outcome(changed=False, values=values)


def read(
    subject: str, question: Question, version: str | None, held: object, *, in_effect: bool
) -> Outcome:
    """Of a version whose value was read. held: what is in the place of the key.

    Raises ConflictError if that is no key.
    """
    key = held.strip() if isinstance(held, str) else ""
    if not is_key(key) and key != question.key:
        raise ConflictError(
            subject,
            "the version to go back to holds no Stripe key",
            "give in rolled_back_to the id of a version that does",
            attempt=_ATTEMPT,
        )
    return replace(known(version, in_effect=in_effect, holds=key == question.key), key=key)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dictionary of texts that a user gives as tags, and the rules of the vault for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .._core.errors import ConfigurationError, ConflictError


@dataclass(frozen=True)
class TagRules:
    """What a vault takes.

    most: tags in all. ours: keys that we use, one of them on each secret. longest_key,
    longest_value: in characters. reserved: a prefix, in any case. symbols: what is allowed beside
    letters, digits and spaces; None where everything is.
    """

    most: int
    ours: Collection[str]
    longest_key: int
    longest_value: int
    reserved: str | None = None
    symbols: str | None = None

    def parse(self, subject: str, given: Mapping[object, object] | None) -> dict[str, str] | None:
        """The option tags; None if it was left out. Raises ConfigurationError."""
        if given is None:
            return None
        tags = _texts(subject, given)
        if len(tags) > self.most - 1:
            raise ConfigurationError(
                subject, f"it has {len(tags)} tags", f"give at most {self.most - 1}"
            )
        for key, value in tags.items():
            self._check(subject, key, value)
        return tags

    def check_room(self, subject: str, tags: Collection[str]) -> None:
        """tags: all that a secret is to have, ours included. Raises ConflictError."""
        if len(tags) > self.most:
            raise ConflictError(
                subject,
                f"it would have {len(tags)} tags, {len(self.ours)} of ours at most among them",
                f"keep to {self.most} in all, or let purge_tags remove those that are not given",
            )

    def _check(self, subject: str, key: str, value: str) -> None:
        shown = f"the tag '{key[:32]}'"
        if key in self.ours or self._is_reserved(key):
            raise ConfigurationError(subject, f"{shown} is reserved", "choose another tag key")
        if self._is_reserved(value):
            raise ConfigurationError(
                subject,
                f"the value of {shown} begins with {self.reserved}, which is reserved",
                "choose another value",
            )
        if not 1 <= len(key) <= self.longest_key or len(value) > self.longest_value:
            raise ConfigurationError(
                subject,
                f"{shown} is empty or too long",
                f"use keys of 1 to {self.longest_key} and values of up to {self.longest_value}"
                " characters",
            )
        if not (self._is_allowed(key) and self._is_allowed(value)):
            raise ConfigurationError(
                subject,
                f"{shown} has a character that is not allowed in its key or value",
                f"use letters, digits, spaces and {' '.join(self.symbols or '')}",
            )

    def _is_reserved(self, text: str) -> bool:
        return self.reserved is not None and text.lower().startswith(self.reserved)

    def _is_allowed(self, text: str) -> bool:
        """Letters, numbers and separators of Unicode: L, N and Z."""
        symbols = self.symbols
        return symbols is None or all(
            character in symbols or unicodedata.category(character)[0] in "LNZ"
            for character in text
        )


def _texts(subject: str, given: Mapping[object, object]) -> dict[str, str]:
    """Whole numbers as their digits; what is null is left out, as everywhere.

    true, 1.10 and lists have no text that is surely the one that was written.
    """
    texts: dict[str, str] = {}
    for key, value in given.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ConfigurationError(
                subject,
                f"the value of the tag '{str(key)[:32]}' is not a text",
                "write it in quotes, or leave the tag out",
            )
        texts[str(key)] = str(value)
    return texts

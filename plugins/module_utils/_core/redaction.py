# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeping secrets out of whatever is shown.

Results are built without secrets in the first place; this is the last line of defence, for
texts that come from elsewhere (SDK exceptions, validation messages).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cache, partial
from typing import Any
from urllib.parse import quote, quote_plus

from .errors import PLACEHOLDER, without_keys

# Shorter values would mask innocent text; no secret that we handle is this short.
MIN_LENGTH = 6

# So many first characters of a form count as it, since a text may be cut inside of a secret.
_PREFIX_LENGTH = 16

# What is no text, which is refused later, must not keep us from protecting it.
_ANYTHING = "surrogatepass"


def encoded_forms(secret: str) -> Iterator[str]:
    """The secret as it looks in JSON, URLs, SQL, Basic authentication and so on."""
    raw = secret.encode(errors=_ANYTHING)
    yield secret
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="", errors=_ANYTHING)
    yield quote_plus(secret, errors=_ANYTHING)
    yield repr(secret)[1:-1]
    yield secret.replace("\\", "\\\\").replace("'", "''")
    yield base64.b64encode(raw).decode()
    yield base64.b64encode(raw + b":").decode()
    yield raw.hex()


def _replace(text: str, forms: Set[str], length: int) -> str:
    """The text with a placeholder for each of the forms, all of which are of this length."""
    parts = []
    start = place = 0
    while place <= len(text) - length:
        if text[place : place + length] in forms:
            parts += [text[start:place], PLACEHOLDER]
            start = place = place + length
        else:
            place += 1
    return "".join((*parts, text[start:]))


def _replace_prefixes(text: str, forms: Mapping[str, Set[str]]) -> str:
    """The text with a placeholder for what there is of a form whose end was cut off."""
    parts = []
    start = place = 0
    while place <= len(text) - _PREFIX_LENGTH:
        begun = forms.get(text[place : place + _PREFIX_LENGTH])
        if begun:
            found = max(_in_common(form, text[place : place + len(form)]) for form in begun)
            parts += [text[start:place], PLACEHOLDER]
            start = place = place + found
        else:
            place += 1
    return "".join((*parts, text[start:]))


def _in_common(one: str, other: str) -> int:
    """How many first characters are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


class Redactor:
    """Knows the secrets of one task and masks them.

    register: called with each form of a secret, for another masking mechanism.
    """

    def __init__(self, register: Callable[[str], object] | None = None) -> None:
        self._register = register
        # By their length: a text is then looked through once for each length, not once for each
        # form, of which a task with a thousand targets has thousands.
        self._forms: dict[int, set[str]] = {}
        self._begun: dict[str, set[str]] = {}
        self._known: set[str] = set()

    def protect(self, secret: str) -> None:
        """From now on, mask this secret in all of its usual encodings."""
        if len(secret) < MIN_LENGTH or secret in self._known:
            return
        for form in encoded_forms(secret):
            self._forms.setdefault(len(form), set()).add(form)
            if len(form) > _PREFIX_LENGTH:
                self._begun.setdefault(form[:_PREFIX_LENGTH], set()).add(form)
            if self._register is not None:
                self._register(form)
        # Last: another thread that finds it here may rely on all of its forms.
        self._known.add(secret)

    def mask(self, text: str, *, min_length: int = 0) -> str:
        """The text without any protected secret, or its beginning, or anything like a Stripe key.

        min_length: leave shorter forms alone.
        """
        for length in sorted(self._forms, reverse=True):
            if min_length <= length <= len(text):
                text = _replace(text, self._forms[length], length)
        if self._begun and len(text) >= _PREFIX_LENGTH:
            text = _replace_prefixes(text, self._begun)
        return without_keys(text)

    def mask_data(self, data: Any, *, min_length: int = 0) -> Any:
        """The same for the strings, keys included, of nested dicts and lists."""
        # A thousand results have the same keys, and much else in common.
        return _mask_data(data, cache(partial(self.mask, min_length=min_length)))


def _mask_data(data: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, Mapping):
        return {_mask_data(key, mask): _mask_data(value, mask) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mask_data(item, mask) for item in data]
    return data

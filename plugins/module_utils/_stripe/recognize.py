# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text, whatever it was given for, has a Stripe API key in it."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from .shape import RECOGNIZED

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){24,}")


def holds_key(text: str) -> bool:
    """Whether a key is anywhere in the text, as it is or in an encoding that turns back into it."""
    return any(RECOGNIZED.search(form) for form in (text, _shown(text))) or encodes_key(text)


def is_key(text: str) -> bool:
    """Whether the text is an API key and nothing else. A webhook's secret is none."""
    return RECOGNIZED.fullmatch(text) is not None and not text.lower().startswith("whsec_")


def encodes_key(text: str) -> bool:
    """Whether a part of the text becomes a key by decoding it: a URL's, base64 or hexadecimal."""
    return any(RECOGNIZED.search(form) for form in _decoded(text))


def _shown(text: str) -> str:
    """The text as it looks: neither what has no width breaks a key, nor Markdown's backslashes."""
    plain = text.replace("\\", "")
    if plain.isascii():
        return plain
    normal = unicodedata.normalize("NFKC", plain)
    return "".join(each for each in normal if unicodedata.category(each) != "Cf")


def _decoded(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote(text)
    for match in _BASE64.finditer(text):
        run = match[0].replace("-", "+").replace("_", "/")
        # It may begin with something else, of which the characters are those of base64 as well.
        for start in range(4):
            end = start + (len(run) - start) // 4 * 4
            yield b64decode(run[start:end]).decode("latin-1")
    for match in _HEX.finditer(text):
        yield bytes.fromhex(match[0]).decode("latin-1")

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a text, whatever it was given for, has a Stripe API key in it."""

from __future__ import annotations

import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import unquote

from .shape import FEWEST, RECOGNIZED

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}")
# Those of JSON and of many languages, however often they were escaped again. Backslashes are looked
# at from their first one only: a text of nothing else would take minutes.
_UNICODE = re.compile(r"(?<!\\)\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")
_QUOTED_PRINTABLE = re.compile(r"=(?:([0-9a-fA-F]{2})|\r?\n)")
# Programs break the lines of base64; in JSON the ends are written as escapes.
_LINE_ENDS = re.compile(r"(?:[\r\n]|(?<!\\)\\+[rn])[ \t]*")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){24,}")


def holds_key(text: str) -> bool:
    """Whether a key is anywhere in the text, as it is or in an encoding that turns back into it."""
    if len(text) < FEWEST and text.isascii():
        return False
    found = RECOGNIZED.search(text) or RECOGNIZED.search(_shown(text))
    return found is not None or encodes_key(text)


def is_key(text: str) -> bool:
    """Whether the text is an API key and nothing else. A webhook's secret is none."""
    return RECOGNIZED.fullmatch(text) is not None and not text.lower().startswith("whsec_")


def encodes_key(text: str) -> bool:
    """Whether a part of the text becomes a key by decoding it; see _decoded()."""
    return any(RECOGNIZED.search(form) for form in _decoded(text))


def _shown(text: str) -> str:
    """The text as it looks: neither what has no width breaks a key, nor Markdown's backslashes."""
    plain = text.replace("\\", "")
    if plain.isascii():
        return plain
    normal = unicodedata.normalize("NFKC", plain)
    return "".join(each for each in normal if unicodedata.category(each) != "Cf")


def _decoded(text: str) -> Iterator[str]:
    """Without the escapes of URLs, JSON, HTML and quoted-printable; out of base64 and hexadecimal.

    What is encoded twice in different ways stays unseen.
    """
    if "%" in text:
        yield unquote(text)
    if "\\" in text:
        yield _UNICODE.sub(_character, text)
    if "&" in text:
        yield html.unescape(text)
    if "=" in text:
        yield _QUOTED_PRINTABLE.sub(_character, text)
    joined = _LINE_ENDS.sub("", text)
    for match in _BASE64.finditer(joined):
        run = match[0].replace("-", "+").replace("_", "/")
        # It may begin with something else, of which the characters are those of base64 as well.
        for start in range(4):
            end = start + (len(run) - start) // 4 * 4
            yield b64decode(run[start:end]).decode("latin-1")
    for match in _HEX.finditer(joined):
        yield bytes.fromhex(match[0]).decode("latin-1")


def _character(escape: re.Match[str]) -> str:
    """What the digits stand for, nothing if there are none."""
    digits = next(filter(None, escape.groups()), None)
    return chr(int(digits, 16)) if digits else ""

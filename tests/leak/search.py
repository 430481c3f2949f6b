# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds a secret in whatever form it may have got into a text."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, quote_plus

# Any run of this many characters of a secret counts, and so do its last characters.
RUN_LENGTH = 20
TAIL_LENGTH = 8


@cache
def forms(secret: str) -> dict[str, str]:
    """Each form's name and text. Written here anew: a check must not trust what it checks."""
    encoded = {
        "raw": secret,
        f"last {TAIL_LENGTH} characters": secret[-TAIL_LENGTH:],
        "JSON": json.dumps(secret)[1:-1],
        "JSON in JSON": json.dumps(json.dumps(secret))[1:-1],
        "URL": quote(secret, safe=""),
        "form": quote_plus(secret),
        "Python": repr(secret)[1:-1],
        "SQL": secret.replace("\\", "\\\\").replace("'", "''"),
        "hexadecimal": secret.encode().hex(),
    }
    encoded |= {f"base64, {name}": text for name, text in _base64_forms(secret)}
    starts = range(max(len(secret) - RUN_LENGTH, 0) + 1)
    encoded |= {
        f"characters {start} to {start + RUN_LENGTH}": secret[start : start + RUN_LENGTH]
        for start in starts
    }
    return encoded


def _base64_forms(secret: str) -> Iterator[tuple[str, str]]:
    """base64 of the secret wherever it stands in the encoded text, alone or before a colon."""
    for offset in range(3):
        for tail in ("", ":"):
            text = base64.b64encode(b"\0" * offset + (secret + tail).encode()).decode()
            # The first and last characters mix with what stands around the secret.
            first = 0 if offset == 0 else 4
            yield f"offset {offset}{' before a colon' if tail else ''}", text[first:-4]


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    """Which secrets, by name, and in which form the text holds them."""
    # What the text holds begins with one of these, which most of what is looked for does not.
    beginnings = {text[at : at + TAIL_LENGTH] for at in range(len(text))}
    return [
        f"{name} ({form})"
        for name, secret in secrets.items()
        for form, needle in forms(secret).items()
        if (len(needle) < TAIL_LENGTH or needle[:TAIL_LENGTH] in beginnings) and needle in text
    ]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stripe API keys: how they look, how they are shown, and the table of those that exist."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

BASE62 = string.ascii_letters + string.digits
KEY_LENGTH = 107
ACCOUNT_PART_LENGTH = 16
KINDS = ("pk", "sk", "rk", "sk_org")
MODES = ("test", "live")
STATUSES = ("active", "expired", "blocked")

_SHAPE = re.compile(r"((?:pk|sk|rk|sk_org)_(?:test|live)_)[A-Za-z0-9]{10,}")


@dataclass(frozen=True)
class ApiKey:
    """`permissions` counts for restricted keys only; a blocked key has an access policy."""

    name: str
    value: str = field(repr=False)
    kind: str
    mode: str
    account_part: str
    permissions: frozenset[str] = frozenset()
    status: str = "active"

    @property
    def account(self) -> str:
        return f"acct_1{self.account_part}"

    @property
    def livemode(self) -> bool:
        return self.mode == "live"


class KeyTable:
    """Every key ever made, by value. Not thread-safe: the service's lock guards it."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}

    def find(self, value: str) -> ApiKey | None:
        return self._keys.get(value)

    def all(self) -> list[ApiKey]:
        return list(self._keys.values())

    def add(
        self,
        name: str,
        kind: str,
        mode: str,
        *,
        account_part: str,
        permissions: Iterable[str] = (),
        status: str = "active",
    ) -> ApiKey:
        if kind not in KINDS or mode not in MODES or status not in STATUSES:
            raise ValueError("unknown kind, mode or status of a key")
        value = new_value(kind, mode, account_part)
        key = ApiKey(name, value, kind, mode, account_part, frozenset(permissions), status)
        self._keys[value] = key
        return key

    def rotate(self, value: str) -> ApiKey:
        """A new key with the same rights; the old one expires at once."""
        old = self._keys[value]
        self._keys[value] = replace(old, status="expired")
        new = replace(old, value=new_value(old.kind, old.mode, old.account_part))
        self._keys[new.value] = new
        return new


def new_account_part() -> str:
    return _random(ACCOUNT_PART_LENGTH)


def new_value(kind: str, mode: str, account_part: str) -> str:
    start = "_".join((kind, mode, "51" + account_part))
    return start + _random(KEY_LENGTH - len(start))


def mask(value: str) -> str:
    """A key for people: first 8 and last 4 characters. Nothing of what is not a key."""
    return f"{value[:8]}…{value[-4:]}" if _SHAPE.fullmatch(value) else "…"


def redact(value: str) -> str:
    """A key as Stripe's own messages quote it."""
    shape = _SHAPE.fullmatch(value)
    start = shape.group(1) if shape else ""
    shown = value[-4:] if len(value) >= 16 else ""
    return start + "*" * (len(value) - len(start) - len(shown)) + shown


def _random(length: int) -> str:
    return "".join(secrets.choice(BASE62) for _index in range(length))

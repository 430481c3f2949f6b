# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API credentials and the access tokens that they buy."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Grant:
    identity: str
    client_id: str
    expires_at: float


class Tokens:
    """Not thread-safe by itself: the service's lock guards it."""

    def __init__(
        self,
        identities: Mapping[str, Mapping[str, str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._identities = identities
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def identity_of(self, client_id: str, client_secret: str) -> str | None:
        for name, options in self._identities.items():
            same_id = _same(options["client_id"], client_id)
            if _same(options["client_secret"], client_secret) and same_id:
                return name
        return None

    def issue(self, identity: str, seconds: float) -> str:
        moment = self._clock()
        self._grants = {t: g for t, g in self._grants.items() if g.expires_at > moment}
        token = secrets.token_urlsafe(48)
        client_id = self._identities[identity]["client_id"]
        self._grants[token] = Grant(identity, client_id, moment + seconds)
        return token

    def grant(self, token: str) -> Grant | None:
        """What a token stands for; None once it has expired."""
        grant = self._grants.get(token)
        return grant if grant and grant.expires_at > self._clock() else None

    def expire_all(self) -> None:
        self._grants.clear()


def new_identity() -> dict[str, str]:
    """A fresh set of API credentials, as options of our modules."""
    return {"client_id": secrets.token_hex(16), "client_secret": secrets.token_urlsafe(48)}


def _same(left: str, right: str) -> bool:
    return secrets.compare_digest(left.encode(), right.encode())

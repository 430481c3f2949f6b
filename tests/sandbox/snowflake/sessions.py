# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open sessions, their tokens, and the answers that a repeated request gets again."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count

from .catalog import Session
from .errors import SnowflakeError

Json = dict[str, object]

_ANSWERS_KEPT = 100


@dataclass
class OpenSession:
    state: Session
    token: str = field(repr=False)
    master_token: str = field(repr=False)
    answers: OrderedDict[str, Json] = field(default_factory=OrderedDict, repr=False)

    def remember(self, request_id: str, answer: Json) -> None:
        self.answers[request_id] = answer
        if len(self.answers) > _ANSWERS_KEPT:
            self.answers.popitem(last=False)


class Sessions:
    """Not thread-safe: its owner holds a lock."""

    def __init__(self) -> None:
        self._by_token: dict[str, OpenSession] = {}
        self._by_master: dict[str, OpenSession] = {}
        self._ids = count(4294967297)

    def open(self, user: str, role: str, assignable_roles: frozenset[str]) -> OpenSession:
        session = OpenSession(
            Session(next(self._ids), user, role, assignable_roles),
            secrets.token_urlsafe(48),
            secrets.token_urlsafe(48),
        )
        self._by_token[session.token] = session
        self._by_master[session.master_token] = session
        return session

    def find(self, token: str | None) -> OpenSession:
        if token is None:
            raise SnowflakeError(
                "390101", "08001", "Authorization header not found in the request data."
            )
        session = self._by_token.get(token)
        if session is None:
            raise SnowflakeError(
                "390111",
                "08001",
                "Session no longer exists. New login required to access the service.",
            )
        return session

    def find_by_master(self, master_token: str | None) -> OpenSession:
        session = self._by_master.get(master_token or "")
        if session is None:
            raise SnowflakeError("390113", "08001", "Master token not found.")
        return session

    def renew(self, session: OpenSession) -> None:
        """New tokens for the same session."""
        self.close(session)
        session.token = secrets.token_urlsafe(48)
        session.master_token = secrets.token_urlsafe(48)
        self._by_token[session.token] = session
        self._by_master[session.master_token] = session

    def close(self, session: OpenSession) -> None:
        self._by_token.pop(session.token, None)
        self._by_master.pop(session.master_token, None)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every API request passes first: token, IP allow list, budget, role, journal."""

from __future__ import annotations

import functools
import math
import re
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import ParamSpec, TypeVar

from flask import g, request

from sandbox.maia.contract import Operation
from sandbox.maia.problems import Problem, forbidden, invalid
from sandbox.maia.rate_limit import TokenBucket
from sandbox.maia.switches import Switches
from sandbox.maia.tokens import Grant, Tokens
from sandbox.maia.variants import Variant
from sandbox.service import Journal

P = ParamSpec("P")
R = TypeVar("R")

SERVICE = "maia"
READ, WRITE = "read", "write"

TAKES_VALUES = "CreateSecret"  # the only operation that may be sent a value
_KEY = re.compile(r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}")

# Super Admin, Member with read-only roles, and a credential without any role.
RIGHTS = {"full": {READ, WRITE}, "metadata": {READ}, "none": set[str]()}


class Gate:
    def __init__(
        self, journal: Journal, lock: threading.RLock, tokens: Tokens, switches: Switches
    ) -> None:
        self.journal = journal
        self.lock = lock
        self.tokens = tokens
        self.switches = switches
        self.throttled = 0
        self.refused: list[str] = []  # what was wrong with requests, by the contract
        self.broken: list[str] = []  # and what with our own answers
        self._bucket = TokenBucket()

    @property
    def variant(self) -> Variant:
        return self.switches.variant

    def admit(self) -> None:
        """Let the request in, whatever it asks for."""
        g.grant = self._authenticate()
        allowed = self.switches.allowed_ips
        if allowed is not None and request.remote_addr not in allowed:
            raise forbidden("IP not allowed for any organization")
        self._spend()

    def guard(self, operation: Operation, view: Callable[P, R]) -> Callable[P, R]:
        """The view, behind role, journal and contract, working under the lock."""
        write = operation.method != "GET"

        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if (WRITE if write else READ) not in RIGHTS[current_grant().identity]:
                raise forbidden("The credentials' role does not allow this operation.")
            # Outside the lock, since an ordered delay sleeps here.
            self.journal.enter(SERVICE, operation.id, write=write)
            self._check(operation)
            with self.lock:
                return view(*args, **kwargs)

        return guarded

    def _check(self, operation: Operation) -> None:
        if not operation.takes_media_type_of(request):
            raise Problem(415, f"The body must be {operation.media_type}.")
        violations = operation.request_violations(request)
        if operation.id != TAKES_VALUES and _KEY.search(request.get_data(as_text=True)):
            violations.append("body: there is something like a Stripe key in it")
        if violations:
            with self.lock:
                self.refused.extend(f"{operation.id}: {violation}" for violation in violations)
            raise invalid(*violations)

    def _authenticate(self) -> Grant:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        with self.lock:
            grant = self.tokens.grant(token) if scheme.lower() == "bearer" else None
        if grant is None:
            detail = "The access token is missing, unknown or has expired."
            raise Problem(401, detail, headers={"WWW-Authenticate": "Bearer"})
        return grant

    def _spend(self) -> None:
        per_minute = self.switches.requests_per_minute
        if per_minute is None:
            return
        with self.lock:
            wait = self._bucket.take(per_minute)
            self.throttled += wait > 0
        if wait:
            raise Problem(429, "Rate limit exceeded.", headers={"Retry-After": self._after(wait)})

    def _after(self, wait: float) -> str:
        if self.switches.retry_after_as_date:
            return formatdate(math.ceil(time.time() + wait), usegmt=True)
        return str(math.ceil(wait))


def current_grant() -> Grant:
    grant = g.grant
    assert isinstance(grant, Grant)
    return grant

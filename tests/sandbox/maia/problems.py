# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals as the Maia API words them: problem details with a list of violations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus


class Problem(Exception):
    """A refusal that is sent to the client."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        type_: str | None = None,
        violations: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.type = type_ or _type_of(status)
        self.violations = list(violations)
        self.headers = dict(headers or {})

    def body(self, instance: str) -> dict[str, object]:
        return {
            "type": self.type,
            "title": _phrase(self.status).capitalize(),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "violations": self.violations,
        }


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"


def _type_of(status: int) -> str:
    """As the documentation's example, https://api.matillion.com/problems/bad-request."""
    return f"https://api.matillion.com/problems/{_phrase(status).lower().replace(' ', '-')}"


def invalid(*violations: str) -> Problem:
    return Problem(400, "The request is not valid.", violations=violations)


def forbidden(detail: str) -> Problem:
    return Problem(403, detail)


def not_found(what: str, name: str) -> Problem:
    return Problem(404, f"{what} '{name}' was not found.")


def conflict(what: str, name: str) -> Problem:
    return Problem(409, f"{what} '{name}' already exists.")

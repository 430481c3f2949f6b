# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that the collection raises: one sentence for the operator, fields for machines."""

from __future__ import annotations

import re
from typing import ClassVar

from .._recognized import MASKED_SHAPE

PLACEHOLDER = "********"

# What an SDK raises over an answer of another form than it expects.
MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


# What services call their errors and requests; a text or a value has another form, or is longer.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/ -]{0,63}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:=+/-]{0,127}")


def plain_code(text: object) -> str:
    """A server's error code, or "unknown code" for what does not look like one."""
    return str(text) if _CODE.fullmatch(str(text)) else "unknown code"


def on_one_line(text: str) -> str:
    """The text with what would not be seen, or would change how the rest is seen, as an escape.

    A name may hold line ends, terminal codes and marks that turn the direction of writing.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def without_keys(text: str) -> str:
    """The text with a placeholder for whatever looks like a key, or the beginning of one.

    What is quoted may be a variable that a key was put into by mistake.
    """
    return MASKED_SHAPE.sub(PLACEHOLDER, text)


def _sentence(text: str) -> str:
    return without_keys(on_one_line(text))


class CollectionError(Exception):
    """Something that the operator has to know, and can act on.

    No part of it shows a key, whoever raises it. Filters, lookups and inventories raise its
    sentence as an error of Ansible's.

    subject: the object it is about, with its name ("AWS secret 'stripe/shop' in eu-west-1").
    reason: what went wrong, without any secret and without text copied from a server.
    hint: what to do, as an instruction. Where the module is part of the role, names of options with
    an underscore become those of variables in both; see _flow/in_variables.py.
    attempt: what was being done, as a noun phrase ("reading its value"); empty for bad input.
    code, status, request_id: what the server said, where a server was asked.
    link: the vendor's page about it.
    unconfirmed: whether a change was asked for that may have been made, as no answer tells.
    changed: whether anything was, or may have been, changed before.
    """

    kind: ClassVar[str] = "error"
    unconfirmed = False
    changed = False

    def __init__(
        self,
        subject: str,
        reason: str,
        hint: str,
        *,
        attempt: str = "",
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        link: str | None = None,
    ) -> None:
        self.subject = _sentence(subject)
        self.reason = _sentence(reason)
        self.hint = _sentence(hint)
        self.attempt = _sentence(attempt)
        failed = f"{self.attempt} failed: {self.reason}" if attempt else self.reason
        super().__init__(f"{self.subject}: {failed}; {self.hint}.")
        self.code = None if code is None else plain_code(code)
        self.status = status
        plausible = request_id is not None and _REQUEST_ID.fullmatch(str(request_id))
        self.request_id = request_id if plausible else None
        self.link = link

    def told_as(self, *, reason: str = "", hint: str = "", attempt: str = "") -> CollectionError:
        """The same error in other words, where they are given."""
        told = type(self)(
            self.subject,
            reason or self.reason,
            hint or self.hint,
            attempt=attempt or self.attempt,
            code=self.code,
            status=self.status,
            request_id=self.request_id,
            link=self.link,
        )
        told.unconfirmed = self.unconfirmed
        return told

    def perhaps_done(self, done: str, hint: str) -> CollectionError:
        """The same error, if what failed may have been carried out. done: a participle."""
        told = self.told_as(
            reason=f"{self.reason}, and it may have been {done} all the same", hint=hint
        )
        told.unconfirmed = True
        return told

    def to_result(self) -> dict[str, object]:
        """The fields of a failed result: msg (str), error (dict), and changed if it is true."""
        details = {
            "kind": self.kind,
            "subject": self.subject,
            "attempt": self.attempt or None,
            "reason": self.reason,
            "hint": self.hint,
            "cure": self.hint,  # its name in release 1.0.0, to be removed in 3.0.0
            "code": self.code,
            "status": self.status,
            "request_id": self.request_id,
            "link": self.link,
            "unconfirmed": self.unconfirmed or None,
        }
        return {
            **({"changed": True} if self.changed else {}),
            "msg": str(self),
            "error": {name: value for name, value in details.items() if value is not None},
        }


class ConfigurationError(CollectionError):
    """What the user gave, or what is set on this machine, cannot work; nothing was written."""

    kind = "configuration"


class AuthenticationError(CollectionError):
    """A service or a proxy does not accept the credentials, or there are none."""

    kind = "authentication"


class NotPermittedError(CollectionError):
    """The credentials are good, but a right is missing, or a policy forbids it."""

    kind = "not_permitted"


class NotFoundError(CollectionError):
    """Something that must exist before we start does not."""

    kind = "not_found"


class NotVisibleError(NotFoundError):
    """It does not exist, or the credentials may not see it; the service does not say which."""

    kind = "not_visible"


class ForeignObjectError(CollectionError):
    """The object exists but was not made by this collection."""

    kind = "foreign_object"


class ConflictError(CollectionError):
    """The object is in a state, or was changed meanwhile, so that the change cannot be made."""

    kind = "conflict"


class OvertakenError(ConflictError):
    """Another writer wrote after our read; nothing was replaced."""


class TransientError(CollectionError):
    """The service did not answer, or said that it cannot answer now."""

    kind = "transient"


class ApiError(CollectionError):
    """The service refused, or answered something that we do not understand."""

    kind = "api"


def malformed(subject: str, service: str, attempt: str) -> ApiError:
    """For an answer that MALFORMED is about."""
    return ApiError(
        subject,
        f"the answer is not what {service} gives",
        "check any proxy on the way, and whether the network has a sign-in page; then run again",
        attempt=attempt,
    )

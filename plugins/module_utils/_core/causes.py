# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a service or its SDK says to what it means: one engine for a table per vendor.

A table is data, in causes.py of each vendor's package; the page on troubleshooting is generated
from them. The first row that fits counts, so what is special comes before what is general.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial

from .errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said, to be looked at; of it only what has a fixed shape is ever passed on.

    codes: the service's, the innermost first. raised: the names of the exception's classes.
    status: HTTP's. right: what the call needs. text: the service's or the SDK's own.
    """

    codes: Sequence[str] = ()
    raised: Sequence[str] = ()
    status: int | None = None
    right: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A row: what is said, and what it means. All that is given has to fit.

    codes, raised and rights: shell patterns, of which one has to fit. statuses: HTTP's.
    text: a regular expression for a fixed shape of the text. What its named groups match may be
    put into reason and hint, so they must not match anything that could be a secret.
    or_text: the same, but it is enough on its own, for services that do not always give the code.
    kind, reason and hint: of the error. Words in braces are filled in, see error_for().
    link: the vendor's page about it.
    """

    kind: type[CollectionError]
    reason: str
    hint: str
    link: str = ""
    codes: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    text: str = ""
    or_text: str = ""

    def match(self, said: Said) -> Mapping[str, str] | None:
        """The named parts of the text if the row fits, else None."""
        if self.or_text and (found := _search(self.or_text, said.text)):
            return _groups(found)
        if self.or_text and not (self.codes or self.raised or self.rights or self.statuses):
            return None
        fits = (
            _one_fits(self.codes, said.codes)
            and _one_fits(self.raised, said.raised)
            and _one_fits(self.rights, (said.right,))
            and (not self.statuses or said.status in self.statuses)
        )
        if not fits:
            return None
        if not self.text:
            return {}
        found = _search(self.text, said.text)
        return _groups(found) if found else None


def linked(link: str, *rows: Cause) -> tuple[Cause, ...]:
    """These rows, with this page for those that name none."""
    return tuple(row if row.link else replace(row, link=link) for row in rows)


# A row for each kind of error.
api = partial(Cause, kind=ApiError)
authentication = partial(Cause, kind=AuthenticationError)
configuration = partial(Cause, kind=ConfigurationError)
conflict = partial(Cause, kind=ConflictError)
not_found = partial(Cause, kind=NotFoundError)
not_permitted = partial(Cause, kind=NotPermittedError)
not_visible = partial(Cause, kind=NotVisibleError)
transient = partial(Cause, kind=TransientError)


def class_names(error: BaseException) -> list[str]:
    """Of an exception, for Said.raised: the names of its class and of what that is derived from."""
    return [kind.__name__ for kind in type(error).__mro__]


def comes_from(error: BaseException, packages: tuple[str, ...]) -> bool:
    """Whether its class is of one of these packages."""
    return type(error).__module__.partition(".")[0] in packages


@contextmanager
def translating(translate: Callable[[Exception], CollectionError | None]) -> Iterator[None]:
    """Raise what translate() makes of an exception in its place; None leaves it as it is."""
    try:
        yield
    except Exception as error:
        translated = translate(error)
        if translated is None:
            raise
        raise translated from None


def with_causes(error: BaseException) -> str:
    """The texts of an exception and of what it was raised from, which has often more to say."""
    texts, seen = [], set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        texts.append(_text_of(current))
        current = current.__cause__ or current.__context__
    return "\n".join(texts)


@dataclass(frozen=True)
class Explained:
    """The row that fits what was said, with its reason and hint filled in."""

    cause: Cause
    reason: str
    hint: str


def explain(table: Iterable[Cause], said: Said, words: Mapping[str, str]) -> Explained:
    """The first row that fits; the table's last row has to fit everything.

    words: what is filled in for the words in braces, besides the named parts of the text.
    """
    for cause in table:
        if (groups := cause.match(said)) is not None:
            filled = {**words, **groups}
            return Explained(cause, cause.reason.format_map(filled), cause.hint.format_map(filled))
    raise LookupError("the table has no last row")


def error_for(
    table: Iterable[Cause],
    said: Said,
    subject: str,
    attempt: str,
    *,
    words: Mapping[str, str],
    code: str | None = None,
    request_id: str | None = None,
) -> CollectionError:
    """As explain(), as an error. code: what is shown as error.code."""
    found = explain(table, said, words)
    return found.cause.kind(
        subject,
        found.reason,
        found.hint,
        attempt=attempt,
        code=code,
        status=said.status,
        request_id=request_id,
        link=found.cause.link or None,
    )


def _one_fits(patterns: tuple[str, ...], names: Iterable[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)


def _groups(found: re.Match[str]) -> Mapping[str, str]:
    return {name: text for name, text in found.groupdict().items() if text is not None}


def _text_of(error: BaseException) -> str:
    """Its text; what an SDK's exception makes of itself may fail over an answer that is odd."""
    try:
        return str(error)
    except Exception:
        return ""

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snowflake's errors in the collection's terms. Only codes are passed on, never its texts.

The connector's messages quote statements, and a statement of ours may hold the key. What the codes
mean is in the tables of causes.py and causes_login.py.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ..._core.causes import Cause, Said, class_names, error_for, with_causes
from ..._core.deadline import OutOfTime
from ..._core.errors import CollectionError, plain_code
from ..._core.network import NETWORK, UNANSWERED
from .causes import CONNECTOR, LAST, SETTINGS, STATEMENTS
from .causes_login import LOGINS

_LOGIN_FAILED = 250001
# 390100 wrong password, 390144 JWT, 390303 OAuth token, 394400 programmatic token, ...
_REFUSED_BY_SERVER = range(390000, 400000)
# Identity providers', for OAuth and for workload identity; the first up to version 4.
_REFUSED_BY_PROVIDER = (250006, *range(251013, 251022))
# The connector's own package, and the copies of requests and urllib3 in it.
_PACKAGE = "snowflake."
_BUNDLED = "snowflake.connector.vendored."
# The SQL standard has five digits and capital letters.
_STATE = re.compile(r"[0-9A-Z]{5}")
_WORDS = {
    "service": "Snowflake",
    "where": "account and host (and oauth_token_request_url)",
    "ca": "REQUESTS_CA_BUNDLE or SSL_CERT_FILE",
}


@contextmanager
def snowflake_errors(
    subject: str, attempt: str, privilege: str, *, credentials: str = ""
) -> Iterator[None]:
    """Translate what the connector raises while logging in or running one statement.

    privilege: what the statement needs ("CREATE SECRET on the schema"); empty when logging in.
    credentials: how that is done ("the password of user DEPLOYER"); empty when not logging in.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, OutOfTime):
            raise error.about(subject, attempt) from None
        # Not by class: the connector must not be imported before it is used, see connection.py.
        if not type(error).__module__.startswith(_PACKAGE):
            raise
        ours = _from(subject, attempt, privilege, credentials, error)
        _let_go(error)
        raise ours from None


def is_refusal(error: Exception) -> bool:
    """Whether it is Snowflake's answer that a statement was not carried out."""
    error = getattr(error, "cause", None) or error
    return "ProgrammingError" in class_names(error) or _number(error) in _REFUSED_BY_SERVER


def _let_go(error: BaseException | None) -> None:
    """Forget what was in the connector's variables when it raised: its connection, for one.

    Some of its errors refer to themselves by these, and then only the garbage collector ends that
    connection. See SnowflakeSession.close().
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _from(
    subject: str, attempt: str, privilege: str, credentials: str, error: Exception
) -> CollectionError:
    # Version 4 wraps what it wants a new login for.
    error = getattr(error, "cause", None) or error
    number, code = _number(error), _code(error)
    names = class_names(error)
    # The text of a statement's error quotes the statement, which may hold any words.
    quotes = "ProgrammingError" in names and not credentials
    said = Said(
        codes=[f"{number:06d}"] if number else [],
        raised=names,
        right=attempt,
        text="" if quotes else with_causes(error),
    )
    words = {
        **_WORDS,
        "credentials": credentials or "the credentials",
        "privilege": privilege or "the right to do it",
        "code": code,
        "class_name": type(error).__name__,
    }
    return error_for(
        _table(error, number),
        said,
        subject,
        attempt,
        words=words,
        code=code,
        request_id=getattr(error, "sfqid", None),
    )


def _table(error: Exception, number: int) -> tuple[Cause, ...]:
    if type(error).__module__.startswith(_BUNDLED):
        # Version 3 lets those of its copy of urllib3 through when it asks for a token.
        return (*NETWORK, UNANSWERED)
    if _is_refused_login(error, number):
        return (*LOGINS, LAST)
    return (*SETTINGS, *STATEMENTS, *NETWORK, *CONNECTOR, LAST)


def _is_refused_login(error: Exception, number: int) -> bool:
    if number == _LOGIN_FAILED:
        return not _unreachable(error)
    return number in _REFUSED_BY_SERVER or number in _REFUSED_BY_PROVIDER


def _unreachable(error: Exception) -> bool:
    """Whether the error means that there is no connection.

    Up to version 4, the connector has one number for this and for a refused login. From version 5,
    a refused login has the server's own number. A token endpoint's refusal shows only in its text.
    """
    from snowflake.connector import __version__

    if int(__version__.split(".", maxsplit=1)[0]) >= 5:
        return "Identity Provider responded" not in str(error)
    return "OperationalError" in class_names(error)


def _number(error: Exception) -> int:
    number = getattr(error, "errno", None)
    return abs(number) if isinstance(number, int) and number != -1 else 0


def _code(error: Exception) -> str:
    number, state = _number(error), str(getattr(error, "sqlstate", None))
    name = f"{number:06d}" if number else type(error).__name__
    # Up to version 4 an unknown one is "n/a".
    return plain_code(f"{name}/{state}" if _STATE.fullmatch(state) else name)

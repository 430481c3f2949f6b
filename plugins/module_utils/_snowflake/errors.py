# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snowflake's errors in the collection's terms. Only codes are passed on, never its texts.

The connector's messages quote statements, and a statement of ours may hold the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .._core.errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    ConflictError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
    plain_code,
)

if TYPE_CHECKING:
    from snowflake.connector.errors import Error

ALREADY_EXISTS = 2002
# 2003 for an object, 2043 for the schema or database in SHOW ... IN.
NOT_EXISTS_OR_NOT_AUTHORIZED = (2003, 2043)
_INSUFFICIENT_PRIVILEGES = 3001
_LOGIN_FAILED = 250001
# Up to version 4: an OAuth token endpoint refused the client.
_IDENTITY_PROVIDER_REFUSED = 250006
# 390100 wrong password, 390144 JWT, 394400 programmatic token, 390303 OAuth token, ...
_AUTHENTICATION = range(390000, 395000)

# In the texts of OpenSSL, urllib3 and rustls.
_TLS = re.compile(r"certificate|\b(ssl|tls)(error)?\b|handshake", re.IGNORECASE)

_BUNDLED = "snowflake.connector.vendored."

# Names of classes; version 4 has one for each HTTP status that it repeats a request for.
_PASSING = {
    "OperationalError",
    "InterfaceError",
    "RequestTimeoutError",
    "TooManyRequests",
    "InternalServerError",
    "BadGatewayError",
    "ServiceUnavailableError",
    "GatewayTimeoutError",
    "OtherHTTPRetryableError",
}


@contextmanager
def snowflake_errors(subject: str, attempt: str, privilege: str) -> Iterator[None]:
    """Translate what the connector raises while logging in or running one statement.

    privilege: what the statement needs ("CREATE SECRET on the schema"); empty when logging in.
    """
    from snowflake.connector.errors import Error  # not before: see connection.py

    try:
        yield
    except Error as error:
        kind, reason, cure = _explain(error, privilege)
        raise kind(
            subject, reason, cure, attempt=attempt, code=_code(error), request_id=error.sfqid
        ) from None
    except Exception as error:
        # Version 3 lets those of its copy of urllib3 through when it asks for a token.
        if not type(error).__module__.startswith(_BUNDLED):
            raise
        raise TransientError(
            subject,
            f"a service could not be reached or verified ({type(error).__name__})",
            "check host, oauth_token_request_url, network, proxy and certificates, and run again",
            attempt=attempt,
        ) from None


def _explain(error: Error, privilege: str) -> tuple[type[CollectionError], str, str]:
    number = abs(error.errno or 0)
    if (
        number in _AUTHENTICATION
        or number == _IDENTITY_PROVIDER_REFUSED
        or (number == _LOGIN_FAILED and not _unreachable(error))
    ):
        return (
            AuthenticationError,
            f"Snowflake does not accept the credentials ({_code(error)})",
            "check account, user, role and the password, key or token",
        )
    if number == _INSUFFICIENT_PRIVILEGES:
        return (
            NotPermittedError,
            f"the role lacks {privilege} ({_code(error)})",
            f"grant {privilege} to the role, or set another role",
        )
    if number in NOT_EXISTS_OR_NOT_AUTHORIZED:
        return (
            NotVisibleError,
            f"Snowflake says it does not exist or is not authorized ({_code(error)})",
            f"check database, schema, grantees and that the role has {privilege}",
        )
    if number == ALREADY_EXISTS:
        return (
            ConflictError,
            "an object of this name exists already, made meanwhile or hidden from this role",
            "run again, or use a role that may see it",
        )
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if (number == _LOGIN_FAILED or kinds & _PASSING) and _TLS.search(str(error)):
        return (
            TransientError,
            f"TLS failed: Snowflake's certificate was not accepted ({_code(error)})",
            "check host, any proxy on the way, and the authorities in REQUESTS_CA_BUNDLE or"
            " SSL_CERT_FILE",
        )
    if number == _LOGIN_FAILED or kinds & _PASSING:
        return (
            TransientError,
            f"Snowflake could not be reached or is failing ({_code(error)})",
            "check account, host, network and proxy, and run again",
        )
    if "ProgrammingError" in kinds:
        return (
            ApiError,
            f"Snowflake refused the statement ({_code(error)})",
            "look the code up in Snowflake's query history",
        )
    return ApiError, f"the connector failed ({_code(error)})", "look the code up in its docs"


def _unreachable(error: Error) -> bool:
    """Up to version 4 the connector has one number for a refused login and for no connection.

    From version 5 on it passes the server's own number on for a refused login, but a token
    endpoint's refusal can only be told from its text.
    """
    from snowflake.connector import __version__

    if int(__version__.split(".", maxsplit=1)[0]) >= 5:
        return "Identity Provider responded" not in str(error)
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def _code(error: Error) -> str:
    number = f"{abs(error.errno):06d}" if error.errno else type(error).__name__
    return plain_code(f"{number}/{error.sqlstate}" if error.sqlstate else number)

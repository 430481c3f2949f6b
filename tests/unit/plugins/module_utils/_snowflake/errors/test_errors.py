# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snowflake's errors in our terms; the connector's texts, which quote statements, stay out."""

from __future__ import annotations

import pytest
from snowflake.connector.errors import (
    DatabaseError,
    Error,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.errors.errors import (
    snowflake_errors,
)
from unit.keys import make_key

KEY = make_key()


class ServiceUnavailableError(Error):
    """As version 4 has it; version 5 has it in name only, and warns when it is imported."""

    __module__ = Error.__module__


@pytest.mark.parametrize(
    ("raised", "kind", "text"),
    [
        (ProgrammingError(KEY, errno=3001), NotPermittedError, "lacks OWNERSHIP"),
        (ProgrammingError(KEY, errno=2043), NotVisibleError, "does not exist or is not authorized"),
        (ProgrammingError(KEY, errno=1003), ApiError, "not understand the statement (001003"),
        (OperationalError(KEY, errno=250001), TransientError, "could not be reached"),
        (DatabaseError(KEY, errno=390100), AuthenticationError, "not accept"),
        (ProgrammingError(KEY, errno=390144), AuthenticationError, "not accept"),
        (DatabaseError(KEY, errno=394400), AuthenticationError, "not accept"),
        (DatabaseError(KEY, errno=250006), AuthenticationError, "not accept"),
        (OperationalError(KEY, errno=250003), TransientError, "could not be reached"),
        (
            OperationalError(f"{KEY} CERTIFICATE_VERIFY_FAILED", errno=250001),
            TransientError,
            "TLS certificate that was shown",
        ),
        (
            OperationalError(f"{KEY} bad certificate", errno=250003),
            TransientError,
            "not signed by a trusted",
        ),
        (InterfaceError(f"{KEY}: SSLError"), TransientError, "TLS connection"),
        # In words of a statement that it quotes.
        (ProgrammingError(f"{KEY} 'SSLError CERTIFICATE_VERIFY_FAILED'"), ApiError, "failed"),
        (ServiceUnavailableError(msg=KEY), TransientError, "could not be reached"),
        (InterfaceError(KEY), TransientError, "could not be reached"),
        (DatabaseError(KEY), ApiError, "the connector failed"),
    ],
)
def test_translation(raised: Exception, kind: type[CollectionError], text: str) -> None:
    with (
        pytest.raises(CollectionError) as failure,
        snowflake_errors("It", "changing it", "OWNERSHIP"),
    ):
        raise raised
    error = failure.value
    assert error.__class__ is kind
    assert text in str(error)
    assert str(error).startswith("It: changing it failed: ")
    assert KEY not in repr(error.to_result())
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize(
    ("version", "kind"),
    [
        pytest.param("4.8.1", AuthenticationError, id="version 4 says so of a refused login"),
        pytest.param("5.2.0", TransientError, id="version 5 only of a failed connection"),
    ],
)
def test_one_number_means_two_things(
    monkeypatch: pytest.MonkeyPatch, version: str, kind: type[CollectionError]
) -> None:
    monkeypatch.setattr("snowflake.connector.__version__", version)
    with pytest.raises(kind), snowflake_errors("It", "logging in", ""):
        raise DatabaseError(KEY, errno=250001)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that the connector raises is unexpected, in its versions 4 and 5."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError
from ansible_collections.maia.stripe_query.plugins.module_utils._core.network import NETWORK
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.errors import causes
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.errors.errors import (
    snowflake_errors,
)
from unit.sdk_exceptions import BY_TEXT, LAST_ROW, exceptions_of, instance_of, untold

# The second has classes of its own up to version 4 only.
MODULES = ["snowflake.connector.errors", "snowflake.connector.network"]
TABLE = (*causes.SETTINGS, *causes.STATEMENTS, *NETWORK, *causes.CONNECTOR)
KNOWN = {
    **dict.fromkeys(("Error", "DatabaseError", "InternalError"), LAST_ROW),
    "_Warning": "a warning of PEP 249",
    "ConnectionError": BY_TEXT,  # of the copy of requests in version 4
}


def kinds() -> list[type[Exception]]:
    """Not sooner than in a test: the connector is imported where it is used."""
    connector = import_module("snowflake.connector")
    here = {f"snowflake.connector.{m.name}" for m in pkgutil.iter_modules(connector.__path__)}
    return exceptions_of(*(name for name in MODULES if name in here))


def test_every_class_is_told() -> None:
    assert untold(kinds(), TABLE, KNOWN) == set()


def test_each_becomes_an_error_of_ours() -> None:
    found = kinds()
    assert len(found) > 10
    for kind in found:
        for credentials in ("", "the password of user X"):
            errors = snowflake_errors("It", "trying it", "OWNERSHIP", credentials=credentials)
            with pytest.raises(CollectionError) as failure:  # noqa: SIM117 - pylint sees a tuple
                with errors:
                    raise instance_of(kind)
            assert failure.value.hint
            assert "{" not in str(failure.value)

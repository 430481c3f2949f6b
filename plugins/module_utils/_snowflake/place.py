# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a Snowflake secret is, as far as the options of stripe_secret_snowflake say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._core.argspec import ArgumentSpec
from .._core.errors import ConfigurationError
from .._secret.place import Place
from .sql.identifiers import QualifiedName

# The application that Matillion's runner is installed as, and the schema that it reads.
DEFAULT_DATABASE = "MATILLION_DATA_PRODUCTIVITY_CLOUD"
DEFAULT_SCHEMA = "SECRETS"
PLACE_SPEC = ArgumentSpec(
    options={
        "database": {"type": "str", "default": DEFAULT_DATABASE},
        "schema": {"type": "str", "default": DEFAULT_SCHEMA},
    },
)


def place_of(options: Mapping[str, Any]) -> Place | None:
    """None without an account, or with a name that Snowflake does not allow."""
    account = _account(options)
    if account is None:
        return None
    try:
        full = QualifiedName.parse(
            str(options.get("database") or DEFAULT_DATABASE),
            str(options.get("schema") or DEFAULT_SCHEMA),
            str(options["name"]),
        )
    except ConfigurationError:
        return None
    known = {"database": full.database.text, "schema": full.schema.text}
    return Place(full.name.text, full.name.text, None, {**account, **known})


def _account(options: Mapping[str, Any]) -> dict[str, str] | None:
    """An account has two names, which cannot be compared with each other.

    https://docs.snowflake.com/en/user-guide/admin-account-identifier
    """
    from_environment = bool(os.environ.get("SNOWFLAKE_ACCOUNT"))
    if options.get("account"):
        # Host names have hyphens for underscores, and a locator may be followed by its region.
        first = str(options["account"]).lower().replace("_", "-").partition(".")[0]
        return {"account" if "-" in first else "locator": first}
    if options.get("connection_name") and not from_environment:
        return {"connection_name": str(options["connection_name"])}
    return {} if from_environment else None


def place_in_name(text: str) -> dict[str, str]:
    """What the text by which a definition names a secret says of its place: with its schema."""
    parts = text.split(".")
    try:
        full = QualifiedName.parse(*parts) if len(parts) == 3 else None
    except ConfigurationError:
        full = None
    return {"database": full.database.text, "schema": full.schema.text} if full else {}

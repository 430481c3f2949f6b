# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Privileges on a secret and who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .identifiers import Identifier

GRANTEE_TYPES = ("application", "role")
# https://docs.snowflake.com/en/user-guide/security-access-control-privileges#secret-privileges
PRIVILEGES = ("USAGE", "READ")


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege for one grantee; grantee_type is APPLICATION or ROLE."""

    grantee_type: str
    grantee_name: str
    privilege: str

    @property
    def grantee(self) -> str:
        """As SQL names it."""
        return f"{self.grantee_type} {Identifier(self.grantee_name)}"

    def __str__(self) -> str:
        return f"{self.privilege} to {self.grantee_type.lower()} {self.grantee_name}"


def wanted_grants(grant_to: list[dict[str, Any]] | None) -> frozenset[Grant] | None:
    """What the grant_to option asks for. Raises ConfigurationError."""
    if grant_to is None:
        return None
    return frozenset(
        Grant(item["type"].upper(), Identifier.parse(item["type"], item["name"]).text, privilege)
        for item in grant_to
        for privilege in item["privileges"]
    )


def held_grants(rows: list[Mapping[str, Any]]) -> frozenset[Grant]:
    """The privileges in the answer to SHOW GRANTS ON SECRET, ownership left out."""
    return frozenset(
        Grant(row["granted_to"], row["grantee_name"], row["privilege"])
        for row in rows
        if row["privilege"] in PRIVILEGES
    )

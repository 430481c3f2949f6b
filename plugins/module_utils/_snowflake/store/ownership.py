# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who owns a secret and what it lies in, and whether the session may therefore change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..._core.errors import CollectionError, NotPermittedError
from ..sql import sql
from ..sql.grants import SECRET

Rows = list[Mapping[str, Any]]


class Ownership:
    """Of one secret. run: runs a statement, given what is tried and the privilege it takes."""

    def __init__(self, subject: str, run: Callable[[str, str, str], Rows]) -> None:
        self._subject = subject
        self._run = run
        # By SECRET, SCHEMA or DATABASE: the type and name of the role that has it.
        self._owners: dict[str, tuple[str, str]] = {}
        # Those on which others than the owner may pass privileges on.
        self._passed_on: set[str] = set()

    def note_secret(self, row: Mapping[str, Any]) -> None:
        """Its row in SHOW SECRETS."""
        self._owners[SECRET] = (row["owner_role_type"] or "", row["owner"] or "")

    def note_grants(self, place: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """The answer to SHOW GRANTS ON."""
        for row in rows:
            if row["privilege"] == "OWNERSHIP":
                self._owners.setdefault(place, (row["granted_to"], row["grantee_name"]))
            elif str(row.get("grant_option")).lower() == "true":
                self._passed_on.add(place)

    def check_secret(self) -> None:
        """Raises NotPermittedError unless the secret may be changed, as far as that is known."""
        kind, owner = self._owners.get(SECRET, ("", ""))
        if kind == "APPLICATION":
            raise self._lacks(f"the application {owner}", "let the application change it")
        role = self._other_role(SECRET)
        if role is not None:
            hint = f"set role to {owner}, or to a role that it is granted to"
            raise self._lacks(f"role {owner}", hint, role=role)

    def check_grants(self, places: Iterable[str]) -> None:
        """Raises NotPermittedError unless privileges on these may be granted and revoked.

        Who does not own them needs MANAGE GRANTS, or a privilege with grant option.
        https://docs.snowflake.com/en/sql-reference/sql/grant-privilege
        """
        for place in places:
            role = None if place in self._passed_on else self._other_role(place)
            if role is None or self._manages_grants():
                continue
            owner = self._owners[place][1]
            what = "the secret" if place == SECRET else f"its {place.lower()}"
            raise NotPermittedError(
                self._subject,
                f"the role {role} lacks OWNERSHIP of {what}, which role {owner} has, and MANAGE"
                " GRANTS",
                f"set role to {owner}, or to a role that may grant privileges on it",
                attempt="granting privileges",
            )

    def _other_role(self, place: str) -> str | None:
        """The session's role if another one, which it does not have, is surely the owner."""
        kind, owner = self._owners.get(place, ("", ""))
        if kind != "ROLE" or not owner:
            return None
        try:
            role, is_in_session = self._in_session(owner)
        except CollectionError:
            # Only asked to be clear early; Snowflake refuses what may not be.
            return None
        return role if is_in_session is False else None

    def _manages_grants(self) -> bool:
        """Whether a role of the session has MANAGE GRANTS, which lets it see who has."""
        try:
            rows = self._run(sql.SHOW_GRANTS_ON_ACCOUNT, "looking who may grant privileges", "")
            managers = [row["grantee_name"] for row in rows if row["privilege"] == "MANAGE GRANTS"]
            return any(self._in_session(manager)[1] for manager in managers)
        except CollectionError:
            return False

    def _in_session(self, role: str) -> tuple[str, object]:
        """The session's role, and whether the other one is in the session."""
        (row,) = self._run(sql.role_in_session(role), "looking at the session's roles", "")
        return str(row["current_role"]), row["in_session"]

    def _lacks(self, owner: str, hint: str, role: str = "of this session") -> NotPermittedError:
        return NotPermittedError(
            self._subject,
            f"the role {role} lacks OWNERSHIP of the secret, which {owner} has",
            hint,
        )

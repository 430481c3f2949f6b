# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the IN clause of a SHOW statement lets through."""

from __future__ import annotations

from collections.abc import Callable

from .catalog import Catalog, Session
from .errors import cannot_be_performed
from .names import Name
from .statements import Scope


def in_scope(catalog: Catalog, session: Session, scope: Scope | None) -> Callable[[Name], bool]:
    """A test for full names; refuses a scope that the session may not see."""
    prefix = _prefix(catalog, session, scope)
    return lambda name: name[: len(prefix)] == prefix


def _prefix(catalog: Catalog, session: Session, scope: Scope | None) -> Name:
    if scope is None:
        return (session.database,) if session.database else ()
    securable = catalog.resolve(session, scope.kind, scope.name)
    if not catalog.visible(session, securable):
        raise cannot_be_performed()
    return securable.name

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CREATE, ALTER, DROP and SHOW of secrets."""

from __future__ import annotations

from .catalog import Catalog, Secret, Session, now
from .errors import (
    already_exists,
    compilation_error,
    invalid_property,
    missing_options,
)
from .names import Name, Securable, quote
from .results import Cell, Result, Work, like_matches, listing, status
from .scopes import in_scope
from .statements import (
    AlterSecret,
    CreateSecret,
    DropSecret,
    ShowSecrets,
)

# What each type requires, and all that it takes here.
_TYPES = {
    "GENERIC_STRING": frozenset({"SECRET_STRING"}),
    "PASSWORD": frozenset({"USERNAME", "PASSWORD"}),
    "SYMMETRIC_KEY": frozenset({"ALGORITHM"}),
    "CLOUD_PROVIDER_TOKEN": frozenset({"API_AUTHENTICATION"}),
    "OAUTH2": frozenset({"API_AUTHENTICATION"}),
}
_VALUES = frozenset({"SECRET_STRING", "PASSWORD"})


def create_secret(statement: CreateSecret, catalog: Catalog, session: Session) -> Work:
    properties = dict(statement.properties)
    secret = _new_secret(properties)
    securable = catalog.resolve(session, "SECRET", statement.name)
    parent = Securable("SCHEMA", securable.name[:2])
    catalog.check_privilege(session, "CREATE SECRET", parent)
    shown = quote(securable.name[-1])
    if catalog.exists(securable):
        if not statement.or_replace:
            raise already_exists(str(securable))
        catalog.check_privilege(session, "OWNERSHIP", securable)

    def work() -> Result:
        secret.created_on = now()
        catalog.put_secret(securable, secret, session.role)
        return status(f"Secret {shown} successfully created.")

    return work


def _new_secret(properties: dict[str, str]) -> Secret:
    kind = properties.pop("TYPE", None)
    comment = properties.pop("COMMENT", None)
    if kind is None:
        raise missing_options(["TYPE"])
    if kind not in _TYPES:
        raise compilation_error("001003", "42000", "invalid value for property 'TYPE'")
    missing = sorted(_TYPES[kind] - properties.keys())
    if missing:
        raise missing_options(missing)
    _check_properties(kind, properties)
    return Secret(kind, properties, comment)


def _check_properties(kind: str, properties: dict[str, str]) -> None:
    for name in sorted(properties.keys() - _TYPES[kind]):
        raise invalid_property(name, "SECRET")


def alter_secret(statement: AlterSecret, catalog: Catalog, session: Session) -> Work:
    securable = _owned(catalog, session, statement.name)
    secret = catalog.secrets[securable.name]
    changes = dict(statement.properties)
    comment = changes.pop("COMMENT", secret.comment)
    _check_properties(secret.type, changes)

    def work() -> Result:
        secret.comment = comment
        secret.properties.update(changes)
        secret.values_written += bool(changes.keys() & _VALUES)
        return status()

    return work


def drop_secret(statement: DropSecret, catalog: Catalog, session: Session) -> Work:
    securable = _owned(catalog, session, statement.name)

    def work() -> Result:
        catalog.remove_secret(securable)
        return status(f"{quote(statement.name[-1])} successfully dropped.")

    return work


def show_secrets(statement: ShowSecrets, catalog: Catalog, session: Session) -> Work:
    within = in_scope(catalog, session, statement.scope)
    rows = []
    for name, secret in sorted(catalog.secrets.items()):
        securable = Securable("SECRET", name)
        if (
            within(name)
            and like_matches(statement.like, name[-1])
            and catalog.visible(session, securable)
        ):
            rows.append(_row(catalog, securable, secret))
    return lambda: listing(
        "created_on name schema_name database_name owner comment secret_type oauth_scopes "
        "owner_role_type",
        rows,
    )


def _row(catalog: Catalog, securable: Securable, secret: Secret) -> tuple[Cell, ...]:
    database_name, schema_name, name = securable.name
    place = (name, schema_name, database_name, catalog.owner(securable))
    return (secret.created_on, *place, secret.comment, secret.type, None, "ROLE")


def _owned(catalog: Catalog, session: Session, name: Name) -> Securable:
    """The secret if this session may see and change it."""
    securable = catalog.resolve(session, "SECRET", name)
    catalog.check_privilege(session, "OWNERSHIP", securable)
    return securable

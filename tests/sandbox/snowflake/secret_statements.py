# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CREATE, ALTER, DROP, COMMENT ON, SHOW and DESC of secrets."""

from __future__ import annotations

from dataclasses import dataclass

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
    CommentOnSecret,
    CreateSecret,
    DescribeSecret,
    DropSecret,
    ShowSecrets,
)


@dataclass(frozen=True)
class _Type:
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


_TYPES = {
    "GENERIC_STRING": _Type(frozenset({"SECRET_STRING"})),
    "PASSWORD": _Type(frozenset({"USERNAME", "PASSWORD"})),
    "SYMMETRIC_KEY": _Type(frozenset({"ALGORITHM"})),
    "CLOUD_PROVIDER_TOKEN": _Type(frozenset({"API_AUTHENTICATION"}), frozenset({"ENABLED"})),
    "OAUTH2": _Type(
        frozenset({"API_AUTHENTICATION"}),
        frozenset({"OAUTH_SCOPES", "OAUTH_REFRESH_TOKEN", "OAUTH_REFRESH_TOKEN_EXPIRY_TIME"}),
    ),
}
_VALUES = frozenset({"SECRET_STRING", "PASSWORD", "OAUTH_REFRESH_TOKEN"})


def create_secret(statement: CreateSecret, catalog: Catalog, session: Session) -> Work:
    properties = dict(statement.properties)
    secret = _new_secret(properties, statement)
    securable = catalog.resolve(session, "SECRET", statement.name)
    parent = Securable("SCHEMA", securable.name[:2])
    catalog.check_privilege(session, "CREATE SECRET", parent)
    shown = quote(securable.name[-1])
    if catalog.exists(securable):
        if statement.if_not_exists:
            return lambda: status(f"{shown} already exists, statement succeeded.")
        if not statement.or_replace:
            raise already_exists(str(securable))
        catalog.check_privilege(session, "OWNERSHIP", securable)

    def work() -> Result:
        secret.created_on = now()
        catalog.put_secret(securable, secret, session.role)
        return status(f"Secret {shown} successfully created.")

    return work


def _new_secret(properties: dict[str, str | None], statement: CreateSecret) -> Secret:
    kind = properties.pop("TYPE", None)
    comment = properties.pop("COMMENT", None)
    if kind is None:
        raise missing_options(["TYPE"])
    known = _TYPES.get(kind)
    if known is None:
        raise compilation_error("001003", "42000", "invalid value for property 'TYPE'")
    missing = sorted(known.required - properties.keys())
    if missing:
        raise missing_options(missing)
    _check_properties(kind, properties)
    return Secret(kind, properties, dict(statement.tags), comment)


def _check_properties(kind: str, properties: dict[str, str | None]) -> None:
    allowed = _TYPES[kind].required | _TYPES[kind].optional
    for name in sorted(properties.keys() - allowed):
        raise invalid_property(name, "SECRET")


def alter_secret(statement: AlterSecret, catalog: Catalog, session: Session) -> Work:
    securable = _existing(catalog, session, statement.name, if_exists=statement.if_exists)
    if securable is None:
        return status
    catalog.check_privilege(session, "OWNERSHIP", securable)
    secret = catalog.secrets[securable.name]
    changes = dict(statement.properties)
    comment = changes.pop("COMMENT", secret.comment)
    _check_properties(secret.type, changes)

    def work() -> Result:
        secret.comment = comment
        secret.properties.update(changes)
        secret.values_written += bool(changes.keys() & _VALUES)
        for tag, value in statement.tags.items():
            if value is None:
                secret.tags.pop(tag, None)
            else:
                secret.tags[tag] = value
        return status()

    return work


def drop_secret(statement: DropSecret, catalog: Catalog, session: Session) -> Work:
    securable = _existing(catalog, session, statement.name, if_exists=statement.if_exists)
    shown = quote(statement.name[-1])
    if securable is None:
        return lambda: status(f"Drop statement executed successfully ({shown} already dropped).")
    catalog.check_privilege(session, "OWNERSHIP", securable)

    def work() -> Result:
        catalog.remove_secret(securable)
        return status(f"{shown} successfully dropped.")

    return work


def comment_on_secret(statement: CommentOnSecret, catalog: Catalog, session: Session) -> Work:
    securable = _existing(catalog, session, statement.name, if_exists=statement.if_exists)
    if securable is None:
        return status
    catalog.check_privilege(session, "OWNERSHIP", securable)
    secret = catalog.secrets[securable.name]

    def work() -> Result:
        secret.comment = statement.comment
        return status()

    return work


def describe_secret(statement: DescribeSecret, catalog: Catalog, session: Session) -> Work:
    securable = catalog.resolve(session, "SECRET", statement.name)
    catalog.check_privilege(session, "USAGE", securable)
    secret = catalog.secrets[securable.name]
    row = (
        *_common(catalog, securable, secret),
        secret.properties.get("USERNAME"),
        None,
        secret.properties.get("OAUTH_REFRESH_TOKEN_EXPIRY_TIME"),
        secret.properties.get("OAUTH_SCOPES"),
        secret.properties.get("API_AUTHENTICATION"),
        secret.properties.get("ALGORITHM"),
        None,
    )
    return lambda: listing(
        "created_on name schema_name database_name owner comment secret_type username "
        "oauth_access_token_expiry_time oauth_refresh_token_expiry_time oauth_scopes "
        "integration_name algorithm key_length",
        [row],
    )


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
            scopes = secret.properties.get("OAUTH_SCOPES")
            rows.append((*_common(catalog, securable, secret), scopes, "ROLE"))
    return lambda: listing(
        "created_on name schema_name database_name owner comment secret_type oauth_scopes "
        "owner_role_type",
        rows,
    )


def _common(catalog: Catalog, securable: Securable, secret: Secret) -> tuple[Cell, ...]:
    database_name, schema_name, name = securable.name
    owner = catalog.owner(securable)
    return (secret.created_on, name, schema_name, database_name, owner, secret.comment, secret.type)


def _existing(
    catalog: Catalog, session: Session, name: Name, *, if_exists: bool
) -> Securable | None:
    """The secret if this session may see it; nothing, or an error, if not."""
    securable = catalog.resolve(session, "SECRET", name)
    if if_exists and not catalog.visible(session, securable):
        return None
    catalog.check_visible(session, securable)
    return securable

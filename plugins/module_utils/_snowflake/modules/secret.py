# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_snowflake module: its options, the rules for them, and what it does."""

from __future__ import annotations

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ConfigurationError
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.converge import converge
from ..._secret.marker import OWNER
from ..._secret.options import SECRET_SPEC, desired_from
from ..place import PLACE_SPEC
from ..reach.connection import CONNECTION_SPEC, SNOWFLAKE, SnowflakeConnection
from ..sql.grants import GRANTEE_TYPES, PRIVILEGES, grant_policy
from ..sql.identifiers import QualifiedName
from ..store.store import SnowflakeStore

SPEC = SECRET_SPEC.merge(
    CONNECTION_SPEC,
    PLACE_SPEC,
    ArgumentSpec(
        options={
            "create_schema": {"type": "bool", "default": False},
            "comment": {"type": "str"},
            "grant_to": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "type": {"type": "str", "choices": list(GRANTEE_TYPES), "required": True},
                    "name": {"type": "str", "required": True},
                    "privileges": {
                        "type": "list",
                        "elements": "str",
                        "choices": list(PRIVILEGES),
                        "default": list(PRIVILEGES),
                    },
                },
            },
            "grant_usage_on_schema": {"type": "bool", "default": True},
            "purge_grants": {"type": "bool", "default": False},
        },
    ),
)

# Snowflake publishes no limit; ours leaves room for the marker in the shortest one reported.
_MAX_COMMENT = 1000


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate everything, then bring the secret to the desired state."""
    name = QualifiedName.parse(params["database"], params["schema"], params["name"])
    subject = f"Snowflake secret {name.plain}"
    comment = params["comment"]
    if comment is not None and not _usable(comment):
        raise ConfigurationError(
            subject,
            "the comment is too long, has control characters or contains our marker",
            f"use up to {_MAX_COMMENT} printable characters without [{OWNER}",
        )
    present = params["state"] == "present"
    grants = grant_policy(
        params["grant_to"],
        name,
        usage_on_schema=params["grant_usage_on_schema"],
        purge=params["purge_grants"],
    )
    desired = desired_from(
        params,
        runtime,
        SnowflakeStore.capabilities,
        subject=subject,
        fields={"comment": comment, "grants": grants.wanted if grants else None},
    )
    connection = SnowflakeConnection.from_params(params)
    with connection.lease(runtime) as session:
        store = SnowflakeStore(
            session,
            name,
            grants=grants if present else None,
            create_schema=present and params["create_schema"],
            account=connection.account,
        )
        return converge(store, desired, runtime)


def _usable(comment: str) -> bool:
    has_control_characters = any(ord(character) < 32 for character in comment)
    return (
        len(comment) <= _MAX_COMMENT and not has_control_characters and f"[{OWNER}" not in comment
    )


OPERATION = Operation("stripe_secret_snowflake", SPEC, execute, (SNOWFLAKE,))

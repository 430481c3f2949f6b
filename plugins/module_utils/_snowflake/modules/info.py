# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripe_secret_snowflake_info module: what there is to tell of secrets in a schema."""

from __future__ import annotations

from ..._core.operation import Operation, Outcome, Params, Runtime
from ..._secret.info import INFO_SPEC, Facts, tell
from ..._secret.marker import MarkedText
from ..._secret.model import Observed
from ..errors.errors import snowflake_errors
from ..place import PLACE_SPEC
from ..reach.connection import CONNECTION_SPEC, SNOWFLAKE, SnowflakeConnection, SnowflakeSession
from ..sql import sql
from ..sql.grants import GrantPolicy
from ..sql.identifiers import Identifier, QualifiedName
from ..store.store import SnowflakeStore

SPEC = INFO_SPEC.merge(CONNECTION_SPEC, PLACE_SPEC)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Look at the secrets that are named, or at all of ours; nothing is changed in any mode."""
    database = Identifier.parse("database", params["database"])
    schema = Identifier.parse("schema", params["schema"])
    given = [Identifier.parse("secret", name) for name in params["names"] or ()]
    connection = SnowflakeConnection.from_params(params)
    with connection.lease(runtime) as session:
        names = list_ours(session, database, schema) if params["names"] is None else given
        stores = (
            SnowflakeStore(
                session,
                QualifiedName(database, schema, name),
                # To have them listed; none is wanted.
                grants=GrantPolicy(frozenset()),
                account=connection.account,
            )
            for name in dict.fromkeys(names)
        )
        return tell(stores, facts_of, params, runtime)


def list_ours(
    session: SnowflakeSession, database: Identifier, schema: Identifier
) -> list[Identifier]:
    """The names of all secrets in the schema that carry our marker.

    https://docs.snowflake.com/en/sql-reference/sql/show-secrets
    """
    subject = f"Snowflake secrets in {database.text}.{schema.text}"
    with snowflake_errors(subject, "listing them", "USAGE on the database and schema"):
        rows = session.run(sql.show_secrets(database, schema))
        return [Identifier(row["name"]) for row in rows if MarkedText.parse(row["comment"]).ours]


def facts_of(store: SnowflakeStore, observed: Observed) -> Facts:
    """What Snowflake tells beside what every vault does: who may use it, and no versions."""
    return Facts(description=str(observed.fields["comment"]), grants=store.extra_grants())


OPERATION = Operation("stripe_secret_snowflake_info", SPEC, execute, (SNOWFLAKE,), reads_only=True)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret, in any form, in what the connector or we log, raise or show."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import encoded_forms
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import NewValue
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.errors.errors import (
    snowflake_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC,
    SnowflakeConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql import sql
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.store.store import (
    SnowflakeStore,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.faces import run_action
from unit.keys import make_key, random_text

WHOLE = Operation(OPERATION.name, OPERATION.spec, OPERATION.execute)
# How a value that has to be escaped may look on its way: in SQL, and that in JSON.
HOSTILE = ("'", "\\", "''", "\\'", "$$", "\n", '"', "\u2028", "%s", "; --")


class Everything(logging.Handler):
    """Keeps every record, with its arguments and its exception."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(
            f"{record.name} {record.levelname}: {record.getMessage()} {record.args!r}"
        )
        if record.exc_info:
            self.texts.append("".join(traceback.format_exception(*record.exc_info)))

    def listen(self) -> None:
        """Set all loggers to DEBUG, whatever they are set to."""
        names = [name for name in logging.Logger.manager.loggerDict if "snowflake" in name]
        for name in ("snowflake", "urllib3", *names, ""):
            logging.getLogger(name).setLevel(logging.DEBUG)


@pytest.fixture
def everything() -> Iterator[Everything]:
    handler = Everything()
    known = [logging.getLogger(name) for name in logging.Logger.manager.loggerDict]
    loggers = [logging.getLogger(), logging.getLogger("snowflake"), *known]
    levels = [logger.level for logger in loggers]
    handler.listen()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def forms(secret: str) -> set[str]:
    in_sql = sql.literal(secret)[1:-1]
    both = {*encoded_forms(secret), in_sql, json.dumps(in_sql)[1:-1]}
    return both | {form[: len(form) * 2 // 3] for form in both}


def assert_clean(secret: str, *texts: str) -> None:
    for text in texts:
        for form in forms(secret):
            assert form not in text, f"a form of {len(form)} characters"


def reach(services: SandboxClient, identity: str = "full") -> dict[str, Any]:
    return {**services.reach("snowflake", identity), "max_seconds": 3, "max_attempts": 2}


def secrets_of(options: dict[str, Any]) -> list[str]:
    return [options[name] for name in OPERATION.spec.secret_options if name in options]


@pytest.mark.parametrize(
    "identity", ["full", "metadata", "none", "token", "encrypted_key_pair", "oauth", "mfa"]
)
def test_a_whole_run(services: SandboxClient, everything: Everything, identity: str) -> None:
    name = f"shop{random_text(6)}"
    options = {"database": "PLATFORM", **reach(services, identity)}
    one, two = make_key(), make_key()
    shown = []
    for key in (one, one, two):
        task = {**options, "name": name, "api_key": key, "fingerprint_key": random_text()}
        shown.append(json.dumps(run_action(WHOLE, task, diff=True)))
    # Somebody has set every logger to DEBUG; the connector's are silent all the same.
    assert not [text for text in everything.texts if text.startswith("snowflake")]
    for secret in (one, two, *secrets_of(options)):
        # A passcode of six digits may be part of anything.
        if len(secret) > 6:
            assert_clean(secret, *everything.texts, *shown)


QUOTED = "001003"
FAULTS = {
    "a service that is down": Fault("snowflake", operation="* SECRET", status=503, times=50),
    "an error that quotes": Fault("snowflake", operation="* SECRET", status=200, code=QUOTED),
    "an answer that is none": Fault("snowflake", operation="* SECRET", status=400, times=50),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_statement_that_fails(
    services: SandboxClient, everything: Everything, hostile: str, fault: Fault
) -> None:
    """Not a key, but whatever a value may be."""
    secret = f"{random_text()}{hostile}{random_text()}"
    # As the server might, and as the connector does, quote what it was sent.
    quoting = Fault(**{**vars(fault), "message": f"syntax error near {sql.literal(secret)}"})
    name = QualifiedName(Identifier("PLATFORM"), Identifier("SECRETS"), Identifier("KEY"))
    with connect(services) as session:
        store = SnowflakeStore(session, name)
        everything.listen()
        value = NewValue(secret, Fingerprint.of(secret, resource=store.resource, salt=new_salt()))
        services.order(quoting)
        with pytest.raises(Exception, match="creating it failed") as failure:
            store.create(value, {})
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    shown = traceback.format_exception(failure.value)
    assert_clean(secret, *shown, repr(vars(failure.value)), repr(value), *everything.texts)


def connect(services: SandboxClient) -> Any:
    options = dict.fromkeys(CONNECTION_SPEC.options)
    return SnowflakeConnection.from_params({**options, **reach(services)}).open()


def test_the_beginning_of_a_statement_that_version_4_logs_holds_no_value() -> None:
    """80 characters; the shortest name there is, and the shortest comment that we write."""
    name = QualifiedName(Identifier("A"), Identifier("B"), Identifier("C"))
    comment = "[maia.stripe_query]"
    fingerprint = Fingerprint.of("x", resource="r", salt=new_salt())
    marked = f"[maia.stripe_query {fingerprint}]"
    for statement in (
        sql.create_secret(name, value="VALUE", comment=marked),
        sql.alter_secret(name, value="VALUE", comment=marked),
    ):
        assert statement.index("VALUE") > 80
    assert "VALUE" not in sql.alter_secret(name, comment=comment)


def test_what_hides_behind_our_error_is_not_shown(everything: Everything) -> None:
    from snowflake.connector.errors import ProgrammingError

    key = make_key()
    with (
        pytest.raises(Exception, match="changing it failed") as failure,
        snowflake_errors("It", "changing it", "OWNERSHIP"),
    ):
        raise ProgrammingError(f"near {sql.literal(key)}", errno=1003, sqlstate="42000")
    assert_clean(key, "".join(traceback.format_exception(failure.value)), *everything.texts)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Snowflake: options, and a session that runs statements."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from ..._core.argspec import ArgumentSpec, from_environment
from ..._core.deadline import current, in_time
from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError
from ..._core.limits import CALL_SECONDS, LIMITS_SPEC, MAX_ATTEMPTS, check_limits
from ..._core.operation import LateImport, Params, Requirement, Runtime, missing_library
from ..._core.sdk_logs import silence_sdk_logs
from ..._core.trust import REQUESTS_VARIABLES, trusted_authorities
from ..errors.errors import is_refusal, snowflake_errors
from ..sql import sql
from .connections_file import named_connection
from .credentials import CREDENTIALS_SPEC, SUBJECT, credentials, credentials_name

# The connector is imported in the worker that uses it, never before: importing version 5 starts
# threads, which do not survive Ansible's fork, and every call would then wait for them for ever.
_CONNECTOR = LateImport("snowflake.connector")
SNOWFLAKE = Requirement(
    "snowflake-connector-python",
    "https://pypi.org/project/snowflake-connector-python/",
    missing_library("snowflake", "connector"),
    late_import=_CONNECTOR,
)

_ACCOUNT = re.compile(r"[A-Za-z0-9_.-]{1,255}")
# What our statements rely on, and an account or a user may have set otherwise: quotes keep the case
# of names, and SHOW lists all that matches.
# https://docs.snowflake.com/en/sql-reference/parameters
_SESSION_PARAMETERS = {"QUOTED_IDENTIFIERS_IGNORE_CASE": "FALSE", "ROWS_PER_RESULTSET": "0"}
# Otherwise each log-in asks cloud metadata services, and AWS with whatever credentials it finds,
# only to tell Snowflake's telemetry where we run.
_NO_PLATFORM_DETECTION = "SNOWFLAKE_DISABLE_PLATFORM_DETECTION"

# From version 5 on its part in Rust writes a file, which no logger of Python's knows of.
_TROUBLESHOOTING = "SNOWFLAKE_TROUBLESHOOTING_ENABLED"

_REFUSED = 400  # as HTTP would have it
_READS = ("SHOW", "DESC", "ALTER SESSION", "SELECT")
_T = TypeVar("_T")

# From which the account's name, with hyphens for underscores, makes a host's.
_DOMAIN = "snowflakecomputing.com"
# Version 5 of the connector reads the last one only.
_CA_VARIABLES = (*REQUESTS_VARIABLES, "SSL_CERT_FILE")
# What connections.toml might say comes after what is said here.
_VERIFIED = {"verify_certificates": True, "verify_hostname": True, "tls_skip_verify": False}

CONNECTION_SPEC = CREDENTIALS_SPEC.merge(
    LIMITS_SPEC,
    ArgumentSpec(
        options={
            "connection_name": {"type": "str"},
            "connections_file": {"type": "path"},
            "account": from_environment("SNOWFLAKE_ACCOUNT"),
            "user": from_environment("SNOWFLAKE_USER"),
            "role": from_environment("SNOWFLAKE_ROLE"),
            "host": from_environment("SNOWFLAKE_HOST"),
            "port": {"type": "int"},
            "protocol": {"type": "str", "choices": ["https", "http"]},
        },
    ),
)


@dataclass(frozen=True)
class SnowflakeConnection:
    """Where and as whom to call Snowflake. from_params() has checked all of it.

    credentials: how it logs in, for errors.

    max_attempts: how often a request is tried in all. max_seconds: after that long, no further
    attempt of it is begun; the operation's limit holds as well.
    """

    account: str
    settings: Mapping[str, Any] = field(repr=False)
    max_attempts: int = MAX_ATTEMPTS
    max_seconds: int = CALL_SECONDS
    credentials: str = "the credentials"

    @classmethod
    def from_params(cls, params: Params) -> SnowflakeConnection:
        """Raises ConfigurationError before anything is contacted."""
        check_limits(params)
        params = _with_named_connection(params)
        account = params["account"]
        if not account or not _ACCOUNT.fullmatch(account):
            raise ConfigurationError(
                SUBJECT,
                "account is missing or not an account identifier",
                "set account or SNOWFLAKE_ACCOUNT to <organization>-<account>",
            )
        if (name := account.lower().removesuffix(f".{_DOMAIN}")) != account.lower():
            raise ConfigurationError(
                SUBJECT,
                f"account is the host name '{account}'",
                f"set account to {account[: len(name)]}",
            )
        protocol = params["protocol"] or "https"
        endpoint = Endpoint.of_host(
            params["host"] or f"{account.replace('_', '-')}.{_DOMAIN}",
            f"{SUBJECT}, option {'host' if params['host'] else 'account'}",
            port=params["port"],
            scheme=protocol,
        )
        settings = {
            "account": account,
            "user": params["user"],
            "role": params["role"],
            "host": endpoint.host if params["host"] else None,
            "port": params["port"],
            "protocol": protocol,
            **credentials(params),
        }
        return cls(
            account,
            {name: value for name, value in settings.items() if value is not None},
            params["max_attempts"],
            min(CALL_SECONDS, params["max_seconds"]),
            credentials_name(settings["authenticator"], params),
        )

    @property
    def key(self) -> Hashable:
        """The same for connections that lead to the same place as the same user."""
        settings = sorted((name, repr(value)) for name, value in self.settings.items())
        return (SUBJECT, *settings, self.max_attempts, self.max_seconds)

    def secrets(self) -> list[str]:
        """Those among the settings, which need not come from options."""
        return [
            str(value)
            for name, value in self.settings.items()
            if CONNECTION_SPEC.options[name].get("no_log") and isinstance(value, str)
        ]

    def lease(self, runtime: Runtime) -> AbstractContextManager[SnowflakeSession]:
        """A session that is opened where the run has none to lend; raises what open() does."""
        for secret in self.secrets():
            runtime.protect(secret)
        return runtime.clients.lease(self.key, self.open)

    def open(self) -> SnowflakeSession:
        """Log in, and set what our statements rely on.

        Raises AuthenticationError, TransientError, and ApiError if the parameters cannot be set.
        """
        os.environ.setdefault(_NO_PLATFORM_DETECTION, "true")
        # The connector announces its own plans, on which a user cannot act. catch_warnings() is not
        # safe for threads.
        warnings.filterwarnings("ignore", module=r"snowflake\.connector")
        connector = _load_without_logs()
        in_rust = _is_in_rust(connector.__version__)
        trusted_authorities(None, _CA_VARIABLES[-1:] if in_rust else _CA_VARIABLES)
        subject = f"Snowflake account '{self.account}'"
        logging_in = snowflake_errors(subject, "logging in", "", credentials=self.credentials)
        with logging_in:
            connect = partial(
                connector.connect,
                **self.settings,
                **self._limits(connector.__version__),
                **(_VERIFIED if in_rust else {}),
                # No tokens on disk or in a key ring.
                client_store_temporary_credential=False,
                application="maia.stripe_query",
            )
            session = SnowflakeSession(_in_time("logging in", connect, lambda late: late.close()))
        try:
            # Not while logging in: Snowflake may pass over parameters there, and refuses them here.
            with snowflake_errors(subject, "setting the session's parameters", ""):
                session.run(sql.alter_session(_SESSION_PARAMETERS))
        except BaseException:
            session.close()
            raise
        return session

    def _limits(self, version: str) -> dict[str, int]:
        """Up to version 4 the connector has no limit for attempts."""
        seconds = self.max_seconds
        if not _is_in_rust(version):
            return {"login_timeout": seconds, "network_timeout": seconds}
        return {
            "login_timeout": seconds,
            "query_timeout": seconds,
            "request_timeout": seconds,
            "retry_max_attempts": self.max_attempts,
        }


def _load_without_logs() -> Any:
    """The connector, imported, with nothing that writes a log."""
    # Before the import, which is when it is read.
    os.environ[_TROUBLESHOOTING] = "false"
    loaded = _CONNECTOR.load()
    with suppress(ImportError):
        # Up to version 4 it makes a file when it connects, if [log] of config.toml says so.
        easy_logging = import_module("snowflake.connector.log_configuration")
        easy_logging.EasyLoggingConfigPython.parse_config_file = _read_nothing
    silence_sdk_logs()
    return loaded


def _read_nothing(_self: object, *_args: object, **_options: object) -> None:
    """In place of reading config.toml, of which we use no other part."""


def _in_time(what: str, call: Callable[[], _T], discard: Callable[[_T], object]) -> _T:
    """What call() gives. Raises OutOfTime: only from outside can native code be left alone."""
    current().check(what)
    try:
        answer = in_time(call, discard)
    except TimeoutError:
        raise current().error(what) from None
    current().answered()
    return answer


def _is_in_rust(version: str) -> bool:
    """Whether it is a version of the connector that is another program than those before it."""
    return int(version.split(".", maxsplit=1)[0]) >= 5


def _with_named_connection(params: Params) -> Params:
    """The options, completed from the connection that connection_name names."""
    name = params["connection_name"]
    if not name:
        return params
    found = named_connection(name, params["connections_file"])
    entries = {key: found[key] for key in params.keys() & found.keys() if params[key] is None}
    return {**params, **{key: _plain(name, key, value) for key, value in entries.items()}}


def _plain(name: str, key: str, value: Any) -> Any:
    """An entry as the option would have it."""
    kind = CONNECTION_SPEC.options[key]["type"]
    if kind == "int" and str(value).isdecimal():
        return int(value)
    if kind == "list" and isinstance(value, list):
        return [str(item) for item in value]
    if kind in ("str", "path") and isinstance(value, str):
        return str(Path(value).expanduser()) if kind == "path" else value
    raise ConfigurationError(
        f"Snowflake connection '{name}'", f"its {key} is of the wrong type", "correct the file"
    )


class SnowflakeSession:
    """An open connection; a context manager that closes it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> SnowflakeSession:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it, and let go of it.

        Its finalizer sets context variables. Where the garbage collector would run it, that is in
        the middle of whatever Ansible does next, Python up to 3.11 may lose those of others.
        https://github.com/python/cpython/issues/148891
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def run(self, statement: str) -> list[Mapping[str, Any]]:
        """Run one statement. Returns its rows by lower-case column name. Raises OutOfTime."""
        what = " ".join(statement.split()[:2])
        current().changing("" if what.startswith(_READS) else what)
        current().sent()
        try:
            rows = _in_time(f"the answer to {what}", partial(self._rows, statement), lambda _: None)
        except Exception as error:
            if is_refusal(error):
                current().answered(_REFUSED)
            raise
        return rows

    def _rows(self, statement: str) -> list[Mapping[str, Any]]:
        with self._connection.cursor() as cursor:
            # MULTI_STATEMENT_COUNT of an account or a user may ask for another number.
            cursor.execute(statement, num_statements=1)
            columns = [column[0].lower() for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

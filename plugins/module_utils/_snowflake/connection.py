# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Snowflake: options, and a session that runs statements."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from ansible.module_utils.basic import env_fallback

from .._argspec import ArgumentSpec
from .._errors import ConfigurationError
from .._operation import LateImport, Params, Requirement, missing_library
from .errors import snowflake_errors

# The connector is imported in the worker that uses it, never before: importing version 5 starts
# threads, which do not survive Ansible's fork, and every call would then wait for them for ever.
_CONNECTOR = LateImport("snowflake.connector")
SNOWFLAKE = Requirement(
    "snowflake-connector-python",
    "https://pypi.org/project/snowflake-connector-python/",
    missing_library("snowflake", "connector"),
    late_import=_CONNECTOR,
)

SUBJECT = "Snowflake connection"
_ACCOUNT = re.compile(r"[A-Za-z0-9_.-]{1,255}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TIMEOUTS = {"login_timeout": 20, "network_timeout": 60}
# Otherwise each log-in asks cloud metadata services, and AWS with whatever credentials it finds,
# only to tell Snowflake's telemetry where we run.
_NO_PLATFORM_DETECTION = "SNOWFLAKE_DISABLE_PLATFORM_DETECTION"

CONNECTION_SPEC = ArgumentSpec(
    options={
        "account": {"type": "str", "fallback": (env_fallback, ["SNOWFLAKE_ACCOUNT"])},
        "user": {"type": "str", "fallback": (env_fallback, ["SNOWFLAKE_USER"])},
        "password": {
            "type": "str",
            "no_log": True,
            "fallback": (env_fallback, ["SNOWFLAKE_PASSWORD"]),
        },
        "private_key_path": {
            "type": "path",
            "no_log": False,
            "fallback": (env_fallback, ["SNOWFLAKE_PRIVATE_KEY_PATH"]),
        },
        "private_key_passphrase": {
            "type": "str",
            "no_log": True,
            "fallback": (env_fallback, ["SNOWFLAKE_PRIVATE_KEY_PASSPHRASE"]),
        },
        "token": {
            "type": "str",
            "no_log": True,
            "fallback": (env_fallback, ["SNOWFLAKE_TOKEN"]),
        },
        "authenticator": {
            "type": "str",
            "choices": ["snowflake", "snowflake_jwt", "programmatic_access_token", "oauth"],
            "fallback": (env_fallback, ["SNOWFLAKE_AUTHENTICATOR"]),
        },
        "role": {"type": "str", "fallback": (env_fallback, ["SNOWFLAKE_ROLE"])},
        "host": {"type": "str", "fallback": (env_fallback, ["SNOWFLAKE_HOST"])},
        "port": {"type": "int"},
        "protocol": {"type": "str", "choices": ["https", "http"], "default": "https"},
    },
)


@dataclass(frozen=True)
class SnowflakeConnection:
    """Where and as whom to call Snowflake. from_params() has checked all of it."""

    account: str
    settings: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_params(cls, params: Params) -> SnowflakeConnection:
        """Raises ConfigurationError before anything is contacted."""
        account = params["account"]
        if not account or not _ACCOUNT.fullmatch(account):
            raise ConfigurationError(
                SUBJECT,
                "account is missing or not an account identifier",
                "set account or SNOWFLAKE_ACCOUNT to <organization>-<account>",
            )
        if params["protocol"] == "http" and params["host"] not in _LOOPBACK:
            raise ConfigurationError(
                SUBJECT,
                "protocol is http, which would send the key unencrypted",
                "use https; http is for services on this machine only",
            )
        settings = {
            "account": account,
            "user": params["user"],
            "role": params["role"],
            "host": params["host"],
            "port": params["port"],
            "protocol": params["protocol"],
            **_credentials(params),
        }
        return cls(account, {name: value for name, value in settings.items() if value is not None})

    def open(self) -> SnowflakeSession:
        """Log in. Raises AuthenticationError and TransientError."""
        os.environ.setdefault(_NO_PLATFORM_DETECTION, "true")
        connector = _CONNECTOR.load()
        subject = f"Snowflake account '{self.account}'"
        with snowflake_errors(subject, "logging in", ""), warnings.catch_warnings():
            # It announces its own plans, which are nothing that a user could act on.
            warnings.simplefilter("ignore")
            return SnowflakeSession(
                connector.connect(**self.settings, **_TIMEOUTS, application="maia.stripe_query")
            )


def _credentials(params: Params) -> dict[str, Any]:
    """The connector's arguments for the one way to log in that the options describe."""
    kind = params["authenticator"] or _default_authenticator(params)
    needed = {
        "snowflake": ("user", "password"),
        "snowflake_jwt": ("user", "private_key_path"),
        "programmatic_access_token": ("user", "token"),
        "oauth": ("token",),
    }[kind]
    missing = [name for name in needed if not params[name]]
    if missing:
        raise ConfigurationError(
            SUBJECT,
            f"authenticator {kind} needs {' and '.join(missing)}",
            "set the option or its environment variable, or choose another authenticator",
        )
    if kind == "snowflake":
        return {"password": params["password"]}
    if kind == "snowflake_jwt":
        return {
            "authenticator": "SNOWFLAKE_JWT",
            "private_key_file": params["private_key_path"],
            "private_key_file_pwd": params["private_key_passphrase"],
        }
    return {"authenticator": kind.upper(), "token": params["token"]}


def _default_authenticator(params: Params) -> str:
    if params["private_key_path"]:
        return "snowflake_jwt"
    if params["token"]:
        return "programmatic_access_token"
    return "snowflake"


class SnowflakeSession:
    """An open connection; a context manager that closes it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __enter__(self) -> SnowflakeSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def run(self, statement: str) -> list[Mapping[str, Any]]:
        """Run one statement. Returns its rows by lower-case column name."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            columns = [column[0].lower() for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

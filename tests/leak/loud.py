# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules in a process where every documented way of logging is turned on.

python -m leak.loud reads a Case as JSON from standard input. What is logged goes to the standard
streams and to files below HOME; each way that may have a file has its own.
"""

from __future__ import annotations

import http.client
import json
import logging
import logging.config
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

_COLLECTION = "ansible_collections.maia.stripe_query.plugins"
_CORE = f"{_COLLECTION}.module_utils._core"

# https://docs.snowflake.com/developer-guide/python-connector/python-connector-example#logging
SNOWFLAKE_LOGS = "snowflake-logs"


def environment(home: Path) -> dict[str, str]:
    """All variables that turn on logs, of any version, and some that people believe in."""
    return {
        "ANSIBLE_LOG_PATH": str(home / "ansible.log"),
        "ANSIBLE_DEBUG": "true",
        "AWS_DEBUG": "true",
        "BOTO_DEBUG": "true",
        "AZURE_LOG_LEVEL": "DEBUG",
        "AZURE_SDK_LOGGING_LEVEL": "DEBUG",
        "AZURE_SDK_LOGGING_MULTIRECORD": "true",
        "SNOWFLAKE_LOG_LEVEL": "DEBUG",
        "SNOWFLAKE_LOG_PATH": str(home / SNOWFLAKE_LOGS),
        "SNOWFLAKE_TROUBLESHOOTING_ENABLED": "true",
        "SNOWFLAKE_TROUBLESHOOTING_REPORT_PATH": str(home),
        "SF_CLIENT_CONFIG_FILE": str(home / "sf_client_config.json"),
        "RUST_LOG": "trace",
    }


def write_configuration(home: Path) -> None:
    """The files that turn on logs."""
    directory = home / ".snowflake"
    directory.mkdir(mode=0o700, parents=True)
    logs = home / SNOWFLAKE_LOGS
    for name in ("config.toml", "connections.toml"):
        file = directory / name
        file.write_text(f'[log]\nsave_logs = true\nlevel = "DEBUG"\npath = "{logs}"\n')
        file.chmod(0o600)
    level = {"log_level": "TRACE", "log_path": str(logs)}
    (home / "sf_client_config.json").write_text(json.dumps({"common": level}))


@dataclass(frozen=True)
class Case:
    """tasks: modules with their options, one after the other in one process.

    face: action or module. silenced: whether the collection may do what keeps logs back.
    seen: a file for the tokens that are sent.
    """

    tasks: Sequence[tuple[str, Mapping[str, Any]]]
    face: str
    silenced: bool
    seen: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def _turn_on_everything(home: Path) -> None:
    # Ansible makes a handler for all loggers when it has a log_path.
    import_module("ansible.utils.display")
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(logging.FileHandler(home / "root.log"))
    import_module("boto3").set_stream_logger("", format_string="boto3: %(message)s")
    session = import_module("botocore.session").get_session()
    session.set_file_logger(logging.DEBUG, str(home / "botocore.log"))
    import_module("urllib3").add_stderr_logger()
    for name in ("azure", "msal"):
        logging.getLogger(name).addHandler(logging.FileHandler(home / f"{name}.log"))
    _set_logging_enable(import_module("azure.core.pipeline.policies"))
    # As an administrator does who wants to see everything.
    names = list(logging.Logger.manager.loggerDict)
    debug = {name: {"level": "DEBUG"} for name in names}
    logging.config.dictConfig(
        {"version": 1, "incremental": True, "disable_existing_loggers": False, "loggers": debug}
    )
    # Documented by urllib3 and requests; it prints.
    http.client.HTTPConnection.debuglevel = 1
    import_module("urllib3.connection").HTTPConnection.debuglevel = 1


def _set_logging_enable(policies: Any) -> None:
    """Azure's logging_enable is an argument of each client; here all have it."""
    usual = policies.NetworkTraceLoggingPolicy.__init__

    def enabled(policy: Any, **options: Any) -> None:
        usual(policy, **{**options, "logging_enable": True})

    policies.NetworkTraceLoggingPolicy.__init__ = enabled


def _note_tokens(file: str) -> None:
    send = http.client.HTTPConnection.putheader

    def noting(connection: Any, header: Any, *values: Any) -> None:
        if str(header).lower() == "authorization":
            with open(file, "a", encoding="utf-8") as stream:
                stream.write(str(values[0]).rpartition(" ")[2] + "\n")
        send(connection, header, *values)

    setattr(http.client.HTTPConnection, "putheader", noting)  # noqa: B010 - for mypy


def _take_silencing_away() -> None:
    vars(import_module(f"{_CORE}.operation"))["silence_sdk_logs"] = lambda: None
    connection = import_module(f"{_COLLECTION}.module_utils._snowflake.reach.connection")
    load = vars(connection)["_CONNECTOR"].load
    if "_load_without_logs" not in vars(connection):
        raise LookupError("what keeps the connector's logs back has another name")
    vars(connection)["_load_without_logs"] = load


def _run(module: str, args: Mapping[str, Any], face: str) -> None:
    """Raises RuntimeError if it fails: what was not done has nothing to log."""
    operation = import_module(f"{_COLLECTION}.action.{module}").ActionModule.operation
    if face == "action":
        result = import_module("unit.faces").run_action(operation, args, diff=True)
        print(json.dumps(result))
        if result.get("failed"):
            raise RuntimeError(f"{module}: {result['msg']}")
        return
    run = import_module(f"{_CORE}.module_face").run_as_module
    given = {**args, "_ansible_module_name": module, "_ansible_diff": True}
    try:
        with import_module("ansible.module_utils.testing").patch_module_args(given):
            run(operation)
    except SystemExit as end:
        if end.code not in (None, 0):
            raise RuntimeError(f"{module} failed") from None


def main() -> None:
    case = Case(**json.load(sys.stdin))
    home = Path(os.environ["HOME"])
    _note_tokens(case.seen)
    if not case.silenced:
        _take_silencing_away()
    for module, _args in case.tasks:
        import_module(f"{_COLLECTION}.action.{module}")
    _turn_on_everything(home)
    for module, args in case.tasks:
        _run(module, args, case.face)


if __name__ == "__main__":
    main()

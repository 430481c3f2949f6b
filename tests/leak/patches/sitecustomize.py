# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put on PYTHONPATH by the leak harness: lets the code under test crash with a secret in hand.

Python imports this in every process of the run, those of modules too. Nothing of it is in the
collection. What it needs to know comes by the environment:
LEAK_LAYER_FILE  holds the name of the layer that is to crash now, or nothing
LEAK_KEY_FILE    holds the key that the exception's text carries
LEAK_SEEN_FILE   gets the tokens that went over the wire, which are secrets too
LEAK_SYSLOG_FILE gets what goes to syslog
"""

from __future__ import annotations

import builtins
import functools
import http.client
import os
import sys
import syslog
import time
from collections.abc import Callable
from typing import Any

_UTILS = "ansible_collections.maia.stripe_query.plugins.module_utils."
# Layer -> where it crashes: module and name in it.
LAYERS: dict[str, list[tuple[str, str]]] = {
    "validation": [("ansible.module_utils.common.arg_spec", "ArgumentSpecValidator.validate")],
    "result": [(f"{_UTILS}_core.operation", "Outcome.to_result")],
    "options": [(f"{_UTILS}_stripe.key", "parse_key")],
    "core": [
        (f"{_UTILS}_secret.plan", "make_plan"),
        (f"{_UTILS}_maia.projects.projects", "find_project"),
        (f"{_UTILS}_stripe.verdict", "judge"),
        (f"{_UTILS}_pipeline.files", "read_files"),
    ],
    "store": [
        (f"{_UTILS}_aws.store.store", "AwsStore.look"),
        (f"{_UTILS}_azure.store.store", "AzureStore.look"),
        (f"{_UTILS}_snowflake.store.store", "SnowflakeStore.look"),
        (f"{_UTILS}_core.http", "RequestsTransport.request"),
    ],
    "sdk": [
        ("botocore.client", "BaseClient._make_api_call"),
        ("azure.core.pipeline", "Pipeline.run"),
        ("snowflake.connector.cursor", "SnowflakeCursor.execute"),
        ("requests.sessions", "Session.request"),
    ],
}
_LONGEST_SLEEP = 0.05  # seconds; an SDK's waiting before it tries again proves nothing here
_PATIENT = ("ansible.", "ansible_collections.ansible", "__main__")  # Ansible's own waiting counts

_import = builtins.__import__
_sleep = time.sleep
_putheader = http.client.HTTPConnection.putheader
_pending = [(layer, *place) for layer, places in LAYERS.items() for place in places]


def _read(variable: str) -> str:
    try:
        with open(os.environ[variable], encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _append(variable: str, text: str) -> None:
    with open(os.environ[variable], "a", encoding="utf-8") as file:
        file.write(text + "\n")


def _crashing(layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def crash(*args: Any, **kwargs: Any) -> Any:
        if _read("LEAK_LAYER_FILE") != layer:
            return function(*args, **kwargs)
        key = _read("LEAK_KEY_FILE")
        try:
            raise KeyError(key)
        except KeyError as cause:
            raise RuntimeError(f"forced in {layer}: {key} {args!r} {kwargs!r}") from cause

    return crash


def _patch_what_is_there() -> None:
    for item in list(_pending):
        layer, module_name, path = item
        holder: Any = sys.modules.get(module_name)
        *outer, name = path.split(".")
        for part in outer:
            holder = getattr(holder, part, None)
        function = getattr(holder, name, None)
        if function is not None and item in _pending:
            _pending.remove(item)
            setattr(holder, name, _crashing(layer, function))


def _importing(*args: Any, **kwargs: Any) -> Any:
    module = _import(*args, **kwargs)
    _patch_what_is_there()
    return module


def _hasty(seconds: float) -> None:
    caller = str(sys._getframe(1).f_globals.get("__name__"))
    _sleep(seconds if caller.startswith(_PATIENT) else min(seconds, _LONGEST_SLEEP))


def _noting(connection: Any, header: Any, *values: Any) -> None:
    if str(header).lower() == "authorization":
        _append("LEAK_SEEN_FILE", str(values[0]).rpartition(" ")[2])
    _putheader(connection, header, *values)


if "LEAK_LAYER_FILE" in os.environ:
    builtins.__import__ = _importing
    # As urllib3 and requests document it; what is sent is then printed, unless that is kept back.
    http.client.HTTPConnection.debuglevel = 1
    vars(time)["sleep"] = _hasty
    setattr(http.client.HTTPConnection, "putheader", _noting)  # noqa: B010 - for mypy
    vars(syslog)["syslog"] = lambda *args: _append("LEAK_SYSLOG_FILE", str(args[-1]))

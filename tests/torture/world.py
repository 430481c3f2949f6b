# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox as the torturers use it: run a case, look at what is there, start again."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

import urllib3
from ansible import constants
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Operation
from sandbox.client import SandboxClient
from torture.cases import KEY, OTHER, Args, Case
from unit.faces import run_action

FACES = ("action", "module")
PATIENCE = 20.0  # seconds to wait for an answer
_PAUSE = 0.01  # seconds between attempts
# What is different each time: identifiers, times, salts and fingerprints.
_VOLATILE = (
    *("id", "created_on", "versions", "values_written"),
    "maia.stripe_query.rolled_back_to",  # a version
)
_MARKER = re.compile(r"\bv1:[^\s\]]+(?: after [0-9a-f]{16})?")
# The end of a hosted secret's name: salt, digest, place and a random part.
HOSTED_NAME = re.compile(r"-[0-9a-f]{64}$")

Result = dict[str, Any]


def _nothing(_pid: int) -> None:
    """Nothing to prepare."""


class Fork:
    """Something that runs in a child process, as Ansible's tasks do."""

    def __init__(self, work: Callable[[], Result], ready: Callable[[int], None]) -> None:
        go, self._go = os.pipe()
        self._out, out = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._child(work, go, out)
        os.close(go)
        os.close(out)
        ready(self.pid)

    def _child(self, work: Callable[[], Result], go: int, out: int) -> NoReturn:
        os.close(self._go)
        os.read(go, 1)
        try:
            result = work()
        except BaseException as error:
            result = {"failed": True, "msg": f"{type(error).__name__} in the child: {error}"}
        with os.fdopen(out, "w") as pipe:
            json.dump(result, pipe)
        os._exit(0)

    def start(self) -> None:
        os.write(self._go, b".")

    def wait(self) -> Result | None:
        """What came of it; None if it was killed."""
        with os.fdopen(self._out) as pipe:
            text = pipe.read()
        os.close(self._go)
        _pid, status = os.waitpid(self.pid, 0)
        return None if os.WIFSIGNALED(status) else dict(json.loads(text))

    def finish(self) -> Result:
        """Start it and wait for its end, which nobody hastens."""
        self.start()
        result = self.wait()
        assert result is not None
        return result


class World:
    """One running sandbox."""

    def __init__(self, sandbox: SandboxClient, scratch: Path, identity: str = "full") -> None:
        """scratch: for the private directories of runs. identity: whose credentials to use."""
        self.sandbox = sandbox
        self._scratch = scratch
        self._identity = identity
        self._runs = itertools.count()
        self.deleted: dict[str, Any] = {}  # what a case begins with and a vault can restore
        self._keys = {
            KEY: self.sandbox.key("shop-analytics-production"),
            OTHER: self.sandbox.key("billing-insights-production"),
        }
        self._secrets = [
            *self._keys.values(),
            *(
                text
                for state in self.sandbox.state.services.values()
                for options in state.identities.values()
                for name, text in options.items()
                if name in ("secret_key", "client_secret", "password", "api_key")
            ),
        ]

    def start(self, case: Case, *, apart: bool = False) -> None:
        """Empty vaults, then what the case starts with; counts and faults are forgotten.

        apart: in processes of their own, since some SDKs must not be loaded before a fork.
        """
        self.sandbox.clear()
        self.sandbox.reset()
        self.deleted = {}
        for module, args in case.before:
            held = self.contents()
            made = self.fork(module, args).finish() if apart else self.run(module, args)
            assert not made.get("failed"), made
            left = self.contents()
            self.deleted |= {name: state for name, state in held.items() if name not in left}
            if apart:
                # To tell which of two versions of one second is the current one takes another
                # request, and a case is to take the same ones each time.
                self.sandbox.next_second()
        self.sandbox.clear()

    def run(
        self,
        module: str,
        args: Args,
        *,
        face: str = "action",
        check: bool = False,
        number: int | None = None,
        patience: float = PATIENCE,
        hasty: bool = True,
        **more: Any,
    ) -> Result:
        """Run a module's operation in this process, as a run of its own.

        number: of the run, if it has one already. patience: in seconds, until an answer counts
        as missing. hasty: do not wait as long as is asked for. more: further options.
        """
        given = {**self.connection(module), **args, **more}
        given = {
            name: self._keys.get(value, value) if isinstance(value, str) else value
            for name, value in given.items()
        }
        vars(constants)["DEFAULT_LOCAL_TMP"] = str(self.directory(number))
        with _hasty(patience) if hasty else contextlib.nullcontext():
            if face == "action":
                return run_action(operation(module), given, check_mode=check, diff=True)
            return _run_module(operation(module), given, check=check)

    def directory(self, number: int | None = None) -> Path:
        """A private directory for a run. number: of the run, if it has one already."""
        return self._scratch / str(next(self._runs) if number is None else number)

    def fork(
        self,
        module: str,
        args: Args,
        *,
        ready: Callable[[int], None] = _nothing,
        hasty: bool = True,
    ) -> Fork:
        """The same in a process of its own; `ready` gets its id before anything is done in it."""
        number = next(self._runs)  # here, since the child's counter is its own
        return Fork(lambda: self.run(module, args, number=number, hasty=hasty), ready)

    def connection(self, module: str) -> dict[str, Any]:
        """Options that lead to the sandbox, and that give up soon."""
        if module == "stripe_api_key_info":
            url, ca = self.sandbox.url("stripe"), self.sandbox.state.ca
            return {"api_url": url, "ca_bundle": ca, "on_unverified": "fail"}
        if not module.startswith("stripe_secret_"):
            return self.sandbox.reach("maia", self._identity)
        vault = module.removeprefix("stripe_secret_").removesuffix("_info")
        return {**self.sandbox.reach(vault, self._identity), "max_attempts": 3, "max_seconds": 60}

    def contents(self) -> dict[str, Any]:
        """What the vaults and Maia hold, without what is different each time."""
        return {
            f"{entry.service} {entry.kind} {entry.name} {entry.details.get('environment', '')}": (
                _stable(entry.details)
            )
            for entry in self.sandbox.contents()
            if entry.service != "stripe"
        }

    def versions(self) -> int:
        """How many values all the vaults together were given and still keep."""
        total = 0
        for entry in self.sandbox.contents():
            held = entry.details.get("versions", entry.details.get("values_written", 0))
            total += len(held) if isinstance(held, list) else int(str(held))
        return total

    def leaks(self, result: Result) -> bool:
        text = json.dumps(result)
        return any(secret in text for secret in self._secrets)

    def requests(self) -> list[tuple[str, str]]:
        """The requests since the start, as (service, operation), as often as there were."""
        return [
            (service, operation)
            for service in self.sandbox.state.services
            for operation, count in self.sandbox.requests(service).items()
            for _time in range(count)
        ]

    def writes(self) -> int:
        return sum(self.sandbox.writes(service) for service in self.sandbox.state.services)


def operation(module: str) -> Operation:
    found: Operation = import_module(
        f"ansible_collections.maia.stripe_query.plugins.action.{module}"
    ).ActionModule.operation
    return found


def one_sentence(result: Mapping[str, Any]) -> bool:
    """Whether a failure is told as our errors are, and none that nobody foresaw."""
    text, error = str(result.get("msg", "")), result.get("error") or {}
    whole = re.fullmatch(r"[^\n]+[^.\n]\.", text) and not re.search(r"\. [A-Z]|Traceback", text)
    return bool(whole) and error.get("kind") not in (None, "unexpected")


def _run_module(operation: Operation, args: Args, *, check: bool) -> Result:
    internal = {
        "_ansible_check_mode": check,
        "_ansible_diff": True,
        "_ansible_module_name": f"maia.stripe_query.{operation.name}",
    }
    out = io.StringIO()
    with (
        mock.patch.object(AnsibleModule, "warn"),
        patch_module_args({**args, **internal}),
        contextlib.redirect_stdout(out),
        contextlib.suppress(SystemExit),
    ):
        run_as_module(operation)
    result: Result = json.loads(out.getvalue())
    return result


@contextlib.contextmanager
def _hasty(patience: float) -> Iterator[None]:
    """Waiting is short: before another attempt, and for an answer that does not come."""
    sleep, set_timeout = time.sleep, socket.socket.settimeout

    def settimeout(connection: socket.socket, seconds: float | None) -> None:
        set_timeout(connection, patience if seconds is None else min(seconds, patience))

    def pause(seconds: float) -> None:
        sleep(min(seconds, _PAUSE))

    with (
        mock.patch.object(time, "sleep", pause),
        mock.patch.object(socket.socket, "settimeout", settimeout),
        mock.patch.object(urllib3, "disable_warnings"),
    ):
        yield


def _stable(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _stable(value) for name, value in data.items() if name not in _VOLATILE}
    if isinstance(data, list):
        return sorted((_stable(item) for item in data), key=repr)
    if not isinstance(data, str):
        return data
    return HOSTED_NAME.sub("-*", _MARKER.sub("v1:*", data))

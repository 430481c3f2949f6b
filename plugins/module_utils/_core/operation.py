# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Operation per module: the single source of its options and of what it does.

A module and its action plugin are two faces of the same Operation: module_face.py is the module's,
plugin_utils/_in_process.py the action plugin's. What an Operation executes returns or raises;
Operation.run turns that into an Ansible result for both faces, which add only the failures before
it. In a task for many targets, _flow/target.py and _rollout turn what each target raises into its
result.
"""

from __future__ import annotations

import os
import socket
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

from .argspec import ArgumentSpec
from .clients import ClientPool
from .credentials import check_credentials
from .deadline import current
from .endpoint import keep_loopback_off_proxies
from .errors import CollectionError
from .limits import time_limit
from .misplaced import check_misplaced
from .redaction import Redactor
from .sdk_logs import silence_sdk_logs
from .shared import SharedState
from .text import check_values

_LONG = 16

Params = Mapping[str, Any]
"""A module's options after validation, as AnsibleModule.params has them."""


class Runtime(Protocol):
    """All that an Operation may ask of its host."""

    check_mode: bool
    shared: SharedState
    clients: ClientPool

    def warn(self, text: str) -> None:
        """Tell the user; fixed texts only, never a server's words."""

    def protect(self, secret: str) -> None:
        """Keep this value out of everything that is shown."""

    def progress(self, text: str) -> None:
        """Show progress."""

    def validated(self, module: str, spec: ArgumentSpec, options: Params, /) -> dict[str, Any]:
        """See Validate: refuse options as Ansible would."""


HostT = TypeVar("HostT", bound=Runtime)


def in_turn(runtime: Runtime, name: str) -> AbstractContextManager[None]:
    """Inside, no other task of this run writes to what has this name. In check mode none does."""
    return nullcontext() if runtime.check_mode else runtime.shared.exclusive(name)


def in_check_mode(runtime: HostT) -> HostT:
    """The same, to find out what would be done."""
    made = copy(runtime)
    made.check_mode = True
    return made


@dataclass(frozen=True)
class Outcome:
    """What an Operation did, or in check mode would do; its result never holds a secret.

    diffs: in place of before and after, one for each changed thing: what it was before and is
    after, and a header for each. diffs_by_target: the same for a task that leaves it to others
    to show them.
    failure: msg and perhaps error, if not all of it could be done.
    key: a stored key that was read for a step after this one; no result shows it.
    """

    changed: bool
    values: Mapping[str, object] = field(default_factory=dict)
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    diffs: tuple[Mapping[str, object], ...] = ()
    diffs_by_target: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    failure: Mapping[str, object] | None = None
    key: str | None = field(default=None, repr=False)

    def to_result(self, *, diff: bool) -> dict[str, Any]:
        """An Ansible result; `diff` is there when it was asked for and makes sense."""
        result: dict[str, Any] = {"changed": self.changed, **self.values}
        if diff and self.before is not None and self.after is not None:
            result["diff"] = {"before": dict(self.before), "after": dict(self.after)}
        elif diff and self.diffs:
            result["diff"] = [dict(each) for each in self.diffs]
        if diff and self.diffs_by_target:
            result["diffs"] = {name: list(own) for name, own in self.diffs_by_target.items()}
        if self.failure is not None:
            result |= {"failed": True, **self.failure}
        return result


class LateImport:
    """A Python module that does not survive a fork, and so is imported where it is used."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._imported_by: int | None = None

    def load(self) -> Any:
        """The module, imported by this process if it is not yet."""
        if self._name not in sys.modules:
            self._imported_by = os.getpid()
        return import_module(self._name)

    def came_too_early(self) -> str | None:
        """The module's name if it was imported before this process was forked, else None."""
        if self._name in sys.modules and self._imported_by != os.getpid():
            return self._name
        return None


@dataclass(frozen=True)
class Requirement:
    """A Python library that an Operation needs; `error` says why it could not be imported.

    late_import: its module that must not be imported before Ansible forks its workers; where
    that has happened all the same, the work has to be done in a new process.
    """

    library: str
    url: str
    error: ImportError | None
    late_import: LateImport | None = None


def missing_library(package: str, module: str) -> ImportError | None:
    """An error if there is no such module; it is looked for but not imported."""
    name = f"{package}.{module}"
    if find_spec(package) is not None and find_spec(name) is not None:
        return None
    return ImportError(f"No module named '{name}'", name=name)


@dataclass(frozen=True)
class Operation:
    """What a module of this name takes, needs and does.

    reads_only: it does the same in check mode.
    waits: the option for how many seconds it waits for something, beyond max_seconds.
    """

    name: str
    spec: ArgumentSpec
    execute: Callable[[Params, Runtime], Outcome]
    requirements: tuple[Requirement, ...] = ()
    reads_only: bool = False
    waits: str | None = None

    def missing_requirement(self) -> str | None:
        """One sentence that names the first library that is not installed here, or None."""
        for requirement in self.requirements:
            if requirement.error is not None:
                return (
                    f"Failed to import the required Python library ({requirement.library}) on"
                    f" {socket.gethostname()}'s Python {sys.executable}; install it there, see"
                    f" {requirement.url}."
                )
        return None

    def imported_too_early(self) -> str | None:
        """The name of a Python module that is unsafe to use in this process, if there is one."""
        late = (requirement.late_import for requirement in self.requirements)
        return next((name for item in late if item and (name := item.came_too_early())), None)

    def _named(self, result: dict[str, Any]) -> dict[str, Any]:
        """With the object's name over its diff: Ansible shows those of many one after another."""
        if isinstance(result.get("diff"), dict) and result.get("name"):
            header = f"{result['name']} ({self.name})"
            result["diff"] |= {"before_header": header, "after_header": header}
        return result

    def perform(self, params: Params, runtime: Runtime) -> Outcome:
        """Execute within max_seconds. Raises OutOfTime as well."""
        check_credentials(self.spec, params)
        with time_limit(params, more=params[self.waits] if self.waits else 0):
            try:
                return self.execute(params, runtime)
            except CollectionError as error:
                raise current().after(error) from None

    def run(self, params: Params, runtime: Runtime, redactor: Redactor, *, diff: bool) -> Any:
        """Execute and turn whatever comes out into an Ansible result (dict).

        A failed result has `failed`, `msg` and, for errors that we know, `error`.
        """
        silence_sdk_logs()
        keep_loopback_off_proxies()
        for secret in self.spec.secrets(params):
            redactor.protect(secret)
        if missing := self.missing_requirement():
            return {"failed": True, "msg": missing}
        try:
            check_values(params, apart=self.spec.checked_apart)
            check_misplaced(self.spec, params)
            result = self._named(self.perform(params, runtime).to_result(diff=diff))
            # Ansible has no variable for it: ansible_check_mode knows only --check.
            if runtime.check_mode and not self.reads_only:
                result["check_mode"] = True
            # Ours alone: a weak password that is a common word would only spoil names in it.
            return redactor.mask_data(result, min_length=_LONG)
        except CollectionError as error:
            result = {"failed": True, **error.to_result()}
        except Exception as error:
            result = unexpected_failure(error)
        finally:
            runtime.clients.close()
        return redactor.mask_data(result)


def unexpected_failure(error: Exception) -> dict[str, Any]:
    """The result for an unexpected exception: its class and where it was raised.

    Without its text, which may quote an unprotected secret.
    """
    where = traceback.extract_tb(error.__traceback__)[-1]
    return {
        "failed": True,
        "msg": (
            f"Unexpected {type(error).__name__} in {where.name} ({where.filename.rsplit('/')[-1]}"
            f":{where.lineno}); please report this as a bug of maia.stripe_query."
        ),
        "error": {"kind": "unexpected", "reason": type(error).__name__},
    }

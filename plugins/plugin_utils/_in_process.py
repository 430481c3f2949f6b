# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugins' side of an Operation: run it here, without starting a module.

A module costs the start of a Python process and the import of an SDK on every host; here the
SDK is imported once by the controller, before it forks its workers. Wherever a module would
behave differently (another machine, user, interpreter or environment) the plugin steps aside
and lets the module run. https://docs.ansible.com/ansible/latest/dev_guide/developing_plugins.html
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from ansible import constants
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import filter_loader, test_loader
from ansible.template import Templar
from ansible.utils.display import Display

from ..module_utils._core.argspec import RefusedOptions
from ..module_utils._core.deadline import Deadline, limited
from ..module_utils._core.errors import CollectionError, ConfigurationError
from ..module_utils._core.module_face import FaceRuntime, new_redactor, validated
from ..module_utils._core.operation import Operation, unexpected_failure
from ..module_utils._core.text import check_values
from ..module_utils._stripe.not_a_key import recognized_as
from ._ends_with_ansible import cancelled, end, ends_with_ansible
from ._extra_variables import refuse_extra_variables
from ._inventory_data import mark_plain
from ._inventory_sources import refuse_failed_sources
from ._run_state import run_state
from ._system_proxies import ask_for_system_proxies, reason_for_a_new_process

try:  # ansible-core >= 2.19 tags the values of a task's arguments
    from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
except ImportError:
    from ansible.module_utils.common.json import AnsibleJSONEncoder

    _ENCODING: dict[str, Any] = {"cls": AnsibleJSONEncoder, "vault_to_text": True}
    _DECODING: dict[str, Any] = {}
else:
    _ENCODING = {"cls": get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)}
    _DECODING = {"cls": get_module_decoder("legacy", Direction.CONTROLLER_TO_MODULE)}

# The kill switch: a variable, or for a whole run an environment variable.
SWITCH_VARIABLE = "maia_stripe_query_in_process"
SWITCH_ENVIRONMENT = "MAIA_STRIPE_QUERY_IN_PROCESS"

# To start one and to import an SDK.
_MODULE_SECONDS = 2


class InProcessAction(ActionBase):
    """Base of all our action plugins; a subclass only names its Operation."""

    operation: ClassVar[Operation]

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True
    _supports_diff = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # In Ansible's parent, which this ends, before any task of ours, even one that is skipped.
        refuse_extra_variables()
        ask_for_system_proxies()
        _prime()
        # Ansible's parent loads a plugin, and the SDK with it, before it forks. A collection of
        # garbage in a worker would look at all of that, and so copy its memory: a quarter of a
        # task's time. https://docs.python.org/3/library/gc.html#gc.freeze
        gc.freeze()

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        try:
            refuse_failed_sources()
            self._refuse(task_vars)
            args = self._arguments(task_vars)
            # Before what Ansible would say of it, which takes it for a failure of our own.
            spec = self.operation.spec
            check_values(args, spec.options, spec.checked_apart)
            reason = self._reason_for_module(task_vars)
        except CollectionError as error:
            return {**result, "failed": True, "changed": False, **error.to_result()}
        seconds = self._seconds()
        if reason is None:
            self._say("runs in process")
            limit = Deadline(seconds, option="timeout of the task")
            # Who has nothing to tell of a cancelled run ends at once.
            tells = type(self)._tell_of_cancelled is not InProcessAction._tell_of_cancelled
            with ends_with_ansible(limit if tells else None), limited(limit):
                result |= self._run_here(args)
                if cancelled(limit):
                    self._tell_of_cancelled(result, task_vars)
                    end()  # Ansible is about to end, or has ended
                return result
        self._say(f"runs as a module: {reason}")
        if seconds < math.inf and "max_seconds" in self.operation.spec.options:
            args["max_seconds"] = _shortened(args.get("max_seconds"), seconds - _MODULE_SECONDS)
        with ends_with_ansible():
            result |= self._execute_module(
                module_name=self._module_name(),
                module_args=args,
                task_vars=task_vars,
                wrap_async=bool(self._task.async_val),
            )
        return result

    def _refuse(self, task_vars: Mapping[str, Any]) -> None:
        """Raise ConfigurationError for what the play would fail of later."""

    def _tell_of_cancelled(self, result: Mapping[str, Any], task_vars: Mapping[str, Any]) -> None:
        """Say what was done, though nobody takes the result any more."""

    def _seconds(self) -> float:
        """Until shortly before Ansible ends the task, which would tell nothing of what was done."""
        timeout = self._task.timeout
        if not timeout or self._task.async_val:
            return math.inf
        return float(timeout - min(1, timeout / 4))

    def _arguments(self, _task_vars: Mapping[str, Any]) -> dict[str, Any]:
        """The task's own, without those that are null: null means left out, for every option.

        For a plugin that knows more than the task says, here is the place.
        """
        return {name: value for name, value in self._task.args.items() if value is not None}

    def _module_name(self) -> str:
        """With the collection's name where Ansible has found it out."""
        return str(self._task.resolved_action or self._task.action)

    def _say(self, text: str) -> None:
        Display().vvv(f"{self.operation.name} {text}", host=self._task.delegate_to)

    def _reason_for_module(self, task_vars: Mapping[str, Any]) -> str | None:
        """Why a module has to run, or None if it need not. Raises ConfigurationError."""
        if not self._is_switched_on(task_vars):
            return f"{SWITCH_VARIABLE} is off"
        if self._task.async_val:
            return "the task is async"
        if self._connection.transport != "local":
            return f"the connection is {self._connection.transport}"
        if self._task.become or getattr(self._connection, "become", None):
            return "the task becomes another user"
        if any(self._task.environment or ()):
            return "the task sets an environment"
        # As Ansible does: of the host that the task is delegated to.
        delegated = (task_vars.get("ansible_delegated_vars") or {}).get(self._task.delegate_to)
        where = task_vars if delegated is None else delegated
        interpreter = self._templar.template(
            where.get("ansible_python_interpreter")
            or constants.config.get_config_value("INTERPRETER_PYTHON")
        )
        if interpreter and not _is_this_python(str(interpreter)):
            return f"another interpreter is asked for ({interpreter})"
        proxies = reason_for_a_new_process()
        if proxies is not None:
            return proxies
        early = self.operation.imported_too_early()
        if early is not None:
            return f"{early} was imported before the worker was forked"
        return self.operation.missing_requirement()

    def _is_switched_on(self, task_vars: Mapping[str, Any]) -> bool:
        """Raises ConfigurationError for what is neither true nor false."""
        switch = task_vars.get(SWITCH_VARIABLE)
        given = f"Variable {SWITCH_VARIABLE}"
        if switch is None:
            switch = os.environ.get(SWITCH_ENVIRONMENT) or True
            given = f"Environment variable {SWITCH_ENVIRONMENT}"
        try:
            return bool(boolean(self._templar.template(switch)))
        except TypeError:
            wrong = "it is neither true nor false", "give true or false, or leave it out"
            raise ConfigurationError(given, *wrong) from None

    def _run_here(self, args: Mapping[str, Any]) -> dict[str, Any]:
        redactor = new_redactor()
        warnings: list[str] = []
        runtime = FaceRuntime(
            bool(self._task.check_mode), run_state(), redactor, warnings.append, _show_progress
        )
        try:
            params = plain(args)
            # Before validation, whose messages quote what they refuse.
            for secret in self.operation.spec.secrets(params):
                redactor.protect(secret)
            params = validated(self._module_name(), self.operation.spec, params)
            result = self.operation.run(params, runtime, redactor, diff=bool(self._task.diff))
        except RefusedOptions as error:
            return {"failed": True, "changed": False, "msg": redactor.mask(str(error))}
        except CollectionError as error:
            result = redactor.mask_data({"failed": True, **error.to_result()})
        except Exception as error:
            result = redactor.mask_data(unexpected_failure(error))
        result.setdefault("changed", False)
        if warnings:
            result["warnings"] = warnings
        return dict(result)


def _prime() -> None:
    """Make once, before Ansible's parent forks, what each worker would make anew.

    Jinja's lexer, what lies between the names of filters and tests and their plugins, and the
    regular expressions with which a key is read, which Python keeps.
    """
    with suppress(KeyError):  # in tests, which are no run of Ansible
        test_loader.get("ansible.builtin.defined")
        filter_loader.get("ansible.builtin.default")
    Templar(loader=DataLoader(), variables={}).template(mark_plain("{{ 1 }}"))
    recognized_as("")


def _shortened(given: Any, seconds: float) -> Any:
    """An option that is no number is for validation to refuse."""
    limit = max(1, int(seconds))
    try:
        return limit if given is None else min(limit, int(given))
    except (TypeError, ValueError, OverflowError):
        return given


def _show_progress(text: str) -> None:
    Display().display(text, stderr=True)


def plain(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as a module would get them: through JSON, which takes off all tags."""
    return dict(json.loads(json.dumps(args, **_ENCODING), **_DECODING))


def _is_this_python(interpreter: str) -> bool:
    """Whether it is one of the names of the interpreter that runs this.

    The directory counts as well: two virtual environments may share one binary.
    """
    if interpreter.startswith("auto"):
        return True
    asked, this = Path(interpreter).absolute(), Path(sys.executable).absolute()
    return asked.parent == this.parent and asked.resolve() == this.resolve()

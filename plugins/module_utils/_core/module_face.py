# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole main() of a module: options go to the Operation, and its Outcome becomes the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .argspec import ArgumentSpec
from .clients import ClientPool
from .operation import Operation
from .redaction import MIN_LENGTH, PLACEHOLDER, Redactor
from .shared import LocalState, SharedState


class _ModuleRuntime:
    """The Runtime of a module that runs in its own process."""

    def __init__(self, module: AnsibleModule, redactor: Redactor) -> None:
        self.check_mode = bool(module.check_mode)
        self.shared: SharedState = LocalState()
        self.clients = ClientPool()
        self.protect: Callable[[str], None] = redactor.protect
        self._show: Callable[[str], None] = module.warn
        self._mask: Callable[[str], str] = redactor.mask

    def warn(self, text: str) -> None:
        self._show(self._mask(text))

    def progress(self, text: str) -> None:
        """A module can only tell how it ended."""


class _Module(AnsibleModule):
    """Shows its options masked and writes none of them to the system's log.

    AnsibleModule masks those that are declared secret, but would show and log a key that was given
    for something else, and a secret in a dict if Python writes it with backslashes.
    """

    def __init__(self, operation: Operation) -> None:
        self.redactor = Redactor()
        self._spec = operation.spec
        super().__init__(**operation.spec.to_kwargs(), supports_check_mode=True)  # type: ignore[no-untyped-call]

    def exit_json(self, **result: Any) -> NoReturn:
        self._mask_params()
        super().exit_json(**result)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        self._mask_params()
        # What validation says of an option quotes it.
        super().fail_json(self.redactor.mask(msg), **result)

    def _mask_params(self) -> None:
        """Ansible adds them to the result, as "invocation"."""
        for secret in self._spec.secrets(self.params):
            self.redactor.protect(secret)
        self.params = self.redactor.mask_data(_known(self._spec, self.params))

    def _log_invocation(self) -> None:
        pass


def _known(spec: ArgumentSpec, params: Mapping[str, Any]) -> dict[str, Any]:
    """The options without the values of those that the spec has not: a secret may be mistyped."""
    names = set(spec.names())
    return {
        name: _entries(spec.parts.get(name), value) if name in names else PLACEHOLDER
        for name, value in params.items()
    }


def _entries(part: ArgumentSpec | None, value: Any) -> Any:
    if part is not None and isinstance(value, list):
        return [_entries(part, entry) for entry in value]
    return _known(part, value) if part is not None and isinstance(value, Mapping) else value


def run_as_module(operation: Operation) -> NoReturn:
    """The whole main() of a module."""
    module = _Module(operation)
    # AnsibleModule masks them wherever they stand, in innocent words too; ours has a limit.
    secrets = operation.spec.secrets(module.params)
    module.no_log_values = {text for text in secrets if len(text) >= MIN_LENGTH}
    runtime = _ModuleRuntime(module, module.redactor)
    result = operation.run(module.params, runtime, module.redactor, diff=bool(module._diff))
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)

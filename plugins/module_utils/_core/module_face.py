# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The core's face to Ansible, and the only place below the plugins that imports it.

Options are validated by Ansible, with its words. run_as_module is the whole main() of a module:
options go to the Operation, and its Outcome becomes the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError

from .argspec import ArgumentSpec, Fault, RefusedOptions
from .clients import ClientPool
from .errors import PLACEHOLDER, CollectionError
from .faults import find_fault
from .operation import Operation
from .redaction import MIN_LENGTH, Redactor
from .shared import LocalState, SharedState
from .text import check_values
from .wording import nearest

try:  # ansible-core >= 2.22 masks registered secrets in everything that it displays
    from ansible.module_utils.secrets import register_secret
except ImportError:
    register_secret = None


def new_redactor() -> Redactor:
    """One whose secrets Ansible masks as well, where it can."""
    return Redactor(register_secret)


def ansible_arguments(spec: ArgumentSpec) -> dict[str, Any]:
    """Keyword arguments for AnsibleModule and ArgumentSpecValidator."""
    return {
        "argument_spec": _ansible_options(spec.options),
        "mutually_exclusive": [list(names) for names in spec.mutually_exclusive],
        "required_together": [list(names) for names in spec.required_together],
        "required_one_of": [list(names) for names in spec.required_one_of],
        "required_if": [list(rule) for rule in spec.required_if],
        "required_by": dict(spec.required_by),
    }


def _ansible_options(options: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    made = {name: dict(option) for name, option in options.items()}
    for option in made.values():
        if variables := option.pop("environment", None):
            option["fallback"] = (env_fallback, variables)
        if suboptions := option.get("options"):
            option["options"] = _ansible_options(suboptions)
    return made


@cache
def validator(spec: ArgumentSpec) -> ArgumentSpecValidator:
    """Ansible's for this spec, to be used as often as needed and in any thread."""
    return ArgumentSpecValidator(**ansible_arguments(spec))


def validated(module: str, spec: ArgumentSpec, options: Mapping[str, Any]) -> dict[str, Any]:
    """See Validate."""
    result = validator(spec).validate(dict(options))
    if result.error_messages:
        message = str(result.errors.msg)
        if isinstance(result.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({module}) module: {message}"
        raise RefusedOptions(_unknown_entry(spec, result) or message, _fault(spec, options, result))
    params: dict[str, Any] = result.validated_parameters
    return params


def _fault(
    spec: ArgumentSpec, options: Mapping[str, Any], result: ValidationResult
) -> Fault | None:
    # As they were given, where they were: of a list Ansible leaves out what is wrong.
    params: dict[str, Any] = {**result.validated_parameters, **options}

    def is_wrong(name: str) -> bool:
        alone = ArgumentSpecValidator(_ansible_options({name: spec.options[name]}))
        return bool(alone.validate({name: params[name]}).error_messages)

    return find_fault(spec, params, is_wrong)


def _unknown_entry(spec: ArgumentSpec, result: ValidationResult) -> str | None:
    """One sentence about an entry that an option has not; Ansible would print all that it has."""
    paths = sorted(path for path in result.unsupported_parameters if isinstance(path, tuple))
    if not paths:
        return None
    *outer, name = paths[0]
    options = spec.options
    for option in outer:
        options = options[option]["options"]
    return f"Option {'.'.join(outer)} has no {name[:64]}; {nearest(name, options)}."


@dataclass
class FaceRuntime:
    """The Runtime that a face gives to an Operation, with what only that face can do.

    show_warning: takes a text that is masked already. show_progress: a module cannot.
    """

    check_mode: bool
    shared: SharedState
    redactor: Redactor
    show_warning: Callable[[str], object]
    show_progress: Callable[[str], object] = lambda _text: None
    clients: ClientPool = field(default_factory=ClientPool)

    def warn(self, text: str) -> None:
        self.show_warning(self.redactor.mask(text))

    def protect(self, secret: str) -> None:
        self.redactor.protect(secret)

    def progress(self, text: str) -> None:
        self.show_progress(text)

    def validated(
        self, module: str, spec: ArgumentSpec, options: Mapping[str, Any], /
    ) -> dict[str, Any]:
        return validated(module, spec, options)


class _Module(AnsibleModule):
    """Shows its options masked and writes none of them to the system's log.

    AnsibleModule masks those that are declared secret, but would show and log a key that was given
    for something else, and a secret in a dict if Python writes it with backslashes.
    """

    def __init__(self, operation: Operation) -> None:
        self.redactor = new_redactor()
        self._spec = operation.spec
        super().__init__(**ansible_arguments(operation.spec), supports_check_mode=True)  # type: ignore[no-untyped-call]

    def _load_params(self) -> None:
        """Before validation makes texts of what is none; an action plugin has looked already."""
        super()._load_params()  # type: ignore[no-untyped-call]  # Ansible has no hints there
        try:
            check_values(self.params, self._spec.options, self._spec.checked_apart)
        except CollectionError as error:
            result: dict[str, Any] = error.to_result()
            self.fail_json(**result)

    def exit_json(self, **result: Any) -> NoReturn:
        self._mask_params()
        super().exit_json(**result)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        self._mask_params()
        # Until it is validated there is none.
        checked = getattr(self, "validation_result", None)
        unknown = _unknown_entry(self._spec, checked) if checked else None
        # What validation says of an option quotes it.
        super().fail_json(self.redactor.mask(unknown or msg), **result)

    def _mask_params(self) -> None:
        """Ansible adds them to the result, as "invocation"."""
        for secret in self._spec.secrets(self.params):
            self.redactor.protect(secret)
        self.params = self.redactor.mask_data(_known(self._spec, self.params))

    def _log_invocation(self) -> None:
        pass


def _known(spec: ArgumentSpec, params: Mapping[str, Any]) -> dict[str, Any]:
    """The options without the values of those that the spec has not: a secret may be mistyped."""
    names = set(spec.names)
    return {
        name: _entries(spec.parts.get(name), value) if name in names else PLACEHOLDER
        for name, value in params.items()
    }


def _entries(part: ArgumentSpec | None, value: Any) -> Any:
    if part is not None and isinstance(value, list):
        return [_entries(part, entry) for entry in value]
    return _known(part, value) if part is not None and isinstance(value, Mapping) else value


def check_options(operation: Operation) -> None:
    """The main() of an action plugin: fails as the module would if its options are wrong.

    ansible-lint runs main() of the file that it finds for a task, which is the action plugin where
    there is one, to see what is wrong with the options. Nothing else is done here.
    """
    _Module(operation)


def run_as_module(operation: Operation) -> NoReturn:
    """The whole main() of a module."""
    module = _Module(operation)
    # AnsibleModule masks them wherever they stand, in innocent words too; ours has a limit.
    secrets = operation.spec.secrets(module.params)
    module.no_log_values = {text for text in secrets if len(text) >= MIN_LENGTH}
    runtime = FaceRuntime(bool(module.check_mode), LocalState(), module.redactor, module.warn)
    result = operation.run(module.params, runtime, module.redactor, diff=bool(module._diff))
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)

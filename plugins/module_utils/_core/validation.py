# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusing options as AnsibleModule would, with its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .argspec import ArgumentSpec


class RefusedOptions(Exception):
    """The text is Ansible's, and may quote a value."""


class Validator:
    """Validates options by one spec, as often as needed and in any thread."""

    def __init__(self, module: str, spec: ArgumentSpec) -> None:
        """module: the name in messages."""
        self._module = module
        self._validator = ArgumentSpecValidator(**spec.to_kwargs())

    def validated(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options with their defaults, in their types. Raises RefusedOptions."""
        result = self._validator.validate(dict(options))
        if result.error_messages:
            message = str(result.errors.msg)
            if isinstance(result.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({self._module}) module: {message}"
            raise RefusedOptions(message)
        params: dict[str, Any] = result.validated_parameters
        return params


def validated(module: str, spec: ArgumentSpec, options: Mapping[str, Any]) -> dict[str, Any]:
    """As Validator does, for once."""
    return Validator(module, spec).validated(options)

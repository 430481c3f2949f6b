# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Views by the operation that they answer; its path, method and rules are the contract's."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.maia.contract import contract
from sandbox.maia.gate import Gate

P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


class Operations:
    def __init__(self, name: str, gate: Gate) -> None:
        self.blueprint = Blueprint(name, __name__)
        self._gate = gate

    def __call__(self, operation_id: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Decorates the view of that operation."""
        operation = contract()[operation_id]

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            guarded = self._gate.guard(operation, view)
            self.blueprint.add_url_rule(
                operation.route, operation_id, guarded, methods=[operation.method]
            )
            return view

        return decorate

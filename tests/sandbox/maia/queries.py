# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query parameters, paging and JSON bodies of API requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import request

from sandbox.maia.fields import Fields
from sandbox.maia.problems import Problem, invalid
from sandbox.maia.views import Json

T = TypeVar("T")

DEFAULT_SIZE = 25
LARGEST_SIZE = 100


def page_of(items: Iterable[T], show: Callable[[T], Json]) -> Json:
    """The page that the request asks for; pages count from 0."""
    page = _integer("page", default=0, least=0, most=1_000_000)
    size = _integer("size", default=DEFAULT_SIZE, least=1, most=LARGEST_SIZE)
    everything = list(items)
    chosen = everything[page * size : (page + 1) * size]
    return {
        "page": page,
        "results": [show(item) for item in chosen],
        "size": size,
        "total": len(everything),
    }


def required(name: str) -> str:
    value = request.args.get(name, "")
    if not value:
        raise invalid(f"{name} must not be blank")
    return value


def names(parameter: str) -> list[str]:
    """A comma-separated list; empty when the parameter is left out."""
    return [name for name in request.args.get(parameter, "").split(",") if name]


def json_body() -> Fields:
    if request.mimetype != "application/json":
        raise Problem(415, "The body must be application/json.")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid("the body must be a JSON object")
    return Fields(body)


def _integer(name: str, *, default: int, least: int, most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise invalid(f"{name} must be a number from {least} to {most}")
    return int(text)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query parameters, paging and JSON bodies of requests that the contract has let through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import request

from sandbox.maia.views import Json

T = TypeVar("T")

DEFAULT_SIZE = 25


def page_of(items: Iterable[T], show: Callable[[T], Json]) -> Json:
    """The page that the request asks for; pages count from 0."""
    page = request.args.get("page", 0, int)
    size = request.args.get("size", DEFAULT_SIZE, int)
    everything = list(items)
    chosen = everything[page * size : (page + 1) * size]
    return {
        "page": page,
        "results": [show(item) for item in chosen],
        "size": size,
        "total": len(everything),
    }


def names(parameter: str) -> list[str]:
    """A comma-separated list; empty when the parameter is left out."""
    return [name for name in request.args.get(parameter, "").split(",") if name]


def json_body() -> dict[str, Any]:
    return dict(request.get_json())

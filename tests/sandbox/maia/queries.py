# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Query parameters and JSON bodies of requests that the contract has let through."""

from __future__ import annotations

from typing import Any

from flask import request


def names(parameter: str) -> list[str]:
    """A comma-separated list; empty when the parameter is left out."""
    return [name for name in request.args.get(parameter, "").split(",") if name]


def json_body() -> dict[str, Any]:
    return dict(request.get_json())

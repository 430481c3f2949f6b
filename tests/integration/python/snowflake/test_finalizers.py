# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No finalizer of the connector is left for the garbage collector, see SnowflakeSession.close()."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION,
)
from integration.python.snowflake.test_connection import reach
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key, random_text

__all__ = ["reach"]


@contextmanager
def garbage() -> Iterator[list[str]]:
    """The classes of what is left inside that refers to itself and has a finalizer."""
    found: list[str] = []
    gc.collect()
    gc.disable()
    try:
        yield found
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found += sorted({_name(each) for each in gc.garbage if _ends(each)})
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def _name(each: object) -> str:
    return f"{type(each).__module__}.{type(each).__name__}"


def _ends(each: Any) -> bool:
    if not _name(each).startswith("snowflake.") or not hasattr(each, "__del__"):
        return False
    # Version 4 leaves cursors to the collector, whose finalizers do nothing once they are closed.
    return not (_name(each).endswith("Cursor") and each.is_closed())


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        pytest.param({}, False, id="stored"),
        pytest.param({"password": random_text(20)}, True, id="not logged in"),
        pytest.param({"schema": "NOWHERE"}, True, id="a statement that fails"),
        pytest.param({"port": 1}, True, id="not reached"),
    ],
)
def test_nothing_of_the_connector_is_garbage(
    services: SandboxClient, reach: dict[str, Any], changed: dict[str, Any], failed: bool
) -> None:
    login = {**reach, **services.identity("snowflake", "full")}
    options = {**login, "name": "shop", "api_key": make_key(), **changed}
    with garbage() as found:
        assert run_action(OPERATION, options).get("failed", False) is failed
    assert found == []

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs' loggers are silent, whatever they were set to."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.sdk_logs import (
    SDK_LOGGERS,
    silence_sdk_logs,
)


@pytest.fixture(autouse=True)
def _levels() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in logging.Logger.manager.loggerDict]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("name", SDK_LOGGERS)
def test_all_of_an_sdk_is_silent(name: str) -> None:
    top, child = logging.getLogger(name), logging.getLogger(f"{name}.a.child")
    top.setLevel(logging.NOTSET)
    child.setLevel(logging.NOTSET)
    own = logging.getLogger(f"{name}.another")
    own.setLevel(logging.DEBUG)
    silence_sdk_logs()
    later = logging.getLogger(f"{name}.a.later.one")
    for logger in (top, child, own, later):
        assert not logger.isEnabledFor(logging.CRITICAL)


def test_others_may_go_on() -> None:
    other = logging.getLogger("botocore_like")
    other.setLevel(logging.DEBUG)
    silence_sdk_logs()
    assert other.isEnabledFor(logging.DEBUG)


def test_what_is_silent_stays_so_at_no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    silence_sdk_logs()
    levels: list[object] = []
    monkeypatch.setattr(logging.Logger, "setLevel", lambda logger, _level: levels.append(logger))
    silence_sdk_logs()
    assert levels == []

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs' loggers are silent, whatever is done to them; unit/test_loud_logs.py has real ones."""

from __future__ import annotations

import http.client
import logging
import logging.config
import time
from collections.abc import Iterator

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.sdk_logs import (
    SDK_LOGGERS,
    silence_sdk_logs,
)


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.names.append(record.name)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What the root logger gets."""
    handler, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def turn_up(logger: logging.Logger, handler: logging.Handler) -> None:
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    logger.disabled = False
    logger.propagate = True
    debug = {logger.name: {"level": "DEBUG"}}
    logging.config.dictConfig({"version": 1, "incremental": True, "loggers": debug})


def say(logger: logging.Logger) -> None:
    logger.critical("a secret")
    logger.log(60, "a secret")
    logging.LoggerAdapter(logger, {}).error("a secret")
    record = logger.makeRecord(logger.name, 60, "file", 1, "a secret", (), None)
    logger.handle(record)
    logger.callHandlers(record)


@pytest.mark.parametrize("name", sorted(SDK_LOGGERS))
def test_an_sdk_stays_silent_whatever_levels_and_handlers_are_set_later(
    name: str, kept: Kept
) -> None:
    earlier = logging.getLogger(f"{name}.early.child")
    silence_sdk_logs()
    loggers = [
        *(logging.getLogger(name), earlier, logging.getLogger(f"{name}.early")),
        *(logging.getLogger(f"{name}.later.one"), earlier.getChild("other")),
    ]
    for logger in loggers:
        turn_up(logger, kept)
        say(logger)
        logger.removeHandler(kept)
    assert kept.names == []


def test_others_may_go_on(kept: Kept) -> None:
    usual = logging.getLoggerClass()
    earlier = logging.getLogger("botocore_like")
    silence_sdk_logs()
    later = logging.getLogger("ansible.of_a_test")
    for logger in (earlier, later):
        logger.warning("innocent")
    assert kept.names == ["botocore_like", "ansible.of_a_test"]
    assert later.__class__ == usual


@pytest.mark.parametrize("kind", ["HTTPConnection", "HTTPSConnection"])
def test_http_client_prints_no_requests(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(http.client.HTTPSConnection):
        pass

    monkeypatch.setattr(getattr(http.client, kind), "debuglevel", 1)
    Own.debuglevel = 1
    silence_sdk_logs()
    assert Own("localhost").debuglevel == http.client.HTTPConnection("localhost").debuglevel == 0


def test_it_costs_a_task_next_to_nothing() -> None:
    """0.1 ms where a task takes 20; a limit that no load reaches."""
    silence_sdk_logs()
    started = time.process_time()
    for _time in range(100):
        silence_sdk_logs()
    assert time.process_time() - started < 1

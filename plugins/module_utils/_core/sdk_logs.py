# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs' own logs, which hold requests with keys and tokens in them: they are not written.

In a worker they would reach the terminal, and with log_path set Ansible's log file (as in
CVE-2019-14846). Levels and handlers do not keep them back, since anybody may set them again:
Snowflake's connector up to version 4 does so, for botocore as well, whenever it connects.
"""

from __future__ import annotations

import http.client
import logging
from itertools import chain
from typing import Any

# The top of each name: those of the SDKs, and of what they and we send requests with.
SDK_LOGGERS = frozenset(
    (
        *("azure", "msal", "msal_extensions"),
        *("boto3", "botocore", "s3transfer", "awscrt"),
        "snowflake",
        *("requests", "urllib3", "http"),
    )
)


class _SilentLogger(logging.Logger):
    """Writes nothing, whatever its level, its handlers and those of its parents are."""

    def isEnabledFor(self, _level: int) -> bool:
        return False

    def handle(self, record: logging.LogRecord) -> None:
        """Where records arrive that were made without asking for the level."""

    def callHandlers(self, record: logging.LogRecord) -> None:
        """Where handle() would pass them on."""


class _LoggerByName:
    """What getLogger() calls from now on: a silent logger for an SDK, the usual one for others."""

    def __init__(self, usual: type[logging.Logger]) -> None:
        self._usual = usual

    def __call__(self, name: str) -> logging.Logger:
        return _SilentLogger(name) if _is_sdk(name) else self._usual(name)


def silence_sdk_logs() -> None:
    """Drop what the SDKs log in this process from now on; call it again after importing one."""
    manager = logging.Logger.manager
    if not isinstance(manager.loggerClass, _LoggerByName):
        by_name: Any = _LoggerByName(manager.loggerClass or logging.getLoggerClass())
        manager.loggerClass = by_name
    # A copy, since other threads make loggers meanwhile.
    for name, logger in list(manager.loggerDict.items()):
        silent = isinstance(logger, logging.PlaceHolder | _SilentLogger)
        if not silent and _is_sdk(name):
            logger.__class__ = _SilentLogger
    # It prints all that is sent, without asking any logger.
    for connection in _and_subclasses(http.client.HTTPConnection):
        if connection.debuglevel:
            connection.debuglevel = 0


def _is_sdk(name: str) -> bool:
    return name.partition(".")[0] in SDK_LOGGERS


def _and_subclasses(
    kind: type[http.client.HTTPConnection],
) -> list[type[http.client.HTTPConnection]]:
    return [kind, *chain.from_iterable(map(_and_subclasses, kind.__subclasses__()))]

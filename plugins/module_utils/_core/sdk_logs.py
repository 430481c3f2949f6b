# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDKs' own logging, which must not write where we are answerable for what is written.

Some of them log requests or servers' words. In a worker their records would reach the terminal,
and with log_path set Ansible's log file (as in CVE-2019-14846).
"""

from __future__ import annotations

import logging

SDK_LOGGERS = ("azure", "boto3", "botocore", "msal", "snowflake", "urllib3")


_SILENT = logging.CRITICAL + 1


def silence_sdk_logs() -> None:
    """Drop what the SDKs log in this process; loggers set to DEBUG one by one as well."""
    for name in [*SDK_LOGGERS, *logging.Logger.manager.loggerDict]:
        if name.partition(".")[0] in SDK_LOGGERS:
            _silence(logging.getLogger(name))


def _silence(logger: logging.Logger) -> None:
    # One without a level of its own has its parent's. Setting a level makes all loggers work out
    # theirs anew, which for each of an SDK's dozens would cost a task milliseconds.
    inherits = logger.level == logging.NOTSET and logger.name not in SDK_LOGGERS
    if logger.level != _SILENT and not inherits:
        logger.setLevel(_SILENT)

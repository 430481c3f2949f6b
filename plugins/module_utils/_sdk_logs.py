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


def silence_sdk_logs() -> None:
    """Drop what the SDKs log in this process; loggers set to DEBUG one by one as well."""
    for name in [*SDK_LOGGERS, *logging.Logger.manager.loggerDict]:
        if name.partition(".")[0] in SDK_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

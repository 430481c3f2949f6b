# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log files that Snowflake's connector writes where its own configuration asks for them."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import Any

from ..._core.operation import LateImport
from ..._core.sdk_logs import silence_sdk_logs

# From version 5 on its part in Rust writes a file, which no logger of Python's knows of.
_TROUBLESHOOTING = "SNOWFLAKE_TROUBLESHOOTING_ENABLED"


def load_without_logs(connector: LateImport) -> Any:
    """The connector, imported, with nothing that writes a log."""
    # Before the import, which is when it is read.
    os.environ[_TROUBLESHOOTING] = "false"
    loaded = connector.load()
    with suppress(ImportError):
        # Up to version 4 it makes a file when it connects, if [log] of config.toml says so.
        easy_logging = import_module("snowflake.connector.log_configuration")
        easy_logging.EasyLoggingConfigPython.parse_config_file = _read_nothing
    silence_sdk_logs()
    return loaded


def _read_nothing(_self: object, *_args: object, **_options: object) -> None:
    """In place of reading config.toml, of which we use no other part."""

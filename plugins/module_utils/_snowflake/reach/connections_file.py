# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections by name from the files that Snowflake's clients share.

https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..._core.errors import ConfigurationError
from ..._core.private_file import read_private_file

# What our options call it, where that is something else.
_OTHER_NAMES = {
    "private_key_file": "private_key_path",
    "private_key_file_pwd": "private_key_passphrase",
    "private_key_pwd": "private_key_passphrase",
    "username": "user",
}
_TOKEN_FILE = "token_file_path"


def named_connection(name: str, path: str | None) -> dict[str, Any]:
    """The entries of a connection by the names of our options.

    path: of the file; None for the usual places. Raises ConfigurationError.
    """
    subject = f"Snowflake connection '{name}'"
    connections = _connections(subject, path)
    entries = connections.get(name)
    if not isinstance(entries, Mapping):
        raise ConfigurationError(
            subject,
            "there is no connection of this name",
            f"add it, or use one of {', '.join(sorted(connections))}"
            if connections
            else "add it to connections.toml",
        )
    found = {_OTHER_NAMES.get(key.lower(), key.lower()): value for key, value in entries.items()}
    if _TOKEN_FILE in found and "token" not in found:
        token_path = Path(str(found[_TOKEN_FILE])).expanduser()
        token = read_private_file(f"Snowflake token file {token_path}", token_path, shared=True)
        found["token"] = token.strip()
    return found


def _connections(subject: str, path: str | None) -> Mapping[str, Any]:
    if path:
        return _parse(Path(path))
    for directory in _directories():
        file = directory / "connections.toml"
        if file.exists():
            return _parse(file)
        file = directory / "config.toml"
        if file.exists():
            connections = _parse(file).get("connections", {})
            return connections if isinstance(connections, Mapping) else {}
    raise ConfigurationError(
        subject,
        "there is no connections.toml",
        "set connections_file, or SNOWFLAKE_HOME to the directory that it is in",
    )


def _parse(file: Path) -> Mapping[str, Any]:
    subject = f"Snowflake connections file {file}"
    try:
        return tomllib.loads(read_private_file(subject, file, shared=True))
    except tomllib.TOMLDecodeError:
        # Its message could quote a secret.
        raise ConfigurationError(
            subject, "it is not valid TOML", "correct it, or name another file"
        ) from None


def _directories() -> Iterator[Path]:
    """Where Snowflake's clients look."""
    home = Path(os.environ.get("SNOWFLAKE_HOME", "~/.snowflake")).expanduser()
    if home.exists():
        yield home
        return
    if sys.platform == "darwin":
        yield Path("~/Library/Application Support/snowflake").expanduser()
        return
    configuration = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    yield Path(configuration).expanduser() / "snowflake"

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors that the emulated Snowflake answers with."""

from __future__ import annotations


class SnowflakeError(Exception):
    """A refusal, as the client sees it: code, SQLSTATE and message."""

    def __init__(self, code: str, sqlstate: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.sqlstate = sqlstate
        self.message = message


def compilation_error(code: str, sqlstate: str, text: str) -> SnowflakeError:
    return SnowflakeError(code, sqlstate, f"SQL compilation error:\n{text}")


def does_not_exist(kind: str, name: str) -> SnowflakeError:
    """What is missing and what may not be seen are told apart by nobody."""
    return compilation_error(
        "002003", "02000", f"{kind.capitalize()} '{name}' does not exist or not authorized."
    )


def cannot_be_performed() -> SnowflakeError:
    """USE and SHOW ... IN answer this instead of 002003."""
    return compilation_error(
        "002043", "02000", "Object does not exist, or operation cannot be performed."
    )


def already_exists(name: str) -> SnowflakeError:
    return compilation_error("002002", "42710", f"Object '{name}' already exists.")


def insufficient_privileges(kind: str, name: str) -> SnowflakeError:
    return SnowflakeError(
        "003001",
        "42501",
        f"SQL access control error:\nInsufficient privileges to operate on {kind.lower()} '{name}'",
    )


def invalid_property(name: str, kind: str) -> SnowflakeError:
    return compilation_error("001423", "22023", f"invalid property '{name}' for '{kind}'")


def missing_options(names: list[str]) -> SnowflakeError:
    return compilation_error("002014", "22023", f"Missing option(s): [{', '.join(names)}]")

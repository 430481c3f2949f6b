# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Snowflake and its connector say becomes an error that leads to the cause."""

from __future__ import annotations

import warnings

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.errors.errors import (
    snowflake_errors,
)
from unit.situations.injected import ATTEMPT, SUBJECT, Situation, check_translated, situations


@pytest.mark.parametrize("situation", situations("snowflake"))
def test_situation(situation: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    if version := situation.get("version"):
        monkeypatch.setattr("snowflake.connector.__version__", version)
    if "login" in situation:
        credentials = situation.get("with", "the password of user DEPLOY")
        login = snowflake_errors(SUBJECT, ATTEMPT, "", credentials=credentials)
        check_translated(situation, login, _exception(*situation["login"]))
    else:
        attempt, privilege, kind, number, text = situation["statement"]
        statement = snowflake_errors(SUBJECT, attempt, privilege)
        check_translated(situation, statement, _exception(kind, number, text))


def _exception(kind: str, number: int, text: str) -> Exception:
    with warnings.catch_warnings():
        # Version 5 has some in name only, and says so.
        warnings.simplefilter("ignore")
        from snowflake.connector import errors

        made = getattr(errors, kind)(msg=text, errno=number)
    made.errno = number  # to which some classes of version 4 add something
    error: Exception = made
    return error

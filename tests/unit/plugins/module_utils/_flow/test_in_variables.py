# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a playbook reads of its variables, and not of options of modules."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConflictError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.in_variables import (
    in_variables,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.steps import (
    CHECK_OLD_KEY,
    KEEP_DEFINITION,
    KEEP_SECRET,
    ROLL_BACK,
    Step,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import FLOWS

AWS, SNOWFLAKE = KEEP_SECRET["aws"], ROLL_BACK["snowflake"]


def told(hint: str, step: Step, action: str = "authorize") -> CollectionError:
    error = ConflictError("Secret 's'", "it is locked", hint, attempt="reading it", code="Locked")
    error.changed = error.unconfirmed = True
    return in_variables(error, step, FLOWS[action].renamed)


@pytest.mark.parametrize(
    ("hint", "step", "action", "expected"),
    [
        (
            "give api_key_file or api_key",
            AWS,
            "authorize",
            "give authorize_api_key_file or authorize_",
        ),
        ("set replace_value to true", AWS, "authorize", "set authorize_aws.replace_value to true"),
        (
            "run with state=present and update_value=never",
            AWS,
            "authorize",
            "run with authorize_state=present and authorize_update_value=never",
        ),
        (
            "give the id in rolled_back_to, or store it with api_key",
            ROLL_BACK["aws"],
            "rollback",
            "give the id in authorize_rolled_back_to, or store it with authorize_api_key",
        ),
        # There the old key is in the place of the new one.
        ("give api_key_env", SNOWFLAKE, "rollback", "give authorize_old_api_key_env"),
        ("give api_key_env", CHECK_OLD_KEY, "authorize", "give authorize_old_api_key_env"),
        (
            "give more time with max_seconds",
            KEEP_DEFINITION,
            "authorize",
            "give more time with authorize_definition.max_seconds",
        ),
    ],
)
def test_an_option_is_called_by_its_variable(
    hint: str, step: Step, action: str, expected: str
) -> None:
    found = told(hint, step, action)
    assert found.hint.startswith(expected)
    assert found.hint in str(found)
    assert (type(found), found.code, found.attempt) == (ConflictError, "Locked", "reading it")
    assert found.changed
    assert found.unconfirmed


@pytest.mark.parametrize(
    "hint",
    [
        "give it a name, a label and a state",
        "see authorize_api_key_file",
        "correct 'api_key' in the file",
        "give stripe_secret_aws another tag_key",
    ],
)
def test_other_words_stay(hint: str) -> None:
    assert told(hint, AWS).hint == hint

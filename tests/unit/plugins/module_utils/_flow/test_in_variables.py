# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs a playbook reads of its variables, and not of options of modules."""

from __future__ import annotations

from typing import Any

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
    RUN_PROBE,
    Step,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import FLOWS

AWS, SNOWFLAKE = KEEP_SECRET["aws"], ROLL_BACK["snowflake"]


def told(hint: str, step: Step, action: str = "authorize", **given: Any) -> CollectionError:
    error = ConflictError("Secret 's'", "it is locked", hint, attempt="reading it", code="Locked")
    error.changed = error.unconfirmed = True
    return in_variables(error, step, given, FLOWS[action].renamed)


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
            "give the id in authorize_rolled_back_to, or store it with authorize_api_key_file",
        ),
        # There the old key is in the place of the new one.
        ("give api_key_env", SNOWFLAKE, "rollback", "give authorize_old_api_key_env"),
        ("give api_key_env", CHECK_OLD_KEY, "authorize", "give authorize_old_api_key_env"),
        (
            "give more time with max_seconds",
            KEEP_DEFINITION,
            "authorize",
            "give more time with authorize_maia.max_seconds",
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
    ("given", "expected"),
    [
        ({}, "authorize_maia.client_id"),
        ({"authorize_maia": {"client_id": "x"}, "authorize_definition": {}}, "authorize_maia."),
        # The later one counts.
        (
            {name: {"client_id": "x"} for name in KEEP_DEFINITION.families},
            "authorize_definition.client_id",
        ),
    ],
)
def test_an_option_of_several_families_is_that_of_the_one_that_counts(
    given: dict[str, Any], expected: str
) -> None:
    for step in (KEEP_DEFINITION, RUN_PROBE):
        if set(given) <= set(step.families):
            found = told("set client_id", step, **given).hint
            assert found.startswith(f"set {expected}")


def test_an_option_of_one_family_is_that_one_s() -> None:
    hint = "set on_edited to overwrite"
    assert told(hint, KEEP_DEFINITION).hint == "set authorize_definition.on_edited to overwrite"


@pytest.mark.parametrize(
    ("source", "step", "expected"),
    [
        ("api_key_file", ROLL_BACK["aws"], "authorize_api_key_file"),
        ("api_key_env", ROLL_BACK["aws"], "authorize_api_key_env"),
        ("api_key", ROLL_BACK["aws"], "authorize_api_key"),
        ("api_key_env", SNOWFLAKE, "authorize_old_api_key_env"),
    ],
)
def test_a_key_is_to_be_given_as_the_other_one_is(source: str, step: Step, expected: str) -> None:
    """The flow puts the old key in the place of the new one."""
    given = {f"authorize_{source}": "x"}
    assert (
        told("store it with api_key", step, "rollback", **given).hint == f"store it with {expected}"
    )
    every = "give api_key_file, api_key_env or api_key"
    assert told(every, step, "rollback", **given).hint.endswith("api_key")


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

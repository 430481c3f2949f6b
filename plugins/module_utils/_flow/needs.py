# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an authorization needs of a target's variables. Pure.

The role and a rollout of many targets have it in common. What can be refused without an answer of a
service is refused before any is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from .._core.argspec import RefusedOptions, Validate
from .._core.errors import ConfigurationError
from .in_variables import refused_options
from .pointer import check_pointer
from .situation import Situation
from .steps import CHECK_KEY, KEEP_SECRET, Step
from .steps import KEEP_DEFINITION as _POINT
from .variables import has_key


def check_needs(situation: Situation, validated: Validate, key: Callable[[], bool]) -> None:
    """Raise ConfigurationError for what is missing or wrong, but for what Maia has to tell.

    key: whether there is one, which may take its time to find out.
    """
    if situation.checks_key:
        if not key():
            raise _missing_key(situation, "check")
        _check_options(situation, CHECK_KEY, validated)
    if not situation.finds_vault:
        check_vault(situation, validated, key)


def check_vault(situation: Situation, validated: Validate, key: Callable[[], bool]) -> None:
    """Raise ConfigurationError for a vault that is not known, and for what it needs and has not."""
    vault = situation.vault
    if not vault.in_definition and situation["secret_name"] is None:
        raise ConfigurationError(
            _subject(situation),
            "the variable authorize_secret_name is not given",
            f"give the name that the secret is to have in {vault.title}",
        )
    if _stores_key(situation) and not key():
        raise _missing_key(situation, "store")
    for step in (KEEP_SECRET[vault.id], *(() if vault.in_definition else (_POINT,))):
        _check_options(situation, step, validated)
    check_pointer(situation)


def _stores_key(situation: Situation) -> bool:
    """Unless only metadata are to change."""
    further = situation.variables[situation.vault.family]
    when = situation["update_value"] or further.get("update_value")
    return situation.present and when != "never"


def _check_options(situation: Situation, step: Step, validated: Validate) -> None:
    """For further options that do not go together, or lack another one."""
    elsewhere, variables = {}, situation.variables
    if step is _POINT:
        elsewhere["secret_name"] = situation["secret_name"]
    elif step.operation in (_POINT.operation, CHECK_KEY.operation) and not has_key(variables):
        elsewhere["api_key_env"] = "in place of a key that is not evaluated yet"
    try:
        step.params(variables, elsewhere, validated)
    except RefusedOptions as refused:
        raise refused_options(situation.name, refused, step, variables) from None


def _missing_key(situation: Situation, what_for: str) -> ConfigurationError:
    return ConfigurationError(
        _subject(situation),
        f"there is no key to {what_for}",
        "give authorize_api_key_file, authorize_api_key_env or authorize_api_key",
    )


def _subject(situation: Situation) -> str:
    return f"Host '{situation.name}'"

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role authorize does for one host, decided at once and by the rules of a rollout.

Templates that refer to each other would be compiled anew for each host, in each task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from ..module_utils._core.argspec import RefusedOptions
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.module_face import new_redactor, validated
from ..module_utils._flow.flows import has_components, kept
from ..module_utils._flow.needs import check_needs, check_vault
from ..module_utils._flow.refused import (
    check_names,
    check_variables,
)
from ..module_utils._flow.situation import Situation
from ..module_utils._flow.variables import ROLE_SPEC, has_key

_NONE: Mapping[str, Any] = MappingProxyType({})


def refused(why: str) -> dict[str, Any]:
    """The plan of a host for which nothing is done."""
    return {"refusal": why, "tasks": "refused"}


def role_plan(
    variables: Mapping[str, Any],
    *,
    target: str,
    every: Mapping[str, Any] = _NONE,
    key: Callable[[], bool] = lambda: True,
    runner: Mapping[str, Any] | None = None,
    still_named: Mapping[str, Any] = _NONE,
) -> dict[str, Any]:
    """See RETURN of the lookup authorize_plan.

    variables: those that are not left out. every: all variables of the host. key: whether
    authorize_api_key has one, which is not among the variables. runner: the result of
    maia_environment_info; None before that was asked. still_named: what there is to know of
    the secret once the host's definition is deleted.
    """
    redactor = new_redactor()
    for secret in ROLE_SPEC.secrets(dict(variables)):
        redactor.protect(secret)
    try:
        check_names(target, every)
        situation = Situation(target, check_variables(target, variables, validated))
        held = cache(lambda: has_key(situation.variables) or key())
        if runner is None:
            check_needs(situation, validated, held)
        elif situation.finds_vault:
            situation.results["runner"] = runner
            check_vault(situation, validated, held)
        situation.every["still_named"] = list(still_named.get("listings", ()))
        situation.results["looked_at_secret"] = still_named.get("secret", _NONE)
        situation.gone = still_named.get("gone", _NONE)
    except (ConfigurationError, RefusedOptions) as error:
        return refused(redactor.mask(str(error)))
    return _plan(situation, asked=runner is not None)


def _plan(situation: Situation, *, asked: bool) -> dict[str, Any]:
    more = {
        "checks_key": situation.checks_key,
        "finds_vault": situation.finds_vault,
        "sets_components": situation.present and has_components(situation),
        "proves": situation.present and bool(situation["prove"]),
    }
    state = situation["state"]
    tasks = f"{situation.vault_id}_{state}"
    if not asked and any(more.values()):
        only_finds_vault = [name for name, held in more.items() if held] == ["finds_vault"]
        tasks = "runner" if only_finds_vault else "extended"
    return {
        **situation.place,
        "state": state,
        "refusal": "",
        "tasks": tasks,
        **more,
        "asks_stripe": situation.asks_stripe,
        "expected_runner": _expected_runner(situation),
        "kept_because": None if situation.present else kept(situation),
    }


def _expected_runner(situation: Situation) -> dict[str, str] | None:
    """The option of maia_secret_definition; None where no vault is named, or it is not compared."""
    if situation.finds_vault or not situation.asks_maia:
        return None
    return {"environment": situation["environment"], "vault": situation.vault_id}

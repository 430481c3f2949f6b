# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: refused_variables
short_description: Explain why a host's variables are refused
version_added: 2.0.0
description:
  - Checks the host's variables of the role P(maia.stripe_query.authorize#role). It refuses
    variables that are missing, unknown or of a wrong type; options in variables such as
    C(authorize_aws) that the module does not have, or that the role sets itself; and text that
    looks like a Stripe API key in a variable that is not for keys, at any depth.
  - The role uses it before it contacts any service for a host. The playbooks make the same checks.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  _terms:
    description: Not used.
  runner:
    description:
      - The result of M(maia.stripe_query.maia_environment_info), to compare its vault with the
        variables. Empty if the module did not run.
      - Without this option, the vault is checked only if that needs no request to Maia.
    type: dict
  only_names:
    description:
      - Check only the names of variables, for names that no playbook of this collection has.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show why the variables of this host are refused
  ansible.builtin.debug:
    msg: "{{ lookup('maia.stripe_query.refused_variables') }}"
"""

RETURN = r"""
_raw:
  description:
    - An error message about the first refused variable, with its name but not its value. Empty if
      none is refused.
  type: list
  elements: str
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible.template import Templar

from ..module_utils._core.argspec import RefusedOptions
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.module_face import new_redactor, validated
from ..module_utils._flow.refused import (
    check_names,
    check_variables,
    check_vault,
    missing_key,
)
from ..module_utils._flow.role_options import MAIN
from ..module_utils._flow.situation import Situation
from ..module_utils._flow.variables import ROLE_SPEC, has_key
from ..plugin_utils._in_process import plain
from ..plugin_utils._report_files import check_report
from ..plugin_utils._targets import target_of

# It may be a lookup that takes its time, and is evaluated only where no other source is named.
_KEY = "authorize_api_key"
_NAMES = [name for name in MAIN if name != _KEY]


def refused_variables(
    variables: Mapping[str, Any],
    *,
    target: str,
    every: Mapping[str, Any] = MappingProxyType({}),
    key: Callable[[], bool] = lambda: True,
    runner: Mapping[str, Any] | None = None,
) -> str:
    """Why they are refused, or nothing.

    variables: those that are not left out. every: all variables of the host. key: whether
    authorize_api_key has one, which is not among the variables. runner: see DOCUMENTATION.
    """
    redactor = new_redactor()
    for secret in ROLE_SPEC.secrets(dict(variables)):
        redactor.protect(secret)
    try:
        check_names(target, every)
        known = check_variables(target, plain(variables), validated)
        situation = Situation(target, known)
        if runner is not None or not situation.asks_maia:
            found = (runner or {}).get("vault")
            held = has_key(known) or not situation.present or key()
            check_vault(target, known, found, validated, key=held)
        if runner is None and situation.checks_key and not has_key(known) and not key():
            raise missing_key(target, "check")
    except (ConfigurationError, RefusedOptions) as error:
        return redactor.mask(str(error))
    return ""


def _refused_name(target: str, variables: Mapping[str, Any]) -> str:
    try:
        check_names(target, variables)
    except ConfigurationError as error:
        return str(error)
    return ""


class LookupModule(LookupBase):
    """Ansible finds the lookup by this name."""

    def run(
        self,
        terms: list[Any],  # noqa: ARG002 - there are none
        variables: dict[str, Any] | None = None,
        **options: Any,
    ) -> list[str]:
        """See DOCUMENTATION."""
        held = variables or {}
        host = str(held.get("inventory_hostname"))
        if options.get("only_names"):
            return [_refused_name(host, held)]
        evaluate = Templar(loader=self._loader, variables=held).template

        def given(names: Iterable[str]) -> dict[str, Any]:
            return target_of(host, {name: held[name] for name in names if name in held}, evaluate)

        try:
            check_report(held, evaluate)
        except ConfigurationError as error:
            return [str(error)]
        known = given(_NAMES)
        if "refusal" in known:
            return [known["refusal"]]
        del known["name"]
        return [
            refused_variables(
                known,
                target=host,
                every=held,
                # A value that cannot be evaluated is reported by the task that needs it.
                key=lambda: bool({_KEY, "refusal"} & given([_KEY]).keys()),
                runner=options.get("runner"),
            )
        ]

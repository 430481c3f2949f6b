# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: authorize_plan
short_description: Plan what the role authorize does for a host
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Decides from the host's variables which tasks of the role P(maia.stripe_query.authorize#role)
    run for it. The playbooks decide by the same rules.
  - The plan is a refusal if variables are missing, unknown or of a wrong type; for options in
    variables such as C(authorize_aws) that the module does not have, or that the role sets itself;
    and for text that looks like a Stripe API key in a variable that is not for keys, at any depth.
  - The role uses it before it contacts any service for a host.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  _terms:
    description: Not used.
  collisions:
    description:
      - The result of M(maia.stripe_query.authorize_targets) with C(collisions_only). A host that
        collides with another one is refused.
    type: dict
    default: {}
  find_key:
    description:
      - Whether to find out if there is a key, which may be in a source that takes its time.
      - The role does so before it goes on, and not again for what follows from that.
    type: bool
    default: true
  runner:
    description:
      - The result of M(maia.stripe_query.maia_environment_info), to compare its vault with the
        variables. Empty if the module did not run.
      - Without this option, the vault is checked only if that needs no request to Maia.
    type: dict
  still_named:
    description:
      - What there is to know of the secret once the definition of the host is deleted.
      - C(listings) are the results of M(maia.stripe_query.maia_secret_definition_info) for all
        environments, C(secret) is what deleting the secret would do, and C(gone) names the
        definitions that are taken for gone.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show why the variables of this host are refused
  ansible.builtin.debug:
    msg: "{{ lookup('maia.stripe_query.authorize_plan').refusal }}"
"""

RETURN = r"""
_raw:
  description: One plan.
  type: list
  elements: dict
  contains:
    refusal:
      description:
        - An error message about the first refused variable, with its name but not its value. Empty
          if none is refused; only then are there the others but C(tasks).
      type: str
    tasks:
      description:
        - The name of the role's file of tasks. As long as O(runner) is not given, V(runner) asks
          Maia which vault it is, and V(extended) is for what is done beside the secret and its
          definition. V(refused) is for a host that is refused.
          V(collisions) is for a host for which nobody has looked for them.
          V(again) for a host that still has the result of a target before, of which nothing else is
          returned; neither with O(runner) nor without O(find_key).
      type: str
    checks_key:
      description: Whether the key is checked before it is stored.
      type: bool
    asks_stripe:
      description: Whether Stripe is asked about the key.
      type: bool
    finds_vault:
      description: Whether Maia is asked which vault the environment's runner reads.
      type: bool
    expected_runner:
      description:
        - The option of M(maia.stripe_query.maia_secret_definition) with which the vault that is
          named is compared with the runner's. Null if it is not compared.
      type: dict
    kept_because:
      description:
        - Why the secret must not be deleted, although its definition is. Null if nothing of
          O(still_named) names it.
      type: str
    sets_components:
      description: Whether the API Key property of components is set.
      type: bool
    proves:
      description: Whether every link is proven at the end, unless it is check mode.
      type: bool
    project:
      description: The variable, like C(environment), C(vault), C(definition_name) and C(state).
      type: str
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible.template import Templar

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._flow.role_options import MAIN
from ..plugin_utils._output_files import check_report
from ..plugin_utils._role_plan import refused, role_plan
from ..plugin_utils._targets import target_of

# It may be a lookup that takes its time, and is evaluated only where no other source is named.
_KEY = "authorize_api_key"
_NAMES = [name for name in MAIN if name != _KEY]
_GUARDS = "authorize_guards"
# Its default in a playbook: as a variable of the play it would count more than the inventory's.
_GUARDED = "__authorize_guarded"


class LookupModule(LookupBase):
    """Ansible finds the lookup by this name."""

    def run(
        self,
        terms: list[Any],  # noqa: ARG002 - there are none
        variables: dict[str, Any] | None = None,
        **options: Any,
    ) -> list[dict[str, Any]]:
        """See DOCUMENTATION."""
        held = variables or {}
        begins = "runner" not in options and options.get("find_key", True)
        # If the role fails now, that must not look like the result of this target.
        if begins and held.get("authorize_result"):
            return [{"refusal": "", "tasks": "again"}]
        return [self._plan(str(held.get("inventory_hostname")), held, options)]

    def _plan(self, host: str, held: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        evaluate = Templar(loader=self._loader, variables=held).template

        def given(names: Iterable[str]) -> dict[str, Any]:
            return target_of(host, {name: held[name] for name in names if name in held}, evaluate)

        try:
            check_report(held, evaluate)
        except ConfigurationError as error:
            return refused(str(error))
        known = given(_NAMES)
        if "refusal" in known:
            return refused(known["refusal"])
        del known["name"]
        if known.get(_GUARDS) is None and _GUARDED in held:
            known[_GUARDS] = held[_GUARDED]
        plan = role_plan(
            known,
            target=host,
            every=held,
            # A value that cannot be evaluated is reported by the task that needs it.
            key=lambda: (
                not options.get("find_key", True) or bool({_KEY, "refusal"} & given([_KEY]).keys())
            ),
            runner=options.get("runner"),
            still_named=options.get("still_named") or {},
        )
        collisions = options.get("collisions")
        if plan["refusal"] or collisions is None:
            return plan
        if "targets" not in collisions and not collisions.get("failed"):
            return {"refusal": "", "tasks": "collisions"}
        collision = _collision(collisions, host)
        return refused(collision) if collision else plan


def _collision(found: Mapping[str, Any], host: str) -> str:
    """What speaks against this host. found: the result of authorize_targets."""
    if found.get("failed"):  # with ignore_errors
        return str(found["msg"])
    return str(found["targets"].get(host, {}).get("msg", ""))

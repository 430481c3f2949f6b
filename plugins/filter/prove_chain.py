# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: prove_chain
short_description: Say what readings of an authorization prove
version_added: 1.0.0
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
description:
  - Turns what modules of this collection returned into a verdict on each link of the chain from
    the key to the component. It reads nothing itself.
  - It is for playbooks that read by themselves. The role P(maia.stripe_query.authorize#role) with
    O(ignore:authorize_prove), and the playbook C(maia.stripe_query.prove), come to the same.
options:
  _input:
    description:
      - Results of modules. One that failed says in its C(error) why; one that is missing or empty
        was not asked, and proves nothing.
    type: dict
    required: true
    suboptions:
      vault:
        description:
          - The kind of vault that the key was given to, as O(ignore:authorize_vault) has it, or
            V(unknown).
        type: str
        required: true
      environment:
        description: The environment's name.
        type: str
        required: true
      definition:
        description: The secret definition's name.
        type: str
        required: true
      label:
        description:
          - Not used any more, since the O(_input.secret) result has the label.
        type: str
      secret:
        description:
          - The result of the vault's module in check mode; in Full SaaS of
            M(maia.stripe_query.maia_secret_definition).
        type: dict
      runner:
        description: The result of M(maia.stripe_query.maia_environment_info).
        type: dict
      definitions:
        description:
          - The result of M(maia.stripe_query.maia_secret_definition_info) with the environment.
        type: dict
      components:
        description: The result of M(maia.stripe_query.maia_stripe_component) in check mode.
        type: dict
      probe:
        description: The name of the pipeline that was to be run as a probe, if there is one.
        type: str
        version_added: 1.1.0
      pipeline:
        description: The result of M(maia.stripe_query.maia_pipeline_run) for it.
        type: dict
        version_added: 1.1.0
seealso:
  - module: maia.stripe_query.maia_secret_definition_info
  - module: maia.stripe_query.maia_environment_info
"""

EXAMPLES = r"""
- name: Show what is contradicted
  ansible.builtin.debug:
    msg: "{{ proof | selectattr('verdict', 'eq', 'contradicted') }}"
  vars:
    proof: "{{ readings | maia.stripe_query.prove_chain }}"
    readings:
      vault: aws
      environment: production
      definition: stripe_production
      secret: "{{ secret_in_check_mode }}"
      definitions: "{{ definitions_of_the_project }}"
"""

RETURN = r"""
_value:
  description:
    - The links C(secret), C(vault), C(location), C(definition) and C(component), in this order;
      with O(_input.probe) C(pipeline) as well.
  type: list
  elements: dict
  contains:
    link:
      description: Its name.
      type: str
    verdict:
      description: C(proven), C(recorded), C(contradicted) or C(unknown).
      type: str
    reason:
      description: Why, in one sentence that holds no secret.
      type: str
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._flow.proof import Evidence, prove

NEEDED = {"vault", "environment", "definition"}


def prove_chain(readings: Mapping[str, Any]) -> list[dict[str, str]]:
    """See DOCUMENTATION."""
    known = {field.name for field in fields(Evidence)}
    if not isinstance(readings, Mapping) or not NEEDED <= readings.keys() <= known | {"label"}:
        raise AnsibleFilterError(
            f"prove_chain wants a dictionary with {', '.join(sorted(NEEDED))} and perhaps"
            f" {', '.join(sorted(known - NEEDED))}."
        )
    evidence = Evidence(**{name: readings[name] for name in known & readings.keys()})
    return [link.to_result() for link in prove(evidence)]


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"prove_chain": prove_chain}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: prove_chain
short_description: Evaluate the proof of an authorization
version_added: 1.0.0
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
description:
  - Turns the results of this collection's modules into a verdict on each link of the chain from
    the key to the component. It makes no requests.
  - It is for playbooks that run the modules themselves. The role
    P(maia.stripe_query.authorize#role) with O(ignore:authorize_prove), and the playbook
    C(maia.stripe_query.prove), return the same verdicts.
options:
  _input:
    description:
      - Results of modules. A failed result has the cause in its C(error). A result that is missing
        or empty proves nothing.
    type: dict
    required: true
    suboptions:
      vault:
        description:
          - The kind of vault that has the key, as in O(ignore:authorize_vault), or V(unknown).
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
          - No longer used, because the result in O(_input.secret) has the label.
        type: str
      secret:
        description:
          - The result of the vault's module in check mode. In Full SaaS, the result of
            M(maia.stripe_query.maia_secret_definition).
        type: dict
      key:
        description:
          - The result of M(maia.stripe_query.stripe_api_key_info). If it failed, its error decides
            about the link C(secret).
        type: dict
        version_added: 2.0.0
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
        description: The name of the pipeline to run as a probe, if any.
        type: str
        version_added: 2.0.0
      probe_component:
        description:
          - The name of the component in the pipeline that has to succeed. The default is
            V(Stripe Query).
        type: str
        version_added: 2.0.0
      pipeline:
        description: The result of M(maia.stripe_query.maia_pipeline_run) for this pipeline.
        type: dict
        version_added: 2.0.0
seealso:
  - module: maia.stripe_query.maia_secret_definition_info
  - module: maia.stripe_query.maia_environment_info
"""

EXAMPLES = r"""
- name: Show contradicted links
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
      description: The reason, in one sentence without secrets.
      type: str
    failed:
      description:
        - Whether it is unknown because a read failed. This fails a proof. A link that is unknown
          because Maia does not expose it does not.
      type: bool
      version_added: 2.0.0
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

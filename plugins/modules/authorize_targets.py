#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: authorize_targets
short_description: Authorize Maia's Stripe Query component for many targets in one task
version_added: 1.0.0
description:
  - Does for each target what the role P(maia.stripe_query.authorize#role) does for a host, with the
    same variables, and returns the same for each. A second run changes nothing.
  - The targets are worked on in threads of one process, which log in once for all that use the same
    credentials. That saves Ansible's own work for each host and task, and so is for rollouts of
    hundreds of targets. For ordinary use take the role, whose tasks can be seen and combined.
  - A target that fails does not stop the others. When all are done the task fails if one of them
    has, and says which and why.
  - With a single target the task's message is that target's own. So each host of a play may do its
    own part, in its own fork and counted by Ansible as any task, as an example shows.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  hosts:
    description:
      - The inventory hosts to work on. Each is a target of this name, with the host's variables
        that have the names of the role's.
      - A host's variables here are those of the inventory, its facts, and extra variables, but not
        those of the play and of roles; use O(defaults) for what the play says.
      - A host whose variables cannot be evaluated fails, and no other.
    type: list
    elements: str
  defaults:
    description:
      - Variables for all targets that have not got them.
    type: dict
    suboptions: &variables
      authorize_project:
        description: The Maia project's name or id. Needed.
        type: str
      authorize_environment:
        description: The environment's name, as Maia has it. Needed.
        type: str
      authorize_state:
        description: V(present) as in the role, or V(absent).
        type: str
      authorize_api_key_env:
        description: The name of an environment variable that holds the Stripe API key.
        type: str
      authorize_api_key_file:
        description: The path of a file that holds the key.
        type: path
      authorize_api_key:
        description:
          - The key itself. It or one of the two above is needed unless the state is V(absent).
        type: str
      authorize_vault:
        description: V(auto) as in the role, V(aws), V(azure), V(snowflake) or V(maia).
        type: str
      authorize_secret_name:
        description: The secret's name in the vault. Needed except in Full SaaS.
        type: str
      authorize_definition_name:
        description: The secret definition's name; as in the role C(stripe_) and the environment.
        type: str
      authorize_label:
        description: The label of the key in an AWS secret; V(api_key) as in the role.
        type: str
      authorize_publishable_key:
        description:
          - What to do with a publishable key; V(warn) as in the role, V(reject) or V(allow).
        type: str
      authorize_verify:
        description:
          - Whether the key is checked before it is stored; V(never) as in the role, V(local) or
            V(stripe).
        type: str
      authorize_expected_mode:
        description: The key's mode, V(live) or V(test).
        type: str
      authorize_expected_account:
        description: The account that the key has to belong to.
        type: str
      authorize_permissions:
        description: The data that the key has to be able to read.
        type: list
        elements: str
      authorize_prove:
        description:
          - Whether to end by reading everything anew, and fail if that contradicts what was asked
            for; V(false) as in the role. Nothing is proven in check mode.
        type: bool
      authorize_prove_values:
        description:
          - Whether a proof or an audit reads the stored value where the credentials may; V(true) as
            in the role.
        type: bool
        version_added: 1.1.0
      authorize_update_value:
        description:
          - When to write the value of a secret that exists; V(on_change) as in the modules,
            V(always) or V(never).
        type: str
        version_added: 1.1.0
      authorize_on_foreign:
        description:
          - What to do with an object that is not ours; V(fail) as in the role, or V(adopt).
        type: str
      authorize_on_unknown:
        description:
          - What to do when the stored value cannot be known; V(write) as in the role, V(keep) or
            V(fail).
        type: str
      authorize_maia:
        description: How to connect to Maia.
        type: dict
      authorize_definition:
        description: Further options for M(maia.stripe_query.maia_secret_definition).
        type: dict
      authorize_aws:
        description: Options for M(maia.stripe_query.stripe_secret_aws).
        type: dict
      authorize_azure:
        description: Options for M(maia.stripe_query.stripe_secret_azure).
        type: dict
      authorize_snowflake:
        description: Options for M(maia.stripe_query.stripe_secret_snowflake).
        type: dict
      authorize_stripe:
        description: Options for M(maia.stripe_query.stripe_api_key_info).
        type: dict
      authorize_component:
        description:
          - Options for M(maia.stripe_query.maia_stripe_component). Without any, no pipeline files
            are touched.
        type: dict
  targets:
    description:
      - The targets to work on, in place of O(hosts).
    type: list
    elements: dict
    suboptions:
      name:
        description: What the target is called in the result; the name of its host, if it is one.
        type: str
        required: true
      refusal:
        description: Let the target fail with this text. Nothing is contacted for it.
        type: str
      <<: *variables
  threads:
    description:
      - How many targets are worked on at a time, from 1 to 64.
    type: int
    default: 16
  max_fail_percentage:
    description:
      - Begin no further target when more than this percentage of all targets has failed.
    type: float
    default: 100.0
  progress:
    description:
      - Show now and then how many targets are done, changed and failed, how many wait for Maia's
        request limit, and how much time is left. A module shows nothing before it ends.
    type: bool
    default: true
  audit:
    description:
      - Compare everything and change nothing, as in check mode, but for an audit. The task counts
        as unchanged whatever it finds, a value that cannot be known counts as right, and without a
        key all but the value is compared. See the filter P(maia.stripe_query.audit#filter).
    type: bool
    default: false
extends_documentation_fragment:
  - maia.stripe_query.attributes
notes:
  - Use it with C(run_once), which gives the registered result to every host of the play. So each
    host finds its own in it, as the example shows, without a further task.
  - A plugin that does all hosts of a play by itself (C(BYPASS_HOST_LOOP)) was tried as well. It
    needs no C(run_once), but then only the first host gets the registered result, and nothing in
    the playbook says why.
  - Ansible, and AWX's view of hosts, count a task with C(run_once) for the first host only. The
    playbook C(maia.stripe_query.rollout) can add a task that shows each host's own outcome.
  - The strategy P(ansible.builtin.free#strategy) does not know C(run_once).
requirements:
  - requests, and the library of each vault that the targets use
seealso:
  - module: maia.stripe_query.stripe_secret_aws
  - module: maia.stripe_query.stripe_secret_azure
  - module: maia.stripe_query.stripe_secret_snowflake
  - module: maia.stripe_query.maia_secret_definition
"""

EXAMPLES = r"""
- name: Authorize all hosts of the play
  maia.stripe_query.authorize_targets:
    hosts: "{{ ansible_play_hosts }}"
  register: rollout
  run_once: true

- name: Let each host show what was done for it
  ansible.builtin.debug:
    var: rollout.targets[inventory_hostname]

- name: Or let each host do its own part, in one task where the role has several
  maia.stripe_query.authorize_targets:
    hosts: ["{{ inventory_hostname }}"]
    progress: false

- name: Authorize the environments of a project that is in no inventory
  maia.stripe_query.authorize_targets:
    defaults:
      authorize_project: Shop Analytics
      authorize_vault: aws
      authorize_api_key_env: STRIPE_API_KEY
      authorize_aws:
        region: eu-west-1
      authorize_maia:
        region: eu1
    targets:
      - name: shop-test
        authorize_environment: test
        authorize_secret_name: stripe/shop/test
      - name: shop-production
        authorize_environment: production
        authorize_secret_name: stripe/shop/production
    threads: 2
    max_fail_percentage: 0
"""

RETURN = r"""
targets:
  description:
    - What came of each target, by its name. For one that succeeded, it is the same as the role's
      fact C(authorize_result); with O(audit) there are also C(definitions), those of the
      project that this collection made.
  returned: success, and when targets failed
  type: dict
  sample:
    shop-test:
      changed: true
      secret_name: stripe/shop/test
      secret_changes: [state, value]
    shop-production:
      changed: false
      failed: true
      msg: "Maia project 'Shop': Maia has none of this exact name; did you mean 'shop'?"
counts:
  description: How many targets there are of each outcome.
  returned: success, and when targets failed
  type: dict
  contains:
    changed:
      description: Targets that changed and did not fail.
      type: int
      sample: 12
    unchanged:
      description: Targets that were as they should be.
      type: int
      sample: 985
    failed:
      description: Targets that failed; a part of what there was to do may have been done.
      type: int
      sample: 3
    not_started:
      description: Targets that were skipped because of O(max_fail_percentage).
      type: int
      sample: 0
check_mode:
  description: V(true), since the task only said what it would do.
  returned: in check mode
  type: bool
error:
  description:
    - The parts of the error message, for machines.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(foreign_object),
          V(conflict), V(transient), V(api) or V(unexpected).
      type: str
    subject:
      description: The object that the error is about.
      type: str
    attempt:
      description: What was being done.
      type: str
    reason:
      description: Why it failed.
      type: str
    cure:
      description: What to do.
      type: str
    code:
      description: The service's error code.
      type: str
    status:
      description: The HTTP status.
      type: int
    request_id:
      description: The service's id of the request, for its support.
      type: str
"""

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._rollout.operation import OPERATION


def main() -> None:
    """What it does is in module_utils/_rollout/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

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
  - Targets collide if they share a secret and label, or a definition, but differ in key, state,
    label or secret name, so that each would undo what the other did. They are refused before
    anything is written, and the others are not. Two places are different if the same option of
    both, such as C(region) or C(profile) of AWS, says so. Where that cannot be decided, they are
    one. Nothing is contacted for that, but with C(authorize_vault=auto) Maia is asked if its answer
    decides it.
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
      - A host's variables are those that a task has for it at this place of the play, with those of
        the play and of roles.
      - A host whose variables cannot be evaluated fails, and no other.
    type: list
    elements: str
  threads:
    description:
      - How many targets are worked on at a time, from 1 to 64.
    type: int
    default: 16
  max_fail_percentage:
    description:
      - Begin no further target when more than this percentage of all targets has failed. With
        O(waves), all targets of a wave are done, and no further wave is begun when more than this
        percentage of the wave has failed.
    type: float
    default: 100.0
  action:
    description:
      - What to do for each target. V(authorize) does what its variables ask for.
      - V(prove) reads every link of the chain anew and changes nothing. A target of which a link is
        contradicted fails.
      - V(audit) compares everything and changes nothing, as in check mode, but for an audit. The
        task counts as unchanged whatever it finds, a value that cannot be known counts as right,
        and without a key all but the value is compared. See the filter
        P(maia.stripe_query.audit#filter).
      - V(preflight) says what a first run would meet, and changes nothing. It tells whether Stripe
        takes the key, whether Maia has the project and the environment, whether the runner reads
        the vault that is named, and what would be done to the secret, the definition and the
        components. A target that could not be authorized fails. Rights to write are not asked for,
        since no vault tells of them without writing.
      - V(rotate) first checks every new key and compares everything. If the key of any target
        cannot be stored, nothing is written. Otherwise it goes on as V(authorize), and begins with
        targets of which it knows that something changes. For a check by Stripe and a proof set
        C(authorize_verify) and C(authorize_prove).
      - V(rollback) brings the previous key back, from the vault if it keeps it, or as given in
        C(authorize_old_api_key_file) and so on. It needs no variable for the key.
      - V(revoke) deletes the definition, names another one in the components that have it if
        C(authorize_replacement_definition) does, revokes the grants on the secret, and deletes it.
        It needs no variable for the key.
    type: str
    choices: [authorize, prove, audit, rollback, revoke, preflight, rotate]
    default: authorize
    version_added: 1.1.0
  waves:
    description:
      - How many targets make a wave, as in Ansible's C(serial). The next wave begins when the one
        before is done. Percentages are of all targets; the last entry counts for all further waves.
        Without it, all are one.
    type: list
    elements: str
    version_added: 1.1.0
  per_host:
    description:
      - Leave it to a task of each host to count as changed or failed, which is
        M(maia.stripe_query.target_outcome). The task itself fails only if it could do nothing at
        all, and shows no diff.
    type: bool
    default: false
    version_added: 1.1.0
  progress:
    description:
      - Show now and then how many targets are done, changed and failed, how many wait for Maia's
        request limit, and how much time is left. A module shows nothing before it ends.
    type: bool
    default: true
  audit:
    description: An older name of O(action=audit).
    type: bool
    default: false
  collisions_only:
    description:
      - Only look for targets that collide, and change nothing. RV(targets) has those that do, and
        the task does not fail. The role P(maia.stripe_query.authorize#role) begins with it.
    type: bool
    default: false
    version_added: 1.1.0
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.role_variables
notes:
  - Use it with C(run_once), which gives the registered result to every host of the play. So each
    host finds its own in it, as the example shows, without a further task.
  - A plugin that does all hosts of a play by itself (C(BYPASS_HOST_LOOP)) was tried as well. It
    needs no C(run_once), but then only the first host gets the registered result, and nothing in
    the playbook says why.
  - Ansible, and AWX's view of hosts, count a task with C(run_once) for the first host only. Set
    O(per_host) and let a task with M(maia.stripe_query.target_outcome) follow, as the playbooks do.
  - The strategy P(ansible.builtin.free#strategy) does not know C(run_once).
requirements:
  - requests, and the library of each vault that the targets use
seealso:
  - module: maia.stripe_query.target_outcome
  - module: maia.stripe_query.stripe_secret_aws
  - module: maia.stripe_query.stripe_secret_azure
  - module: maia.stripe_query.stripe_secret_snowflake
  - module: maia.stripe_query.maia_secret_definition
"""

EXAMPLES = r"""
- name: Authorize all hosts of the play
  maia.stripe_query.authorize_targets:
    hosts: "{{ ansible_play_hosts }}"
    per_host: true
  register: rollout
  run_once: true

- name: Let each host succeed, change or fail as its target did
  maia.stripe_query.target_outcome:
    var: rollout

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
      fact C(authorize_result) after the same action; for an audit there are also C(definitions),
      those of the project that this collection made.
    - With O(collisions_only), only targets that collide are there.
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
diffs:
  description: What changed, as a list for each target of which something did.
  returned: in diff mode, with O(per_host)
  type: dict
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
      description:
        - Targets that were skipped because of O(max_fail_percentage), or because the key of another
          one cannot be rotated.
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
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible),
          V(foreign_object), V(conflict), V(transient), V(api) or V(unexpected).
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

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
  - Does the same for each target as the role P(maia.stripe_query.authorize#role) does for a host,
    with the same variables and results. A second run changes nothing.
  - The targets are processed in threads of one process, which log in once for all targets with the
    same credentials. This avoids Ansible's overhead for each host and task, so use it for rollouts
    to hundreds of targets. Otherwise use the role, whose tasks are visible and can be combined.
  - Targets collide if they would overwrite each other. They share a secret and label, or a
    definition, but differ in key, state, label or secret name, or both give an option of it, such
    as C(description), with different values; or they set the same components to different
    definitions. They are refused before anything is written; the other targets are processed.
  - Two places are different if the same option of both, such as C(region) or C(profile) of AWS,
    differs. If that cannot be decided, they count as the same place. No service is contacted for
    this, except Maia with C(authorize_vault=auto) if the result depends on it.
  - A target that fails does not stop the others. If a target fails, the task fails at its end, with
    the names of the targets and the causes.
  - If the run is cancelled, no further request is sent. In process, the outcome of each target then
    goes to standard error, and the report of a playbook is written.
  - With a single target, the message of the task is that of the target. So each host of a play can
    run this module for itself; see the examples.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  hosts:
    description:
      - The inventory hosts to work on. Each is a target with the host's name and the host's
        variables for the role.
      - The variables are those of a task at this place of the play, including variables of the play
        and of roles.
      - If the variables of a host cannot be evaluated, only this host fails.
      - At least one has to be given, here or in O(targets).
    type: list
    elements: str
  threads:
    description:
      - How many targets to process at the same time, from 1 to 64.
    type: int
    default: 16
  max_fail_percentage:
    description:
      - Stop when more than this percentage of all targets has failed. With O(waves), each wave is
        completed, and no further wave begins when more than this percentage of the wave has failed.
    type: float
    default: 100.0
  action:
    description:
      - What to do for each target. V(authorize) authorizes it according to its variables.
      - V(prove) reads every link of the chain again and changes nothing. A target with a link
        that is contradicted, or could not be read, fails. Of a target with
        C(authorize_state=absent), it proves that the secret and the definition are gone.
      - V(audit) compares everything and changes nothing. The task is always unchanged, a value that
        cannot be compared counts as correct, and without a key everything except the value is
        compared. See the filter P(maia.stripe_query.audit#filter).
      - V(preflight) shows what a first run would do, and changes nothing. It checks whether Stripe
        accepts the key, whether Maia has the project and the environment, whether the runner reads
        the given vault, and what would be done to the secret, the definition and the components. A
        target that could not be authorized fails.
      - V(discover) returns existing objects of any origin, and changes nothing. It returns
        each definition, the secret that it points at in the target's environment, hosts that would
        manage them, and what taking them over would change. It needs neither
        C(authorize_secret_name) nor a variable for the key. See the filter
        P(maia.stripe_query.discovery#filter).
      - V(adopt) takes over the secret and the definition of any origin, and does not change
        the value. In Full SaaS, where this is not possible, it stores the key in a new secret.
      - V(rotate) first checks every new key and compares everything. If the key of any target
        cannot be stored, nothing is written. Otherwise it continues as V(authorize). Targets that
        already have their new key are proven before all others; if too many of them fail, no wave
        begins. The waves consist of the other targets. Each result has C(wave), the number of its
        wave or 0 if it already had the key, C(waves), the number of waves, and C(old_key), Stripe's
        answer about the key in C(authorize_old_api_key_file) and so on. For a check by Stripe and a
        proof, set C(authorize_verify) and C(authorize_prove).
      - V(rollback) restores the previous key, from the vault if it keeps it, or from
        C(authorize_old_api_key_file) and so on. It needs no variable for the new key, but uses it
        to refuse a target that was not rotated to it.
      - V(revoke) deletes the definition, replaces it in components if
        C(authorize_replacement_definition) is set, revokes the grants on the secret, and deletes
        the secret.
        It needs no variable for the key.
    type: str
    choices: [authorize, prove, audit, rollback, revoke, preflight, discover, adopt, rotate]
    default: authorize
    version_added: 2.0.0
  waves:
    description:
      - The sizes of the waves, as in Ansible's C(serial). A wave begins when the previous wave is
        complete. Percentages are of all targets; the last entry is used for all further waves. By
        default there is one wave.
    type: list
    elements: str
    version_added: 2.0.0
  canary:
    description:
      - With V(rotate) of O(action), the names of the targets of the first wave, in place of the
        first of O(waves). Targets that already have their new key are not part of it.
      - With O(hosts), a pattern of hosts, as text or as a list, such as the name of a group. Each
        of its parts must match a host, also what it excludes.
    type: list
    elements: str
    version_added: 2.0.0
  per_host:
    description:
      - Let M(maia.stripe_query.target_outcome) report each host as changed or failed. This task
        then fails only if it could not process any target, and shows no diff.
    type: bool
    default: false
    version_added: 2.0.0
  max_seconds:
    description:
      - How many seconds the whole task may take, from 1 to 86400; without it, as long as it takes.
        Targets that are under way then send no further request, and they and those that are not
        begun fail. The result has all of them.
      - C(timeout) of the task has the same effect, a little before it is over. How long each step
        of a target may take is for O(targets[].authorize_maia) and the other dicts of options.
    type: int
    version_added: 2.0.0
  progress:
    description:
      - Periodically show how many targets are done, changed and failed, how many wait for Maia's
        request limit, and the remaining time. It has no effect if the task does not run in process.
    type: bool
    default: true
  audit:
    description: An older name of O(action=audit).
    type: bool
    default: false
  collisions_only:
    description:
      - Only find targets that collide, and change nothing. RV(targets) contains them, and the task
        does not fail. The role P(maia.stripe_query.authorize#role) uses it.
    type: bool
    default: false
    version_added: 2.0.0
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.role_variables
notes:
  - If a source or file of the inventory could not be read, or Ansible skipped a part of it, hosts
    may be missing. Then nothing is deleted that they may keep, and V(rotate), V(audit) and
    V(discover) fail for O(hosts), since their results speak for all of the inventory.
  - Use it with C(run_once), which gives the registered result to every host of the play. So each
    host finds its own in it, as the example shows, without a further task.
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
  connection: local
  register: rollout
  run_once: true

- name: Let each host succeed, change or fail as its target did
  maia.stripe_query.target_outcome:
    var: rollout

- name: Or let each host do its own part, in one task where the role has several
  maia.stripe_query.authorize_targets:
    hosts: ["{{ inventory_hostname }}"]
    progress: false
  connection: local

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
  connection: local
"""

RETURN = r"""
targets:
  description:
    - The result of each target, by its name. For a target that succeeded, it is the same as the
      role's fact C(authorize_result) after the same action; for an audit there are also
      C(definitions), the definitions of the project that this collection created.
    - With O(collisions_only), only targets that collide.
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
  description: What changed, as a list for each changed target.
  returned: in diff mode, with O(per_host)
  type: dict
assumptions:
  description:
    - Whether the account confirms the assumptions of this collection about undocumented parts of
      Maia's API. It contains no names, IDs or keys, so that it can be posted in an issue.
  returned: with O(action=preflight), if Maia was reached
  type: list
  elements: dict
  contains:
    assumption:
      description: The name of the assumption.
      type: str
      sample: definition_pages
    verdict:
      description: V(confirmed), V(refuted) or V(unknown).
      type: str
      sample: confirmed
    text:
      description: The assumption and the verdict in one line.
      type: str
      sample: >-
        definition_pages confirmed: Definitions are listed in pages. Seen: page, results, size,
        total, items without id.
counts:
  description: The number of targets with each outcome.
  returned: success, and when targets failed
  type: dict
  contains:
    changed:
      description: Targets that changed and did not fail.
      type: int
      sample: 12
    unchanged:
      description: Targets that were in the desired state.
      type: int
      sample: 985
    failed:
      description: Targets that failed; some of their changes may have been made.
      type: int
      sample: 3
    not_started:
      description:
        - Targets that were skipped because of O(max_fail_percentage), or because the key of another
          target cannot be rotated.
      type: int
      sample: 0
check_mode:
  description: V(true); nothing was changed.
  returned: in check mode
  type: bool
error:
  description:
    - The parts of the error message, for programs.
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
      description: The action that failed.
      type: str
    reason:
      description: Why it failed.
      type: str
    hint:
      description: What to do.
      type: str
    cure:
      description: An alias of RV(error.hint) until release 3.0.0.
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
    link:
      description: The vendor's page about this error, where there is one.
      type: str
    unconfirmed:
      description:
        - V(true) if a change was requested that may have been made, since no answer tells.
        - Run again, which finds out.
      type: bool
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

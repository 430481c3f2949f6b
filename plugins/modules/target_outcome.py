# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What it does is in plugins/action/target_outcome.py: a module knows no registered variables.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_outcome
short_description: Report the outcome of each host after one task for all hosts
version_added: 2.0.0
description:
  - Run it on each host after M(maia.stripe_query.authorize_targets) has processed all hosts in one
    task. It is unchanged, changed, failed or skipped as the host's target was, with the message of
    the target. Of several hosts that failed for the same reason, only the first has the whole
    message; the others name that host. So the recap, C(--limit @retry), AWX's view of hosts and
    the exit status are correct.
  - It takes about as long as a task that does nothing.
  - A host without a result fails.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  var:
    description:
      - The name of the variable in which the result of M(maia.stripe_query.authorize_targets) was
        registered, with its C(per_host) set.
    type: str
    required: true
extends_documentation_fragment:
  - maia.stripe_query.attributes
attributes:
  check_mode:
    details:
      - It changes nothing itself, and repeats what the other task predicted.
  diff_mode:
    details:
      - It shows what the other task changed for the host, or in check mode would change.
  idempotent:
    support: N/A
    details:
      - It changes nothing itself.
  action:
    details:
      - It is an action plugin alone, and always runs on the controller.
seealso:
  - module: maia.stripe_query.authorize_targets
"""

EXAMPLES = r"""
- name: Authorize all hosts of the play
  maia.stripe_query.authorize_targets:
    hosts: "{{ ansible_play_hosts }}"
    per_host: true
  connection: local
  register: rollout
  run_once: true

- name: Show what came of each host
  maia.stripe_query.target_outcome:
    var: rollout
"""

RETURN = r"""
msg:
  description: Why the target failed or was skipped. All other values are those of C(targets) for
    the host.
  returned: failure, and when skipped
  type: str
  sample: "Maia project 'Shop': Maia has none of this exact name; did you mean 'shop'?"
"""

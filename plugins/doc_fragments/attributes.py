# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our modules promise."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and report what would change without changing it.
    support: full
    details:
      - In check mode everything is read as usual, and nothing is written.
  diff_mode:
    description: Returns what changed, or in check mode would change, when in diff mode.
    support: full
    details:
      - The diff names fields, versions and fingerprints, never a secret value.
  idempotent:
    description: A second run with the same options reports no change.
    support: full
  action:
    description: Has an action plugin of the same name, which runs on the controller.
    support: full
    details:
      - On local connections the work is done inside Ansible's own worker process, which saves
        the start of a Python process and the import of an SDK on every host.
      - For hosts that are environments of a project and not machines, set C(connection) of the play
        or of the task to C(local).
      - The module itself runs instead when the connection is not local, for O(ignore:become),
        O(ignore:async) and O(ignore:environment), for another Python interpreter, and when the
        variable C(maia_stripe_query_in_process) or the environment variable
        E(MAIA_STRIPE_QUERY_IN_PROCESS) is set to V(false). C(-vvv) shows which of them ran.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    details:
      - Nothing is ever changed.
  diff_mode:
    support: N/A
    details:
      - Nothing is ever changed.
"""

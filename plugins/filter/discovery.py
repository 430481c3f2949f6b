# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: discovery
short_description: Turns what was discovered into an inventory and a plan
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Turns the result of M(maia.stripe_query.authorize_targets) with C(action=discover) into the
    files of an inventory, and a plan of what C(adopt) would change. It makes no requests and
    changes nothing.
  - The playbook C(maia.stripe_query.discover) uses it.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input
options:
  _input:
    description:
      - The C(targets) of M(maia.stripe_query.authorize_targets), or a list of them, each with its
        name as C(target).
    type: raw
    required: true
seealso:
  - plugin: maia.stripe_query.audit
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ found.lines }}"
  vars:
    found: "{{ discovered.targets | maia.stripe_query.discovery }}"
"""

RETURN = r"""
_value:
  description:
    - C(files) are the texts of the files, by their paths below the inventory's directory.
      C(discovery.md) is the plan for people; Ansible does not read it. There are none if no
      environment could be looked at.
    - C(stale) are the paths of files that an earlier inventory in the same directory may have, and
      this one has not.
    - C(hosts) are the names of the hosts in the inventory, and C(foreign) those of them that this
      collection did not create.
    - C(lines) is a summary with a line for each host.
    - C(targets) says for each target whether it could be read, for
      M(maia.stripe_query.target_outcome).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..plugin_utils._discovery import discovery
from ..plugin_utils._in_process import plain
from ..plugin_utils._report import Results


def discovery_filter(results: Results) -> dict[str, Any]:
    """See DOCUMENTATION."""
    # Without Ansible's own kinds of texts and dictionaries, which YAML cannot be made of.
    return discovery(plain({"results": results})["results"])


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"discovery": discovery_filter}

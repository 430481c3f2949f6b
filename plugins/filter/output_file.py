# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: output_file
short_description: Find where a file of a playbook is to be written, and whether it may be
version_added: 2.0.0
description:
  - For the playbooks and the role of this collection; it may change in any release.
  - Resolves C(~) and links in the path of a file, or of the directory for an inventory, that a
    playbook of this collection writes. It refuses what is neither missing nor a regular file (or a
    directory), a file that is not empty and no earlier one of the same kind, and a path of which
    more than the last directory is missing.
  - The playbooks make the same checks before they contact any service. The role
    P(maia.stripe_query.report#role) uses this filter when it writes.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
positional: _input, variable
options:
  _input:
    description: The path.
    type: raw
    required: true
  variable:
    description: The variable that the path is from. It decides which files may be replaced.
    type: str
    required: true
    choices:
      - authorize_report
      - authorize_report_json
      - report_path
      - report_json_path
      - audit_junit
      - audit_json
      - discover_directory
  replace:
    description: Whether files of an inventory may be replaced, for V(discover_directory).
    type: bool
    default: false
  mode:
    description:
      - The permissions that the file is to have. It is refused if they have a special bit, or let
        others than the owner write.
    type: str
"""

EXAMPLES = r"""
- name: Show where the report is written
  ansible.builtin.debug:
    msg: "{{ 'report.html' | maia.stripe_query.output_file('authorize_report') }}"
"""

RETURN = r"""
_value:
  description:
    - C(path) is the path that it leads to. It is empty if the path itself is refused, such as one
      that contains a key.
    - C(refusal) is an error message that says why nothing may be written there, or empty.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..plugin_utils._output_files import (
    DIRECTORY,
    check_file,
    check_inventory,
    check_mode,
    resolved,
)


def output_file(
    path: Any, variable: str, *, replace: Any = False, mode: Any = None
) -> dict[str, str]:
    """See DOCUMENTATION."""
    where = ""
    try:
        where = str(resolved(variable, path))
        if variable == DIRECTORY:
            check_inventory(path, replace=replace)
        else:
            check_file(variable, path)
        check_mode(mode)
    except ConfigurationError as error:
        return {"path": where, "refusal": str(error)}
    return {"path": where, "refusal": ""}


class FilterModule:
    """Ansible finds filters by this name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"output_file": output_file}

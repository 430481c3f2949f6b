# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way for tests to become another user, which needs no rights: the other is the same."""

from __future__ import annotations

from typing import Any

from ansible.plugins.become import BecomeBase

DOCUMENTATION = r"""
name: same_user
short_description: Become oneself
description: For tests.
options:
  become_user:
    description: Not used.
    default: root
"""


class BecomeModule(BecomeBase):
    name = "same_user"

    def build_become_command(self, cmd: Any, shell: Any) -> Any:
        super().build_become_command(cmd, shell)  # type: ignore[no-untyped-call]
        return self._build_success_command(cmd, shell) if cmd else cmd  # type: ignore[no-untyped-call]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What knows no vendor and no Ansible. It is imported first, so that an old Python ends here."""

from __future__ import annotations

import json
import sys

# Only a module on another host can be run with one: ansible-core itself needs a newer one.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.stdout.write(
        json.dumps(
            {
                "failed": True,
                "msg": (
                    f"Python {sys.version_info[0]}.{sys.version_info[1]} at {sys.executable}: this"
                    " module needs Python 3.11 or newer; set ansible_python_interpreter for this"
                    " host to such a Python, or let the task run on the controller."
                ),
                "error": {"kind": "configuration", "reason": "the Python is too old"},
            }
        )
    )
    raise SystemExit(1)

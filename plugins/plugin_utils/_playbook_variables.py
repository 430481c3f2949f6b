# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of the playbooks themselves, in which nothing may look like a key.

Those of the role are options, and are checked as such for each host. These name hosts, files and
limits, which are shown and written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._flow.playbook_names import PLAYBOOK_NAMES, REPORT_NAMES
from ..module_utils._recognized import KEY_NAME, holds_key

# What playbooks set themselves: long, and without any key.
_SET = ("audit_result", "discover_result", "report_results", "report_outcome", "report_remarks")
_NAMES = sorted(set(REPORT_NAMES).union(*PLAYBOOK_NAMES.values()).difference(_SET))


def refuse_keys(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raise ConfigurationError for the first one that holds a key.

    evaluate: what a variable's text is as a template.
    """
    for name in _NAMES:
        if name in variables:
            refuse_key(f"Variable {name}", _value(variables[name], evaluate))


def refuse_key(subject: str, value: object) -> None:
    """Raise ConfigurationError if the value, at any depth, holds a key. subject: what has it."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if holds_key(text):
        raise ConfigurationError(
            subject,
            f"it holds what looks like a {KEY_NAME}, and would be shown or stored in clear",
            "take the key out; authorize_api_key_file, authorize_api_key_env and authorize_api_key"
            " are for keys",
        )


def _value(text: Any, evaluate: Callable[[Any], Any]) -> Any:
    try:
        return evaluate(text)
    except Exception:  # told by the task that needs it; filters and lookups are anybody's
        return text

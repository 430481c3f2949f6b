# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of the playbooks themselves, which no module has as options.

Those of the role are options, and are checked as such for each host. These name hosts, files and
limits, which are shown and written: nothing in them may look like a key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._flow.playbook_names import PLAYBOOK_NAMES, REPORT_NAMES
from ..module_utils._flow.refused import SET_BY_PLAYBOOKS
from ..module_utils._recognized import KEY_NAME, holds_key
from ._evaluated import evaluated

# By the playbook, whose expressions would take anything else for false.
TRUTHS = {
    "awx": ("awx_ask_credential_on_launch", "awx_ask_limit_on_launch", "awx_take_over"),
    "awx_remove": ("awx_take_over",),
    "component": tuple(
        f"component_{does}" for does in ("commit", "push", "publish", "publish_again")
    ),
}
# The role report has these; a playbook gives it the paths that its own variables name.
_PATHS = {"report_path": "authorize_report", "report_json_path": "authorize_report_json"}
_NAMES = sorted(set(REPORT_NAMES).union(*PLAYBOOK_NAMES.values()).difference(SET_BY_PLAYBOOKS))


def refuse_keys(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raise ConfigurationError for the first one that holds a key, of those that can be evaluated.

    evaluate: what a variable's text is as a template. For a play that has no hosts yet.
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


def check_playbook_variables(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raise ConfigurationError for the first that its playbook would misread.

    It holds a key; or it cannot be evaluated, and would count as left out; or it has to be true or
    false, and is neither; or another one counts. variables: all of the host; the playbook that is
    running is one of them.
    """
    truths = TRUTHS.get(str(variables.get("__stripe_query_playbook")), ())
    for name in _NAMES:
        if name not in variables:
            continue
        given = evaluated(name, variables[name], evaluate)
        refuse_key(f"Variable {name}", given)
        if given and name in _PATHS:
            reason = "the playbooks write no file there"
            raise ConfigurationError(
                f"Variable {name}", reason, f"give {_PATHS[name]} in its place"
            )
        if given is not None and name in truths:
            truth(f"Variable {name}", given)


def refuse_set(given: Mapping[str, object]) -> None:
    """Raise ConfigurationError for one that playbooks set. given: extra variables, which count."""
    if name := next((name for name in sorted(SET_BY_PLAYBOOKS & given.keys())), None):
        raise ConfigurationError(
            f"Extra variable {name}", "the playbooks set it themselves", "leave it out"
        )


def truth(subject: str, given: object) -> bool:
    """Raises ConfigurationError. subject: what has it."""
    try:
        return bool(boolean(given))
    except TypeError:
        raise ConfigurationError(
            subject, "it is neither true nor false", "give true or false"
        ) from None


def _value(text: Any, evaluate: Callable[[Any], Any]) -> Any:
    try:
        return evaluate(text)
    except Exception:  # told once there are hosts; filters and lookups are anybody's
        return text

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX takes of a launch, and what it refuses or ignores.

As in https://github.com/ansible/awx/blob/24.6.1/awx/main/models/mixins.py and, for credentials,
JobLaunchSerializer in https://github.com/ansible/awx/blob/24.6.1/awx/api/serializers.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from awx import surveys

# What a launch may set, and the field of the template that says so.
_PROMPTS = {
    "job_type": "ask_job_type_on_launch",
    "limit": "ask_limit_on_launch",
    "diff_mode": "ask_diff_mode_on_launch",
    "verbosity": "ask_verbosity_on_launch",
    "job_slice_count": "ask_job_slice_count_on_launch",
    "credentials": "ask_credential_on_launch",
}


@dataclass
class Accepted:
    """What became of a launch: what is used, what is ignored, and what it is refused for."""

    prompts: dict[str, Any] = field(default_factory=dict)
    extra_vars: dict[str, Any] = field(default_factory=dict)
    ignored: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Any] = field(default_factory=dict)


def accept(
    template: Mapping[str, Any],
    survey: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    saved: bool = False,
) -> Accepted:
    """saved: for a schedule or a node, where what would be ignored is an error.

    Variables that the survey does not ask for are used only with ask_variables_on_launch.
    """
    result = Accepted()
    spec = survey.get("spec", []) if template["survey_enabled"] else []
    variables = dict(given.get("extra_vars") or given.get("extra_data") or {})
    if problems := list(surveys.problems_of_answers(spec, variables)):
        result.errors["variables_needed_to_start"] = problems
    asked = {question["variable"] for question in spec}
    others = {name: value for name, value in variables.items() if name not in asked}
    if not template["ask_variables_on_launch"] and others:
        result.ignored["extra_vars"] = others
        if saved:
            result.errors["extra_vars"] = [
                f"Variables {', '.join(others)} are not allowed on launch."
            ]
    taken = {
        n: v for n, v in variables.items() if n in asked or template["ask_variables_on_launch"]
    }
    # An empty default is passed, too.
    defaults = {q["variable"]: q["default"] for q in spec if q.get("default") is not None}
    result.extra_vars = {**defaults, **taken}
    for name, ask in _PROMPTS.items():
        value = given.get(name)
        if value is None or value in ("", {}, []):
            continue
        if template[ask]:
            result.prompts[name] = value
        else:
            result.ignored[name] = value
            if saved:
                result.errors[name] = ["Field is not configured to prompt on launch."]
    return result


def credential_problems(kinds_of_template: Iterable[int], kinds_given: Iterable[int]) -> list[str]:
    """Other credentials have to replace each of the template's, by type."""
    given = list(kinds_given)
    problems = []
    if len(set(given)) < len(given):
        problems.append("Cannot assign multiple credentials of one type.")
    if set(kinds_of_template) - set(given):
        problems.append(
            "Removing a credential at launch time without replacement is not supported."
        )
    return problems

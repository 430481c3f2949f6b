# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX asks of a survey.

https://docs.ansible.com/projects/awx/en/latest/userguide/job_templates.html#surveys
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_TYPES = {
    **dict.fromkeys(("text", "textarea", "password", "multiplechoice"), str),
    "multiselect": str,
    "integer": int,
    "float": float,
}
_KEYS = {
    *("question_name", "question_description", "variable", "type", "required", "default"),
    *("min", "max", "choices"),
}


def problems_of(survey: Mapping[str, Any]) -> Iterator[str]:
    """Why AWX would refuse it; nothing if it would not."""
    if not {"name", "description", "spec"} <= survey.keys():
        yield "name, description and spec are needed"
        return
    variables = [question.get("variable") for question in survey["spec"]]
    if not variables or len(set(variables)) < len(variables):
        yield "no questions, or two for one variable"
    for question in survey["spec"]:
        yield from (f"{question.get('variable')}: {text}" for text in _question_problems(question))


def _question_problems(question: Mapping[str, Any]) -> Iterator[str]:
    if question.keys() - _KEYS:
        yield "keys"
    if not {"question_name", "variable", "type", "required"} <= question.keys():
        yield "name, variable, type and required are needed"
        return
    if " " in question["variable"] or question["type"] not in _TYPES:
        yield "variable or type"
        return
    default = question.get("default", "")
    choices = question.get("choices")
    if question["type"] in ("multiplechoice", "multiselect"):
        if not choices or default not in choices:
            yield "choices"
    elif default != "" and not isinstance(default, _TYPES[question["type"]]):
        yield "default"
    if isinstance(default, int) and not question["min"] <= default <= question["max"]:
        yield "range"


def problems_of_answers(
    spec: Sequence[Mapping[str, Any]], given: Mapping[str, Any]
) -> Iterator[str]:
    """Why a launch with these answers is refused.

    A default is no answer to a question that is required.
    """
    for question in spec:
        name = question["variable"]
        if name in given:
            yield from _answer_problems(question, given[name])
        elif question["required"]:
            yield f"'{name}' value missing"


def _answer_problems(question: Mapping[str, Any], answer: Any) -> Iterator[str]:
    name, kind = question["variable"], question["type"]
    if kind == "multiplechoice":
        if answer not in question["choices"]:
            yield f"Value {answer} for '{name}' expected to be one of {question['choices']}."
        return
    if isinstance(answer, bool) or not isinstance(answer, _TYPES[kind]):
        yield f"Value {answer} for '{name}' expected to be of another type."
        return
    size = len(answer) if isinstance(answer, str) else answer
    if not question.get("min", size) <= size <= question.get("max", size):
        yield f"'{name}' value {answer} is too small or too large."

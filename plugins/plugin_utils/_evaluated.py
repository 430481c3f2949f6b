# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of variables, from their templates, and why one has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible import errors

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._recognized import holds_key
from ._extra_variables import TEMPLATES
from ._host_patterns import is_unanswered

# Of a variable that is "{{ omit }}"; before ansible-core 2.19 it has a text of this beginning.
_OMITTED: Any = getattr(errors, "AnsibleValueOmittedError", ())
_OMIT_TEXT = "__omit_place_holder__"
_OMIT_TYPE = "_OmitType"

# AWX gives an empty text for what a survey's answer leaves out.
_OF_SURVEYS = ("authorize_old_api_key_end",)

# What an error of Ansible's may tell: names that stand in a template, and nothing of a value.
_NAME = r"([A-Za-z_][A-Za-z0-9_.]{0,99})"
_CAUSES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (rf"'{_NAME}' is undefined", "'{}' is undefined"),
        (
            r"undecryptable variable|[Vv]ault ?[Ss]ecrets|Decryption failed",
            "it is encrypted, and no Ansible Vault password that was given decrypts it; give the"
            " right one with --vault-password-file or --vault-id",
        ),
        (rf"(lookup|filter|test) plugin '{_NAME}' was not found", "there is no {} plugin '{}'"),
        (rf"No (filter|test) named '{_NAME}'", "there is no {} plugin '{}'"),
        (rf"(lookup|filter|test) plugin '{_NAME}'", "the {} plugin '{}' failed"),
        (r"Syntax error in template", "its template has a syntax error"),
        (r"object of type '\w+' has no attribute", "its template needs an entry that is not there"),
    )
)


class NotEvaluatedError(Exception):
    """The text tells which variable, and quotes none."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The variable {name} cannot be evaluated{why}.")
        self.why = why


def values_of(texts: Mapping[str, Any], evaluate: Any) -> Iterator[tuple[str, Any]]:
    """The variables that are not left out. Raises NotEvaluatedError.

    texts: by name, before they are evaluated. evaluate: gives the value of one.
    """
    for name, text in texts.items():
        try:
            value = text if _has_no_template(text) else evaluate(text)
            if name in _OF_SURVEYS and is_unanswered(value):
                continue
        except _OMITTED:
            continue
        except Exception as error:  # filters and lookups are anybody's
            raise NotEvaluatedError(name, _why(error)) from None
        if not _is_omitted(value):
            yield name, value


def evaluated(name: str, text: Any, evaluate: Callable[[Any], Any]) -> Any:
    """The value of one variable, null where it is left out. Raises ConfigurationError."""
    try:
        return dict(values_of({name: text}, evaluate)).get(name)
    except NotEvaluatedError as error:
        why = f"it cannot be evaluated{error.why}"
        raise ConfigurationError(f"Variable {name}", why, "correct it") from None


def _has_no_template(value: Any) -> bool:
    """Whether it is its own value: Ansible would take its time to find that out, for each host."""
    if isinstance(value, str):
        return not any(mark in value for mark in TEMPLATES)
    if isinstance(value, dict):
        return all(map(_has_no_template, (*value, *value.values())))
    if isinstance(value, list):
        return all(map(_has_no_template, value))
    return type(value) in (bool, int, float, type(None))


def _is_omitted(value: object) -> bool:
    """Whether a value is left out: null, or omit, which a filter gets as it is."""
    if isinstance(value, str):
        return value.startswith(_OMIT_TEXT)
    return value is None or type(value).__name__ == _OMIT_TYPE


def unreadable(error: Exception) -> str:
    """A host's refusal for what its variables cannot be read for."""
    return f"Ansible cannot read the variables of this host{_why(error)}."


def _why(error: BaseException) -> str:
    """What is missing. The error's text may quote all of a variable, its secrets too."""
    for pattern, text in _CAUSES:
        if (found := pattern.search(str(error))) and not holds_key(" ".join(found.groups())):
            return f": {text.format(*found.groups())}"
    return f" ({type(_raised(error)).__name__})"


def _raised(error: BaseException) -> BaseException:
    """What was raised first, by Python or a plugin; Ansible and Jinja make errors of their own."""
    found, cause = error, error.__cause__ or error.__context__
    while cause:
        if type(cause).__module__.partition(".")[0] not in ("ansible", "jinja2"):
            found = cause
        cause = cause.__cause__ or cause.__context__
    return found

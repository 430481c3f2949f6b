# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment overrides: what one is, and what to do to have the desired ones. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from ..._core.errors import ConfigurationError
from ..._core.text import refused_option

_KINDS = {"secret_name": str, "secret_label": str, "secrets_location": dict}
_NOTHING = dict.fromkeys(_KINDS)

Fields = Mapping[str, Any]
"""secret_name, secret_label and secrets_location; the last two may be None."""

Wanted = Mapping[str, Optional[Fields]]  # noqa: UP045 - pylint cannot follow | between aliases
"""By environment, what the user gave of an override; None to have none."""


@dataclass(frozen=True)
class OverrideChange:
    """What changes in one environment; None for no override."""

    environment: str
    before: Fields | None
    after: Fields | None

    @property
    def name(self) -> str:
        """As results list it among the changes."""
        return f"environment_overrides.{self.environment}"


def parse_overrides(definition: str, given: Mapping[Any, Any] | None) -> Wanted:
    """The option environment_overrides. Raises ConfigurationError."""
    return {
        str(environment): None if fields is None else _parse(definition, str(environment), fields)
        for environment, fields in (given or {}).items()
    }


def _parse(definition: str, environment: str, fields: Any) -> Fields:
    subject = f"Maia secret definition '{definition}'"
    where = f"environment_overrides for '{environment}'"
    if not isinstance(fields, Mapping):
        raise ConfigurationError(
            subject,
            f"{where} is not a dictionary",
            "give it as {secret_name: ...}, or null to have no override there",
        )
    if unknown := sorted(str(name) for name in fields.keys() - _KINDS.keys()):
        raise ConfigurationError(
            subject, f"{where} has {', '.join(unknown)}", f"give only {', '.join(_KINDS)}"
        )
    parsed = {name: value for name, value in fields.items() if value is not None}
    for name, value in parsed.items():
        if not isinstance(value, _KINDS[name]):
            raise ConfigurationError(
                subject,
                f"{name} in {where} is not a {_KINDS[name].__name__}",
                "write it as in the option of the same name",
            )
    if not parsed.get("secret_name", "").strip():
        raise ConfigurationError(
            subject, f"{where} has no secret_name", "give it, or null to have no override there"
        )
    for name in ("secret_name", "secret_label"):
        if name in parsed and (refused := refused_option(name, parsed[name], {"type": "str"})):
            reason, hint = refused
            raise ConfigurationError(subject, f"in a name of {where} {reason}", hint)
    return parsed


def plan_overrides(
    wanted: Wanted, held: Mapping[str, Fields], *, purge: bool
) -> list[OverrideChange]:
    """held: by environment, the overrides that there are; purge: those not wanted go as well."""
    changes = []
    for environment in sorted({*wanted, *(held if purge else ())}):
        before = held.get(environment)
        after = _merged(wanted.get(environment), before)
        if after != before:
            changes.append(OverrideChange(environment, before, after))
    return changes


def after_changes(
    held: Mapping[str, Fields], changes: Iterable[OverrideChange]
) -> dict[str, Fields]:
    """The overrides once all changes are made."""
    after = {**held, **{change.environment: change.after for change in changes}}
    return {environment: fields for environment, fields in after.items() if fields is not None}


def _merged(given: Fields | None, held: Fields | None) -> Fields | None:
    """What was left out stays; an empty label or location clears it."""
    if given is None:
        return None
    return {**_NOTHING, **(held or {}), **{name: value or None for name, value in given.items()}}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Definitions of this collection that no target of an audit uses. Pure.

Who deletes one that a target uses takes its key away. So none is called orphaned as long as it is
unknown what a target uses that may be of its project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.wording import listed
from ._audit_output import Finding

Result = Mapping[str, Any]


def orphans(targets: Sequence[Result]) -> Iterator[Finding]:
    """Each is reported once for its project."""
    for target, definition in _unused(targets):
        project, secret = target.get("project"), definition.get("secret_name")
        if _perhaps_users(project, targets):
            continue
        orphan = f"; its secret '{secret}' may be orphaned" if secret else ""
        yield Finding(
            str(target.get("target")),
            "orphaned_definition",
            f"No target uses definition '{definition.get('name')}' of project '{project}'{orphan}.",
        )


def perhaps_used(targets: Sequence[Result]) -> Iterator[str]:
    """A sentence for each project with definitions that none of the targets uses that were read."""
    unused: dict[Any, list[str]] = {}
    for target, definition in _unused(targets):
        unused.setdefault(target.get("project"), []).append(f"'{definition.get('name')}'")
    for project, names in unused.items():
        if users := _perhaps_users(project, targets):
            one = len(names) == 1
            yield (
                f"It is not known whether definition{'' if one else 's'} {listed(names)} of project"
                f" '{project}' {'is' if one else 'are'} in use, since what these targets use could"
                f" not be read: {listed(users)}."
            )


def _unused(targets: Sequence[Result]) -> Iterator[tuple[Result, Result]]:
    """Definitions that no target is known to use, with the first target that saw them."""
    known = {(target.get("project"), target.get("definition_name")) for target in targets}
    for target in targets:
        for definition in target.get("definitions") or ():
            place = (target.get("project"), definition.get("name"))
            if place not in known:
                known.add(place)
                yield target, definition


def _perhaps_users(project: object, targets: Sequence[Result]) -> list[str]:
    """The targets that were not read and may be of that project."""
    read = {target.get("project") for target in targets if _is_read(target)}
    return [
        str(target.get("target"))
        for target in targets
        if not _is_read(target) and _project_of(target, read) in (None, project)
    ]


def _is_read(target: Result) -> bool:
    return "changed" in target and not target.get("failed") and not target.get("skipped")


def _project_of(target: Result, read: set[Any]) -> object:
    """That of a target that was not read; None if it may be any.

    Where variables were refused, that of the project may be misspelt too; and so may be the name
    of a project that no other target has.
    """
    kind = (target.get("error") or {}).get("kind", ConfigurationError.kind)
    project = target.get("project")
    return project if kind != ConfigurationError.kind and project in read else None

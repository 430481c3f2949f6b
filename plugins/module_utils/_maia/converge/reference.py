# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bring a definition that points at a secret in a vault to the desired state."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ..._core.errors import ConflictError
from ..._core.operation import Outcome, Runtime
from ..._secret.marker import MarkedText
from ..apis.api import DefinitionApi, Draft, check_case, subject_of
from ..apis.hosted_vault import edited, is_edited
from ..apis.overrides_api import OverridesApi
from ..model.definition import Definition, Reference, changes_to, check_description, check_ours
from ..model.override import Wanted, after_changes, plan_overrides
from ..projects.projects import Project

_NOTHING = Definition(name="", description=MarkedText("")).fields


def converge_reference(
    api: DefinitionApi,
    project: Project,
    name: str,
    wanted: Reference | None,
    *,
    may_go: Callable[[Definition, str], None] = lambda _observed, _subject: None,
    on_foreign: str,
    on_edited: str = "fail",
    runtime: Runtime,
) -> Outcome:
    """wanted: None to have no definition of this name. A second call changes nothing.

    may_go: raises for what speaks against deleting a definition, which an error calls by subject.
    """
    observed = api.find(name)
    subject = subject_of(name, project.name or project.id)
    check_ours(observed, on_foreign, subject)
    if wanted is None and observed is not None:
        may_go(observed, subject)
    changes = changes_to(wanted, observed)
    if (
        on_edited == "fail"
        and observed is not None
        and "secret_name" in changes
        and is_edited(observed.secret_name, project.id, name)
    ):
        raise edited(subject)
    draft = _draft(wanted, observed) if wanted else None
    if changes:
        _check(api, name, observed, draft, subject)
    if changes and not runtime.check_mode:
        _apply(api, name, observed, draft)
    before = observed.fields if observed else {}
    after = {**_NOTHING, **before, **wanted.wanted} if wanted else {}
    return Outcome(
        changed=bool(changes),
        values={
            "name": name,
            "project_id": project.id,
            "id": observed.id if observed else None,
            "changes": list(changes),
            **after,
        },
        before={"state": "present" if observed else "absent", **before},
        after={"state": "present" if wanted else "absent", **after},
    )


def with_overrides(
    definition: Callable[[Runtime], Outcome],
    api: OverridesApi,
    wanted: Wanted,
    *,
    purge: bool,
    on_edited: str,
) -> Callable[[Runtime], Outcome]:
    """The definition together with its environment overrides, which need it to exist.

    Raises ConflictError, before anything is written, for an override that was edited in Maia and
    would be changed, unless on_edited is overwrite.
    """

    def converge(runtime: Runtime) -> Outcome:
        held = api.held()
        changes = plan_overrides(wanted, held, purge=purge)
        for change in changes if on_edited == "fail" else ():
            if api.is_edited(change.before):
                raise edited(api.subject(change.environment))
        outcome = definition(runtime)
        if not runtime.check_mode:
            for change in changes:
                api.apply(change)
        after = after_changes(held, changes)
        names = [change.name for change in changes]
        return Outcome(
            changed=outcome.changed or bool(changes),
            values={
                **outcome.values,
                "changes": [*cast("list[str]", outcome.values["changes"]), *names],
                "environment_overrides": after,
            },
            before={**(outcome.before or {}), "environment_overrides": held},
            after={**(outcome.after or {}), "environment_overrides": after},
        )

    return converge


def check_pointer(
    observed: Definition, secret_name: str | None, label: str | None, subject: str
) -> None:
    """Raise ConflictError if a definition that is to go points at another secret or label.

    None: at any. Who names the wrong one would delete that, or nothing, and leave the key where it
    is.
    """
    held, held_label = observed.secret_name, observed.secret_label
    if secret_name in (None, held) and label in (None, held_label):
        return
    at = f"label '{held_label}' of secret '{held}'" if held_label else f"secret '{held}'"
    named = f"label '{label}' of secret '{secret_name}'" if label else f"secret '{secret_name}'"
    raise ConflictError(
        subject,
        f"it is to be deleted with {named}, and points at {at}",
        "correct secret_name or the label, or point the definition at that secret first",
    )


def _check(
    api: DefinitionApi, name: str, observed: Definition | None, draft: Draft | None, subject: str
) -> None:
    """Raise for what Maia would refuse, in check mode as well."""
    if observed is None:
        check_case(api, name, subject)
    api.check_change(name, observed)
    if draft is not None:
        check_description(name, MarkedText.parse(draft.description))


def _apply(api: DefinitionApi, name: str, observed: Definition | None, draft: Draft | None) -> None:
    if draft is None:
        api.delete(name)
    elif observed is None:
        api.create(draft)
    else:
        api.replace(observed, draft)


def _draft(wanted: Reference, observed: Definition | None) -> Draft:
    """All of the definition: what the user gave over what is there."""
    held = observed or Definition(name=wanted.name, description=MarkedText(""))
    given = wanted.wanted
    text = held.description.text if wanted.description is None else wanted.description
    return Draft(
        name=wanted.name,
        description=str(MarkedText(text)),
        secret_name=wanted.secret_name,
        secret_label=wanted.secret_label or None if "secret_label" in given else held.secret_label,
        secrets_location=(
            wanted.secrets_location or None
            if "secrets_location" in given
            else held.secrets_location
        ),
    )

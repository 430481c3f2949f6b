# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects that the emulated AWX knows, as data.

https://docs.ansible.com/projects/awx/en/latest/rest_api/api_ref.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """fields: what can be set, with defaults; references: fields that hold the id of another kind.

    unique: two objects may not agree in all of these. associations: lists of objects of a kind.
    related: what there is below an object. roles: which of its roles teams can have.
    owns: kinds of which objects go with it, and their field that names it.
    """

    type: str
    fields: Mapping[str, Any]
    required: tuple[str, ...] = ("name",)
    references: Mapping[str, str] = field(default_factory=dict)
    unique: tuple[str, ...] = ("name",)
    associations: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    owns: Mapping[str, str] = field(default_factory=dict)


_NAMED: dict[str, Any] = {"name": None, "description": ""}
_NODES = "workflow_job_template_nodes"


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "")


def _none(*names: str) -> dict[str, None]:
    return dict.fromkeys(names)


def _off(*names: str) -> dict[str, bool]:
    return dict.fromkeys(names, False)


def _asked(*names: str) -> dict[str, bool]:
    return _off(*(f"ask_{name}_on_launch" for name in names))


def _refers(*kinds: str, **others: str) -> dict[str, str]:
    """References that are called like their kind, and others."""
    plural = {"inventory": "inventories"}
    return {**{kind: plural.get(kind, f"{kind}s") for kind in kinds}, **others}


_WORKFLOW_ASKS = ("inventory", "labels", "limit", "scm_branch", "skip_tags", "tags", "variables")
_ASKS = (
    *("credential", "diff_mode", "execution_environment", "forks", "job_slice_count"),
    *("instance_groups", "job_type", "timeout", "verbosity"),
)
_PROMPTS: dict[str, Any] = {
    "extra_data": {},
    **_none("job_type", "limit", "job_tags", "skip_tags", "diff_mode", "verbosity"),
}
_TOLD_OF_ERRORS = {"notification_templates_error": "notification_templates"}

KINDS: dict[str, Kind] = {
    "organizations": Kind("organization", _NAMED),
    "credential_types": Kind(
        "credential_type",
        {**_NAMED, "kind": None, "inputs": {}, "injectors": {}, "managed": False},
        required=("name", "kind"),
        unique=("name", "kind"),
    ),
    "credentials": Kind(
        "credential",
        {**_NAMED, **_none("organization", "credential_type"), "inputs": {}},
        required=("name", "credential_type"),
        references=_refers("organization", "credential_type"),
        unique=("name", "organization", "credential_type"),
    ),
    "execution_environments": Kind(
        "execution_environment",
        {**_NAMED, **_none("image", "organization", "credential"), "pull": ""},
        required=("name", "image"),
        references=_refers("organization", "credential"),
    ),
    "projects": Kind(
        "project",
        {
            **_NAMED,
            **_none("organization", "credential", "default_environment"),
            **_texts("scm_type", "scm_url", "scm_branch", "scm_revision", "status"),
            "scm_update_on_launch": False,
            "scm_update_cache_timeout": 0,
        },
        references=_refers(
            "organization", "credential", default_environment="execution_environments"
        ),
        unique=("name", "organization"),
        related=("update",),
    ),
    "teams": Kind(
        "team",
        {**_NAMED, "organization": None},
        required=("name", "organization"),
        references=_refers("organization"),
        unique=("name", "organization"),
    ),
    "notification_templates": Kind(
        "notification_template",
        {
            **_NAMED,
            **_none("organization", "notification_type"),
            "notification_configuration": {},
        },
        required=("name", "organization", "notification_type"),
        references=_refers("organization"),
        unique=("name", "organization"),
    ),
    "schedules": Kind(
        "schedule",
        {**_NAMED, **_PROMPTS, **_none("unified_job_template", "rrule"), "enabled": True},
        required=("name", "unified_job_template", "rrule"),
        references=_refers("unified_job_template"),
        unique=("name", "unified_job_template"),
    ),
    "inventories": Kind(
        "inventory",
        {**_NAMED, **_none("organization", "host_filter"), **_texts("kind", "variables")},
        required=("name", "organization"),
        references=_refers("organization"),
        unique=("name", "organization"),
        owns={"inventory_sources": "inventory"},
    ),
    "inventory_sources": Kind(
        "inventory_source",
        {
            **_NAMED,
            **_none("inventory", "source", "source_project", "credential"),
            **_none("execution_environment"),
            **_texts("source_path", "source_vars", "enabled_var", "enabled_value", "limit"),
            **_off("overwrite", "overwrite_vars", "update_on_launch"),
            **dict.fromkeys(("update_cache_timeout", "timeout"), 0),
            "verbosity": 1,
        },
        required=("name", "inventory", "source"),
        references=_refers(
            *("inventory", "credential", "execution_environment"), source_project="projects"
        ),
        unique=("name", "inventory"),
    ),
    "job_templates": Kind(
        "job_template",
        {
            **_NAMED,
            **_asked(*_ASKS, *_WORKFLOW_ASKS),
            **_none("organization", "inventory", "project", "execution_environment"),
            **_texts("playbook", "limit", "extra_vars", "job_tags", "skip_tags"),
            **_texts("start_at_task", "scm_branch", "webhook_service", "host_config_key"),
            **_off("survey_enabled", "diff_mode", "become_enabled"),
            **dict.fromkeys(("forks", "verbosity"), 0),
            "job_type": "run",
            "job_slice_count": 1,
        },
        required=("name", "project", "playbook"),
        references=_refers("organization", "inventory", "project", "execution_environment"),
        unique=("name", "organization"),
        associations={"credentials": "credentials", **_TOLD_OF_ERRORS},
        related=("survey_spec", "launch"),
        owns={"schedules": "unified_job_template"},
        roles=("admin_role", "execute_role", "read_role"),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {
            **_NAMED,
            **_asked(*_WORKFLOW_ASKS),
            "organization": None,
            "extra_vars": "",
            "survey_enabled": False,
        },
        references=_refers("organization"),
        unique=("name", "organization"),
        associations={
            **_TOLD_OF_ERRORS,
            "notification_templates_approvals": "notification_templates",
        },
        related=("survey_spec",),
        owns={_NODES: "workflow_job_template"},
        roles=("admin_role", "execute_role", "read_role", "approval_role"),
    ),
    _NODES: Kind(
        "workflow_job_template_node",
        {
            **_PROMPTS,
            **_none("identifier", "workflow_job_template", "unified_job_template"),
            "all_parents_must_converge": False,
        },
        required=("workflow_job_template",),
        references=_refers("workflow_job_template", "unified_job_template"),
        unique=("identifier", "workflow_job_template"),
        associations={
            **dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), _NODES),
            "credentials": "credentials",
        },
    ),
    "workflow_approval_templates": Kind(
        "workflow_approval_template", {**_NAMED, "timeout": 0}, unique=()
    ),
}
# Found by one another's name, wherever a job template of any sort will do.
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
# Given where only a node knows of it.
NODE_TARGETS = (*UNIFIED, "workflow_approval_templates")

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
_ASKED = (
    *("credential", "diff_mode", "execution_environment", "forks", "inventory", "job_slice_count"),
    *("instance_groups", "job_type", "labels", "limit", "scm_branch", "skip_tags", "tags"),
    *("timeout", "variables", "verbosity"),
)
_ASK = {f"ask_{name}_on_launch": False for name in _ASKED}
_WORKFLOW_ASKED = ("inventory", "labels", "limit", "scm_branch", "skip_tags", "tags", "variables")
_WORKFLOW_ASK = {f"ask_{name}_on_launch": False for name in _WORKFLOW_ASKED}
_PROMPTS: dict[str, Any] = {
    "extra_data": {},
    "job_type": None,
    "limit": None,
    "job_tags": None,
    "skip_tags": None,
    "diff_mode": None,
    "verbosity": None,
}

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
        {**_NAMED, "organization": None, "credential_type": None, "inputs": {}},
        required=("name", "credential_type"),
        references={"organization": "organizations", "credential_type": "credential_types"},
        unique=("name", "organization", "credential_type"),
    ),
    "execution_environments": Kind(
        "execution_environment",
        {**_NAMED, "image": None, "organization": None, "credential": None, "pull": ""},
        required=("name", "image"),
        references={"organization": "organizations", "credential": "credentials"},
    ),
    "projects": Kind(
        "project",
        {
            **_NAMED,
            "organization": None,
            "scm_type": "",
            "scm_url": "",
            "scm_branch": "",
            "credential": None,
            "default_environment": None,
            "scm_revision": "",
            "scm_update_on_launch": False,
            "scm_update_cache_timeout": 0,
            "status": "",
        },
        references={
            "organization": "organizations",
            "credential": "credentials",
            "default_environment": "execution_environments",
        },
        unique=("name", "organization"),
        related=("update",),
    ),
    "teams": Kind(
        "team",
        {**_NAMED, "organization": None},
        required=("name", "organization"),
        references={"organization": "organizations"},
        unique=("name", "organization"),
    ),
    "notification_templates": Kind(
        "notification_template",
        {
            **_NAMED,
            "organization": None,
            "notification_type": None,
            "notification_configuration": {},
        },
        required=("name", "organization", "notification_type"),
        references={"organization": "organizations"},
        unique=("name", "organization"),
    ),
    "schedules": Kind(
        "schedule",
        {
            **_NAMED,
            **_PROMPTS,
            "unified_job_template": None,
            "rrule": None,
            "enabled": True,
        },
        required=("name", "unified_job_template", "rrule"),
        references={"unified_job_template": "unified_job_templates"},
        unique=("name", "unified_job_template"),
    ),
    "inventories": Kind(
        "inventory",
        {**_NAMED, "organization": None, "kind": "", "host_filter": None, "variables": ""},
        required=("name", "organization"),
        references={"organization": "organizations"},
        unique=("name", "organization"),
        owns={"inventory_sources": "inventory"},
    ),
    "inventory_sources": Kind(
        "inventory_source",
        {
            **_NAMED,
            "inventory": None,
            "source": None,
            "source_path": "",
            "source_vars": "",
            "source_project": None,
            "credential": None,
            "execution_environment": None,
            "overwrite": False,
            "overwrite_vars": False,
            "update_on_launch": False,
            "update_cache_timeout": 0,
            "enabled_var": "",
            "enabled_value": "",
            "verbosity": 1,
            "limit": "",
            "timeout": 0,
        },
        required=("name", "inventory", "source"),
        references={
            "inventory": "inventories",
            "source_project": "projects",
            "credential": "credentials",
            "execution_environment": "execution_environments",
        },
        unique=("name", "inventory"),
    ),
    "job_templates": Kind(
        "job_template",
        {
            **_NAMED,
            **_ASK,
            "organization": None,
            "job_type": "run",
            "inventory": None,
            "project": None,
            "playbook": "",
            "execution_environment": None,
            "forks": 0,
            "limit": "",
            "verbosity": 0,
            "extra_vars": "",
            "job_tags": "",
            "skip_tags": "",
            "start_at_task": "",
            "scm_branch": "",
            "webhook_service": "",
            "host_config_key": "",
            "survey_enabled": False,
            "job_slice_count": 1,
            "diff_mode": False,
            "become_enabled": False,
        },
        required=("name", "project", "playbook"),
        references={
            "organization": "organizations",
            "inventory": "inventories",
            "project": "projects",
            "execution_environment": "execution_environments",
        },
        unique=("name", "organization"),
        associations={
            "credentials": "credentials",
            "notification_templates_error": "notification_templates",
        },
        related=("survey_spec", "launch"),
        owns={"schedules": "unified_job_template"},
        roles=("admin_role", "execute_role", "read_role"),
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {
            **_NAMED,
            **_WORKFLOW_ASK,
            "organization": None,
            "extra_vars": "",
            "survey_enabled": False,
        },
        references={"organization": "organizations"},
        unique=("name", "organization"),
        associations={
            "notification_templates_error": "notification_templates",
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
            "identifier": None,
            "workflow_job_template": None,
            "unified_job_template": None,
            "all_parents_must_converge": False,
        },
        required=("workflow_job_template",),
        references={
            "workflow_job_template": "workflow_job_templates",
            "unified_job_template": "unified_job_templates",
        },
        unique=("identifier", "workflow_job_template"),
        associations={
            "success_nodes": _NODES,
            "failure_nodes": _NODES,
            "always_nodes": _NODES,
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

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plays that are compared, as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_LIST = (
    "{{ maia_projects_url }}/{{ project.id }}/connections"
    "?connectionNames={{ authorize_definition_name }}"
)


def write_play(play: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps([play]))
    return path


def two_tasks(vault: str) -> dict[str, Any]:
    """Ours: a task for the secret and one for the definition."""
    defaults = {
        "group/maia.stripe_query.maia": "{{ authorize_maia }}",
        f"group/maia.stripe_query.{vault}": f"{{{{ authorize_{vault} }}}}",
    }
    return _play(
        {
            "name": "Keep the key",
            f"maia.stripe_query.stripe_secret_{vault}": {
                "name": "{{ authorize_secret_name }}",
                "api_key": "{{ authorize_api_key }}",
            },
        },
        {
            "name": "Point at it",
            "maia.stripe_query.maia_secret_definition": {
                "name": "{{ authorize_definition_name }}",
                "project": "{{ authorize_project }}",
                "secret_name": "{{ authorize_secret_name }}",
            },
        },
        module_defaults=defaults,
    )


def role() -> dict[str, Any]:
    """Ours: the role on each host, with a task for each step."""
    task = {"name": "maia.stripe_query.authorize"}
    return _play({"name": "Authorize", "ansible.builtin.import_role": task})


def one_task() -> dict[str, Any]:
    """Ours: all that there is to do for a target in one task of its host."""
    task = {"hosts": ["{{ inventory_hostname }}"], "progress": False}
    return _play({"name": "Authorize", "maia.stripe_query.authorize_targets": task})


def bulk(threads: int) -> dict[str, Any]:
    """Ours: all targets in the threads of one task, and no line for each host."""
    task = {"hosts": "{{ ansible_play_hosts }}", "threads": threads}
    return _play(
        {"name": "Authorize", "maia.stripe_query.authorize_targets": task, "run_once": True}
    )


def debug() -> dict[str, Any]:
    """Nothing, for scale: what Ansible itself needs for one task of each host."""
    return _play({"name": "Say something", "ansible.builtin.debug": {"msg": "nothing"}})


def peers(vault: str, python: str) -> dict[str, Any]:
    """The same with what others offer: a module for the vault, and the REST API by hand.

    python: has the libraries that Azure's module imports.
    """
    keep = {"aws": _aws_peer(), "azure": _azure_peer(python)}[vault]
    return _play(
        {"name": "Keep the key", **keep, "no_log": True},
        _uri(
            "Get a token",
            "{{ maia_token_url }}",
            method="POST",
            body_format="form-urlencoded",
            body={
                "grant_type": "client_credentials",
                "client_id": "{{ authorize_maia.client_id }}",
                "client_secret": "{{ authorize_maia.client_secret }}",
                "audience": "https://api.matillion.com",
            },
        )
        | {"register": "token", "run_once": True},
        _uri("List the projects", "{{ maia_projects_url }}?size=100", **_AUTHORIZED)
        | {"register": "listed", "run_once": True},
        _uri("Look for the definition", _LIST, **_AUTHORIZED) | {"register": "found"},
        _uri(
            "Make the definition",
            "{{ maia_projects_url }}/{{ project.id }}/connections",
            method="POST",
            body_format="json",
            status_code=[200, 201],
            body={
                "name": "{{ authorize_definition_name }}",
                "platformConnectionType": "COMPONENT_BASIC",
                "authProvider": "NONE",
                "authType": "GENERIC_SECRET",
                "connectionDetails": {
                    "connectionProperties": {"secretName": "{{ authorize_secret_name }}"}
                },
            },
            **_AUTHORIZED,
        )
        | {"when": "not found.json.results", "changed_when": True},
        vars={
            "project": "{{ listed.json.results | selectattr('name', 'eq', authorize_project)"
            " | first }}"
        },
    )


def _aws_peer() -> dict[str, Any]:
    aws = "authorize_aws"
    return {
        "community.aws.secretsmanager_secret": {
            "name": "{{ authorize_secret_name }}",
            "secret": "{{ authorize_api_key }}",
            "region": f"{{{{ {aws}.region }}}}",
            "endpoint_url": f"{{{{ {aws}.endpoint_url }}}}",
            "access_key": f"{{{{ {aws}.access_key }}}}",
            "secret_key": f"{{{{ {aws}.secret_key }}}}",
            "aws_ca_bundle": f"{{{{ {aws}.ca_bundle }}}}",
        }
    }


def _azure_peer(python: str) -> dict[str, Any]:
    """It takes no CA, and only a vault of Azure's domain: the proxy leads there."""
    azure = "authorize_azure"
    return {
        "azure.azcollection.azure_rm_keyvaultsecret": {
            "keyvault_uri": "https://demo-vault.vault.azure.net",
            "secret_name": "{{ authorize_secret_name }}",
            "secret_value": "{{ authorize_api_key }}",
            "tenant": f"{{{{ {azure}.tenant_id }}}}",
            "client_id": f"{{{{ {azure}.client_id }}}}",
            "secret": f"{{{{ {azure}.client_secret }}}}",
            "subscription_id": f"{{{{ {azure}.tenant_id }}}}",  # asked for, but not used
            "disable_instance_discovery": True,
        },
        "environment": {
            "HTTPS_PROXY": "{{ vault_proxy }}",
            "https_proxy": "{{ vault_proxy }}",
            "REQUESTS_CA_BUNDLE": "{{ vault_bundle }}",
        },
        "vars": {"ansible_python_interpreter": python},
    }


_AUTHORIZED = {"headers": {"Authorization": "Bearer {{ token.json.access_token }}"}}


def _uri(name: str, url: str, **options: Any) -> dict[str, Any]:
    module = {"url": url, "ca_path": "{{ authorize_maia.ca_bundle }}", **options}
    return {"name": name, "ansible.builtin.uri": module}


def _play(*tasks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Authorize", "hosts": "all", "gather_facts": False, "tasks": [*tasks], **more}

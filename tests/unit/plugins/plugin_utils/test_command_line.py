# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An extra variable that the playbook would ignore is refused, and nobody else's is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils import _command_line
from ansible_collections.maia.stripe_query.plugins.plugin_utils._command_line import (
    refuse_ignored,
)

_OURS = "maia.stripe_query."
_PATH = str(Path(_command_line.__file__).resolve().parents[2] / "playbooks" / "authorize.yml")


def look(playbooks: tuple[str, ...], *given: str) -> None:
    refuse_ignored({"args": playbooks, "extra_vars": given})


@pytest.mark.parametrize(
    ("playbook", "given", "says"),
    [
        ("authorize", "authorize_serial=1", "it is a variable of revoke, rollback, rotate"),
        ("authorize", "authorize_hosts=a rotate_canary=b", "Extra variable rotate_canary"),
        ("rollout", '{"authorize_serial": [1]}', "the playbook rollout has no such variable"),
        ("rotate", "audit_ignore=x", "it is a variable of audit"),
        ("authorize", "authorise_verify=stripe", "write authorize_verify"),
        ("authorize", "Authorize_Verify=stripe", "write authorize_verify"),
        ("audit", "AUDIT_recorded=true", "write audit_recorded"),
        ("authorize", "report_max_age=5", "perhaps report_max_age_days is meant, or choose a name"),
        ("authorize", "report_code=x", "this collection has no such variable"),
        *(
            ("prove", f"{prefix}_xyz=1", f"a name without the prefix {prefix}_ for a variable")
            for prefix in ("adopt", "audit", "awx", "component", "discover", "eda", "report")
        ),
    ],
)
def test_what_would_be_ignored_is_refused(playbook: str, given: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        look((f"{_OURS}{playbook}",), given)
    assert says in str(caught.value)


def test_a_playbook_by_its_path_is_ours_too() -> None:
    with pytest.raises(ConfigurationError):
        look((_PATH,), "authorize_serial=1")


@pytest.mark.parametrize(
    ("playbooks", "given"),
    [
        pytest.param((), "rotate_canary=x", id="another command"),
        pytest.param(("rotate",), "rotate_canary=x authorize_serial=1", id="its own"),
        pytest.param(("rotate", "audit"), "rotate_canary=x", id="of one of two"),
        pytest.param(("authorize",), "authorize_verify=stripe", id="the role's"),
        pytest.param(("authorize",), "reports=x my_authorize_verify=y", id="somebody else's"),
        pytest.param(("authorize",), "authorized_hosts=x", id="somebody else's word"),
        pytest.param(("authorize",), "report_mode=0644", id="of the report"),
        pytest.param(("authorize",), "awx_job_id=1 awx_user_name=x", id="of a job of AWX"),
        pytest.param(("rotate",), "rotate_x=1 authorize_x=1", id="refused for each host"),
        pytest.param(("authorize",), "@shared.yml", id="of a file, which others may share"),
        pytest.param(("authorize",), "{no yaml", id="what Ansible refuses"),
    ],
)
def test_everything_else_is_allowed(playbooks: tuple[str, ...], given: str) -> None:
    look(tuple(f"{_OURS}{name}" for name in playbooks), given)


@pytest.mark.parametrize("other", ["site.yml", "my.own.authorize", f"{_OURS}nothing"])
def test_beside_another_playbook_any_variable_may_be_for_that_one(other: str) -> None:
    look((f"{_OURS}authorize", other), "authorize_serial=1")


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("--start-at-task", {"start_at_task": "Show all targets"}),
        ("--tags", {"tags": ("audit",)}),
        ("--skip-tags", {"skip_tags": ("x", "untagged")}),
    ],
)
def test_what_leaves_out_tasks_is_refused(option: str, arguments: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=f"^Option {option}: it would leave out"):
        refuse_ignored({"args": (f"{_OURS}audit",), **arguments})
    refuse_ignored({"args": (f"{_OURS}audit", "site.yml"), **arguments})


@pytest.mark.parametrize("tags", [(), ("all",), ("all", "x"), ("untagged",)])
def test_what_leaves_out_none_is_not(tags: tuple[str, ...]) -> None:
    refuse_ignored({"args": (f"{_OURS}audit",), "tags": tags, "skip_tags": ("x",)})

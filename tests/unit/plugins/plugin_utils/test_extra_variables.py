# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator of an environment says which extra variables its runs may have."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils import _extra_variables
from ansible_collections.maia.stripe_query.plugins.plugin_utils._extra_variables import (
    ALLOWED,
    PINNED,
    check_extra_variables,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._in_process import InProcessAction
from unit.keys import make_key

ENDPOINT = {"authorize_aws": {"endpoint_url": "https://vault.example.com"}}
LISTED = {ALLOWED: "authorize_hosts, authorize_serial"}


@pytest.mark.parametrize(
    ("environment", "given"),
    [
        pytest.param({}, ENDPOINT, id="nobody forbids it"),
        pytest.param(LISTED, {}, id="none given"),
        pytest.param(LISTED, {"authorize_serial": "1,2"}, id="one that is named"),
        pytest.param(LISTED, {"awx_job_id": 1, "tower_user_first_name": "x"}, id="those of AWX"),
        pytest.param(
            {f"{PINNED}_KEY": "authorize_api_key_file=/a b, c", **LISTED},
            {"authorize_api_key_file": "/a b, c"},
            id="pinned by itself, with spaces",
        ),
        pytest.param(
            {PINNED: "authorize_verify=stripe"},
            {"authorize_verify": "stripe", **ENDPOINT},
            id="pinned alone forbids no others",
        ),
        pytest.param(
            {PINNED: "authorize_verify=stripe", **LISTED},
            {"authorize_verify": "stripe"},
            id="what is pinned is named",
        ),
    ],
)
def test_what_is_allowed(environment: dict[str, str], given: dict[str, Any]) -> None:
    check_extra_variables(environment, given)


@pytest.mark.parametrize(
    ("environment", "given", "subject"),
    [
        pytest.param(LISTED, ENDPOINT, "authorize_aws", id="an endpoint"),
        pytest.param(LISTED, {"ansible_connection": "ssh"}, "ansible_connection", id="Ansible's"),
        pytest.param({ALLOWED: ""}, {"authorize_hosts": "all"}, "authorize_hosts", id="empty list"),
        pytest.param(
            {PINNED: "authorize_verify=stripe"},
            {"authorize_verify": "never"},
            "authorize_verify",
            id="another value",
        ),
        pytest.param({PINNED: "authorize_verify=stripe"}, {}, "authorize_verify", id="left out"),
        pytest.param({PINNED: "authorize_verify"}, {}, PINNED, id="pinned to nothing"),
        pytest.param(
            {f"{PINNED}_KEY": "a=1"}, {"a": "2"}, "a", id="another value than a credential's"
        ),
        pytest.param({PINNED: "a=1", f"{PINNED}_KEY": "a=2"}, {"a": "2"}, PINNED, id="by two"),
        pytest.param({f"{PINNED}_KEY": "a="}, {"a": ""}, PINNED, id="a credential's is empty"),
        pytest.param({PINNED: "a=1 a=2"}, {"a": "2"}, PINNED, id="pinned twice"),
        pytest.param({ALLOWED: "authorize_aws.region"}, {}, ALLOWED, id="no name"),
        pytest.param({ALLOWED: "*"}, {}, ALLOWED, id="a pattern"),
        pytest.param({ALLOWED: "ansible_connection"}, {}, ALLOWED, id="never to be named"),
        pytest.param(LISTED, {"awx_organization": "x"}, "awx_organization", id="none of AWX's"),
        pytest.param(LISTED, {"awx_job_id\n": "x"}, "awx_job_id", id="nearly one of AWX's"),
        pytest.param({ALLOWED: "__authorize_tasks"}, {}, ALLOWED, id="private"),
    ],
)
def test_what_is_refused(environment: dict[str, str], given: dict[str, Any], subject: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        check_extra_variables(environment, given)
    assert subject in str(refusal.value)


@pytest.mark.parametrize("name", ["authorize_hosts", "awx_workflow_job_name", "tower_user_name"])
@pytest.mark.parametrize(
    "text",
    [
        "{{ lookup('env', 'X') }}",
        "{% if x %}",
        "{# x",
        '#jinja2: variable_start_string: "[%", variable_end_string: "%]"\n[% x %]',
    ],
)
def test_no_value_may_be_a_template(name: str, text: str) -> None:
    """Wherever it stands, under whatever name: each of these is one for Ansible."""
    for value in (text, [text], [{"a": [text]}], {text: 1}, ("x", {"y": text})):
        with pytest.raises(ConfigurationError, match="template") as refusal:
            check_extra_variables(LISTED, {name: value})
        assert text not in str(refusal.value)


def test_a_refusal_does_not_quote_a_value() -> None:
    key = make_key()
    with pytest.raises(ConfigurationError) as refusal:
        check_extra_variables({PINNED: "other=1", ALLOWED: ""}, {"other": key})
    assert key not in str(refusal.value)


def test_the_run_ends_when_a_plugin_of_ours_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOWED, "")
    monkeypatch.setattr(_extra_variables, "load_extra_vars", lambda _loader: ENDPOINT)
    with pytest.raises(AnsibleError, match="authorize_aws"):
        type("ActionModule", (InProcessAction,), {})


def test_a_pin_by_itself_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOWED, raising=False)
    monkeypatch.setenv(f"{PINNED}_KEY", "authorize_api_key_file=/a")
    monkeypatch.setattr(_extra_variables, "load_extra_vars", lambda _loader: {})
    with pytest.raises(AnsibleError, match="authorize_api_key_file"):
        type("ActionModule", (InProcessAction,), {})


def test_it_is_not_even_looked_where_nobody_forbids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOWED, raising=False)
    monkeypatch.delenv(PINNED, raising=False)
    monkeypatch.setattr(_extra_variables, "load_extra_vars", None)
    type("ActionModule", (InProcessAction,), {})

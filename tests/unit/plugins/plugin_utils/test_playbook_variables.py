# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key in a variable of a playbook is refused, and no sentence shows it; and what is no truth."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError, AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.maia.stripe_query.plugins.filter.audit import audit_filter
from ansible_collections.maia.stripe_query.plugins.filter.rotation import rotation
from ansible_collections.maia.stripe_query.plugins.lookup.play_hosts import LookupModule
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import RefusedOptions
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.playbook_names import (
    PLAYBOOK_NAMES,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.refused import (
    BEFORE_HOSTS,
    refuse_too_late,
)
from ansible_collections.maia.stripe_query.plugins.plugin_utils._host_patterns import parts_of
from ansible_collections.maia.stripe_query.plugins.plugin_utils._playbook_variables import (
    TRUTHS,
    check_playbook_variables,
    refuse_keys,
    refuse_set,
)
from tools.playbook_names import PLAYBOOKS
from unit.keys import make_key


@pytest.mark.parametrize(
    "name",
    [
        *("authorize_hosts", "authorize_threads", "authorize_report", "report_title"),
        *("audit_ignore", "audit_junit", "rotate_canary", "adopt_hosts", "discover_directory"),
        *("revoke_targets", "component_message", "awx_launchers", "eda_activations"),
    ],
)
def test_a_key_is_refused_with_the_name_of_the_variable(name: str) -> None:
    key = make_key()
    for value in (key, f"/reports/{key}.html", [{"a": key}], {key: 1}):
        with pytest.raises(ConfigurationError) as caught:
            refuse_keys({name: "{{ a_template }}"}, {"{{ a_template }}": value}.__getitem__)
        assert str(caught.value).startswith(f"Variable {name}: it holds what looks like a")
        assert key not in str(caught.value)
        with pytest.raises(ConfigurationError, match="it holds what looks like a"):
            check_playbook_variables({name: value}, lambda text: text)


def test_variables_for_keys_and_those_of_others_may_hold_one() -> None:
    held = {"authorize_api_key": make_key(), "my_key": make_key(), "audit_ignore": ["key_shared"]}
    refuse_keys(held, lambda value: value)


def test_what_cannot_be_evaluated_is_refused_once_there_are_hosts() -> None:
    refuse_keys({"audit_ignore": "{{ nowhere }}"}, {}.__getitem__)
    with pytest.raises(ConfigurationError, match="Variable audit_ignore: it cannot be evaluated"):
        check_playbook_variables({"audit_ignore": "{{ nowhere }}"}, {}.__getitem__)


def test_no_play_begins_with_one() -> None:
    with pytest.raises(AnsibleError, match="Variable audit_ignore: it holds what"):
        LookupModule().run(["all"], {"audit_ignore": make_key(), "groups": {"all": ["a"]}})


def _pattern(text: Any) -> None:
    raise ConfigurationError(f"Variable {text}", f"no '{text[:32]}'", f"try {text}", attempt=text)


@pytest.mark.parametrize(
    "fails",
    [
        pytest.param(lambda text: audit_filter({}, time="2026-01-01", ignore=text), id="audit"),
        pytest.param(lambda text: audit_filter({}, time="2026-01-01", fail=text), id="a truth"),
        pytest.param(lambda text: audit_filter({}, time="2026-01-01", recorded=text), id="number"),
        pytest.param(
            lambda text: audit_filter({}, time="2026-01-01", max_age_days=text), id="a number"
        ),
        pytest.param(lambda text: rotation({}, time="2026-01-01", expires=text), id="rotation"),
        pytest.param(_pattern, id="any error of ours"),
        pytest.param(lambda text: parts_of({"a": text}, f"Variable {text}"), id="hosts"),
    ],
)
def test_no_error_shows_one(fails: Callable[[str], object]) -> None:
    key = make_key()
    with pytest.raises((AnsibleFilterError, ConfigurationError)) as caught:
        fails(key)
    assert key[:20] not in str(caught.value)


def test_nor_does_what_ansible_says_of_an_option() -> None:
    key = make_key()
    assert key[:20] not in str(RefusedOptions(f"argument 'state' is {key[:32]}, not one of"))


def test_what_a_playbook_sets_itself_is_no_extra_variable() -> None:
    refuse_set({"report_title": "Keys"})
    with pytest.raises(ConfigurationError, match="Extra variable report_results: the playbooks"):
        refuse_set({"report_results": "x"})


@pytest.mark.parametrize(
    ("held", "in_time", "refused"),
    [
        ({"authorize_hosts": "canaries"}, (), True),
        ({"authorize_hosts": "{{ canaries }}"}, ("authorize_threads",), True),
        ({"authorize_hosts": "canaries"}, ("authorize_hosts",), False),
        ({"authorize_hosts": None, "authorize_serial": 1, "rotate_canary": "a"}, (), False),
    ],
)
def test_hosts_of_a_play_that_it_cannot_know_yet_are_refused(
    held: dict[str, Any], in_time: tuple[str, ...], refused: bool
) -> None:
    if not refused:
        refuse_too_late("Variable", held, in_time)
        return
    with pytest.raises(ConfigurationError) as caught:
        refuse_too_late("Variable", held, in_time)
    assert str(caught.value) == (
        "Variable authorize_hosts: it is in the inventory or a fact, and a play's hosts are chosen"
        " before these are known; take it out there, and give it as an extra variable with -e, or"
        " in the vars of import_playbook."
    )


def test_every_variable_that_a_play_is_made_with_is_known() -> None:
    """Of a play's own keywords, which are evaluated before there are hosts."""
    found = set()
    for path in PLAYBOOKS.glob("*.yml"):
        [book] = yaml.safe_load(path.read_text())
        keywords = {name: text for name, text in book.items() if name not in ("vars", "tasks")}
        found |= {name for names in PLAYBOOK_NAMES.values() for name in names} & {
            *re.findall(r"\w+", " ".join(re.findall(r"{{.*?}}", str(keywords))))
        }
    # play_hosts evaluates it; audit_junit and audit_json are looked at again once there are hosts.
    assert found | {"authorize_hosts"} == {*BEFORE_HOSTS}


@pytest.mark.parametrize("given", ["", " ", [], {}])
def test_what_is_empty_is_no_number_and_no_moment(given: Any) -> None:
    for fails in (
        lambda: audit_filter({}, time="2026-01-01", max_age_days=given),
        lambda: audit_filter({}, time="2026-01-01", expires_within_days=given),
        lambda: rotation({}, time="2026-01-01", expires=given),
    ):
        with pytest.raises(AnsibleFilterError, match=r"is no (number of days|moment)"):
            fails()


def test_but_a_question_of_awx_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_ID", "1")
    audit_filter({}, time="2026-01-01", max_age_days="", expires_within_days="")
    assert rotation({}, time="2026-01-01", expires="")


def test_a_path_that_the_playbooks_would_ignore_is_refused() -> None:
    check_playbook_variables(
        {"report_path": "", "authorize_report": "/reports/a.html"}, lambda text: text
    )
    with pytest.raises(ConfigurationError, match="give authorize_report_json in its place"):
        check_playbook_variables({"report_json_path": "/reports/a.json"}, lambda text: text)


TRUTH_NAMES = [(playbook, name) for playbook, names in TRUTHS.items() for name in names]
NEITHER = "it is neither true nor false; give true or false."


def truths_of(playbook: str, **variables: object) -> None:
    held = {"__stripe_query_playbook": playbook, **variables}
    check_playbook_variables(held, Templar(loader=DataLoader(), variables=held).template)


@pytest.mark.parametrize(("playbook", "name"), TRUTH_NAMES)
@pytest.mark.parametrize("given", ["ja", "2", 2, "", ["true"], {}])
def test_what_is_no_truth_does_not_count_as_false(playbook: str, name: str, given: object) -> None:
    with pytest.raises(ConfigurationError) as caught:
        truths_of(playbook, **{name: given})
    assert str(caught.value) == f"Variable {name}: {NEITHER}"


def test_a_truth_that_cannot_be_evaluated_is_none() -> None:
    with pytest.raises(ConfigurationError, match=r"component_commit: .*nope.* is undefined"):
        truths_of("component", component_commit=trust_as_template("{{ nope }}"))


def test_truths_of_another_playbook_and_those_left_out_are_not_looked_at() -> None:
    truths_of("audit", component_commit="ja")
    truths_of("component", component_commit=None, component_push="no", component_publish=True)


def test_every_truth_of_an_expression_is_checked_first() -> None:
    texts = [path.read_text() for path in sorted(PLAYBOOKS.rglob("*.yml"))]
    # Of discover_replace, the files are looked at as well.
    known = {name for names in TRUTHS.values() for name in names} | {"discover_replace"}
    own = {name for names in PLAYBOOK_NAMES.values() for name in names}
    found = {
        name for text in texts for name in re.findall(r"\b(\w+) \| default\((?:false|true)\)", text)
    }
    assert found & own == known

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rollout of many targets does what the role does: the same variables, tasks and order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Template
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.maia.stripe_query.plugins.module_utils._core.validation import (
    RefusedOptions,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow import readings, steps
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import Link
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.steps import Step
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.variables import complete
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.source import KEY_SOURCES

ROLE = Path(__file__).resolve().parents[5] / "roles" / "authorize"
VARIABLE = re.compile(r"\{\{ (\w+)(?: \| default\(omit(?:, true)?\))? \}\}")
MODULE = "maia.stripe_query."

# Each file of the role that has modules of ours, with the steps that stand for them.
STEPS: dict[str, list[Step]] = {
    "main": [steps.CHECK_KEY, steps.SET_COMPONENTS],
    "vault": [steps.FIND_VAULT],
    "aws": [steps.KEEP_SECRET["aws"]],
    "azure": [steps.KEEP_SECRET["azure"]],
    "snowflake": [steps.KEEP_SECRET["snowflake"]],
    "definition": [steps.KEEP_DEFINITION],
    "maia": [steps.KEEP_SECRET["maia"]],
    "prove": [steps.FIND_VAULT, steps.LIST_DEFINITIONS, steps.SET_COMPONENTS],
}
# What the role computes, and target.py and readings.py with it.
COMPUTED: dict[str, Any] = {
    "verify": "{{ authorize_verify == 'stripe' }}",
    "secret_name": "{{ __authorize_secret.name if authorize_state == 'present' else omit }}",
    "secret_label": "{{ __authorize_secret.label | default(omit, true)"
    " if authorize_state == 'present' else omit }}",
    "names": ["{{ authorize_definition_name }}"],
    "environments": ["{{ authorize_environment }}"],
}
RESULT = [
    "project",
    "environment",
    "vault",
    "state",
    "changed",
    "secret_name",
    "secret_changes",
    "definition_name",
    "definition_changes",
    "components",
    "verification",
    "permissions",
    "api_key",
    "fingerprint",
    "verified_by",
    "verdict",
    "unread_because",
    "created",
    "last_changed",
    "version_before",
    "version",
    "proof",
]


def load(name: str) -> Any:
    return yaml.safe_load((ROLE / f"{name}.yml").read_text(encoding="utf-8"))


def tasks_of(name: str) -> list[dict[str, Any]]:
    """The tasks of a file, those of its blocks included."""
    found: list[dict[str, Any]] = []
    for task in load(f"tasks/{name}"):
        found += task.get("block", [task])
    return found


def module_defaults(name: str) -> dict[str, str]:
    """Of the block that does the work."""
    [found] = [
        task["module_defaults"] for task in load(f"tasks/{name}") if "module_defaults" in task
    ]
    return dict(found)


def options_of(step: Step) -> dict[str, str]:
    """The step's options as the role would write them."""
    return {option: f"{{{{ {variable} }}}}" for option, variable in step.variables.items()}


@pytest.mark.parametrize("name", STEPS)
def test_a_file_of_the_role_runs_the_same_with_the_same_options(name: str) -> None:
    tasks = [
        (key, task[key])
        for task in tasks_of(name)
        for key in task
        # What looks at all hosts is no step of one.
        if key.startswith(MODULE) and key != f"{MODULE}authorize_targets"
    ]
    assert [module for module, _options in tasks] == [
        f"{MODULE}{step.operation.name}" for step in STEPS[name]
    ]
    for (_module, options), step in zip(tasks, STEPS[name], strict=True):
        plain = {
            option: f"{{{{ {found[1]} }}}}"
            for option, text in options.items()
            if isinstance(text, str) and (found := VARIABLE.fullmatch(text))
        }
        assert plain == options_of(step)
        for option in options.keys() - plain.keys():
            text = options[option]
            assert (text.strip() if isinstance(text, str) else text) == COMPUTED[option]


def test_no_file_of_the_role_is_left_out() -> None:
    files = {path.stem for path in (ROLE / "tasks").glob("*.yml")}
    rollback = {f"rollback_{vault}" for vault in ("aws", "azure", "snowflake", "maia")}
    assert files == {*STEPS, "collision", "unknown", "revoke", "rollback", *rollback}


def test_the_families_of_options_go_to_the_same_modules() -> None:
    defaults = module_defaults("main")
    groups = yaml.safe_load((ROLE.parents[1] / "meta" / "runtime.yml").read_text("utf-8"))
    wanted: dict[str, list[str]] = {}
    for name, text in defaults.items():
        place = name.rpartition(".")[2]
        members = groups["action_groups"][place] if name.startswith("group/") else [place]
        for module in members:
            # A module's own defaults stand after its groups', and go before them.
            wanted.setdefault(module, []).append(text.strip("{ }"))
    for step in (step for each in STEPS.values() for step in each):
        assert list(step.families) == wanted[step.operation.name]


def test_a_proof_compares_with_the_same_as_the_role_s() -> None:
    block = load("tasks/prove")[0]
    plain = module_defaults("main")
    given = {name: text.strip("{} ") for name, text in block["module_defaults"].items()}
    usual = {name: text.strip("{} ") for name, text in plain.items()}
    parts = {name: text.partition(" | combine") for name, text in given.items()}
    assert {name: text for name, (text, _, _) in parts.items()} == {
        name: text for name, text in usual.items() if not name.endswith(".stripe")
    }
    added = {text: combined for text, _, combined in parts.values() if combined}
    assert added == {
        **dict.fromkeys(readings.COMPARED, "(__authorize_comparing)"),
        "authorize_definition": "(__authorize_comparing_hosted)",
    }
    [included] = [task for task in block["block"] if "ansible.builtin.include_tasks" in task]
    assert included["vars"].items() >= readings.COMPARING.items()


@pytest.mark.parametrize("key", [{}, {"authorize_api_key_env": "KEY"}])
@pytest.mark.parametrize("reads", [True, False])
def test_a_proof_reads_values_with_the_same_options_as_the_role_s(
    key: dict[str, str], reads: bool
) -> None:
    least = {"authorize_project": "p", "authorize_environment": "e", **key}
    given = complete({**least, "authorize_prove_values": reads})
    found, role = readings.comparing(given), load("vars/main")
    [included] = [t for t in load("tasks/prove")[0]["block"] if "vars" in t]
    env = NativeEnvironment()
    env.filters["combine"] = lambda first, second: {**first, **second}
    facts = {**least, "authorize_prove_values": reads, "__authorize_key_given": bool(key)}
    hosted = env.from_string(role["__authorize_comparing_hosted"]).render(**facts)
    vaults = env.from_string(role["__authorize_comparing"]).render(
        **facts, __authorize_comparing_hosted=hosted
    )
    assert found["authorize_definition"] == hosted
    assert {str(found[family]) for family in readings.COMPARED} == {str(vaults)}
    updates = env.from_string(included["vars"]["authorize_update_value"]).render(**facts)
    assert found["authorize_update_value"] == (updates or None)


def test_a_key_from_anywhere_is_what_a_proof_compares_with() -> None:
    sources = {f"authorize_{source}" for source in KEY_SOURCES}
    assert (
        set(re.findall(r"(\w+) is defined", load("vars/main")["__authorize_key_given"])) == sources
    )
    least = {"authorize_project": "p", "authorize_environment": "production"}
    for name in sources:
        found = readings.comparing(complete({**least, name: "/x"}))
        assert found["authorize_azure"] == {"value_version": None, "compare": "prefer_value"}
        assert found["authorize_update_value"] == "on_change"
    assert readings.comparing(complete(least))["authorize_azure"] == {}


def test_contradictions_are_told_in_the_role_s_words() -> None:
    variables = {"authorize_environment": "production", "authorize_project": "Shop"}
    links = [
        Link("secret", "contradicted", "It is not there."),
        Link("vault", "proven", "It is."),
        Link("definition", "contradicted", "Nor is it."),
    ]
    fail = load("tasks/prove")[-1]["ansible.builtin.fail"]["msg"]
    told = Template(load("vars/main")["__authorize_contradictions"]).render(
        authorize_result={"proof": [link.to_result() for link in links]}
    )
    wanted = Template(fail).render(**variables, __authorize_contradictions=told)
    assert readings.contradiction(variables, links) == wanted
    assert readings.contradiction(variables, links[1:2]) is None


def test_the_result_of_the_role_has_the_same_entries() -> None:
    assert list(load("vars/main")["__authorize_outcome"]) == RESULT


def test_a_rollback_leaves_out_what_cannot_be_given_with_it() -> None:
    left_out = load("vars/main")["__authorize_not_rolled_back"]
    for step in steps.KEEP_SECRET.values():
        for rule in step.operation.spec.mutually_exclusive:
            if "rolled_back_to" in rule:
                assert set(rule) <= {"rolled_back_to", *left_out, *KEY_SOURCES}


def test_the_defaults_are_the_role_s() -> None:
    least = {"authorize_project": "p", "authorize_environment": "production"}
    defaults = load("defaults/main") | {
        "authorize_definition_name": "stripe_production",
        "authorize_on_publishable_key": "warn",
    }
    completed = {name: value for name, value in complete(least).items() if value is not None}
    assert completed == least | defaults
    assert (
        load("defaults/main")["authorize_definition_name"] == "stripe_{{ authorize_environment }}"
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"authorize_environment": "e"}, "missing required arguments: authorize_project"),
        (
            {"authorize_project": "p", "authorize_environment": "e", "authorize_vault": "gcp"},
            "value of authorize_vault must be one of: auto, aws, azure, snowflake, maia, got: gcp",
        ),
    ],
)
def test_wrong_variables_are_refused_as_the_role_refuses_them(
    given: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedOptions, match=re.escape(message)):
        complete(given)


def test_a_variable_goes_before_the_same_option_of_its_family() -> None:
    variables = complete(
        {
            "authorize_project": "p",
            "authorize_environment": "e",
            "authorize_maia": {"project": "another", "region": "eu1"},
        }
    )
    params = steps.FIND_VAULT.params(variables, {})
    assert params["project"] == "p"
    assert params["region"] == "eu1"


def test_an_option_that_the_module_has_not_is_refused_in_its_words() -> None:
    variables = complete(
        {
            "authorize_project": "p",
            "authorize_environment": "e",
            "authorize_maia": {"colour": "red"},
        }
    )
    message = r"Unsupported parameters for \(maia.stripe_query.maia_environment_info\) module: col"
    with pytest.raises(RefusedOptions, match=message):
        steps.FIND_VAULT.params(variables, {})

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about AWX names what the playbook makes, for those who enter it by hand."""

from __future__ import annotations

import re
from typing import Any

import jinja2
import pytest
import yaml

from awx.credential_types import problems_of
from tools.workspace import CHECKOUT

PLAYBOOKS = CHECKOUT / "playbooks"
PROJECT = PLAYBOOKS / "files" / "awx" / "project"
PAGE = (CHECKOUT / "docs" / "awx.md").read_text("utf-8")
MADE = yaml.safe_load((PLAYBOOKS / "vars" / "awx.yml").read_text("utf-8"))
TYPES = [
    yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((PLAYBOOKS / "files" / "awx" / "credential_types").glob("*.yml"))
]


def _playbook_run_by(made: dict[str, Any]) -> str:
    """Text of the collection's playbook, or of the one that it imports as another name of it."""
    text: str = (PLAYBOOKS / made["playbook"]).read_text("utf-8")
    imported: str | None = yaml.safe_load(text)[0].get("ansible.builtin.import_playbook")
    if imported is None:
        return text
    return (PLAYBOOKS / f"{imported.rpartition('.')[2]}.yml").read_text("utf-8")


@pytest.mark.parametrize("made", MADE["awx_job_templates"], ids=lambda made: str(made["name"]))
def test_each_job_template_is_in_the_table(made: dict[str, object]) -> None:
    sliced = "yes" if made.get("sliced") else "no"
    assert f"| {made['name']} | `{made['playbook']}` | {sliced} |" in PAGE
    assert (PROJECT / str(made["playbook"])).is_file()


@pytest.mark.parametrize("made", MADE["awx_job_templates"], ids=lambda made: str(made["name"]))
def test_a_playbook_allows_the_slices_that_its_job_template_may_have(made: dict[str, Any]) -> None:
    [play] = yaml.safe_load(_playbook_run_by(made))
    given: dict[str, object] = {}
    jinja2.Template(play["hosts"]).render(lookup=lambda _name, **options: given.update(options))
    assert given.get("sliced", False) == made.get("sliced", False)


def test_each_playbook_has_a_job_template_but_those_that_the_page_leaves_out() -> None:
    made = {each["playbook"] for each in MADE["awx_job_templates"]}
    left_out = (
        {path.name for path in PLAYBOOKS.glob("*.yml")} - made - {"awx.yml", "awx_remove.yml"}
    )
    assert left_out == {"component.yml", "preflight.yml", "discover.yml", "adopt.yml", "eda.yml"}
    assert "no template for the playbook `component`" in PAGE.replace("\n", " ")


@pytest.mark.parametrize("made", TYPES, ids=lambda made: str(made["name"]))
def test_each_credential_type_is_in_the_table(made: dict[str, dict[str, dict[str, str]]]) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| *{made['name']}* |"))
    injected = {**made["injectors"].get("env", {}), **made["injectors"].get("extra_vars", {})}
    assert set(re.findall(r"`(\w+)`", row)) == set(injected)
    assert list(problems_of(made)) == []


def test_surveys_ask_for_variables_of_the_playbooks() -> None:
    for made in MADE["awx_job_templates"]:
        header = _playbook_run_by(made).partition("\n- ")[0]
        for question in made.get("survey", []):
            assert f"#   {question['variable']} " in header


def test_extra_variables_are_those_of_surveys() -> None:
    """What the credential type Maia API lets jobs have, and not one more."""
    asked = {q["variable"] for made in MADE["awx_job_templates"] for q in made.get("survey", [])}
    (listed,) = (
        made["injectors"]["env"]["MAIA_STRIPE_QUERY_EXTRA_VARS"]
        for made in TYPES
        if made["name"] == "Stripe Query - Maia API"
    )
    # AWX gives what set_stats of one job of a workflow leaves to the next ones as extra variables.
    assert listed.split() == sorted(asked | {"stripe_query_outcome"})


@pytest.mark.parametrize("made", TYPES, ids=lambda made: str(made["name"]))
def test_each_variable_of_a_credential_is_pinned_by_its_type(
    made: dict[str, dict[str, dict[str, str]]],
) -> None:
    """Whoever launches could otherwise give another file's path, or switch a check off."""
    pinned = " ".join(
        text
        for name, text in made["injectors"].get("env", {}).items()
        if name.startswith("MAIA_STRIPE_QUERY_PINNED")
    )
    for name, text in made["injectors"].get("extra_vars", {}).items():
        assert f"{name}={text}" in pinned


def test_only_what_has_no_default_is_required() -> None:
    """AWX wants an answer to what is required, and fills in no default, but on its own pages."""
    for made in MADE["awx_job_templates"]:
        for question in made.get("survey", []):
            no_default = question["default"] == "" and question["min"] > 0
            assert question["required"] == no_default, question["variable"]

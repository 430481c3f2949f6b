# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about AWX names what the playbook makes, for those who enter it by hand."""

from __future__ import annotations

import re

import pytest
import yaml

from awx.conftest import CHECKOUT, PROJECT
from awx.credential_types import problems_of

PLAYBOOKS = CHECKOUT / "playbooks"
PAGE = (CHECKOUT / "docs" / "awx.md").read_text("utf-8")
MADE = yaml.safe_load((PLAYBOOKS / "vars" / "awx.yml").read_text("utf-8"))
TYPES = [
    yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((PLAYBOOKS / "files" / "awx" / "credential_types").glob("*.yml"))
]


@pytest.mark.parametrize("made", MADE["awx_job_templates"], ids=lambda made: str(made["name"]))
def test_each_job_template_is_in_the_table(made: dict[str, object]) -> None:
    sliced = "yes" if made.get("sliced") else "no"
    assert f"| {made['name']} | `{made['playbook']}` | {sliced} |" in PAGE
    assert (PROJECT / str(made["playbook"])).is_file()


def test_each_playbook_has_a_job_template_but_those_that_the_page_leaves_out() -> None:
    made = {each["playbook"] for each in MADE["awx_job_templates"]}
    left_out = (
        {path.name for path in PLAYBOOKS.glob("*.yml")} - made - {"awx.yml", "awx_remove.yml"}
    )
    assert left_out == {"component.yml", "preflight.yml"}
    assert "`component` has none: " in PAGE.replace("\n", " ")


@pytest.mark.parametrize("made", TYPES, ids=lambda made: str(made["name"]))
def test_each_credential_type_is_in_the_table(made: dict[str, dict[str, dict[str, str]]]) -> None:
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| *{made['name']}* |"))
    injected = {**made["injectors"].get("env", {}), **made["injectors"].get("extra_vars", {})}
    assert set(re.findall(r"`(\w+)`", row)) == set(injected)
    assert list(problems_of(made)) == []


def test_surveys_ask_for_variables_of_the_playbooks() -> None:
    for made in MADE["awx_job_templates"]:
        header = (PLAYBOOKS / made["playbook"]).read_text("utf-8").partition("\n- ")[0]
        for question in made.get("survey", []):
            assert f"#   {question['variable']} " in header


def test_extra_variables_are_those_of_surveys_and_credentials() -> None:
    """What the credential type Maia API lets jobs have, and not one more."""
    asked = {q["variable"] for made in MADE["awx_job_templates"] for q in made.get("survey", [])}
    injected = {name for made in TYPES for name in made["injectors"].get("extra_vars", {})}
    (listed,) = (
        made["injectors"]["env"]["MAIA_STRIPE_QUERY_EXTRA_VARS"]
        for made in TYPES
        if made["name"] == "Maia API"
    )
    # AWX gives what set_stats of one job of a workflow leaves to the next ones as extra variables.
    assert listed.split() == sorted(asked | injected | {"stripe_query_outcome"})


def test_only_what_has_no_default_is_required() -> None:
    """AWX wants an answer to what is required, and fills in no default, but on its own pages."""
    for made in MADE["awx_job_templates"]:
        for question in made.get("survey", []):
            no_default = question["default"] == "" and question["min"] > 0
            assert question["required"] == no_default, question["variable"]

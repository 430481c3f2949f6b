# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of execution environments: accepted by ansible-builder, with just their SDKs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools.workspace import CHECKOUT

DEFINITIONS = CHECKOUT / "playbooks" / "files" / "awx" / "execution_environments"
REQUIREMENTS = (CHECKOUT / "meta" / "ee-requirements.txt").read_text("utf-8").splitlines()
SDKS = {
    "aws": {"boto3"},
    "azure": {"azure-identity", "azure-keyvault-secrets"},
    "snowflake": {"snowflake-connector-python"},
}
ALWAYS = {"requests"}


def names(requirements: str) -> set[str]:
    """The packages of a requirements file."""
    lines = (line.partition("#")[0].strip() for line in requirements.splitlines())
    return {line.partition(">")[0].partition("=")[0] for line in lines if line}


def test_there_is_one_for_each_vault_and_one_for_all() -> None:
    assert {path.stem for path in DEFINITIONS.glob("*.yml")} == {*SDKS, "all"}
    assert names("\n".join(REQUIREMENTS)) == set.union(ALWAYS, *SDKS.values())


# One that leaves libraries out, and the one that does not; the others take seconds each.
@pytest.mark.parametrize(
    "name",
    [
        "aws",
        "all",
        *(pytest.param(each, marks=pytest.mark.long) for each in ("azure", "snowflake")),
    ],
)
def test_it_gets_the_libraries_that_it_needs_and_no_others(name: str, tmp_path: Path) -> None:
    context, found = tmp_path / "context", tmp_path / "requirements.txt"
    programs = Path(sys.executable).parent
    subprocess.run(
        [
            *(str(programs / "ansible-builder"), "create"),
            *("--file", str(DEFINITIONS / f"{name}.yml"), "--context", str(context)),
        ],
        check=True,
    )
    # What the build then runs: it reads meta/execution-environment.yml of the collection.
    excluded = context / "_build" / "exclude-requirements.txt"
    subprocess.run(
        [
            *(sys.executable, str(context / "_build" / "scripts" / "introspect.py"), "introspect"),
            *([f"--exclude-pip-reqs={excluded}"] if excluded.exists() else []),
            *(f"--write-pip={found}", str(CHECKOUT / ".build" / "collections")),
        ],
        check=True,
    )
    wanted = set.union(*SDKS.values()) if name == "all" else SDKS[name]
    assert names(found.read_text("utf-8")) == ALWAYS | wanted
    collections = yaml.safe_load((context / "_build" / "requirements.yml").read_text("utf-8"))
    # A next major version may ask for something else.
    version = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text("utf-8"))["version"]
    major = int(version.partition(".")[0])
    expected = {"name": "maia.stripe_query", "version": f">={major}.0.0,<{major + 1}.0.0"}
    assert collections == {"collections": [expected]}

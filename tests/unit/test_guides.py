# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guide's blocks mean to its test, and what the guides have to list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from guides.blocks import GuideError, Step, steps_of
from guides.markdown import ELSEWHERE, commands_of
from guides.session import run
from tools.workspace import CHECKOUT, checkout_files

GUIDES = CHECKOUT / "docs" / "docsite"
PLUGINS = CHECKOUT / "plugins"


def steps(tmp_path: Path, text: str) -> list[Step]:
    page = tmp_path / "page.rst"
    page.write_text(text, encoding="utf-8")
    return steps_of(page)


SHOWN = """\
Text.

.. run: prepare one
   prepare two

.. code-block:: yaml
   :caption: inventory.yml

   all:
     hosts: {}

.. code-block:: console

   $ first --long \\
       option
   printed
   $ second

.. not-run: Nobody is there to type.

.. code-block:: console

   $ third

.. fails:

.. code-block:: console

   $ fourth
"""


def test_blocks_become_steps(tmp_path: Path) -> None:
    assert steps(tmp_path, SHOWN) == [
        Step(3, command="prepare one\nprepare two"),
        Step(6, file="inventory.yml", text="all:\n  hosts: {}\n"),
        Step(12, command="first --long \\\n    option", expected=["printed"]),
        Step(12, command="second"),
        Step(27, command="fourth", fails=True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        ".. code-block:: yaml\n\n   a: b\n",
        ".. not-run:\n\n.. code-block:: console\n\n   $ x\n",
        "Type this::\n\n   x\n",
        ".. code:: console\n\n   $ x\n",
    ],
    ids=["no caption", "no reason", "literal block", "another directive"],
)
def test_a_block_cannot_escape(tmp_path: Path, text: str) -> None:
    with pytest.raises(GuideError):
        steps(tmp_path, text)


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Step(7, command="false"), "line 7: false\nended with 1"),
        (Step(7, command="true", fails=True), "line 7: true\nended with 0"),
        (Step(7, command="echo two; echo one", expected=["one", "two"]), "any more.: two"),
        (Step(7, command="exit 0"), "line 7: the session ended"),
    ],
    ids=["fails", "does not fail", "prints otherwise", "ends"],
)
def test_what_comes_out_otherwise_is_told(tmp_path: Path, step: Step, what: str) -> None:
    with pytest.raises(GuideError, match=what):
        run("page.rst", [step], tmp_path / "files", {})


def test_a_session_keeps_its_variables_and_directory(tmp_path: Path) -> None:
    session = [
        Step(1, command="export WHO=reader && mkdir work && cd work"),
        Step(2, file="deep/greeting", text="hello, "),
        Step(
            3, command='cat deep/greeting; echo "$WHO    in $HOME"', expected=["hello... reader in"]
        ),
    ]
    run("page.rst", session, tmp_path / "files", {})


def test_every_guide_is_listed_once() -> None:
    sections = yaml.safe_load((GUIDES / "extra-docs.yml").read_text("utf-8"))["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    site = (CHECKOUT / "docs" / "site" / "index.rst").read_text("utf-8")
    assert sorted(listed) == sorted(path.stem for path in (GUIDES / "rst").glob("*.rst"))
    assert all(site.count(f" collection/docsite/{name}\n") == 1 for name in listed)


def test_every_guide_can_be_tested() -> None:
    for page in (GUIDES / "rst").glob("*.rst"):
        steps_of(page)


def test_every_kind_of_error_is_explained() -> None:
    page = (GUIDES / "rst" / "troubleshooting.rst").read_text("utf-8")
    source = (PLUGINS / "module_utils" / "_core" / "errors.py").read_text("utf-8")
    kinds = [line.split('"')[1] for line in source.splitlines() if line.startswith("    kind = ")]
    # All but the base; OvertakenError, which never gets out, is a conflict.
    assert len(kinds) == source.count("\nclass ") - 2
    assert [kind for kind in kinds if f"* - ``{kind}``" not in page] == []


def test_the_page_has_what_services_say() -> None:
    page = " ".join((GUIDES / "rst" / "troubleshooting.rst").read_text("utf-8").split())
    for text in (
        "- Maia does not accept them (…) (`more",
        "- … lack … (…) (`more",
        "- not_permitted: ``390420``, ``390421``, ``390422``, ``390429``",
        "- authentication: ``SSOTokenLoadError``, ``NoAuthTokenError``",
        "- transient: ``HTTP 408``, ``HTTP 5xx``",
        "- authentication: ``HTTP 401``",
    ):
        assert text in page, text


def test_commands_of_markdown_are_run_or_known_to_run_elsewhere() -> None:
    names = [name for name in checkout_files() if name.endswith(".md")]
    shown = {step.command for name in names for step in commands_of(CHECKOUT / name)}
    assert ELSEWHERE.keys() - shown == set()
    for file, words in ELSEWHERE.values():
        assert words in (CHECKOUT / file).read_text("utf-8")


def test_make_has_the_targets_that_the_documentation_names() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    for name in checkout_files():
        if name.endswith((".md", ".rst")):
            for named in re.findall(r"`make ([a-z -]+)", (CHECKOUT / name).read_text("utf-8")):
                for target in named.split():
                    assert f"\n{target}: " in makefile, f"{name}: make {target}"


MARKDOWN = """\
<!-- run: prepare -->

1. Do

   ```console
   first --long \\
     option
   second
   ```

```yaml
third
```

<!-- file: fourth.yml -->
```yaml
fourth
```
"""


def test_markdown_becomes_steps(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(MARKDOWN, encoding="utf-8")
    assert commands_of(page) == [
        Step(1, command="prepare"),
        Step(5, command="first --long \\\n  option"),
        Step(5, command="second"),
        Step(16, file="fourth.yml", text="fourth\n"),
    ]


def test_a_markdown_block_cannot_escape(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nfirst\n```\n", encoding="utf-8")
    with pytest.raises(GuideError):
        commands_of(page)

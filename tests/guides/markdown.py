# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of a Markdown page.

Each line of a ``console`` block is a command, unless a backslash continues it. Comments that no
reader sees, ``<!-- run: COMMANDS -->``, do what the reader does by other means, and
``<!-- file: NAME -->`` says where the next block is to be written. Blocks of text are not run; one
below ``<!-- printed -->`` has lines that the command before it prints, in this order.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from pathlib import Path

from guides.blocks import GuideError, Step

# What is not for a session on the sandbox: the file that runs it, and the words there.
ELSEWHERE = {
    "make demo": ("Makefile", "lint types demo artifact"),
    # As it was just built, which Galaxy does not have yet.
    "ansible-galaxy collection install maia.stripe_query": (
        "tests/guides/__main__.py",
        '"ansible-galaxy", "collection", "install", ',
    ),
    "python3 -m pip install ansible-core requests boto3": (
        "docs/docsite/rst/first_project.rst",
        "pip install ansible-core requests boto3",
    ),
    "ansible-galaxy collection install awx.awx": ("Makefile", "tools.awx_collection"),
    "export CONTROLLER_HOST=https://awx.example.com CONTROLLER_OAUTH_TOKEN=...": (
        "tests/awx/conftest.py",
        '"CONTROLLER_HOST": ',
    ),
    "ansible-playbook maia.stripe_query.awx"
    " -e awx_scm_url=https://git.example.com/stripe-query.git": (
        "tests/awx/conftest.py",
        '"-e", f"awx_scm_url=',
    ),
    "ansible-builder build -f aws.yml -t stripe-query-aws": (
        "tests/unit/test_execution_environments.py",
        '"ansible-builder"',
    ),
}
_PART = re.compile(
    r"<!-- run: (?P<run>.+?) -->"
    r"|<!-- file: (?P<file>.+?) -->"
    r"|<!-- printed -->\n```text\n(?P<printed>.*?)^```$"
    r"|^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
# The end of a command's line, but not of one that goes on.
_END = re.compile(r"(?<!\\)\n")


def commands_of(page: Path) -> list[Step]:
    """From the top of the page to its end; GuideError for a block that would escape notice."""
    text = page.read_text(encoding="utf-8")
    steps: list[Step] = []
    file = ""
    for part in _PART.finditer(text):
        line = text.count("\n", 0, part.start()) + 1
        if part["run"]:
            steps.append(Step(line, command=part["run"]))
        elif part["printed"]:
            lines = [line.strip() for line in part["printed"].splitlines()]
            steps[-1] = replace(steps[-1], expected=lines)
        elif part["file"]:
            file = part["file"]
        elif file:
            steps.append(Step(line, file=file, text=textwrap.dedent(part["text"])))
            file = ""
        elif part["language"] == "console":
            shown = textwrap.dedent(part["text"]).strip()
            steps += [Step(line, command=command) for command in _END.split(shown)]
        elif part["language"] not in {"yaml", "json", "text"}:
            raise GuideError(
                f"{page.name}, line {line}: write it as console, so that it is tested."
            )
    return steps

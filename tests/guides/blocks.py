# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code blocks of a guide, and what its author says about running them.

A block is run as it stands:

* ``console``: lines that begin with ``$`` are commands, the others what they print, in this order;
  ``...`` stands for anything.
* with a caption: the file of this name.

Comments right above a block say otherwise; readers do not see them:

* ``.. not-run: REASON``: the next block cannot be run.
* ``.. fails:``: the last command of the next block fails, as the text says.
* ``.. run: COMMANDS``: done at this place, in place of what the reader does by other means.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_START = re.compile(r"(?P<indent> *)\.\. (?P<what>code-block:: *|not-run:|fails:|run:)(?P<rest>.*)")
_OPTION = re.compile(r"\s+:(?P<name>[a-z-]+): *(?P<text>.*)")
# Blocks that would escape notice.
_OTHER = re.compile(
    r"^(?! *\.\. ).*::$|^ *\.\. (code|highlight|sourcecode|parsed-literal)::|^ *>>> "
)


class GuideError(Exception):
    """A guide has a block that the tests cannot take, or whose commands do something else."""


@dataclass(frozen=True)
class Step:
    """One command, or one file. expected: lines that the command prints, in this order."""

    line: int
    command: str = ""
    file: str = ""
    text: str = ""
    expected: list[str] = field(default_factory=list)
    fails: bool = False


def steps_of(page: Path) -> list[Step]:
    """What a reader does, from the top of the page to its end.

    Raises GuideError for a block that is neither run nor marked with a reason.
    """
    steps: list[Step] = []
    mark = ""
    for line, what, rest, options, text in _parts(page):
        where = f"{page.name}, line {line}"
        if what == "run:":
            steps.append(Step(line, command=textwrap.dedent(f"{rest}\n{text}").strip()))
        elif what in {"not-run:", "fails:"}:
            if what == "not-run:" and not rest:
                raise GuideError(f"{where}: no reason is given.")
            mark = what
        elif what == "other":
            raise GuideError(f"{where}: write it as a code-block, so that it is tested.")
        else:
            if mark != "not-run:":
                steps += _run(line, where, rest, options.get("caption", ""), text, mark == "fails:")
            mark = ""
    return steps


def _run(
    line: int, where: str, language: str, caption: str, text: str, fails: bool
) -> Iterator[Step]:
    if caption:
        yield Step(line, file=caption, text=text)
    elif language == "console":
        commands = list(_commands(line, text))
        for number, step in enumerate(commands, start=1):
            last = number == len(commands)
            yield Step(step.line, step.command, expected=step.expected, fails=fails and last)
    else:
        raise GuideError(f"{where}: it needs a caption with a file's name, or a not-run comment.")


def _commands(line: int, text: str) -> Iterator[Step]:
    command: list[str] = []
    expected: list[str] = []
    for shown in text.splitlines():
        if shown.startswith("$ "):
            if command:
                yield Step(line, "\n".join(command), expected=expected)
            command, expected = [shown[2:]], []
        elif command and not expected and command[-1].endswith("\\"):
            command.append(shown)
        elif shown.strip():
            expected.append(shown.strip())
    if command:
        yield Step(line, "\n".join(command), expected=expected)


def _parts(page: Path) -> Iterator[tuple[int, str, str, dict[str, str], str]]:
    """Number of the line, kind, rest of the line, options and content of each of them."""
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        start = number
        number += 1
        if not (found := _START.fullmatch(lines[start])):
            if _OTHER.search(lines[start]):
                yield start + 1, "other", "", {}, ""
            continue
        options = {}
        while number < len(lines) and (option := _OPTION.fullmatch(lines[number])):
            options[option["name"]] = option["text"]
            number += 1
        inner = len(found["indent"]) + 1
        content = []
        while number < len(lines) and (
            not lines[number].strip() or lines[number].startswith(" " * inner)
        ):
            content.append(lines[number])
            number += 1
        text = textwrap.dedent("\n".join(content)).strip("\n") + "\n"
        yield start + 1, found["what"].strip().rstrip(), found["rest"].strip(), options, text

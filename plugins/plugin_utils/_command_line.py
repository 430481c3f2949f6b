# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extra variables of the command line that the playbooks it names would ignore.

An inventory, or a file of variables, may be shared by playbooks, and so have the variables of all.
What is written into the command itself is meant for what it runs. A guard that is ignored there is
one that its user relies on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.splitter import parse_kv

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.wording import is_almost, listed, nearest
from ..module_utils._flow.playbook_names import PLAYBOOK_NAMES, REPORT_NAMES
from ..module_utils._flow.variables import KNOWN_NAMES, PREFIX
from ._extra_variables import AWX_OWN

_OURS = re.compile(r"maia\.stripe_query\.(\w+)")
_DIRECTORY = Path(__file__).resolve().parents[2] / "playbooks"
# Of the names that are known, those that belong to a playbook, or to some of them.
_OF_PLAYBOOKS = frozenset[str]().union(*PLAYBOOK_NAMES.values())
_KNOWN = _OF_PLAYBOOKS | KNOWN_NAMES | set(REPORT_NAMES)
_PREFIXES = frozenset(f"{name.partition('_')[0]}_" for name in _KNOWN)


def refuse_ignored(arguments: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for an extra variable that all of the playbooks would ignore.

    So it does for options with which tasks would be left out, such as those that check. arguments:
    those of ansible-playbook. Where it runs a playbook that is not ours, anything may be for that
    one.
    """
    playbooks = [_ours(str(text)) for text in arguments.get("args") or ()]
    if not playbooks or None in playbooks:
        return
    _refuse_left_out(arguments)
    check_given([name for name in playbooks if name], _names(arguments.get("extra_vars") or ()))


def _refuse_left_out(arguments: Mapping[str, Any]) -> None:
    skipped = set(arguments.get("skip_tags") or ())
    left_out = {
        "--start-at-task": bool(arguments.get("start_at_task")),
        # No task has tags.
        "--tags": not {"all", "untagged"} & {*(arguments.get("tags") or ("all",))},
        "--skip-tags": bool({"all", "untagged", "always"} & skipped),
    }
    for option, leaves_out in left_out.items():
        if leaves_out:
            raise ConfigurationError(
                f"Option {option}",
                "it would leave out tasks that this collection's playbooks rest on",
                "leave it out, and run the whole playbook",
            )


def check_given(playbooks: Sequence[str], given: Iterable[str]) -> None:
    """Raise ConfigurationError for the first of these variables that they would ignore."""
    running = listed(playbooks)
    taken = {name for playbook in playbooks for name in PLAYBOOK_NAMES[playbook]}
    # With these, any variable that there is not is refused for each host, whatever gives it.
    told = {PREFIX, *map(_prefix, playbooks)}
    for name in given:
        if name in _OF_PLAYBOOKS - taken:
            owners = [playbook for playbook, names in PLAYBOOK_NAMES.items() if name in names]
            raise ConfigurationError(
                f"Extra variable {name}",
                f"the playbook {running} has no such variable, and would ignore it",
                f"leave it out; it is a variable of {listed(owners)}",
            )
        if name not in _KNOWN and (meant := _meant(name)):
            raise ConfigurationError(
                f"Extra variable {name[:64]}",
                "it is almost the name of a variable of this collection, and would be ignored",
                f"write {meant}, or choose another name for a variable of your own",
            )
        prefix = _prefix(name)
        if name not in _KNOWN and prefix in _PREFIXES - told and not AWX_OWN.fullmatch(name):
            raise ConfigurationError(
                f"Extra variable {name[:64]}",
                "this collection has no such variable, and would ignore it",
                f"{nearest(name, (each for each in _KNOWN if each.startswith(prefix)))}, or choose"
                f" a name without the prefix {prefix} for a variable of your own",
            )


def _prefix(name: str) -> str:
    return f"{name.partition('_')[0]}_"


def _meant(name: str) -> str | None:
    """The known name of which the first word is almost this one's.

    What differs elsewhere has a prefix of ours, and is refused for that.
    """
    first, _line, rest = name.lower().partition("_")
    for known in sorted(_KNOWN):
        word, _line, end = known.partition("_")
        if rest == end and is_almost(first, word):
            return known
    return None


def _ours(playbook: str) -> str | None:
    """The name of a playbook of this collection; None for any other."""
    if named := _OURS.fullmatch(playbook):
        return named[1] if named[1] in PLAYBOOK_NAMES else None
    path = Path(playbook).resolve()
    return path.stem if path.parent == _DIRECTORY and path.stem in PLAYBOOK_NAMES else None


def _names(texts: Iterable[Any]) -> list[str]:
    """The names of the extra variables that no file has. texts: as the command line has them."""
    found: list[str] = []
    for text in map(str, texts):
        try:
            if text[:1] in ("{", "["):
                held = DataLoader().load(text)
                found += map(str, held) if isinstance(held, Mapping) else ()
            elif text[:1] not in ("@", "/", "."):
                found += map(str, parse_kv(text))
        except AnsibleError:  # told by Ansible
            continue
    return found

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what a playbook writes for its user can be written, before anything else is done.

A file is written beside what is there and takes its place. So anything but a regular file would be
lost: a device for everybody on the machine.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._recognized import KEY_NAME, holds_key
from ._discovery import PLAN, PLAN_TITLE
from ._evaluated import evaluated
from ._inventory_files import INVENTORY_HEAD, NAMES
from ._playbook_variables import truth

_KINDS = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)
_FILE_HINT = "give the path of a file in a directory of yours"
_DIRECTORY_HINT = "give the path of a directory of yours"
_HEAD = 4096
# As all releases write them.
_PAGE = re.compile(
    rb"<!DOCTYPE html>\n<html lang=\"en\">\n.{0,400}"
    rb"content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'nonce-",
    re.DOTALL,
)
_JUNIT = re.compile(
    rb"<\?xml [^>]*>\s*<testsuites>\s*<testsuite [^>]*name=\"maia\.stripe_query\.audit\""
)
_RESULTS = frozenset({"title", "time", "check_mode", "totals", "results"})
_FINDINGS = frozenset({"time", "summary", "targets", "groups", "findings", "notes"})

FILES = ("authorize_report", "authorize_report_json")
DIRECTORY = "discover_directory"
# By the playbook. The others' variables may stand in an inventory for all of them.
_MORE_FILES = {"audit": ("audit_junit", "audit_json")}
# As texts, which is what a command line makes of them.
_TRUTHS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none"})
# As chmod has it.
_MODE = re.compile(r"0?[0-7]{3,4}|[ugoa]*[-+=][ugorwxXst]*(,[ugoa]*[-+=][ugorwxXst]*)*")
# Without special bits, and with the right to write for nobody but the owner.
_OWNER_WRITES = re.compile(
    r"0{0,2}[0-7][0145]{2}|{one}(,{one})*".replace(
        "{one}", r"(u[-+=][rwxX]*|[ugoa]*[+=][rxX]*|[ugoa]*-[ugorwxXst]*)"
    )
)


def _holds_json(names: frozenset[str]) -> Callable[[bytes, Path], bool]:
    def recognizes(head: bytes, path: Path) -> bool:
        if not head.lstrip().startswith(b"{"):
            return False
        try:
            held = json.loads(path.read_bytes())
        except (ValueError, RecursionError):
            return False
        return isinstance(held, dict) and held.keys() == names

    return recognizes


# For each variable, what an earlier file of its kind looks like.
_OURS: dict[str, Callable[[bytes, Path], bool]] = {
    **dict.fromkeys(
        ("authorize_report", "report_path"), lambda head, _path: bool(_PAGE.search(head))
    ),
    **dict.fromkeys(("authorize_report_json", "report_json_path"), _holds_json(_RESULTS)),
    "audit_junit": lambda head, _path: bool(_JUNIT.match(head)),
    "audit_json": _holds_json(_FINDINGS),
    DIRECTORY: lambda head, path: head.startswith(
        (PLAN_TITLE if path.name == PLAN else INVENTORY_HEAD).encode()
    ),
}


def check_report(variables: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> None:
    """Raises ConfigurationError. evaluate: what a variable's text is as a template."""

    def value(name: str) -> Any:
        return evaluated(name, variables[name], evaluate) if name in variables else None

    playbook = str(variables.get("__stripe_query_playbook"))
    names = (*FILES, *_MORE_FILES.get(playbook, ()))
    paths = {name: path for name in names if (path := value(name)) is not None}
    files: dict[Path, str] = {}
    for name, path in paths.items():
        if (other := files.setdefault(check_file(name, path), name)) != name:
            raise ConfigurationError(
                f"Variable {name}", f"{other} names the same file", "give another path"
            )
    if playbook == "discover" and (directory := value(DIRECTORY)) is not None:
        check_inventory(directory, replace=value("discover_replace"))
    if any(name in paths for name in FILES):
        _check_options(value("report_mode"), value("report_max_age_days"))


def _check_options(mode: Any, days: Any) -> None:
    if mode is not None and not _MODE.fullmatch(str(mode)):
        raise ConfigurationError("Variable report_mode", "it is no mode of a file", 'give "0600"')
    check_mode(mode)
    if days is not None and not str(days).isdecimal():
        raise ConfigurationError(
            "Variable report_max_age_days", "it is no number of days", "give such as 90"
        )


def check_mode(mode: Any) -> None:
    """Raises ConfigurationError if a report with this mode would be more than a file to read.

    What is no mode at all is told by whoever sets it.
    """
    if mode is None or not _MODE.fullmatch(str(mode)) or _OWNER_WRITES.fullmatch(str(mode)):
        return
    raise ConfigurationError(
        "Variable report_mode",
        f"'{mode}' has a special bit, or lets others than the owner write",
        'give one such as "0600" or "0644", in quotes',
    )


def check_inventory(directory: object, *, replace: object) -> None:
    """Raises ConfigurationError if the playbook discover may not write its files there."""
    replaces = replace is not None and truth("Variable discover_replace", replace)
    there = check_directory(DIRECTORY, directory, (*NAMES, PLAN))
    where = resolved(DIRECTORY, directory)
    if there and not replaces:
        raise ConfigurationError(
            f"Variable {DIRECTORY}",
            f"there is {' and '.join(there)} in {where} already",
            "give another directory, or set discover_replace to true",
        )
    for name in there:
        try:
            _check_ours(DIRECTORY, where / name)
        except OSError as error:
            raise _refused(DIRECTORY, _cannot(where / name, error), _DIRECTORY_HINT) from None


def resolved(variable: str, path: object) -> Path:
    """Where it leads, after "~" and links. Raises ConfigurationError for what is no path."""
    if not isinstance(path, str) or "\0" in path:
        raise _refused(variable, "it is no path", _FILE_HINT)
    if holds_key(path):
        raise _refused(
            variable,
            f"it holds what looks like a {KEY_NAME}, and would be shown or stored in clear",
            "take the key out",
        )
    if not path.strip():
        raise _refused(variable, "it is empty", "give a path, or leave the variable out")
    if path.strip().lower() in _TRUTHS:
        # A command line makes a text of it, and a file of this name would be written.
        raise _refused(
            variable,
            f"'{path.strip()}' is no path",
            f"give a path, or ./{path.strip()} if it is one",
        )
    return Path(os.path.realpath(_given(path)))


def _given(path: object) -> Path:
    # Not Path.expanduser, which raises an error for users who do not exist.
    return Path(os.path.expanduser(str(path)))


def check_file(variable: str, path: object) -> Path:
    """Where it leads. Raises ConfigurationError if it may not, or cannot, be written there."""
    file = resolved(variable, path)
    try:
        # The path as it is given: a link of /proc may lead to what has no path.
        if (held := _found(_given(path))) is not None:
            _check_kind(variable, file, held, stat.S_ISREG)
            if not os.path.samestat(held, file.stat()):
                raise _refused(variable, f"{file} is another file", _FILE_HINT)
            _check_ours(variable, file)
        _check_parent(variable, file, may_miss=True)
    except OSError as error:
        raise _refused(variable, _cannot(file, error), _FILE_HINT) from None
    return file


def check_directory(variable: str, path: object, files: tuple[str, ...]) -> list[str]:
    """Which of the files are there. Raises ConfigurationError if they could not be written."""
    directory = resolved(variable, path)
    there = []
    try:
        if (held := _found(_given(path))) is None:
            _check_parent(variable, directory)
            return []
        _check_kind(variable, directory, held, stat.S_ISDIR)
        _check_writable(variable, directory)
        for name in files:
            file = directory / name
            if file.parent != directory and (parent := _found(file.parent)) is not None:
                _check_kind(variable, file.parent, parent, stat.S_ISDIR)
                _check_writable(variable, file.parent)
            if file.is_symlink():
                raise _refused(
                    variable, f"{file} is a link, which would be replaced", _DIRECTORY_HINT
                )
            if (found := _found(file)) is not None:
                _check_kind(variable, file, found, stat.S_ISREG)
                there.append(name)
    except OSError as error:
        raise _refused(variable, _cannot(directory, error), _DIRECTORY_HINT) from None
    return there


def _found(path: Path) -> os.stat_result | None:
    """What is there, after links."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _check_kind(
    variable: str, path: Path, held: os.stat_result, wanted: Callable[[int], bool]
) -> None:
    if not wanted(held.st_mode):
        found = next((name for is_, name in _KINDS if is_(held.st_mode)), "a device")
        needed = next(name for is_, name in _KINDS if is_ is wanted)
        raise _refused(
            variable, f"{path} is {found}, and not {needed}", f"give the path of {needed}"
        )


def _check_ours(variable: str, file: Path) -> None:
    # Not blocked by what may have come in its place.
    with open(os.open(file, os.O_RDONLY | os.O_NONBLOCK), "rb") as opened:
        head = opened.read(_HEAD)
    if head and not _OURS[variable](head, file):
        raise _refused(
            variable,
            f"{file} holds something else than an earlier file of this kind, and would be replaced",
            "give another path, or move that file away",
        )


def _check_parent(variable: str, path: Path, *, may_miss: bool = False) -> None:
    """That the path can be made. may_miss: its directory too, but not what that is in."""
    parent = path.parent
    if may_miss and not parent.exists():
        parent = parent.parent
    if not parent.exists():
        # More than one is missing where a path is mistyped.
        raise _refused(
            variable,
            f"there is no directory {parent}",
            "correct the path, or create the directory; only the last one of a path is created",
        )
    if not parent.is_dir():
        raise _refused(variable, f"{parent} is no directory", _FILE_HINT)
    _check_writable(variable, parent)


def _check_writable(variable: str, directory: Path) -> None:
    if not os.access(directory, os.W_OK | os.X_OK):
        raise _refused(variable, f"nothing can be written in {directory}", _FILE_HINT)


def _cannot(path: Path, error: OSError) -> str:
    return f"{path} cannot be looked at ({error.strerror or error})"


def _refused(variable: str, why: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"Variable {variable}", why, hint)

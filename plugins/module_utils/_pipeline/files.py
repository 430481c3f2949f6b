# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files: find and read them, and replace all that change or none. Knows nothing of YAML."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NoReturn

from .._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
)

MAX_BYTES = 5_000_000
# Branches are files in it, and may have any name.
_NOT_SEARCHED = ".git"


@dataclass(frozen=True)
class SourceFile:
    """A file as it was read. name: for messages and results; target: without symbolic links."""

    name: str
    target: Path
    data: bytes = field(repr=False)

    @property
    def subject(self) -> str:
        return f"Pipeline file '{self.name}'"


@dataclass(frozen=True)
class Tree:
    """The file or directory that the user named; root: the directory that is not left."""

    path: Path
    root: Path
    is_directory: bool


def open_tree(path: str) -> Tree:
    """Raises ConfigurationError for a relative path, NotFoundError if there is nothing."""
    if not os.path.isabs(path):
        raise ConfigurationError(
            f"Path '{path}'",
            "it is relative, and to what depends on how the task is run",
            "give an absolute path, such as one that begins with {{ inventory_dir }}; playbook_dir"
            " is the collection's own directory when one of its playbooks runs",
        )
    given = Path(path)
    if not os.path.lexists(given):
        raise NotFoundError(f"Path '{given}'", "there is nothing", "correct path")
    is_directory = given.is_dir()
    return Tree(given, (given if is_directory else given.parent).resolve(), is_directory)


@contextmanager
def locked(tree: Tree) -> Iterator[None]:
    """Let tasks that edit the same tree do so one after the other, where the system has locks."""
    with _os_errors(f"Directory '{tree.root}'", "opening it"):
        descriptor = os.open(tree.root, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_files(tree: Tree, patterns: Collection[str], *, recurse: bool) -> list[SourceFile]:
    """The file, or in a directory those whose names match a pattern, ordered by name.

    Links to directories are not followed. Of a file that is found under several names, one counts.
    """
    found: dict[Path, Path] = {}
    paths = _search(tree, patterns, recurse=recurse) if tree.is_directory else [tree.path]
    for path in sorted(paths, key=lambda path: (path.is_symlink(), path)):
        found.setdefault(_resolve(path, tree.root), path)
    return [_read(path, target) for target, path in sorted(found.items(), key=lambda item: item[1])]


def _search(tree: Tree, patterns: Collection[str], *, recurse: bool) -> Iterator[Path]:
    def refuse(error: OSError) -> NoReturn:
        _raise(f"Directory '{error.filename}'", "listing it", error)

    for directory, directories, names in os.walk(tree.path, onerror=refuse):
        directories[:] = [name for name in directories if recurse and name != _NOT_SEARCHED]
        for name in names:
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                yield Path(directory, name)


def _resolve(path: Path, root: Path) -> Path:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        raise NotFoundError(
            f"Symbolic link '{_shown(path)}'", "it leads to nothing", "correct or remove it"
        ) from None
    if not target.is_relative_to(root):
        raise ConflictError(
            f"Symbolic link '{_shown(path)}'",
            f"it leads out of '{_shown(root)}'",
            "give the path of the file that is meant",
        )
    return target


def _read(path: Path, target: Path) -> SourceFile:
    name = _shown(path)
    subject = f"Pipeline file '{name}'"
    with _os_errors(subject, "reading it"):
        if not stat.S_ISREG(target.stat().st_mode):
            raise ConflictError(subject, "it is not a regular file", "correct path or patterns")
        # Not all of it is read, however large it is.
        with target.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ConflictError(
            subject, f"it has more than {MAX_BYTES // 1_000_000} MB", "change it by hand"
        )
    return SourceFile(name, target, data)


def check_writable(file: SourceFile) -> None:
    """Raises NotPermittedError if it could not be replaced; so that check mode knows, too."""
    if not os.access(file.target.parent, os.W_OK | os.X_OK):
        raise NotPermittedError(
            file.subject,
            "this user may not write to its directory",
            "allow it, or run the task as another user",
        )


def replace_files(changes: Collection[tuple[SourceFile, bytes]]) -> None:
    """Replace each file in one step; all new files are on disk before the first is replaced.

    Mode, and where it is allowed owner and group, stay. Raises ConflictError, with all files
    as they were, if one was changed since it was read.
    """
    staged: list[tuple[SourceFile, Path]] = []
    try:
        for file, data in changes:
            with _os_errors(file.subject, "writing it"):
                staged.append((file, _stage(file.target, data)))
        for file, _copy in staged:
            with _os_errors(file.subject, "reading it again"):
                if file.target.read_bytes() != file.data:
                    raise ConflictError(file.subject, "it was changed meanwhile", "run again")
        for file, copy in staged:
            with _os_errors(file.subject, "replacing it"):
                os.replace(copy, file.target)
    finally:
        for _file, copy in staged:
            copy.unlink(missing_ok=True)


def _stage(target: Path, data: bytes) -> Path:
    """Create a file beside the target, with its mode; until then only the owner can read it."""
    held = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
    copy = Path(name)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            with suppress(PermissionError):
                os.fchown(stream.fileno(), held.st_uid, held.st_gid)
            os.fchmod(stream.fileno(), stat.S_IMODE(held.st_mode))
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        copy.unlink()
        raise
    return copy


@contextmanager
def _os_errors(subject: str, attempt: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _raise(subject, attempt, error)


def _raise(subject: str, attempt: str, error: OSError) -> NoReturn:
    denied = isinstance(error, PermissionError)
    kind: type[CollectionError] = NotPermittedError if denied else ConflictError
    reason = os.strerror(error.errno or 0).lower()
    hint = "allow it, or run the task as another user" if denied else "correct that and run again"
    raise kind(subject, f"the system says '{reason}'", hint, attempt=attempt) from None


def _shown(path: Path) -> str:
    """The path as text that any encoding takes, even if its bytes are not UTF-8."""
    return os.fsencode(path).decode(errors="replace")

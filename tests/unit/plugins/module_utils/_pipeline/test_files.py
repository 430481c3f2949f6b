# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding, reading and replacing files."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.files import (
    MAX_BYTES,
    SourceFile,
    check_writable,
    locked,
    open_tree,
    read_files,
    replace_files,
)

PATTERNS = ("*.orch.yaml",)
unless_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may do everything")


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(
    path: Path, *, recurse: bool = True, patterns: Sequence[str] = PATTERNS
) -> list[SourceFile]:
    return read_files(open_tree(str(path)), list(patterns), recurse=recurse)


def names(path: Path, *, recurse: bool = True, patterns: Sequence[str] = PATTERNS) -> list[str]:
    found = read(path, recurse=recurse, patterns=patterns)
    return [str(Path(file.name).relative_to(path)) for file in found]


def listing(path: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in path.rglob("*") if file.is_file()}


# --- finding and reading ---


def test_a_directory_is_searched(tmp_path: Path) -> None:
    for name in (
        "b.orch.yaml",
        "a/c.orch.yaml",
        "a/d.tran.yaml",
        ".git/e.orch.yaml",
        ".x/f.orch.yaml",
    ):
        put(tmp_path / name)
    assert names(tmp_path) == [".x/f.orch.yaml", "a/c.orch.yaml", "b.orch.yaml"]
    assert names(tmp_path, recurse=False) == ["b.orch.yaml"]
    assert names(tmp_path, patterns=["d.*", "[bB].orch.yaml"]) == ["a/d.tran.yaml", "b.orch.yaml"]
    assert names(tmp_path / "a", patterns=["*.ORCH.yaml"]) == []


def test_a_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", b"data")
    assert read(path) == [SourceFile(str(path), path, b"data")]
    assert "data" not in repr(read(path))


def test_links_within_the_directory_are_followed(tmp_path: Path) -> None:
    """The file counts once, by its own name if that is one of those searched for."""
    real = put(tmp_path / "z" / "real.orch.yaml")
    (tmp_path / "a.orch.yaml").symlink_to(real)
    (tmp_path / "b.orch.yaml").symlink_to("a.orch.yaml")
    (tmp_path / "c").symlink_to("z", target_is_directory=True)
    assert names(tmp_path) == ["z/real.orch.yaml"]
    hidden = put(tmp_path / "z" / "real.txt")
    (tmp_path / "d.orch.yaml").symlink_to(hidden)
    assert [file.target for file in read(tmp_path)] == [hidden, real]


def test_the_directory_may_itself_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.orch.yaml")
    (tmp_path / "link").symlink_to("real")
    assert names(tmp_path / "link") == ["a.orch.yaml"]


def test_links_that_lead_out_are_refused(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside.txt")
    link = tmp_path / "in" / "a.orch.yaml"
    link.parent.mkdir()
    link.symlink_to(outside)
    for path in (link, link.parent):
        with pytest.raises(ConflictError, match="it leads out of"):
            read(path)


@pytest.mark.parametrize("target", ["nowhere", "a.orch.yaml"])
def test_links_that_lead_nowhere_are_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "a.orch.yaml").symlink_to(target)
    for path in (tmp_path, tmp_path / "a.orch.yaml"):
        with pytest.raises(NotFoundError, match="it leads to nothing"):
            read(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.orch.yaml")
    with pytest.raises(ConflictError, match="it is not a regular file"):
        read(tmp_path)


def test_large_files_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.orch.yaml", b"x" * MAX_BYTES)
    assert len(read(path)[0].data) == MAX_BYTES
    put(path, b"x" * (MAX_BYTES + 1))
    with pytest.raises(ConflictError, match="it has more than 5 MB"):
        read(path)


def test_paths_that_cannot_be_right(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="it is relative"):
        open_tree("pipelines")
    with pytest.raises(NotFoundError, match="there is nothing"):
        open_tree(str(tmp_path / "x"))


def test_names_that_are_not_utf8_can_be_told(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.orch.yaml"))
    put(path)
    assert read(tmp_path)[0].name == f"{tmp_path}/\ufffd.orch.yaml"
    assert read(tmp_path)[0].target == path


@unless_root
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = put(tmp_path / "sub" / "a.orch.yaml")
    path.chmod(0)
    with pytest.raises(NotPermittedError, match="reading it failed: the system says"):
        read(tmp_path)
    path.parent.chmod(0)
    try:
        with pytest.raises(NotPermittedError, match="listing it failed: the system says"):
            read(tmp_path)
    finally:
        path.parent.chmod(0o700)


# --- replacing ---


def test_files_are_replaced_and_keep_their_mode(tmp_path: Path) -> None:
    paths = [put(tmp_path / f"{mode:o}.orch.yaml") for mode in (0o600, 0o640, 0o755)]
    for path in paths:
        path.chmod(int(path.name[:3], 8))
    before = {path: path.stat() for path in paths}
    link = tmp_path / "link.orch.yaml"
    link.symlink_to(paths[0].name)
    replace_files([(file, b"new") for file in read(tmp_path)])
    for path in paths:
        after = path.stat()
        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(after.st_mode) == int(path.name[:3], 8)
        assert (after.st_uid, after.st_gid) == (before[path].st_uid, before[path].st_gid)
        # Never half of a file: a new one takes its place.
        assert after.st_ino != before[path].st_ino
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_files_keep_their_owner(tmp_path: Path) -> None:
    path = put(tmp_path / "a.orch.yaml")
    os.chown(path, 12345, 23456)
    replace_files([(file, b"new") for file in read(path)])
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_an_owner_that_may_not_be_set_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EPERM, "no")

    path = put(tmp_path / "a.orch.yaml")
    path.chmod(0o604)
    monkeypatch.setattr(os, "fchown", refuse)
    replace_files([(file, b"new") for file in read(path)])
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def fail_at(function: Callable[..., object], time: int, code: int) -> Callable[..., object]:
    """The function, which fails when it is called that many times."""
    calls = 0

    def failing(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == time:
            raise OSError(code, os.strerror(code))
        return function(*arguments)

    return failing


@pytest.mark.parametrize(
    ("name", "code", "kind", "text"),
    [
        ("fsync", errno.ENOSPC, ConflictError, "writing it failed: the system says 'no space left"),
        ("fchmod", errno.EACCES, NotPermittedError, "writing it failed: the system says 'perm"),
    ],
)
def test_when_one_cannot_be_written_all_stay(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    code: int,
    kind: type[CollectionError],
    text: str,
) -> None:
    for number in range(3):
        put(tmp_path / f"{number}.orch.yaml")
    before = listing(tmp_path)
    monkeypatch.setattr(os, name, fail_at(getattr(os, name), 2, code))
    with pytest.raises(kind, match=text) as error:
        replace_files([(file, b"new") for file in read(tmp_path)])
    assert "1.orch.yaml" in error.value.subject
    assert listing(tmp_path) == before


def test_when_one_was_changed_meanwhile_all_stay(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path / f"{number}.orch.yaml")
    read_before = read(tmp_path)
    put(tmp_path / "2.orch.yaml", b"by somebody else")
    before = listing(tmp_path)
    with pytest.raises(ConflictError, match="it was changed meanwhile; run again"):
        replace_files([(file, b"new") for file in read_before])
    assert listing(tmp_path) == before


def test_when_replacing_fails_nothing_is_left_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(tmp_path / f"{number}.orch.yaml")
    monkeypatch.setattr(os, "replace", fail_at(os.replace, 2, errno.EIO))
    with pytest.raises(ConflictError, match="replacing it failed"):
        replace_files([(file, b"new") for file in read(tmp_path)])
    assert sorted(listing(tmp_path).values()) == [b"new", b"x", b"x"]


@unless_root
def test_what_may_not_be_written_is_known_beforehand(tmp_path: Path) -> None:
    (file,) = read(put(tmp_path / "sub" / "a.orch.yaml"))
    check_writable(file)
    file.target.parent.chmod(0o500)
    try:
        with pytest.raises(NotPermittedError, match="may not write to its directory"):
            check_writable(file)
    finally:
        file.target.parent.chmod(0o700)


# --- several at once ---


def test_tasks_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "a.orch.yaml")
    waits, own_flock = [], fcntl.flock

    def flock(descriptor: int, operation: int) -> None:
        assert operation == fcntl.LOCK_EX  # until it has it
        try:
            own_flock(descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            waits.append(True)
        else:
            waits.append(False)

    monkeypatch.setattr(fcntl, "flock", flock)
    # By its directory and by the file, which is the same tree.
    with locked(open_tree(str(tmp_path))), locked(open_tree(str(path))):
        pass
    with locked(open_tree(str(path))):
        pass
    assert waits == [False, True, False]


def test_where_there_are_no_locks_the_work_is_done_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", fail_at(fcntl.flock, 1, errno.ENOLCK))
    with locked(open_tree(str(tmp_path))):
        pass

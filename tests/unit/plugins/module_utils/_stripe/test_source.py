# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key comes from an option, a file that only its owner may use, or an environment variable."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import UNUSUAL_WARNING
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.source import (
    KEY_SOURCES,
    SECRET_WARNING,
    SOURCE_SPEC,
    key_from,
    key_given,
)
from unit.fakes import FakeRuntime
from unit.keys import make_key, random_text

VARIABLE = "UNIT_TEST_STRIPE_API_KEY"


def params(**given: Any) -> dict[str, Any]:
    validated = validator(SOURCE_SPEC).validate(given)
    assert not validated.error_messages, validated.error_messages
    return dict(validated.validated_parameters)


def refusal(**given: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        key_from(params(**given), FakeRuntime())
    return str(refused.value)


@pytest.fixture(name="file")
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "stripe.key"
    path.touch(mode=0o600)
    return path


@pytest.mark.parametrize("end", ["", "\n", " \r\n"])
def test_the_key_of_a_file_is_read_and_protected(file: Path, end: str) -> None:
    key, runtime = make_key(), FakeRuntime()
    file.write_text(key + end)
    assert key_from(params(api_key_file=str(file)), runtime).value == key
    assert key in runtime.protected


def test_a_mark_of_utf_8_is_no_part_of_the_key(file: Path) -> None:
    key = make_key()
    file.write_text(key, encoding="utf-8-sig")
    assert key_from(params(api_key_file=str(file)), FakeRuntime()).value == key


def test_a_link_to_a_file_will_do(file: Path, tmp_path: Path) -> None:
    """Secrets that are mounted into a container are links."""
    key = make_key()
    file.write_text(key)
    (tmp_path / "link").symlink_to(file)
    assert key_from(params(api_key_file=str(tmp_path / "link")), FakeRuntime()).value == key


def test_the_key_of_a_variable_is_read_and_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    key, runtime = make_key(), FakeRuntime()
    monkeypatch.setenv(VARIABLE, f"{key}\n")
    assert key_from(params(api_key_env=VARIABLE), runtime).value == key
    assert key in runtime.protected


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o640, 0o620, 0o610, 0o666])
def test_a_file_that_others_have_rights_to_is_refused(file: Path, mode: int) -> None:
    file.write_text(make_key())
    file.chmod(mode)
    assert refusal(api_key_file=str(file)) == (
        f"Stripe API key file '{file}': its mode {mode:04o} gives rights to others;"
        " remove them, for example with chmod 0600."
    )


@pytest.mark.parametrize(
    ("owner", "accepted"), [(0, True), (1000, True), (1001, False)], ids=["root", "own", "other"]
)
def test_the_owner_counts(
    file: Path, owner: int, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(make_key())
    status = list(os.stat(file))
    status[4] = owner
    monkeypatch.setattr(os, "fstat", lambda _file: os.stat_result(status))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if accepted:
        key_from(params(api_key_file=str(file)), FakeRuntime())
    else:
        assert "it belongs to another user" in refusal(api_key_file=str(file))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir(0o700)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Path.unlink, "there is no such file"),
        (directory, "it is not a regular file"),
        (pipe, "it is not a regular file"),
        (lambda path: path.write_text(""), "it is empty"),
        (lambda path: path.write_text(" \n\n"), "it is empty"),
        (lambda path: path.write_text(f"{make_key()}\n{make_key()}\n"), "it has several lines"),
        (
            lambda path: path.write_text(f"$ANSIBLE_VAULT;1.1;AES256\n{'61' * 40}\n"),
            "it is encrypted by Ansible Vault",
        ),
        (lambda path: path.write_text('{\n"key": 1\n}'), "it is a dict or JSON that became text"),
        (lambda path: path.write_bytes(b"\xff\xff"), "it is not a text file"),
        (lambda path: path.write_bytes("rk".encode("utf-16")), "it is in UTF-16"),
        (
            lambda path: path.write_bytes("rk".encode("utf-16-le")),
            "it is in UTF-16, or is not a text file",
        ),
        (lambda path: path.write_text("x" * 65537), "it has more than 65536 bytes"),
    ],
)
def test_what_cannot_be_the_file_is_refused(
    file: Path, make: Callable[[Path], Any], reason: str
) -> None:
    make(file)
    text = refusal(api_key_file=str(file))
    assert text.startswith(f"Stripe API key file '{file}': {reason}; ")


def test_a_relative_path_is_refused() -> None:
    assert "it is relative" in refusal(api_key_file="stripe.key")


def test_a_file_that_cannot_be_opened_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_args: Any) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", denied)
    assert "allow the user who runs the task to read it" in refusal(api_key_file=str(file))


@pytest.mark.parametrize("held", [None, "", " \n"])
def test_a_variable_that_holds_nothing_is_refused(
    held: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if held is not None:
        monkeypatch.setenv(VARIABLE, held)
    assert refusal(api_key_env=VARIABLE).startswith(
        f"Environment variable '{VARIABLE}': it is not set, or empty, where the task runs; "
    )


def test_an_unknown_kind_of_key_is_taken_where_that_is_allowed() -> None:
    key, runtime = random_text(40), FakeRuntime()
    assert "set allow_unknown_key to true" in refusal(api_key=key)
    taken = key_from(params(api_key=key, allow_unknown_key=True), runtime)
    assert (taken.value, runtime.warnings) == (key, [UNUSUAL_WARNING])


@pytest.mark.parametrize("option", ["on_publishable_key", "publishable_key"])
def test_the_option_for_publishable_keys_has_two_names(option: str) -> None:
    assert "publishable" in refusal(api_key=make_key("pk"), **{option: "reject"})
    runtime = FakeRuntime()
    key_from(params(api_key=make_key("pk"), **{option: "allow"}), runtime)
    assert runtime.warnings == []


def test_an_unrestricted_key_is_warned_of_allowed_or_rejected() -> None:
    key, runtime = make_key("sk"), FakeRuntime()
    key_from(params(api_key=key), runtime)
    assert runtime.warnings == [SECRET_WARNING]
    key_from(params(api_key=key, on_secret_key="allow"), runtime)
    assert len(runtime.warnings) == 1
    assert "unrestricted" in refusal(api_key=key, on_secret_key="reject")


def test_what_is_no_variable_name_is_not_quoted() -> None:
    held = "what the variable holds"
    text = refusal(api_key_env=held)
    assert held not in text
    assert "give the variable's name, not what it holds" in text


def test_the_sources_exclude_each_other() -> None:
    given = dict.fromkeys(KEY_SOURCES[:2], "/x")
    validated = validator(SOURCE_SPEC).validate(given)
    assert "mutually exclusive" in validated.error_messages[0]


@pytest.mark.parametrize("source", [None, *KEY_SOURCES])
def test_whether_a_key_is_given(source: str | None) -> None:
    assert key_given(params(**{source: "/x"} if source else {})) == (source is not None)

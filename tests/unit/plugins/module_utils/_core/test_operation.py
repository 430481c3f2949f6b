# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations: from an outcome or an exception to a result."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    PLACEHOLDER,
    ApiError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    LateImport,
    Operation,
    Outcome,
    Params,
    Requirement,
    Runtime,
    missing_library,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import (
    Redactor,
)
from unit.fakes import FakeRuntime
from unit.keys import random_text

SPEC = ArgumentSpec(options={"secret": {"type": "str", "no_log": True}})
SECRET = random_text()


def run(execute: Callable[[Params, Runtime], Outcome], *, diff: bool = False) -> dict[str, object]:
    result: dict[str, object] = Operation("it", SPEC, execute).run(
        {"secret": SECRET}, FakeRuntime(), Redactor(), diff=diff
    )
    assert SECRET not in json.dumps(result)
    return result


def test_an_outcome_becomes_a_result() -> None:
    outcome = Outcome(True, {"name": "x"}, before={"a": 1}, after={"a": 2})
    assert run(lambda *_: outcome) == {"changed": True, "name": "x"}
    headers = {"before_header": "x (it)", "after_header": "x (it)"}
    diff = {"before": {"a": 1}, "after": {"a": 2}, **headers}
    assert run(lambda *_: outcome, diff=True) == {"changed": True, "name": "x", "diff": diff}


def test_no_diff_where_there_is_none() -> None:
    assert run(lambda *_: Outcome(False), diff=True) == {"changed": False}


def test_a_secret_that_got_into_a_result_is_masked() -> None:
    result = run(lambda *_: Outcome(True, {"oops": [f"a {SECRET}"]}))
    assert result["oops"] == [f"a {PLACEHOLDER}"]


def test_an_error_of_ours_becomes_a_failed_result() -> None:
    def execute(params: Params, _runtime: Runtime) -> Outcome:
        raise ApiError("Thing", f"it said {params['secret']}", "do it", code="X")

    result = run(execute)
    assert result["failed"] is True
    assert result["msg"] == f"Thing: it said {PLACEHOLDER}; do it."
    assert isinstance(result["error"], dict)
    assert result["error"]["code"] == "X"


def test_of_any_other_exception_only_class_and_place_are_shown() -> None:
    """Its text may quote what nobody has protected, or a part of what somebody has."""

    def execute(params: Params, _runtime: Runtime) -> Outcome:
        raise ValueError(f"boom {params['secret'][:10]} {unprotected}")

    unprotected = "what a server sent"

    result = run(execute)
    assert result["failed"] is True
    assert re.fullmatch(
        r"Unexpected ValueError in execute \(test_operation\.py:\d+\); please report this as a bug"
        r" of maia\.stripe_query\.",
        str(result["msg"]),
    )
    assert result["error"] == {"kind": "unexpected", "reason": "ValueError"}


def test_a_missing_library_is_named_before_anything_is_done() -> None:
    requirement = Requirement("libstripe", "https://example.com", ImportError())
    operation = Operation("it", SPEC, lambda *_: pytest.fail("it ran"), (requirement,))
    result = operation.run({}, FakeRuntime(), Redactor(), diff=False)
    assert result["failed"]
    assert "libstripe" in result["msg"]


def test_a_library_that_is_unsafe_after_a_fork_is_told() -> None:
    def early(module: str) -> str | None:
        requirement = Requirement("x", "", None, late_import=LateImport(module))
        return Operation("it", SPEC, lambda *_: Outcome(False), (requirement,)).imported_too_early()

    assert early("json") == "json"
    assert early("no_such_module") is None
    assert Operation("it", SPEC, lambda *_: Outcome(False)).imported_too_early() is None


def test_libraries_are_looked_for_without_importing_them() -> None:
    assert missing_library("email", "mime") is None
    assert missing_library("no_such_package", "x") is not None
    assert missing_library("email", "no_such_module") is not None


def test_a_late_import_is_good_for_the_process_that_made_it_and_for_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A loop runs several tasks in one worker; the second must not take the slow path."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    late = LateImport("colorsys")
    assert late.came_too_early() is None
    assert late.load() is sys.modules["colorsys"]
    assert late.load() is sys.modules["colorsys"]
    assert late.came_too_early() is None
    monkeypatch.setattr("os.getpid", lambda: 1)
    assert late.came_too_early() == "colorsys"


def test_what_sdks_log_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    """Their loggers have children, which may have been asked to be loud."""

    def execute(_params: Params, _runtime: Runtime) -> Outcome:
        for name in ("azure.identity", "botocore.endpoint", "snowflake.connector", "urllib3"):
            logging.getLogger(name).error("a server's words")
        return Outcome(changed=False)

    Operation("it", SPEC, execute).run({}, FakeRuntime(), Redactor(), diff=False)
    assert caplog.messages == []

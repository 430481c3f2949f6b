# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors: one sentence for people, fields for machines."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    ForeignObjectError,
    NotFoundError,
    NotPermittedError,
    TransientError,
)

KINDS = {
    ApiError: "api",
    AuthenticationError: "authentication",
    ConfigurationError: "configuration",
    ConflictError: "conflict",
    ForeignObjectError: "foreign_object",
    NotFoundError: "not_found",
    NotPermittedError: "not_permitted",
    TransientError: "transient",
}


def test_every_error_has_a_kind_of_its_own() -> None:
    assert set(CollectionError.__subclasses__()) == set(KINDS)
    assert {error.kind for error in KINDS} == set(KINDS.values())


@pytest.mark.parametrize(("error", "kind"), KINDS.items())
def test_the_message_is_one_sentence_with_the_subject_first(
    error: type[CollectionError], kind: str
) -> None:
    raised = error("AWS secret 'shop'", "it is gone", "make it again", attempt="reading it")
    assert str(raised) == "AWS secret 'shop': reading it failed: it is gone; make it again."
    assert raised.to_result()["error"] == {
        "kind": kind,
        "subject": "AWS secret 'shop'",
        "attempt": "reading it",
        "reason": "it is gone",
        "hint": "make it again",
        "cure": "make it again",
    }


def test_without_an_attempt_the_reason_stands_alone() -> None:
    raised = ConfigurationError("Stripe API key", "it is empty", "give the key")
    assert str(raised) == "Stripe API key: it is empty; give the key."
    assert raised.to_result()["msg"] == str(raised)


def test_what_the_server_said_is_passed_on() -> None:
    raised = ApiError("x", "y", "z", code="Busy", status=503, request_id="7")
    details = raised.to_result()["error"]
    assert isinstance(details, dict)
    assert (details["code"], details["status"], details["request_id"]) == ("Busy", 503, "7")
    assert "attempt" not in details


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nb", r"a\r\nb"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\ud800b", r"a\ud800b"),
        ("ü🔑 b", "ü🔑 b"),
    ],
)
def test_no_name_changes_how_the_sentence_looks(name: str, shown: str) -> None:
    error = ConflictError(f"Secret '{name}'", f"it is '{name}'", f"do not '{name}'", attempt=name)
    assert str(error) == f"Secret '{shown}': {shown} failed: it is '{shown}'; do not '{shown}'."
    assert error.to_result()["error"] == {
        "kind": "conflict",
        "subject": f"Secret '{shown}'",
        "attempt": shown,
        "reason": f"it is '{shown}'",
        "hint": f"do not '{shown}'",
        "cure": f"do not '{shown}'",
    }

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused in one pipeline file: when more or something else than one value would change."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.document import (
    plan_file,
)
from unit.pipeline_plans import GROUPED, NESTED, STRIPE, WANTED, parameters, plan, refusal

pytestmark = pytest.mark.usefixtures("both_loaders")

LOAD = "Component 'Load' in 'a.orch.yaml'"
FILE = "Pipeline file 'a.orch.yaml'"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(["apiKey: [a]"], "its property 'apiKey' is not a text", id="a list"),
        pytest.param(["apiKey: {a: b}"], "its property 'apiKey' is not a text", id="a mapping"),
        pytest.param(["apiKey: !secret a"], "its property 'apiKey' is not a text", id="a tag"),
        pytest.param(
            ["apiKey: {secretReferenceNameId: a, b: c}"],
            "its property 'apiKey' is not a text",
            id="nested and more",
        ),
        pytest.param(
            ["apiKey: {secretReferenceNameId: {a: b}}"],
            "its property 'apiKey' is not a text",
            id="nested twice",
        ),
        pytest.param(["apiKey: | # c", "  old"], "a comment stands inside its value", id="comment"),
        pytest.param(["a: &x old", "apiKey: *x"], "a YAML alias makes it share", id="an alias"),
        pytest.param(["apiKey: &x old", "a: *x"], "a YAML alias makes it share", id="an anchor"),
        pytest.param(
            ["apiKey:", "  secretReferenceNameId: &x old", "a: *x"],
            "a YAML alias makes it share",
            id="a nested anchor",
        ),
        pytest.param(
            ["<<: {a: b}", "apiKey: old"], "a YAML merge key gives it properties", id="a merge key"
        ),
        pytest.param(["a: &x 1", "? [apiKey]", ": *x", "<<: {a: b}"], "merge key", id="odd keys"),
        pytest.param(["? a", ": b"], "its properties are not on lines", id="explicit keys"),
        pytest.param(["a"], "it has no properties under 'parameters'", id="no mapping"),
        pytest.param([], "it has no properties under 'parameters'", id="nothing"),
        pytest.param(["? apiKey"], "its layout does not allow", id="a key without a value"),
    ],
)
def test_what_is_not_certain_is_refused(lines: list[str], reason: str) -> None:
    error = refusal(parameters(*lines), NESTED)
    assert error.subject in (LOAD, FILE)
    assert reason in error.reason


def test_a_nested_comment_is_not_lost() -> None:
    text = parameters("apiKey: # why", "  secretReferenceNameId: old")
    assert refusal(text, NESTED).reason == "a comment stands inside its value"


def test_the_nested_form_is_told_even_if_it_names_the_right_definition() -> None:
    error = refusal(parameters("apiKey:", "  secretReferenceNameId: new_name"))
    assert str(error) == (
        f"{LOAD}: its property 'apiKey' has the form 'secretReferenceNameId:' that migrations leave"
        " and Maia does not resolve; set replace_nested to replace it."
    )


def test_a_group_that_is_missing_is_not_made() -> None:
    error = refusal(parameters("apiKey: old", "stripe:", "  auth:"), GROUPED)
    assert (error.subject, error.reason) == (LOAD, "it has no properties under 'auth'")


SHARED = """\
pipeline:
  components:
    One: &one
      type: stripe-query
      parameters: {apiKey: old}
    Two: *one
"""
MERGED = """\
pipeline:
  components:
    One: &one
      type: stripe-query
      parameters: {apiKey: new_name}
    Two:
      <<: *one
"""
TOGETHER = """\
shared: &all
  One: {type: stripe-query, parameters: {apiKey: old}}
pipeline:
  components: *all
"""
FROM_ELSEWHERE = """\
shared: &all
  One: {type: stripe-query, parameters: {apiKey: old}}
pipeline:
  components:
    <<: *all
"""


@pytest.mark.parametrize(
    ("text", "subject", "reason"),
    [
        pytest.param(SHARED, "One", "a YAML alias makes it share", id="a component twice"),
        pytest.param(MERGED, "Two", "a YAML merge key gives it", id="the type is merged"),
        pytest.param(
            MERGED.replace("*one", "[*one]"), "Two", "a YAML merge key gives it", id="from a list"
        ),
        pytest.param(TOGETHER, "One", "a YAML alias makes it share", id="all components"),
        pytest.param(FROM_ELSEWHERE, FILE, "its components come from", id="merged components"),
    ],
)
def test_what_several_places_share_is_refused(text: str, subject: str, reason: str) -> None:
    error = refusal(text)
    assert subject in error.subject
    assert reason in error.reason


def test_what_is_right_already_may_be_shared() -> None:
    text = SHARED.replace("old", "new_name")
    assert plan(text).data.decode() == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "it is not valid YAML (line "),
        ("a:\n\tb: c", "it is not valid YAML (line 2)"),
        ("a: *b", "it is not valid YAML (line 1)"),
        ('a: "\\UFFFFFFFF"', "it is not valid YAML"),
        ("a: \x00", "it is not valid YAML"),
        ("a: 1\n---\nb: 1", "it holds several YAML documents"),
        ("a: 1\n---\nb: [", "it holds several YAML documents"),
        ("a: 1\nb: {c: 1, 'c': 2}", "line 2 repeats a key of the same mapping"),
        ("a:\n- 1: x\n  '1': x", "line 3 repeats a key of the same mapping"),
        ("[" * 101 + "]" * 101, "it is nested more than 100 levels deep"),
        # Enough to end a process that composes it.
        ("[" * 100_000, "it is nested more than 100 levels deep"),
    ],
)
def test_files_that_cannot_be_read_for_certain_are_refused(text: str, reason: str) -> None:
    error = refusal(text)
    assert error.subject == FILE
    assert error.reason.startswith(reason)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(ConflictError, match="it is not UTF-8 text"):
        plan_file("a", "a: ä".encode(encoding), STRIPE, WANTED)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a whole, on real files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import Outcome
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.operation import (
    OPERATION,
)
from leak.search import found_in
from unit.faces import run_action, run_module
from unit.fakes import FakeRuntime
from unit.keys import make_key, random_text

PIPELINE = """\
pipeline:
  components:
    Load {name}:
      type: "{kind}"
      parameters:
        apiKey: {held}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two files with one component each, and one without."""
    for name, kind, held in (("a", "stripe-query", "old"), ("b", "stripe-query", "new_name")):
        text = PIPELINE.format(name=name, kind=kind, held=held)
        (tmp_path / f"{name}.orch.yaml").write_text(text)
    (tmp_path / "c.orch.yaml").write_text("pipeline: {components: {}}")
    return tmp_path


def run(repository: Path, runtime: FakeRuntime | None = None, **options: Any) -> Outcome:
    options = {"path": str(repository), "definition": "new_name", **options}
    validated = validator(OPERATION.spec).validate(options)
    assert not validated.error_messages
    return OPERATION.execute(validated.validated_parameters, runtime or FakeRuntime())


def refusal(repository: Path, **options: Any) -> CollectionError:
    before = contents(repository)
    with pytest.raises(CollectionError) as refused:
        run(repository, **options)
    assert contents(repository) == before
    return refused.value


def contents(repository: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in repository.iterdir()}


def test_check_mode_foretells_and_a_second_run_changes_nothing(repository: Path) -> None:
    before = contents(repository)
    predicted = run(repository, FakeRuntime(check_mode=True))
    assert contents(repository) == before
    done = run(repository)
    assert done == predicted
    assert done.changed
    assert done.values == {
        "components": [
            {
                "file": str(repository / "a.orch.yaml"),
                "component": "Load a",
                "type": "stripe-query",
                "points_at": "new_name",
                "points_at_before": "old",
                "changed": True,
            },
            {
                "file": str(repository / "b.orch.yaml"),
                "component": "Load b",
                "type": "stripe-query",
                "points_at": "new_name",
                "points_at_before": "new_name",
                "changed": False,
            },
        ]
    }
    after = before["a.orch.yaml"].replace(b"old", b'"new_name"')
    assert contents(repository) == {**before, "a.orch.yaml": after}
    again = run(repository)
    assert (again.changed, again.diffs) == (False, ())


NEIGHBOURS = """\
pipeline:
  components:
    Other:
      type: "jdbc-query"
      parameters:
        password: {secret}
    Load: {{type: stripe-query, parameters: {{token: {secret}, apiKey: {held}, note: {secret}}}}}
"""


def test_the_diff_has_the_properties_that_change_and_nothing_else(
    repository: Path,
) -> None:
    secret = random_text()
    file = repository / "a.orch.yaml"
    file.write_text(NEIGHBOURS.format(secret=secret, held="old"))
    result = run(repository).to_result(diff=True)
    assert result["diff"] == [
        {
            "before_header": str(file),
            "after_header": str(file),
            "before": {"Load": {"apiKey": "old"}},
            "after": {"Load": {"apiKey": "new_name"}},
        }
    ]
    assert secret not in json.dumps(result)
    assert "diff" not in run(repository).to_result(diff=True)


def test_the_diff_shows_a_property_that_is_added_and_one_that_loses_its_group(
    repository: Path,
) -> None:
    parameters = (
        "{authenticationMethod: OAuth}",
        "{apiKey: {secretReferenceNameId: old}}",
    )
    for name, text in zip("ab", parameters, strict=True):
        pipeline = f"pipeline: {{components: {{It: {{type: stripe-query, parameters: {text}}}}}}}"
        (repository / f"{name}.orch.yaml").write_text(pipeline)
    done = run(repository, replace_nested=True, authentication_method="API Key")
    added, ungrouped = done.to_result(diff=True)["diff"]
    assert added["before"] == {"It": {"authenticationMethod": "OAuth"}}
    assert added["after"] == {"It": {"authenticationMethod": "API Key", "apiKey": "new_name"}}
    assert ungrouped["before"] == {"It": {"apiKey.secretReferenceNameId": "old"}}
    assert ungrouped["after"] == {"It": {"apiKey": "new_name"}}


@pytest.mark.parametrize(
    "held",
    [
        pytest.param("{}", id="without a prefix"),
        pytest.param("&anchor {}", id="behind an anchor"),
        pytest.param('"{}\\nmore"', id="of several lines"),
        pytest.param("|\n          {}\n          more", id="as a block"),
        pytest.param("{{secretReferenceNameId: {}}}", id="as a migration leaves it"),
    ],
)
def test_what_is_replaced_and_is_no_name_is_not_shown(
    repository: Path, held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = random_text(32)
    text = PIPELINE.format(name="k", kind="stripe-query", held=held.format(secret))
    (repository / "a.orch.yaml").write_text(text)
    args = {"path": str(repository), "definition": "new_name", "replace_nested": True}
    result = run_action(OPERATION, args, check_mode=True, diff=True)
    assert run_module(OPERATION, args, capsys, check_mode=True, diff=True) == result
    assert not found_in(json.dumps(result), {"it": secret})
    assert result["components"][0]["points_at_before"] == "********"
    assert list(result["diff"][0]["before"]["Load k"].values()) == ["********"]
    assert result["warnings"] == [
        f"Component 'Load k' in '{repository}/a.orch.yaml' held what does not look like the name"
        " of a secret definition, and so is not shown; if it is a key, revoke it, since the file's"
        " history still holds it."
    ]


@pytest.mark.parametrize("held", ["{{a: {0}, b: {0}}}", "[{0}]", "!secret {0}", "? {0}", "*{0}"])
def test_what_cannot_be_replaced_is_not_shown_either(repository: Path, held: str) -> None:
    secret = random_text(32)
    text = PIPELINE.format(name="k", kind="stripe-query", held=held.format(secret))
    (repository / "a.orch.yaml").write_text(text)
    assert not found_in(json.dumps(refusal(repository).to_result()), {"it": secret})


def test_the_name_that_was_asked_for_is_shown_whatever_it_looks_like(repository: Path) -> None:
    odd = "x7Kq9Zt2"
    text = PIPELINE.format(name="k", kind="stripe-query", held=odd)
    (repository / "a.orch.yaml").write_text(text)
    runtime = FakeRuntime()
    done = run(repository / "a.orch.yaml", runtime, definition=odd)
    assert not runtime.warnings
    components: Any = done.values["components"]
    assert components[0]["points_at_before"] == odd


def test_no_file_is_changed_if_one_cannot_be(repository: Path) -> None:
    (repository / "z.orch.yaml").write_text("a: [")
    error = refusal(repository)
    assert isinstance(error, ConflictError)
    assert "z.orch.yaml" in error.subject


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            {"patterns": ["*.yml"]},
            "no file matches patterns; correct path, patterns or recurse.",
            id="no files",
        ),
        pytest.param(
            {"component_types": ["x"]},
            "no component is of type 'x'; set component_types to 'stripe-query' if that is right.",
            id="another type",
        ),
        pytest.param(
            {"component_types": ["x"], "patterns": ["c.*"]},
            "no component is of type 'x'; correct path, component_names or component_types.",
            id="no components",
        ),
        pytest.param(
            {"component_names": ["Load b", "Nobody", "A"]},
            "no component is named 'A', 'Nobody'; correct path or component_names.",
            id="unknown names among known ones",
        ),
        pytest.param(
            {"component_names": ["Load a"], "component_types": ["x"]},
            "component 'Load a' is of type 'stripe-query', which is not among component_types;"
            " add 'stripe-query' to component_types if that is right.",
            id="a name of another type",
        ),
    ],
)
def test_what_is_missing_is_told(repository: Path, options: dict[str, Any], message: str) -> None:
    error = refusal(repository, **options)
    assert isinstance(error, NotFoundError)
    assert str(error) == f"Stripe Query components in '{repository}': {message}"
    runtime = FakeRuntime()
    run(repository, runtime, **options, on_missing="warn")
    assert runtime.warnings == [str(error)]
    runtime = FakeRuntime()
    run(repository, runtime, **options, on_missing="ignore")
    assert not runtime.warnings


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"definition": "a b"}, "the name is not one that Maia allows"),
        ({"property_path": "a..b"}, "one of its keys is empty"),
        ({"component_types": []}, "component_names and component_types are both empty"),
        ({"path": "pipelines"}, "it is relative"),
    ],
)
def test_options_that_cannot_be_right(
    repository: Path, options: dict[str, Any], reason: str
) -> None:
    error = refusal(repository, **options)
    assert isinstance(error, ConfigurationError)
    assert reason in error.reason


def test_a_key_in_a_file_is_told_and_does_not_show(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both faces say the same."""
    key, other = make_key(), make_key("sk", "test")
    text = PIPELINE.format(name="k", kind="stripe-query", held=f'"{key}-x"') + f"# {other}\n"
    (repository / "a.orch.yaml").write_text(text)
    args = {"path": str(repository), "definition": "new_name"}
    result = run_action(OPERATION, args, check_mode=True, diff=True)
    module = run_module(OPERATION, args, capsys, check_mode=True, diff=True)
    assert module == result
    shown = json.dumps(result)
    assert key not in shown
    assert other not in shown
    assert "-x" not in shown
    assert result["diff"][0]["before"] == {"Load k": {"apiKey": "********"}}
    assert result["components"][0]["points_at_before"] == "********"
    assert result["warnings"] == [
        f"Component 'Load k' in '{repository}/a.orch.yaml' held a Stripe API key instead of the"
        " name of a secret definition; revoke that key, since the file's history still holds it."
    ]
    run(repository)
    assert "warnings" not in run_action(OPERATION, args)


def test_all_options_reach_the_document(repository: Path) -> None:
    path = repository / "a.orch.yaml"
    path.write_text(
        PIPELINE.format(name="a", kind="modular", held="decoy")
        + "        authenticationMethod: OAuth\n"
        + "        group: {key: {secretReferenceNameId: old}}\n"
    )
    outcome = run(
        path,
        component_types=[],
        component_names=["Load a"],
        property_path="group.key",
        authentication_method="API Key",
        replace_nested=True,
    )
    assert outcome.changed
    lines = path.read_text().splitlines()[5:]
    assert lines == [
        "        apiKey: decoy",
        '        authenticationMethod: "API Key"',
        '        group: {key: "new_name"}',
    ]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client takes Maia's answers for is what the contract says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach import shapes
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.shapes import Shape
from sandbox.maia.contract import FILE

SCHEMAS = yaml.safe_load(FILE.read_text("utf-8"))["components"]["schemas"]
# Shape -> its schema in the contract.
SAME = {
    "PROJECT": "Project",
    "ENVIRONMENT": "Environment",
    "AGENT": "Agent",
    "LISTED_AGENT": "Agent",
    "CONNECTION": "Connection",
    "OVERRIDE": "Override",
    "SECRET_REFERENCE": "SecretReference",
    "PUBLISHED_PIPELINE": "PublishedPipeline",
    "STARTED": "StartedExecution",
    "EXECUTION": "Execution",
    "STEP": "Step",
}
VALID: dict[str, Any] = {
    "PROJECT": {"id": "5f0c", "name": "Shop"},
    "ENVIRONMENT": {"name": "test", "defaultAgentId": "a-1", "defaultAgentName": None},
    "AGENT": {"agentId": "a-1", "name": "One", "other": [1]},
    "LISTED_AGENT": {"agentId": "a-1", "name": "One"},
    "CONNECTION": {
        "name": "stripe",
        "connectionDetails": {
            "description": "One",
            "connectionProperties": {"secretName": "stripe/shop", "secretKey": None},
            "secretsLocation": {"type": "AWS_SECRET_MANAGER"},
        },
    },
    "OVERRIDE": {"name": "stripe", "connectionOverrides": {"connectionProperties": {}}},
    "SECRET_REFERENCE": {"name": "stripe", "secretName": "stripe/shop"},
    "PUBLISHED_PIPELINE": {"name": "Probe"},
    "STARTED": {"pipelineExecutionId": "e-1"},
    "EXECUTION": {"status": "RUNNING", "startedAt": "2026-11-28T03:00:00Z"},
    "STEP": {"name": "Load", "result": {"status": "SUCCESS", "message": None}},
}


def test_every_shape_is_compared() -> None:
    assert {name for name, it in vars(shapes).items() if isinstance(it, Shape)} == SAME.keys()


@pytest.mark.parametrize("name", SAME)
def test_the_contract_says_the_same(name: str) -> None:
    shape, schema = getattr(shapes, name), SCHEMAS[SAME[name]]
    assert set(shape.needed) <= set(schema["required"])
    assert list(differences(shape, schema)) == []


def differences(shape: Shape, schema: dict[str, Any]) -> Iterator[str]:
    for name, kind in shape.fields.items():
        inner = resolved(schema["properties"].get(name, {}))
        if isinstance(kind, Shape):
            yield from differences(kind, inner)
        elif not (inner.get("type") == "object" if kind is dict else is_text_in(inner)):
            yield name


def is_text_in(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "string" or all(isinstance(v, str) for v in schema["enum"])


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return resolved(SCHEMAS[name]) if name else schema


@pytest.mark.parametrize("name", SAME)
def test_what_is_right_passes_and_each_wrong_field_does_not(name: str) -> None:
    shape = getattr(shapes, name)
    shape.check(VALID[name])
    for path, kind in places(shape):
        wrong: list[Any] = [7, True, [], "\ud800"]
        wrong += [{}] if not isinstance(kind, Shape) and kind is not dict else ["text"]
        wrong += ["../..", ""] if isinstance(kind, re.Pattern) else []
        for value in wrong:
            with pytest.raises(TypeError):
                shape.check(put(VALID[name], path, value))
    for needed in shape.needed:
        with pytest.raises(TypeError):
            shape.check({**VALID[name], needed: None})


def places(shape: Shape) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, kind in shape.fields.items():
        yield (name,), kind
        if isinstance(kind, Shape):
            yield from (((name, *path), inner) for path, inner in places(kind))


def put(item: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    name, *rest = path
    return {**item, name: put(item.get(name) or {}, tuple(rest), value) if rest else value}


@pytest.mark.parametrize("item", [None, 7, "text", [], True])
def test_what_is_no_object_does_not(item: object) -> None:
    with pytest.raises(TypeError):
        shapes.PROJECT.check(item)

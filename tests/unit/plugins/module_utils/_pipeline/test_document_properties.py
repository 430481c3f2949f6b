# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a pipeline file looks like, exactly the property's value changes in it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from unittest import mock

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.document import (
    Desired,
    Selection,
    plan_file,
)
from unit.examples import examples
from unit.pipelines import KEY, KIND, NAME, PipelineFile, lengthened, pipeline_files

SELECTION = Selection(types=frozenset({KIND}))
DESIRED = Desired(NAME, (KEY,), replace_nested=True)


def values(data: bytes) -> Any:
    """What a file means; this loader takes every scalar as text."""
    return yaml.load(data, Loader=yaml.CBaseLoader)


@given(pipeline_files())
@examples(100)
def test_exactly_the_property_changes(file: PipelineFile) -> None:
    plan = plan_file("f", file.before, SELECTION, DESIRED)
    assert plan.data == file.after
    assert tuple(c.changed for c in plan.components if c.matched) == file.changed
    again = plan_file("f", plan.data, SELECTION, DESIRED)
    assert again.data == plan.data
    assert not any(component.changed for component in again.components)


@given(pipeline_files())
def test_a_file_then_means_the_same_but_for_the_property(file: PipelineFile) -> None:
    plan = plan_file("f", file.before, SELECTION, DESIRED)
    wanted = values(file.before)
    for component in plan.components:
        if component.matched:
            wanted["pipeline"]["components"][component.name]["parameters"][KEY] = NAME
    assert values(plan.data) == wanted


@given(pipeline_files())
@examples(20)
def test_without_its_part_in_c_yaml_gives_the_same(file: PipelineFile) -> None:
    plan = plan_file("f", file.before, SELECTION, DESIRED)
    with mock.patch.object(yaml, "CSafeLoader", yaml.SafeLoader):
        assert plan_file("f", file.before, SELECTION, DESIRED) == plan


@given(pipeline_files())
@examples(2)
def test_exactly_the_property_changes_among_ten_thousand_lines(file: PipelineFile) -> None:
    data = lengthened(file.before)
    assert data.count(b"\n") > 10_000
    assert plan_file("f", data, SELECTION, DESIRED).data == lengthened(file.after)


@given(pipeline_files(), st.data())
@examples(80)
def test_a_damaged_file_is_refused_or_stays_what_it_was_but_for_the_property(
    file: PipelineFile, data: st.DataObject
) -> None:
    """Characters in odd places make layouts that nobody thought of."""
    text = file.before.decode()
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 3))
    put = data.draw(st.text(st.sampled_from("\"'#:&*!|>-?{}[],\n \tx"), max_size=2))
    damaged = (text[:place] + put + text[place + length :]).encode()
    try:
        wanted = values(damaged)
        plan = plan_file("f", damaged, SELECTION, DESIRED)
    except (yaml.YAMLError, ConflictError):
        return
    for component in plan.components:
        if component.matched:
            wanted["pipeline"]["components"][component.name]["parameters"][KEY] = NAME
    assert values(plan.data) == wanted


@given(st.binary(max_size=60))
@example(b"\xff")
@example(b"a: \xed\xa0\x80")
def test_no_bytes_bring_it_down(data: bytes) -> None:
    with suppress(ConflictError):
        assert plan_file("f", data, SELECTION, DESIRED).data == data


def test_the_files_are_of_all_kinds() -> None:
    """A generator that no longer makes something would make the tests above say less."""
    seen: set[str] = set()
    marks = ["\ufeff", "\r\n", "|+", "secretReferenceNameId", "&own", "\\\r\n", "\t", "漢", '"n"']

    @given(pipeline_files())
    @examples(100)
    def look(file: PipelineFile) -> None:
        text = file.before.decode()
        seen.update(mark for mark in marks if mark in text)
        seen.update(str(changed) for changed in file.changed)
        # As Maia folds it: a text over many lines that all but the last end in a backslash.
        if re.search(r"(\\\r?\n +\\.*){80}", text):
            seen.add("long")

    look()
    assert seen == {*marks, "True", "False", "long"}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Maia may have done although it did not say so, and what it refused without saying why."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    CollectionError,
    NotFoundError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis import pipeline_run
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.artifact import (
    Artifact,
    publish,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    Environment,
    Project,
)

PROJECT = Project("1", "Shop")


class _Client:
    """Fails every call, and lists one published pipeline."""

    def __init__(self, error: CollectionError) -> None:
        self._error = error

    def call(self, *_arguments: Any, **_options: Any) -> Any:
        raise self._error

    def pages(self, *_arguments: Any, **_options: Any) -> Any:
        return [{"name": "probe"}]


@pytest.mark.parametrize(
    ("status", "unclear"), [(None, True), (201, True), (502, True), (400, False), (403, False)]
)
def test_a_publication_without_a_usable_answer_may_have_happened(
    status: int | None, unclear: bool
) -> None:
    artifact = Artifact(PROJECT, "test", "7")
    error = ApiError(artifact.subject, "the answer is not JSON", "check it", status=status)
    client: Any = _Client(error)
    with pytest.raises(ApiError) as failure:
        publish(client, artifact, {})
    assert ("and it may have been published all the same" in failure.value.reason) is unclear
    assert failure.value.hint.startswith("look in Maia whether it is there") is unclear


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (
            {"agent_id": "nope"},
            "check agent_id; the project, the environment and the pipeline are there",
        ),
        (
            {"agent_id": "nope", "version": "7"},
            "check agent_id and version_name; the project, the environment and the pipeline are"
            " there",
        ),
        ({}, "check names"),
    ],
)
def test_what_was_found_is_not_to_be_checked(given: dict[str, Any], hint: str) -> None:
    run = pipeline_run.PipelineRun(PROJECT, Environment("test"), "probe", **given)
    client: Any = _Client(NotFoundError(run.subject, "no", "check names", status=404))
    with pytest.raises(NotFoundError) as failure:
        pipeline_run.start(client, run)
    assert failure.value.hint == hint

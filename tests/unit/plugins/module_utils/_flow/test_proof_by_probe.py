# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the run of a probe proves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    CollectionError,
    NotFoundError,
    NotPermittedError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.verdicts import (
    CONTRADICTED,
    PROVEN,
    UNKNOWN,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import (
    prove,
    stopping,
)
from unit.proofs import SOUND, failed, verdicts

PROBED = replace(SOUND, probe="Stripe probe")


RAN: dict[str, Any] = {
    "changed": True,
    "status": "SUCCESS",
    "execution_id": "7",
    "steps": [
        {"name": "Start", "status": "SUCCESS"},
        {"name": "Stripe Query", "status": "SUCCESS"},
        {"name": "Else", "status": "SKIPPED"},
    ],
}


def stepped(*statuses: str | None) -> dict[str, Any]:
    return {**RAN, "steps": [{"name": "Stripe Query", "status": status} for status in statuses]}


NOT_RUN = (
    "Pipeline 'Stripe probe' was not run, since another link is contradicted or could not be read."
)


def without(ran: str) -> str:
    return (
        "Pipeline 'Stripe probe' succeeded, but 'Stripe Query' is not among its components that"
        f" Maia shows ({ran}); give the name of the one that uses the key in"
        " authorize_probe_component."
    )


def not_said(status: str) -> str:
    return (
        "Pipeline 'Stripe probe' succeeded, but Maia does not say that its component 'Stripe"
        f" Query' did (status {status})."
    )


def ended(status: str | None, kind: type[CollectionError]) -> dict[str, Any]:
    error = kind("Maia pipeline 'Stripe probe'", "it ended so", "look at it")
    return {**RAN, "status": status, **failed(error)}


@pytest.mark.parametrize(
    ("pipeline", "verdict", "reason"),
    [
        (
            RAN,
            PROVEN,
            "Pipeline 'Stripe probe' succeeded, and so did its component 'Stripe Query', with what"
            " is stored now.",
        ),
        ({}, UNKNOWN, NOT_RUN),
        ({"skipped": True}, UNKNOWN, NOT_RUN),
        (
            stepped("SUCCESS", "FAILED"),
            CONTRADICTED,
            "Pipeline 'Stripe probe' succeeded, but its component 'Stripe Query' failed.",
        ),
        (
            stepped("SUCCESS", "failed", None),
            CONTRADICTED,
            "Pipeline 'Stripe probe' succeeded, but its component 'Stripe Query' failed.",
        ),
        (stepped(), UNKNOWN, without("none")),
        # The first component always succeeds, whatever follows.
        ({**RAN, "steps": RAN["steps"][:1]}, UNKNOWN, without("Start")),
        ({**RAN, "steps": RAN["steps"][::2]}, UNKNOWN, without("Start, Else")),
        (stepped("SKIPPED"), UNKNOWN, not_said("SKIPPED")),
        (stepped("SUCCESS", "SKIPPED"), UNKNOWN, not_said("SKIPPED")),
        (stepped("SUCCESS", None), UNKNOWN, not_said("NONE")),
        (
            {**RAN, "steps": None, "unread_because": "Maia pipeline: no right to read it"},
            UNKNOWN,
            "Pipeline 'Stripe probe' succeeded, but its components could not be read: Maia"
            " pipeline: no right to read it.",
        ),
        (
            ended("FAILED", ApiError),
            CONTRADICTED,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
        (
            ended("CANCELLED", ApiError),
            UNKNOWN,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
        (
            ended("RUNNING", TransientError),
            UNKNOWN,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
        (
            ended(None, NotPermittedError),
            UNKNOWN,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
        (
            ended(None, NotFoundError),
            CONTRADICTED,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
        # A success that came with an error is none.
        (
            ended("SUCCESS", ApiError),
            UNKNOWN,
            "Maia pipeline 'Stripe probe': it ended so; look at it.",
        ),
    ],
)
def test_a_probe_proves_by_its_end_only(
    pipeline: dict[str, Any], verdict: str, reason: str
) -> None:
    evidence = replace(PROBED, pipeline=pipeline)
    assert verdicts(evidence)["pipeline"] == (verdict, reason)
    stopped = [link.link for link in stopping(prove(evidence))]
    assert stopped == ([] if verdict == PROVEN else ["pipeline"])


def test_the_component_of_a_probe_can_have_another_name() -> None:
    ran = {**RAN, "steps": [{"name": "Payments", "status": "SUCCESS"}]}
    evidence = replace(PROBED, pipeline=ran, probe_component="Payments")
    assert verdicts(evidence)["pipeline"][0] == PROVEN
    assert verdicts(replace(evidence, probe_component="payments"))["pipeline"][0] == UNKNOWN


def test_no_link_tells_of_a_probe_that_nobody_asked_for() -> None:
    assert "pipeline" not in verdicts(SOUND)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that boto3 raises or AWS answers is unexpected; a new version's news fail this test."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.causes import ANSWERS
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.causes_raised import (
    RAISED,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.errors import (
    aws_errors,
    credential_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.sources import UNKNOWN
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError
from unit.sdk_exceptions import (
    BY_TEXT,
    LAST_ROW,
    NOT_OURS,
    exceptions_of,
    instance_of,
    untold,
)

KINDS = exceptions_of("botocore.exceptions", "boto3.exceptions")
KNOWN = {
    **dict.fromkeys(("BotoCoreError", "Boto3Error"), LAST_ROW),
    **dict.fromkeys(("ConnectionClosedError", "EndpointConnectionError"), BY_TEXT),
    "ClientError": "the codes that AWS answers",
    # For S3, DynamoDB and tests.
    **dict.fromkeys(
        (
            *("DynamoDBNeedsConditionError", "DynamoDBNeedsKeyConditionError"),
            *("DynamoDBOperationNotSupportedError", "InvalidCrtTransferConfigError"),
            *("ResourceLoadException", "RetriesExceededError", "S3TransferFailedError"),
            *("S3UploadFailedError", "StubAssertionError", "StubResponseError"),
            "UnStubbedResponseError",
        ),
        NOT_OURS,
    ),
}


def codes_of(service: str) -> list[str]:
    """All errors that botocore's model of the service has."""
    model: Any = botocore.session.Session().get_service_model(service)
    return sorted({shape.error_code for shape in model.error_shapes})


def test_every_class_is_told() -> None:
    assert untold(KINDS, RAISED, KNOWN) == set()
    assert KNOWN.keys() - {kind.__name__ for kind in KINDS} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_each_becomes_an_error_of_ours(kind: type[Exception]) -> None:
    error = instance_of(kind)
    if isinstance(error, ClientError):
        error.response = {}
    for context in (aws_errors("It", "trying it", "the:Right"), credential_errors("It", UNKNOWN)):
        with pytest.raises(CollectionError) as failure:  # noqa: SIM117 - pylint sees a tuple
            with context:
                raise error
        assert failure.value.hint
        assert "{" not in str(failure.value)


@pytest.mark.parametrize("service", ["secretsmanager", "sts", "kms"])
def test_every_code_of_the_service_has_a_row(service: str) -> None:
    codes = codes_of(service)
    assert len(codes) > 10
    assert [code for code in codes if not _has_row(code)] == []


def _has_row(code: str) -> bool:
    response: Any = {"Error": {"Code": code, "Message": ""}}
    with pytest.raises(CollectionError) as failure, aws_errors("It", "trying it", "the:Right"):
        raise ClientError(response, "x")
    assert failure.value.link
    return "look the code up" not in failure.value.hint


def test_a_code_that_no_row_has_is_shown() -> None:
    assert not _has_row("SomethingNewException")
    assert all(cause.link for cause in ANSWERS)

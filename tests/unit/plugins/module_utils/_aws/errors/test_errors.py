# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's errors in our terms; AWS's texts never get through."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    SSLError,
)

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.errors import (
    aws_errors,
    credential_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.sources import source_of
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ApiError,
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotPermittedError,
    TransientError,
)
from unit.keys import make_key

KEY = make_key()


def client_error(code: str, text: str = "") -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": f"said {KEY} {text}"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r-1"},
    }
    return ClientError(response, "PutSecretValue")


@pytest.mark.parametrize(
    ("raised", "kind", "text"),
    [
        (client_error("AccessDeniedException"), NotPermittedError, "lack the:Action"),
        (
            client_error("AccessDeniedException", f"not authorized to perform: {KEY} on"),
            NotPermittedError,
            "lack the:Action",
        ),
        (client_error("PublicPolicyException"), ConfigurationError, "broad access"),
        (client_error("MalformedPolicyDocumentException"), ConfigurationError, "understand"),
        (client_error("DecryptionFailure"), NotPermittedError, "KMS key"),
        (client_error("RequestExpired"), AuthenticationError, "this machine's clock differs"),
        (client_error("RequestTimeTooSkewed"), AuthenticationError, "this machine's clock differs"),
        (client_error("InternalServiceError"), TransientError, "busy"),
        (client_error("InvalidRequestException"), ConflictError, "state"),
        (client_error("ResourceExistsException"), ConflictError, "state"),
        (client_error("ValidationException"), ApiError, "ValidationException"),
        (EndpointConnectionError(endpoint_url=KEY), TransientError, "not be reached"),
        (ConnectTimeoutError(endpoint_url=KEY), TransientError, "not be reached"),
        (SSLError(endpoint_url=KEY, error=OSError(KEY)), TransientError, "TLS"),
        (BotoCoreError(), ApiError, "BotoCoreError"),
    ],
)
def test_translation(raised: Exception, kind: type[CollectionError], text: str) -> None:
    with pytest.raises(CollectionError) as failure, aws_errors("It", "writing it", "the:Action"):
        raise raised
    error = failure.value
    assert error.__class__ is kind
    assert text in str(error)
    assert str(error).startswith("It: writing it failed: ")
    assert KEY not in repr(error.to_result())
    # A traceback would show what comes before it.
    assert error.__cause__ is None
    assert error.__suppress_context__
    if isinstance(raised, ClientError):
        code = raised.response["Error"]["Code"]
        assert (error.code, error.status, error.request_id) == (code, 400, "r-1")


@pytest.mark.parametrize("code", ["UnrecognizedClientException", "ExpiredTokenException"])
@pytest.mark.parametrize(("prefix", "stray"), [("AKIA", True), ("ASIA", False)])
def test_a_session_token_beside_a_long_term_key(
    monkeypatch: pytest.MonkeyPatch, code: str, prefix: str, stray: bool
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", f"{prefix}X")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "left over")
    source = source_of(SimpleNamespace(full_config={}), profile=None, explicit=False, method="env")
    with pytest.raises(AuthenticationError) as failure, credential_errors("It", source):
        raise client_error(code)
    assert ("a long-term key, beside AWS_SESSION_TOKEN" in failure.value.reason) is stray

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's errors in the collection's terms. Only codes are passed on, never AWS's texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from .._core.errors import (
    MALFORMED,
    ApiError,
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    ConflictError,
    NotPermittedError,
    TransientError,
    malformed,
    plain_code,
)
from .answers import WrongAnswer

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        HTTPClientError,
        NoCredentialsError,
        SSLError,
    )
    from botocore.exceptions import ConnectionError as BotoConnectionError

_AUTHENTICATION = {
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
TRANSIENT = {
    "InternalFailure",
    "InternalServiceError",
    "InternalServiceErrorException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_KMS = {"DecryptionFailure", "EncryptionFailure"}
# STS and the older services say the second.
_DENIED = {"AccessDeniedException", "AccessDenied"}
_POLICY = {
    "MalformedPolicyDocumentException": (
        "AWS does not understand the resource policy",
        "check it with AWS's IAM policy validator",
    ),
    "PublicPolicyException": (
        "the resource policy would grant broad access to the secret",
        "name the principals that may use the secret",
    ),
}
# The one part of AWS's text that is let through: the action that IAM missed, which may be another
# than the one called (tagging while creating, a KMS key's). Its shape allows nothing else.
_MISSED_ACTION = re.compile(r"not authorized to perform: ([a-z0-9-]{1,32}:[A-Za-z]{1,64})\b")
_CONFLICT = {"InvalidRequestException", "ResourceExistsException", "PreconditionNotMetException"}


@contextmanager
def aws_errors(subject: str, attempt: str, permission: str) -> Iterator[None]:
    """Translate what boto3 raises while making one call.

    permission: the IAM action that the call needs, for the message when it is missing.
    """
    try:
        yield
    except ClientError as error:
        raise _from_client_error(subject, attempt, permission, error) from None
    except NoCredentialsError:
        raise AuthenticationError(
            subject,
            "no credentials were found",
            "set access_key and secret_key, a profile, or AWS's environment variables",
            attempt=attempt,
        ) from None
    except SSLError:
        raise TransientError(
            subject,
            "the TLS connection could not be verified",
            "check ca_bundle or AWS_CA_BUNDLE, and any proxy on the way",
            attempt=attempt,
        ) from None
    except (BotoConnectionError, HTTPClientError) as error:
        raise TransientError(
            subject,
            f"AWS could not be reached ({type(error).__name__})",
            "check region, endpoint_url, network and proxy, and run again",
            attempt=attempt,
        ) from None
    except BotoCoreError as error:
        raise ApiError(
            subject,
            f"boto3 could not make the call ({type(error).__name__})",
            "check the module's options",
            attempt=attempt,
        ) from None
    except (WrongAnswer, *MALFORMED):
        raise malformed(subject, "AWS", attempt) from None


def _from_client_error(
    subject: str, attempt: str, permission: str, error: ClientError
) -> CollectionError:
    response: Any = error.response
    code = plain_code(response.get("Error", {}).get("Code", "unknown"))
    metadata = response.get("ResponseMetadata", {})
    missed = _MISSED_ACTION.search(str(response.get("Error", {}).get("Message", "")))
    kind, reason, cure = _explain(code, missed[1] if missed else permission)
    return kind(
        subject,
        reason,
        cure,
        attempt=attempt,
        code=code,
        status=metadata.get("HTTPStatusCode"),
        request_id=metadata.get("RequestId"),
    )


def _explain(code: str, permission: str) -> tuple[type[CollectionError], str, str]:
    if code in _DENIED:
        return NotPermittedError, f"the credentials lack {permission} ({code})", _grant(permission)
    if code in _AUTHENTICATION:
        return (
            AuthenticationError,
            f"AWS does not accept the credentials ({code})",
            "check the access key, secret key and session token, and the clock of this machine",
        )
    if code in _KMS:
        return (
            NotPermittedError,
            f"the KMS key cannot be used ({code})",
            "allow kms:Decrypt and kms:GenerateDataKey on the secret's KMS key",
        )
    if code in TRANSIENT:
        return TransientError, f"AWS is busy or failing ({code})", "run again in a while"
    if code in _CONFLICT:
        return (
            ConflictError,
            f"the secret's state does not allow it ({code})",
            "look at the secret in the AWS console, and run again if somebody else changed it",
        )
    if code in _POLICY:
        reason, cure = _POLICY[code]
        return ConfigurationError, f"{reason} ({code})", cure
    return ApiError, f"AWS refused the request ({code})", "look the code up in AWS's documentation"


def _grant(permission: str) -> str:
    """Where a missing right has to be given."""
    if permission.startswith("kms:"):
        return f"allow {permission} on the KMS key in its key policy and the caller's IAM policy"
    if permission.startswith("sts:"):
        return (
            f"allow {permission} on the role in the caller's IAM policy and the caller in the"
            " role's trust policy, and check assume_role_external_id"
        )
    return f"allow {permission} on this secret in the caller's IAM policy"

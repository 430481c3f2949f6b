# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's errors in the two shapes that its clients expect."""

from __future__ import annotations

import json
import uuid
from xml.sax.saxutils import escape

JSON_TYPE = "application/x-amz-json-1.1"
XML_TYPE = "text/xml"

# The front end of AWS says "message", Secrets Manager itself "Message".
_FRONT_END = (
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "ThrottlingException",
    "UnrecognizedClientException",
)
# STS speaks the older query protocol and has other names for the same.
_STS_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "IncompleteSignatureException": "IncompleteSignature",
    "InternalServiceError": "InternalFailure",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "MissingAuthenticationTokenException": "MissingAuthenticationToken",
    "ServiceUnavailableException": "ServiceUnavailable",
    "ThrottlingException": "Throttling",
    "UnrecognizedClientException": "InvalidClientTokenId",
}
_STS_FORBIDDEN = (
    "AccessDenied",
    "ExpiredToken",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
)
_USUAL_CODES = {
    400: "ThrottlingException",
    403: "AccessDeniedException",
    429: "ThrottlingException",
    500: "InternalServiceError",
}


class AwsError(Exception):
    """An error by the name that Secrets Manager gives it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status


def usual_code(status: int) -> str:
    """The code to use for a fault that names only its status."""
    return _USUAL_CODES.get(status, "ServiceUnavailableException")


def json_body(error: AwsError) -> bytes:
    key = "message" if error.code in _FRONT_END else "Message"
    return json.dumps({"__type": error.code, key: error.message}).encode()


def sts_status(error: AwsError) -> int:
    code = _STS_CODES.get(error.code, error.code)
    return 403 if code in _STS_FORBIDDEN else error.status


def sts_body(error: AwsError) -> bytes:
    code = _STS_CODES.get(error.code, error.code)
    fault = "Sender" if error.status < 500 else "Receiver"
    return (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
        f"<Type>{fault}</Type><Code>{escape(code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    ).encode()

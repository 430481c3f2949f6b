# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signature version 4, verified: the signature is made again from what arrived."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from sandbox.aws.errors import AwsError
from sandbox.aws.request import Request

_TIMESTAMP = "%Y%m%dT%H%M%SZ"
_TOLERANCE = datetime.timedelta(minutes=5)
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})"
    r"/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)


@dataclass(frozen=True)
class Claim:
    """What the Authorization header says; nothing of it is proven yet."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


def read_claim(request: Request) -> Claim:
    header = request.headers.get("authorization")
    if not header:
        raise AwsError("MissingAuthenticationTokenException", "Missing Authentication Token")
    match = _AUTHORIZATION.fullmatch(header)
    if not match:
        # Its text would quote the header: left out, as it may hold anything.
        raise AwsError(
            "IncompleteSignatureException", "Authorization header requires AWS4-HMAC-SHA256 parts."
        )
    access_key, date, region, service, signed_headers, signature = match.groups()
    return Claim(access_key, date, region, service, tuple(signed_headers.split(";")), signature)


def verify(request: Request, claim: Claim, secret_key: str) -> None:
    """Raises unless the holder of the secret key signed this request, just now."""
    _check_scope(request, claim)
    timestamp = request.headers.get("x-amz-date", "")
    _check_date(timestamp)
    if not timestamp.startswith(claim.date):
        raise AwsError(
            "InvalidSignatureException",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            "HTTP.",
        )
    # A host or x-amz header that is not signed could be changed on the way.
    must_be_signed = {"host", *(name for name in request.headers if name.startswith("x-amz-"))}
    expected = _sign(request, claim, secret_key, timestamp)
    signed = must_be_signed <= set(claim.signed_headers) and _body_is_signed(request)
    if not hmac.compare_digest(expected, claim.signature) or not signed:
        raise AwsError("InvalidSignatureException", _MISMATCH)


def _sign(request: Request, claim: Claim, secret_key: str, timestamp: str) -> str:
    auth = SigV4Auth(Credentials(claim.access_key, secret_key), claim.service, claim.region)
    rebuilt = AWSRequest(
        method=request.method,
        url=f"https://{request.headers.get('host', '')}{request.target}",
        headers={
            name: request.headers[name] for name in claim.signed_headers if name in request.headers
        },
        data=request.body,
    )
    rebuilt.context["timestamp"] = timestamp
    return auth.signature(auth.string_to_sign(rebuilt, auth.canonical_request(rebuilt)), rebuilt)


def _body_is_signed(request: Request) -> bool:
    declared = request.headers.get("x-amz-content-sha256")
    return declared is None or declared == hashlib.sha256(request.body).hexdigest()


def _check_scope(request: Request, claim: Claim) -> None:
    service = request.service
    if claim.service != service:
        raise AwsError(
            "InvalidSignatureException",
            f"Credential should be scoped to correct service: '{service}'.",
        )
    labels = request.headers.get("host", "").split(".")
    if labels[-2:] == ["amazonaws", "com"]:  # in direct mode the host names no region
        region = labels[1] if len(labels) == 4 else "us-east-1"
        if claim.region != region:
            raise AwsError(
                "InvalidSignatureException",
                f"Credential should be scoped to a valid region, not '{claim.region}'. ",
            )


def _check_date(timestamp: str) -> None:
    try:
        signed = datetime.datetime.strptime(timestamp, _TIMESTAMP).replace(tzinfo=datetime.UTC)
    except ValueError:
        raise AwsError(
            "IncompleteSignatureException", "Authorization header requires existence of X-Amz-Date."
        ) from None
    now = datetime.datetime.now(datetime.UTC)
    earliest, latest = now - _TOLERANCE, now + _TOLERANCE
    if signed < earliest:
        problem = f"Signature expired: {timestamp} is now earlier than {earliest:{_TIMESTAMP}}"
        raise AwsError("InvalidSignatureException", f"{problem} ({now:{_TIMESTAMP}} - 5 min.)")
    if signed > latest:
        problem = f"Signature not yet current: {timestamp} is still later than"
        raise AwsError(
            "InvalidSignatureException",
            f"{problem} {latest:{_TIMESTAMP}} ({now:{_TIMESTAMP}} + 5 min.)",
        )

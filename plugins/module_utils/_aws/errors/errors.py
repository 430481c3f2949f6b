# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's errors in the collection's terms. Only codes are passed on, never AWS's texts.

What they mean is in the tables of causes.py, causes_denied.py and causes_raised.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any

from ..._core.causes import (
    Cause,
    Said,
    class_names,
    comes_from,
    error_for,
    translating,
    with_causes,
)
from ..._core.deadline import OutOfTime, overdue
from ..._core.errors import MALFORMED, CollectionError, malformed, plain_code
from .answers import WrongAnswer
from .causes import ANSWERS
from .causes import LAST as LAST_ANSWER
from .causes_raised import FILES, RAISED
from .causes_raised import LAST as LAST_RAISED
from .sources import UNKNOWN, CredentialSource, MfaPromptError

# A missing library is reported as such before anything here runs.
with suppress(ImportError):
    from botocore.exceptions import ClientError

# Of the SDK, and of what it sends requests with.
_PACKAGES = ("botocore", "boto3", "s3transfer", "urllib3")

# Where an answer says whose credentials were used, see connection.py.
SOURCE = "maia.stripe_query.source"

# The one part of AWS's text that is let through: the action that IAM missed, which may be another
# than the one called (tagging while creating, a KMS key's). Its shape allows nothing else.
_MISSED_ACTION = re.compile(r"not authorized to perform: ([a-z0-9-]{1,32}:[A-Za-z]{1,64})\b")
# The names of what PartialCredentialsError misses: environment variables, or entries of a profile.
_DETAIL = re.compile(r"[A-Za-z_ ]{1,64}")
_WHERE = {"where": "region and endpoint_url", "ca": "ca_bundle or AWS_CA_BUNDLE", "service": "AWS"}


def aws_errors(subject: str, attempt: str, permission: str) -> AbstractContextManager[None]:
    """Translate what boto3 raises while making one call.

    permission: the IAM action that the call needs, for the message when it is missing.
    """
    return translating(lambda error: _translated(subject, attempt, permission, error, UNKNOWN))


def credential_errors(subject: str, source: CredentialSource) -> AbstractContextManager[None]:
    """Translate what boto3 raises while it gets credentials from this source."""
    attempt = "getting credentials"

    def translate(error: Exception) -> CollectionError | None:
        if isinstance(error, (OSError, *MALFORMED)) and not comes_from(error, _PACKAGES):
            return _raised(subject, attempt, error, source, FILES)
        return _translated(subject, attempt, source.right, error, source)

    return translating(translate)


def _translated(
    subject: str, attempt: str, permission: str, error: Exception, source: CredentialSource
) -> CollectionError | None:
    """None for what is neither of the SDK nor about its answers."""
    if isinstance(error, ClientError):
        return _answered(subject, attempt, permission, error, source)
    if isinstance(error, OutOfTime) or comes_from(error, _PACKAGES):
        late = overdue(subject, attempt)
        return late or _raised(subject, attempt, error, source)
    if isinstance(error, MfaPromptError):
        return _raised(subject, attempt, error, source)
    if isinstance(error, (WrongAnswer, *MALFORMED)):
        return malformed(subject, "AWS", attempt)
    return None


def _answered(
    subject: str, attempt: str, permission: str, error: ClientError, source: CredentialSource
) -> CollectionError:
    response: Any = error.response
    details, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code = plain_code(details.get("Code", "unknown"))
    text = str(details.get("Message", ""))
    missed = _MISSED_ACTION.search(text)
    right = missed[1] if missed else permission
    said = Said(
        codes=[code],
        raised=class_names(error),
        status=metadata.get("HTTPStatusCode"),
        right=right,
        text=text,
    )
    known = metadata.get(SOURCE, source)
    return error_for(
        (*ANSWERS, LAST_ANSWER),
        said,
        subject,
        attempt,
        words={"code": code, "right": right or "the right to do it", **known.words},
        code=code,
        request_id=metadata.get("RequestId"),
    )


def _raised(
    subject: str,
    attempt: str,
    error: Exception,
    source: CredentialSource,
    table: tuple[Cause, ...] = RAISED,
) -> CollectionError:
    details: Mapping[str, Any] = getattr(error, "kwargs", {})
    provider = str(details.get("provider") or source.method or "")
    detail = str(details.get("cred_var", ""))
    inner = details.get("error")
    texts = [with_causes(error), with_causes(inner) if isinstance(inner, Exception) else str(inner)]
    said = Said(
        codes=[provider] if provider else [], raised=class_names(error), text="\n".join(texts)
    )
    words = {
        **_WHERE,
        **source.words,
        "class_name": type(error).__name__,
        "detail": detail if _DETAIL.fullmatch(detail) else "a part of them",
    }
    return error_for((*table, LAST_RAISED), said, subject, attempt, words=words)

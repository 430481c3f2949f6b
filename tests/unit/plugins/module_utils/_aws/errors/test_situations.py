# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS and boto3 say becomes an error that leads to the cause."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import botocore.exceptions
import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.errors import (
    SOURCE,
    aws_errors,
    credential_errors,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.sources import (
    UNKNOWN,
    CredentialSource,
    MfaPromptError,
    source_of,
)
from unit.situations.injected import ATTEMPT, SUBJECT, Situation, check_translated, situations


@pytest.mark.parametrize("situation", situations("aws"))
def test_situation(situation: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _source(situation.get("source"), monkeypatch)
    needs = situation.get("needs", "secretsmanager:PutSecretValue")
    if "raises" in situation:
        error = _exception(*situation["raises"])
        check_translated(situation, credential_errors(SUBJECT, source), error)
    else:
        code, text = situation["answers"]
        error = _answer(code, text, source)
        check_translated(situation, aws_errors(SUBJECT, ATTEMPT, needs), error)


def _source(given: Any, monkeypatch: pytest.MonkeyPatch) -> CredentialSource:
    if given is None:
        return UNKNOWN
    for name, value in given.get("environment", {}).items():
        monkeypatch.setenv(name, value)
    profile = given.get("profile")
    core = SimpleNamespace(full_config={"profiles": {profile: given.get("entries", {})}})
    return source_of(core, profile=profile, explicit=given.get("explicit", False))


def _answer(code: str, text: str, source: CredentialSource) -> Exception:
    response: Any = {
        "Error": {"Code": code, "Message": text},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "r-1", SOURCE: source},
    }
    return botocore.exceptions.ClientError(response, "PutSecretValue")


def _exception(name: str, options: dict[str, Any]) -> Exception:
    if name == "MfaPromptError":
        return MfaPromptError()
    if name == "JSONDecodeError":
        return json.JSONDecodeError("Expecting value", "secret", 0)
    if kind := getattr(botocore.exceptions, name, None):
        made: Exception = kind(**options)
        return made
    return {"FileNotFoundError": FileNotFoundError, "PermissionError": PermissionError}[name]()

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where AWS's clients send to, whoever has set it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    AwsConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)

ELSEWHERE = "http://vault.example"
ROLE = "arn:aws:iam::123456789012:role/x"
_SERVICES = "services = x\n[services x]\nsecrets_manager =\n  endpoint_url = "


def connection(**options: Any) -> AwsConnection:
    given = {"region": "eu-west-1", "access_key": "a", "secret_key": "b", "max_attempts": 1}
    return AwsConnection(**{**given, **options})


@pytest.mark.parametrize(
    ("variable", "options"),
    [
        ("AWS_ENDPOINT_URL", {}),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", {}),
        ("AWS_ENDPOINT_URL_KMS", {}),
        ("AWS_ENDPOINT_URL_STS", {"assume_role_arn": ROLE}),
    ],
)
def test_1_3_an_endpoint_of_the_environment_is_checked(
    variable: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ELSEWHERE)
    with pytest.raises(ConfigurationError, match=r"AWS endpoint of .*unencrypted"):
        _use(connection(**options))


@pytest.mark.parametrize("entry", ["endpoint_url = ", _SERVICES])
def test_1_3_an_endpoint_of_the_configuration_file_is_checked(
    entry: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config"
    file.write_text(f"[default]\n{entry}{ELSEWHERE}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    with pytest.raises(ConfigurationError, match=r"AWS endpoint of .*unencrypted"):
        _use(connection())


def test_1_3_the_sources_of_credentials_send_nothing_in_clear_either(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """botocore makes a client of STS by itself, which no look at our own clients would find."""
    token = tmp_path / "token"
    token.write_text("a token")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", ELSEWHERE)
    monkeypatch.setenv("AWS_ROLE_ARN", ROLE)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    with pytest.raises(ConfigurationError, match="unencrypted"):
        connection(access_key=None, secret_key=None).open().secrets_manager()


def _use(made: AwsConnection) -> None:
    """Make each client; none is asked anything."""
    clients = made.open()
    clients.secrets_manager()
    clients.client("kms")

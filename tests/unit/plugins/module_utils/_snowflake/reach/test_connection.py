# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to log in to Snowflake: what the options mean, and that they work with the connector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach import credentials
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach.connection import (
    CONNECTION_SPEC,
    SnowflakeConnection,
)
from unit.keys import random_text

PASSWORD = random_text()
BASE = {"account": "org-acct", "user": "u"}


def connection_of(**options: Any) -> SnowflakeConnection:
    validated = validator(CONNECTION_SPEC).validate(options)
    assert not validated.error_messages
    return SnowflakeConnection.from_params(validated.validated_parameters)


def refusal(**options: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        connection_of(**options)
    text = str(refused.value)
    assert PASSWORD not in text
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__
    return text


def private(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


# --- logging in to the sandbox ---


# --- limits ---


@pytest.mark.parametrize(
    ("version", "limits"),
    [
        ("3.18.0", {"login_timeout": 7, "network_timeout": 7}),
        ("4.8.1", {"login_timeout": 7, "network_timeout": 7}),
        (
            "5.2.0",
            {
                "login_timeout": 7,
                "query_timeout": 7,
                "request_timeout": 7,
                "retry_max_attempts": 3,
            },
        ),
    ],
)
def test_what_the_connector_is_told_of_limits(version: str, limits: dict[str, int]) -> None:
    connection = connection_of(**BASE, password=PASSWORD, max_attempts=3, max_seconds=7)
    assert connection._limits(version) == limits


# --- what is refused before anything is contacted ---


def test_every_authenticator_names_what_it_needs() -> None:
    for kind in credentials.AUTHENTICATORS:
        assert f"authenticator {kind} needs" in refusal(account="a", authenticator=kind)


@pytest.mark.parametrize(
    ("options", "authenticator"),
    [
        ({"password": PASSWORD}, "SNOWFLAKE"),
        ({"password": PASSWORD, "passcode": "123456"}, "USERNAME_PASSWORD_MFA"),
        ({"password": PASSWORD, "token": PASSWORD}, "PROGRAMMATIC_ACCESS_TOKEN"),
        (
            {
                "oauth_client_id": "c",
                "oauth_client_secret": PASSWORD,
                "oauth_token_request_url": "https://id.example.com/token",
            },
            "OAUTH_CLIENT_CREDENTIALS",
        ),
    ],
)
def test_the_authenticator_follows_from_what_is_given(
    options: dict[str, Any], authenticator: str
) -> None:
    settings = connection_of(**BASE, **options).settings
    assert settings["authenticator"] == authenticator
    assert PASSWORD not in repr(connection_of(**BASE, **options))


def test_no_approval_on_a_phone_is_waited_for() -> None:
    text = refusal(**BASE, password=PASSWORD, authenticator="username_password_mfa")
    assert "without passcode Snowflake would ask" in text
    assert "private_key_path" in text


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"password": PASSWORD}, "the password of user u"),
        ({"password": PASSWORD, "passcode": "123456"}, "the password and passcode of user u"),
        ({"token": PASSWORD}, "the programmatic access token of user u"),
        ({"authenticator": "oauth", "token": PASSWORD}, "the OAuth access token"),
    ],
)
def test_the_way_to_log_in_has_a_name(options: dict[str, Any], name: str) -> None:
    assert connection_of(account="a", user="u", **options).credentials == name


def test_the_name_tells_the_key_file_and_the_connection(tmp_path: Path) -> None:
    file = private(
        tmp_path / "connections.toml",
        f'[shop]\naccount = "a"\nuser = "u"\npassword = "{PASSWORD}"\n',
    )
    made = connection_of(connection_name="shop", connections_file=file)
    assert made.credentials == "the password of user u of connection 'shop'"


def test_workload_identity_is_passed_on() -> None:
    settings = connection_of(
        account="a",
        authenticator="workload_identity",
        workload_identity_provider="azure",
        workload_identity_entra_resource="api://x",
        workload_identity_impersonation_path=["one", "two"],
    ).settings
    assert settings == {
        "account": "a",
        "protocol": "https",
        "authenticator": "WORKLOAD_IDENTITY",
        "workload_identity_provider": "AZURE",
        "workload_identity_entra_resource": "api://x",
        "workload_identity_impersonation_path": ["one", "two"],
    }


def test_an_identity_token_is_needed_for_oidc() -> None:
    options = {"authenticator": "workload_identity", "workload_identity_provider": "oidc"}
    assert "oidc needs token" in refusal(account="a", **options)


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.com/token",
        "id.example.com",
        "https://u:p@id.example.com/token",
        "https://127.0.0.2\\.id.example.com/token",
    ],
)
def test_a_client_secret_is_sent_encrypted_only(url: str) -> None:
    options = {"oauth_client_id": "c", "oauth_client_secret": PASSWORD}
    text = refusal(**BASE, **options, oauth_token_request_url=url)
    assert "option oauth_token_request_url: " in text


def named(tmp_path: Path, text: str, name: str = "shop", mode: int = 0o600) -> str:
    path = private(tmp_path / "connections.toml", text, mode)
    return refusal(connection_name=name, connections_file=path)


def test_a_connections_file_that_will_not_do(tmp_path: Path) -> None:
    secret = f'password = "{PASSWORD}"'
    entries = f'[shop]\naccount = "a"\nuser = "u"\n{secret}\n'
    assert "there is no connection of this name; add it, or use one of shop." in named(
        tmp_path, entries, "other"
    )
    assert "gives rights to others" in named(tmp_path, entries, mode=0o644)
    assert "it is not valid TOML" in named(tmp_path, f"[shop\n{secret}")
    assert "its port is of the wrong type" in named(tmp_path, f"{entries}port = [1]")
    assert "externalbrowser is not one of those that this module knows" in named(
        tmp_path, f'{entries}authenticator = "externalbrowser"'
    )
    assert "unencrypted" in named(tmp_path, f'{entries}protocol = "http"\nhost = "x.example"')
    text = refusal(connection_name="shop", connections_file=str(tmp_path / "nothing"))
    assert "there is no such file" in text


def test_nowhere_is_there_a_connections_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOWFLAKE_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert "there is no connections.toml" in refusal(connection_name="shop")
    (tmp_path / "snowflake").mkdir()
    private(tmp_path / "snowflake" / "connections.toml", f'[shop]\npassword = "{PASSWORD}"')
    assert "account is missing" in refusal(connection_name="shop")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"host": "127.0.0.2\\.snowflakecomputing.com"}, "option host"),
        ({"host": "user@org-acct.snowflakecomputing.com"}, "option host"),
        ({"host": "https://org-acct.snowflakecomputing.com"}, "option host"),
        ({"host": "org-acct.snowflakecomputing.com:80"}, "option host"),
        ({"host": "org-acct.snowflakecomputing.com", "protocol": "http"}, "unencrypted"),
        ({"host": "org-acct.snowflakecomputing.com", "port": 0}, "0 is not a port"),
        ({"account": "org..acct"}, "option account"),
        ({"account": "127.0.0.1."}, "option account"),
    ],
)
def test_1_3_a_host_is_nothing_but_a_host(options: dict[str, Any], reason: str) -> None:
    assert reason in refusal(**{**BASE, "password": PASSWORD, **options})


def test_an_account_may_have_underscores() -> None:
    assert connection_of(account="org-my_account", user="u", password=PASSWORD).settings

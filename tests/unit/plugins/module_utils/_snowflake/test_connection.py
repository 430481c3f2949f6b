# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to log in to Snowflake: what the options mean, and that they work with the connector."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    ConfigurationError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import validator
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.connection import (
    CONNECTION_SPEC,
    SnowflakeConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.credentials import (
    AUTHENTICATORS,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
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


@pytest.fixture
def reach(services: SandboxClient) -> dict[str, Any]:
    """How to reach the sandbox without TLS."""
    host, port = services.state.services["snowflake"].plain_url[7:].split(":")
    return {"host": host, "port": int(port), "protocol": "http"}


@pytest.fixture
def token_url(services: SandboxClient) -> str:
    return f"{services.state.services['snowflake'].plain_url}/oauth/token-request"


def who_am_i(**options: Any) -> tuple[str, str]:
    with connection_of(**options).open() as session:
        (row,) = session.run("SELECT CURRENT_USER() AS WHO, CURRENT_ROLE() AS ROLE")
    return row["who"], row["role"]


# --- logging in to the sandbox ---


@pytest.mark.parametrize(
    ("identity", "user"),
    [
        ("full", "MAIA_FULL"),
        ("key_pair", "MAIA_FULL"),
        ("encrypted_key_pair", "MAIA_FULL"),
        ("token", "MAIA_FULL"),
        ("oauth", "MAIA_FULL"),
        ("oauth_client", "MAIA_FULL"),
        ("mfa", "MAIA_MFA"),
    ],
)
def test_each_way_to_log_in(
    services: SandboxClient, reach: dict[str, Any], token_url: str, identity: str, user: str
) -> None:
    options = {**reach, **services.identity("snowflake", identity)}
    if identity == "oauth_client":
        options["oauth_token_request_url"] = token_url
    assert who_am_i(**options) == (user, "MAIA_ADMIN")


@pytest.mark.parametrize(
    ("identity", "option"),
    [
        ("full", "password"),
        ("token", "token"),
        ("oauth", "token"),
        ("oauth_client", "oauth_client_secret"),
        ("mfa", "passcode"),
        ("mfa", "password"),
    ],
)
def test_each_way_with_a_wrong_secret(
    services: SandboxClient, reach: dict[str, Any], token_url: str, identity: str, option: str
) -> None:
    options = {**reach, **services.identity("snowflake", identity), option: PASSWORD}
    if identity == "oauth_client":
        options["oauth_token_request_url"] = token_url
    with pytest.raises(CollectionError) as failure:
        connection_of(**options).open()
    assert isinstance(failure.value, AuthenticationError), failure.value
    assert PASSWORD not in str(failure.value)


def test_a_key_in_a_file(services: SandboxClient, reach: dict[str, Any], tmp_path: Path) -> None:
    identity = dict(services.identity("snowflake", "encrypted_key_pair"))
    path = private(tmp_path / "key.p8", identity.pop("private_key"), 0o640)
    assert who_am_i(**reach, **identity, private_key_path=path) == ("MAIA_FULL", "MAIA_ADMIN")


def test_somebody_elses_key(services: SandboxClient, reach: dict[str, Any]) -> None:
    options = {**services.identity("snowflake", "key_pair"), "user": "MAIA_METADATA"}
    with pytest.raises(AuthenticationError):
        connection_of(**{**reach, **options}).open()


@pytest.mark.parametrize("file", ["connections.toml", "config.toml"])
def test_a_connection_by_name(
    services: SandboxClient,
    reach: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
) -> None:
    identity = services.identity("snowflake", "token")
    table = "shop" if file == "connections.toml" else "connections.shop"
    text = f"""
[{table}]
account = "{identity["account"]}"
user = "{identity["user"]}"
token = "{identity["token"]}"
authenticator = "PROGRAMMATIC_ACCESS_TOKEN"
warehouse = "NOT NEEDED"
host = "{reach["host"]}"
port = {reach["port"]}
protocol = "http"
"""
    private(tmp_path / file, text)
    monkeypatch.setenv("SNOWFLAKE_HOME", str(tmp_path))
    assert who_am_i(connection_name="shop") == ("MAIA_FULL", "MAIA_ADMIN")
    # Options come first.
    assert who_am_i(connection_name="shop", role="RUNNER_ROLE") == ("MAIA_FULL", "RUNNER_ROLE")
    assert connection_of(connection_name="shop").secrets() == [identity["token"]]


# --- limits ---


def test_a_service_that_is_down_is_given_up_on_after_so_many_attempts(
    services: SandboxClient, reach: dict[str, Any], connector_version: int
) -> None:
    if connector_version < 5:
        pytest.skip("earlier versions know no such limit")
    options = {**reach, **services.identity("snowflake")}
    with connection_of(**options, max_attempts=2).open() as session:
        services.clear()
        services.order(Fault("snowflake", status=503, times=50))
        with pytest.raises(Exception, match=r"503|retr"):
            session.run("SELECT 1")
    assert services.requests("snowflake").get("SELECT", 0) == 2


def test_a_service_that_is_down_is_given_up_on_after_so_many_seconds(
    services: SandboxClient, reach: dict[str, Any]
) -> None:
    options = {**reach, **services.identity("snowflake")}
    connection = connection_of(**options, max_seconds=2, max_attempts=1000)
    services.order(Fault("snowflake", status=503, times=1000))
    start = time.monotonic()
    with pytest.raises(TransientError):
        connection.open()
    assert time.monotonic() - start < 15


@pytest.fixture
def connector_version() -> int:
    from snowflake.connector import __version__

    return int(__version__.split(".")[0])


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
    for kind in AUTHENTICATORS:
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


def test_a_key_that_is_none(services: SandboxClient) -> None:
    encrypted = services.identity("snowflake", "encrypted_key_pair")["private_key"]
    plain = services.identity("snowflake", "key_pair")["private_key"]
    broken = plain[:200] + plain[300:]
    assert "it is no key in PEM" in refusal(**BASE, private_key=PASSWORD)
    assert "it is no key in PEM" in refusal(**BASE, private_key=broken)
    assert "there is no passphrase" in refusal(**BASE, private_key=encrypted)
    text = refusal(**BASE, private_key=encrypted, private_key_passphrase=PASSWORD)
    assert "cannot be decrypted with this passphrase" in text
    # One that is not needed does no harm.
    assert connection_of(**BASE, private_key=plain, private_key_passphrase=PASSWORD)


def test_a_key_file_that_will_not_do(services: SandboxClient, tmp_path: Path) -> None:
    def refused(path: str) -> str:
        text = refusal(**BASE, private_key_path=path)
        assert text.startswith(f"Snowflake private key {path}: ")
        return text

    key = services.identity("snowflake", "key_pair")["private_key"]
    path = private(tmp_path / "key.p8", key)
    assert connection_of(**BASE, private_key_path=path)
    assert "there is no such file" in refused(str(tmp_path / "nothing"))
    assert "it is not a regular file" in refused(str(tmp_path))
    for mode in (0o644, 0o604, 0o620, 0o602):
        Path(path).chmod(mode)
        assert f"its mode {mode:04o} gives rights to others" in refused(path)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "bytes").chmod(0o600)
    assert "it is not a text file" in refused(str(tmp_path / "bytes"))


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


def test_the_names_that_the_connector_has_for_our_options(
    services: SandboxClient, tmp_path: Path
) -> None:
    key = services.identity("snowflake", "encrypted_key_pair")
    key_path = private(tmp_path / "key.p8", key["private_key"])
    text = f"""
[key]
account = "a"
username = "u"
private_key_file = "{key_path}"
private_key_file_pwd = "{key["private_key_passphrase"]}"

[token]
account = "a"
user = "u"
token_file_path = "{private(tmp_path / "token", PASSWORD + chr(10))}"
"""
    path = private(tmp_path / "connections.toml", text)
    settings = connection_of(connection_name="key", connections_file=path).settings
    assert (settings["authenticator"], settings["user"]) == ("SNOWFLAKE_JWT", "u")
    settings = connection_of(connection_name="token", connections_file=path).settings
    assert settings["token"] == PASSWORD


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

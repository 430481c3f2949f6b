# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to log in to Snowflake: what the options mean, and that they work with the connector."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    CollectionError,
    TransientError,
)
from sandbox.client import SandboxClient
from sandbox.service import Fault
from unit.plugins.module_utils._snowflake.reach.test_connection import (
    BASE,
    PASSWORD,
    connection_of,
    private,
    refusal,
)


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
    # The connector's clock cannot be replaced: this takes as long as it says.
    with pytest.raises(TransientError):
        connection.open()


@pytest.fixture
def connector_version() -> int:
    from snowflake.connector import __version__

    return int(__version__.split(".")[0])


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
    (tmp_path / "bytes").write_bytes(b"\x80\x81")
    (tmp_path / "bytes").chmod(0o600)
    assert "it is not a text file" in refused(str(tmp_path / "bytes"))


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

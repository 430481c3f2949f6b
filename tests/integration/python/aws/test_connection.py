# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, roles, and how often a call is tried."""

from __future__ import annotations

import itertools
import logging
import math
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.handlers
import botocore.session
import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.errors.errors import aws_errors
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach import (
    connection,
    retries,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core import limits
from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import Deadline
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
    ConfigurationError,
    NotPermittedError,
    TransientError,
)
from sandbox.aws.identities import EXTERNAL_IDS
from sandbox.service import Fault
from unit.fakes import forbidden

ROLE = "arn:aws:iam::123456789012:role"


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


# --- roles ---


def test_a_role_is_assumed_by_one_call_and_its_rights_count(aws: Any) -> None:
    refused = aws.run("metadata")
    assert "lack secretsmanager:CreateSecret" in refused["msg"]
    aws.calls()
    # Who has no right but to assume the role.
    result = aws.run("assumer", assume_role_arn=f"{ROLE}/stripe-keys")
    assert result["changed"], result
    assert result["region"] == "eu-west-1"
    assert aws.calls() == {"AssumeRole": 1, "DescribeSecret": 2, "CreateSecret": 1}


def test_all_that_was_given_for_the_role_is_sent(monkeypatch: pytest.MonkeyPatch, aws: Any) -> None:
    sent: list[dict[str, Any]] = []

    def assume_role(**request: Any) -> dict[str, Any]:
        sent.append(request)
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        return {"Credentials": dict.fromkeys(names, "x")}

    made = aws.connection(
        assume_role_arn=f"{ROLE}/a/b",
        assume_role_external_id="e",
        assume_role_session_name="ab",
        assume_role_duration_seconds=1000,
    )
    stub = SimpleNamespace(assume_role=assume_role)
    client = connection.AwsClients.client
    monkeypatch.setattr(
        connection.AwsClients,
        "client",
        lambda self, service: stub if service == "sts" else client(self, service),
    )
    made.open()
    assert sent == [
        {
            "RoleArn": f"{ROLE}/a/b",
            "ExternalId": "e",
            "RoleSessionName": "ab",
            "DurationSeconds": 1000,
        }
    ]


def test_a_role_that_asks_for_an_external_id(aws: Any) -> None:
    role = f"{ROLE}/partner"
    good = aws.run(assume_role_arn=role, assume_role_external_id=EXTERNAL_IDS["partner"])
    assert good["changed"]
    for external_id in (None, "wrong"):
        result = aws.run(assume_role_arn=role, assume_role_external_id=external_id)
        assert result["error"]["kind"] == "not_permitted"
        assert result["msg"].startswith(f"AWS role {role}: assuming it failed: ")
        assert "assume_role_external_id" in result["msg"]


def test_without_the_right_to_assume_it_is_named(aws: Any) -> None:
    made = aws.connection("none", assume_role_arn=f"{ROLE}/stripe-keys")
    with pytest.raises(NotPermittedError, match=r"lack sts:AssumeRole .* trust policy"):
        made.open()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"assume_role_arn": "stripe-keys"}, "is not a role's ARN"),
        ({"assume_role_arn": "arn:aws:iam::123456789012:user/x"}, "is not a role's ARN"),
        ({"assume_role_session_name": "a b"}, "assume_role_session_name is not one"),
        ({"assume_role_session_name": "x"}, "assume_role_session_name is not one"),
        ({"assume_role_duration_seconds": 899}, "assume_role_duration_seconds is 899"),
        ({"assume_role_duration_seconds": 43201}, "assume_role_duration_seconds is 43201"),
    ],
)
def test_bad_options(aws: Any, options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        aws.connection(**{"assume_role_arn": f"{ROLE}/x", **options})


# --- sources of credentials ---


def write_profile(tmp_path: Path, credentials: dict[str, str], region: str) -> None:
    (tmp_path / "config").write_text(
        "[profile data]\n"
        f"aws_access_key_id = {credentials['access_key']}\n"
        f"aws_secret_access_key = {credentials['secret_key']}\n"
        f"region = {region}\n"
    )


def nobody(aws: Any, **options: Any) -> Any:
    """A connection with no credentials of its own."""
    return aws.connection(access_key=None, secret_key=None, region=None, **options)


def test_a_profile_gives_credentials_and_region(aws: Any, tmp_path: Path) -> None:
    write_profile(tmp_path, aws.services.identity("aws"), "eu-north-1")
    result = aws.run(access_key=None, secret_key=None, region=None, profile="data")
    assert result["changed"], result
    assert result["region"] == "eu-north-1"


def test_amazon_aws_1223_a_profile_comes_before_the_environment(
    aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_profile(tmp_path, aws.services.identity("aws"), "eu-north-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "environment")
    assert nobody(aws, profile="data").open().secrets_manager().list_secrets()["SecretList"] == []


def test_the_environment_and_the_task_s_region(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = aws.services.identity("aws")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", given["access_key"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", given["secret_key"])
    for variable, region in (("AWS_DEFAULT_REGION", "us-west-1"), ("AWS_REGION", "us-east-2")):
        monkeypatch.setenv(variable, region)
        assert nobody(aws).open().secrets_manager().meta.region_name == region
    task = aws.connection(access_key=None, secret_key=None, region="eu-west-3")
    assert task.open().secrets_manager().meta.region_name == "eu-west-3"


def test_a_web_identity_is_a_source(
    aws: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What STS says to the token is told with its file; here STS is not told of any."""
    token = tmp_path / "token"
    token.write_text("not a real one")
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    monkeypatch.setenv("AWS_ROLE_ARN", f"{ROLE}/stripe-keys")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://localhost:1")
    with pytest.raises(
        TransientError, match="getting credentials failed: AWS could not be reached"
    ):
        nobody(aws).open()


def test_no_credentials_and_no_region(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="no region is set"):
        nobody(aws).open()
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(AuthenticationError, match="no credentials were found"):
        nobody(aws).open()


# --- how often and how long ---


class Clock:
    """Its time passes only in pauses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += 10

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return time.time()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("botocore.endpoint.time", made)
    monkeypatch.setattr(retries, "time", made)
    # The whole operation has all the time that it is given, however busy the machine is.
    monkeypatch.setattr(limits, "Deadline", partial(Deadline, clock=lambda: 0.0))
    return made


@pytest.mark.parametrize(
    ("fault", "options", "attempts"),
    [
        pytest.param({"status": 503}, {}, 5, id="the default"),
        pytest.param({"status": 503}, {"max_attempts": 2}, 2, id="attempts"),
        pytest.param({"status": 503}, {"max_attempts": 1}, 1, id="one attempt"),
        pytest.param({"status": 503}, {"max_seconds": 15}, 3, id="seconds"),
        pytest.param({"status": 503}, {"max_seconds": 1}, 1, id="one second"),
        pytest.param(
            {"status": 400, "code": "ThrottlingException"}, {"max_seconds": 15}, 3, id="throttled"
        ),
        pytest.param(
            {"status": 400, "code": "ThrottlingException"}, {}, 5, id="throttled, the default"
        ),
    ],
)
def test_a_failing_call_is_tried_so_often(
    aws: Any, clock: Clock, fault: dict[str, Any], options: dict[str, int], attempts: int
) -> None:
    aws.services.order(Fault("aws", operation="DescribeSecret", times=99, **fault))
    result = aws.run(**options)
    assert result["error"]["kind"] == "transient"
    assert aws.calls() == {"DescribeSecret": attempts}
    assert len(clock.pauses) == attempts - 1


def test_other_refusals_keep_their_kind_when_it_is_late(
    aws: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = itertools.count(step=10.0)
    monkeypatch.setattr(clock, "monotonic", lambda: next(moments))
    assert aws.run(max_seconds=1)["changes"] == ["state", "value"]
    assert aws.run("none", max_seconds=1)["error"]["kind"] == "not_permitted"


def test_nobody_answers(aws: Any, clock: Clock) -> None:
    client = (
        aws.connection(endpoint_url="https://localhost:1", max_seconds=15).open().secrets_manager()
    )
    with (
        pytest.raises(TransientError, match="could not be reached"),
        aws_errors("It", "asking", ""),
    ):
        client.list_secrets()
    assert len(clock.pauses) == 2


def test_ansible_63366_botocore_logs_no_request(aws: Any, caplog: pytest.LogCaptureFixture) -> None:
    """CVE-2019-14846: with everything logged, the key was in the log."""
    caplog.set_level(logging.DEBUG)
    assert aws.run()["changed"]
    assert aws.key not in caplog.text
    assert aws.services.identity("aws")["secret_key"] not in caplog.text


# --- what workers inherit ---


def test_a_client_needs_no_file_that_its_parent_could_have_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection.prime()
    monkeypatch.setattr(connection._LOADER.file_loader, "load_file", forbidden)
    made = connection.AwsConnection(region="eu-west-1", access_key="a", secret_key="b")
    assert made.open().secrets_manager().meta.service_model.service_name == "secretsmanager"


def test_priming_asks_for_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.session.Session, "get_credentials", forbidden)
    connection.prime()


# --- what threads share ---


def test_all_threads_get_the_same_client() -> None:
    clients = connection.AwsConnection(region="eu-west-1", access_key="a", secret_key="b").open()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _number: clients.secrets_manager(), range(8)))
    assert len({id(client) for client in made}) == 1
    assert clients.client("kms") is not made[0]


def test_the_credentials_of_a_role_are_not_shared_until_they_end() -> None:
    role = connection.AwsConnection(assume_role_arn="arn:aws:iam::123456789012:role/x")
    assert role.lifetime == 450
    assert connection.AwsConnection().lifetime == math.inf


# --- what sessions share ---


def test_a_session_has_all_of_botocore_s_handlers() -> None:
    events = connection._new_session().events
    # Not those that the sandbox's emulator, which is imported here as well, adds to the list.
    for name, handler, *_order in botocore.handlers.BUILTIN_HANDLERS:
        if handler.__module__.startswith("botocore."):
            event = events._alias_event_name(name)
            assert handler in events._emitter._handlers.prefix_search(event), name


def test_what_one_session_registers_is_no_business_of_the_others() -> None:
    met: list[str] = []
    first, second = (connection._new_session().events for _session in range(2))
    first.register("an-event", lambda **_event: met.append("first"))
    for events in (first, second, connection._new_session().events):
        events.emit("an-event")
    assert met == ["first"]


# --- who is asking ---


def test_requests_say_whose_they_are_in_a_text_that_is_made_once(aws: Any) -> None:
    client = aws.connection().open().secrets_manager()
    agents: list[bytes] = []
    client.meta.events.register(
        "before-send", lambda request, **_event: agents.append(request.headers["User-Agent"])
    )
    for _time in range(2):
        client.list_secrets()
    first, second = agents
    assert first == second
    assert b"Botocore/" in first
    assert first.endswith(b" maia.stripe_query")
    assert client._user_agent_creator.to_string.cache_info().misses == 1

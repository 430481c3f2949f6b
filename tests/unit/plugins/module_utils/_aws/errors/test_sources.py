# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where boto3 has its credentials from is told, good or not; nothing is contacted."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    AwsConnection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
)
from unit.fakes import forbidden
from unit.keys import random_text

SECRET = random_text()
ROLE = "arn:aws:iam::111122223333:role/deploy"
KEYS = f"aws_access_key_id = k\naws_secret_access_key = {SECRET}\n"


@dataclass
class Setup:
    """What the user has set up; DIR in it is a directory of the test's own.

    profile: the option. config: of ~/.aws/config.
    """

    config: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    profile: str | None = None
    keys: bool = False


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> object:
    def connection(setup: Setup) -> AwsConnection:
        monkeypatch.setattr(getpass, "getpass", forbidden)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        config = tmp_path / "config"
        config.write_text(setup.config.replace("DIR", str(tmp_path)), "utf-8")
        (tmp_path / "rubbish").write_text("#!/bin/sh\necho hello\n", "utf-8")
        (tmp_path / "rubbish").chmod(0o700)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        for name, value in setup.environment.items():
            monkeypatch.setenv(name, value.replace("DIR", str(tmp_path)))
        return AwsConnection(
            region="eu-west-1",
            profile=setup.profile,
            access_key="k" if setup.keys else None,
            secret_key=SECRET if setup.keys else None,
        )

    return connection


SSO = """\
[profile shop]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = deploy
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
ROLES = f"[profile base]\n{KEYS}[profile ops]\nrole_arn = {ROLE}\nsource_profile = base\n"
BROKEN = {
    "an MFA code is asked for": (
        Setup(f"{ROLES}mfa_serial = m\n", profile="ops"),
        f"role {ROLE} of profile 'ops' (option profile) needs an MFA code",
    ),
    "so it is for AWS_PROFILE": (
        Setup(f"{ROLES}mfa_serial = m\n", {"AWS_PROFILE": "ops"}),
        f"role {ROLE} of profile 'ops' (AWS_PROFILE) needs an MFA code",
    ),
    "nobody signed in": (
        Setup(SSO, profile="shop"),
        "no one is signed in to SSO session 'corp' of profile 'shop' (option profile); run aws sso"
        " login --profile shop",
    ),
    "SSO is half set up": (
        Setup(SSO.partition("[sso-session")[0], profile="shop"),
        "is set up for single sign-on, but not completely; run aws configure sso",
    ),
    "no token file": (
        Setup(environment={"AWS_WEB_IDENTITY_TOKEN_FILE": "DIR/none", "AWS_ROLE_ARN": ROLE}),
        "none (of AWS_WEB_IDENTITY_TOKEN_FILE) does not exist",
    ),
    "a token file that is none": (
        Setup(environment={"AWS_WEB_IDENTITY_TOKEN_FILE": "DIR", "AWS_ROLE_ARN": ROLE}),
        "(of AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read",
    ),
    "no role for the token": (
        Setup(environment={"AWS_WEB_IDENTITY_TOKEN_FILE": "DIR/config"}),
        "no role for it; set AWS_ROLE_ARN",
    ),
    "no such command": (
        Setup("[profile shop]\ncredential_process = DIR/none\n", profile="shop"),
        "the command of the credential_process of profile 'shop' (option profile) does not exist",
    ),
    "the command fails": (
        Setup("[profile shop]\ncredential_process = false\n", profile="shop"),
        "the credential_process of profile 'shop' (option profile) failed, or printed",
    ),
    "the command prints something else": (
        Setup("[default]\ncredential_process = DIR/rubbish\n"),
        "the credential_process of profile 'default' failed, or printed",
    ),
    "no such profile": (
        Setup(environment={"AWS_PROFILE": "typo"}),
        "profile 'typo' (AWS_PROFILE) is not in the AWS configuration files",
    ),
    "no such profile by option": (
        Setup(profile="typo"),
        "profile 'typo' (option profile) is not in the AWS configuration files",
    ),
    "a secret key is missing": (
        Setup(environment={"AWS_ACCESS_KEY_ID": "k"}),
        "from the environment (AWS_ACCESS_KEY_ID) are incomplete: AWS_SECRET_ACCESS_KEY is missing",
    ),
    "nothing": (Setup(), "no credentials were found; set access_key"),
    "a file that is no configuration": (Setup("hello\n"), "cannot be read as one; correct"),
    "the source of a role is missing": (
        Setup(f"[profile ops]\nrole_arn = {ROLE}\nsource_profile = none\n", profile="ops"),
        "cannot be used as it is set up; check source_profile",
    ),
    "a chain without an end": (
        Setup(
            f"[profile a]\nrole_arn = {ROLE}\nsource_profile = b\n"
            f"[profile b]\nrole_arn = {ROLE}\nsource_profile = a\n",
            profile="a",
        ),
        "leads back to itself through source_profile",
    ),
    "a container's token file": (
        Setup(
            environment={
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "DIR/none",
            }
        ),
        "the container's token file cannot be read",
    ),
}
GOOD = {
    "options": (Setup(keys=True), "the options access_key and secret_key"),
    "environment": (
        Setup(environment={"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": SECRET}),
        "the environment (AWS_ACCESS_KEY_ID)",
    ),
    "profile": (
        Setup(f"[profile shop]\n{KEYS}", profile="shop"),
        "profile 'shop' (option profile) in ",
    ),
    "default profile": (Setup(f"[default]\n{KEYS}"), "profile 'default' in "),
}


@pytest.mark.parametrize(("setup", "text"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_told_by_its_source(connect: object, setup: Setup, text: str) -> None:
    assert callable(connect)
    with pytest.raises(CollectionError) as failure:
        connect(setup).open()
    assert str(failure.value).startswith("AWS connection: getting credentials failed: ")
    assert text in str(failure.value)
    assert failure.value.kind in ("configuration", "authentication")
    assert SECRET not in repr(failure.value.to_result())


@pytest.mark.parametrize(("setup", "name"), GOOD.values(), ids=GOOD)
def test_what_works_is_named(connect: object, setup: Setup, name: str) -> None:
    assert callable(connect)
    assert (
        connect(setup)
        .open()
        ._source.words["credentials"]
        .startswith(f"the credentials from {name}")
    )


@pytest.mark.parametrize("region", ["EU-WEST-1", "5", "eu west 1", "Ireland"])
def test_what_is_no_region_is_refused_before_anything_is_contacted(region: str) -> None:
    connection = AwsConnection(region=region, access_key="k", secret_key=SECRET)
    with pytest.raises(ConfigurationError, match="is not the name of one; write it as AWS does"):
        connection.open()
    assert AwsConnection(region="eu-west-1", access_key="k", secret_key=SECRET).open()

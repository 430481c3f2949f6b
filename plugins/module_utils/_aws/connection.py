# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach AWS: options, and the boto3 client that they describe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .._argspec import ArgumentSpec
from .._errors import AuthenticationError, ConfigurationError
from .._operation import Params, Requirement

# In the in-process path the controller imports this once, before it forks its workers.
try:
    import boto3
    import botocore.exceptions
    from botocore.config import Config
except ImportError as error:
    BOTO3 = Requirement("boto3", "https://pypi.org/project/boto3/", error)
else:
    BOTO3 = Requirement("boto3", "https://pypi.org/project/boto3/", None)

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient

SUBJECT = "AWS connection"

CONNECTION_SPEC = ArgumentSpec(
    options={
        "region": {"type": "str"},
        "profile": {"type": "str"},
        "access_key": {"type": "str", "no_log": False},
        "secret_key": {"type": "str", "no_log": True},
        "session_token": {"type": "str", "no_log": True},
        "endpoint_url": {"type": "str"},
        "ca_bundle": {"type": "path"},
    },
    required_together=(("access_key", "secret_key"),),
    mutually_exclusive=(("profile", "access_key"),),
    required_by={"session_token": ("access_key",)},
)


@dataclass(frozen=True)
class AwsConnection:
    """Where and as whom to call AWS; what is None comes from boto3's usual sources."""

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    endpoint_url: str | None = None
    ca_bundle: str | None = None

    @classmethod
    def from_params(cls, params: Params) -> AwsConnection:
        return cls(**{name: params[name] for name in CONNECTION_SPEC.options})

    def client(self) -> SecretsManagerClient:
        """A Secrets Manager client; nothing is contacted yet.

        Raises ConfigurationError and AuthenticationError.
        """
        try:
            session = boto3.session.Session(
                profile_name=self.profile,
                region_name=self.region,
                aws_access_key_id=self.access_key,
                aws_secret_access_key=self.secret_key,
                aws_session_token=self.session_token,
            )
            if session.region_name is None:
                raise ConfigurationError(
                    SUBJECT,
                    "no region is set",
                    "set region, AWS_REGION or the profile's region to the runner's region",
                )
            if session.get_credentials() is None:
                raise AuthenticationError(
                    SUBJECT,
                    "no credentials were found",
                    "set access_key and secret_key, a profile, or AWS's environment variables",
                )
            return session.client(
                "secretsmanager",
                endpoint_url=self.endpoint_url,
                verify=self.ca_bundle,
                config=Config(
                    retries={"mode": "standard", "total_max_attempts": 5},
                    connect_timeout=10,
                    read_timeout=30,
                    user_agent_extra="maia.stripe_query",
                ),
            )
        except botocore.exceptions.ProfileNotFound:
            raise ConfigurationError(
                SUBJECT,
                f"profile '{self.profile}' does not exist",
                "check the name against the AWS configuration files",
            ) from None
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise ConfigurationError(
                SUBJECT,
                f"boto3 does not accept the settings ({type(error).__name__})",
                "check region, endpoint_url, ca_bundle and the AWS configuration files",
            ) from None

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One secret as the calls about it have it in common."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from ..errors.errors import aws_errors

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.client import SecretsManagerClient


class AwsSecret:
    """A name in the account and region of a client; whether there is a secret is another thing."""

    def __init__(self, client: SecretsManagerClient, name: str) -> None:
        self.client = client
        self.name = name
        self.region = client.meta.region_name
        self.subject = f"AWS secret '{name}' in {self.region}"

    def calling(self, action: str, attempt: str) -> AbstractContextManager[None]:
        """Translates what one call raises. action: of Secrets Manager, which it needs."""
        return aws_errors(self.subject, attempt, f"secretsmanager:{action}")

    def describe(self) -> Mapping[str, Any]:
        """What DescribeSecret returns; empty if there is no such secret."""
        not_found = self.client.exceptions.ResourceNotFoundException
        with self.calling("DescribeSecret", "describing it"):
            try:
                return self.client.describe_secret(SecretId=self.name)
            except not_found:
                return {}

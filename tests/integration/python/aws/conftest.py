# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret of its own for each test, in the sandbox's AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC,
    AwsConnection,
)
from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key, random_text

REGION = "eu-west-1"


class Aws:
    """Runs the module on one secret, and looks at it like somebody else."""

    def __init__(self, services: SandboxClient) -> None:
        self.services = services
        self.name = f"shop/{random_text(8)}"
        self.key = make_key()

    def options(self, identity: str = "full", **options: Any) -> dict[str, Any]:
        url = self.services.url("aws")
        given = {
            "name": self.name,
            "kms_endpoint_url": url,
            "sts_endpoint_url": url,
            **self.services.reach("aws", identity),
            **options,
        }
        return {name: value for name, value in given.items() if value is not None}

    def run(
        self, identity: str = "full", *, check_mode: bool = False, **options: Any
    ) -> dict[str, Any]:
        """One task with this secret's key, or with api_key=None without."""
        given = self.options(identity, **{"api_key": self.key, **options})
        return run_action(OPERATION, given, check_mode=check_mode, diff=True)

    def settles(self, identity: str = "full", **options: Any) -> dict[str, Any]:
        """Check mode predicts what is then done, and a second run does nothing."""
        predicted = self.run(identity, check_mode=True, **options)
        done = self.run(identity, **options)
        again = self.run(identity, **options)
        assert not done.get("failed"), done
        assert done["changed"]
        assert predicted["changes"] == done["changes"]
        assert predicted["diff"] == done["diff"]
        assert not again["changed"], again["changes"]
        return done

    def connection(self, identity: str = "full", **options: Any) -> AwsConnection:
        given = {name: rule.get("default") for name, rule in CONNECTION_SPEC.options.items()}
        known = self.options(identity, **options)
        return AwsConnection.from_params(
            {name: known.get(name, value) for name, value in given.items()}
        )

    def client(self, region: str = REGION) -> Any:
        return self.connection(region=region).open().secrets_manager()

    def described(self, region: str = REGION) -> dict[str, Any]:
        return dict(self.client(region).describe_secret(SecretId=self.name))

    def value(self) -> Any:
        text = self.client().get_secret_value(SecretId=self.name)["SecretString"]
        return json.loads(text)["api_key"]

    def calls(self) -> dict[str, int]:
        """Since the last time that this was asked."""
        counted = self.services.requests("aws")
        self.services.clear()
        return counted


@pytest.fixture
def aws(services: SandboxClient) -> Aws:
    services.clear()
    return Aws(services)

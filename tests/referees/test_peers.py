# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The situations of peers.yml, done on the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.modules.secret import (
    OPERATION as SNOWFLAKE,
)
from integration.python.vendors import AwsVendor, SandboxVendor, vendor_of
from sandbox.client import SandboxClient
from tools.workspace import CHECKOUT
from unit.faces import run_action
from unit.keys import make_key

OPERATIONS = {"aws": AWS, "azure": AZURE, "snowflake": SNOWFLAKE}
TABLE = yaml.safe_load(Path(__file__).with_name("peers.yml").read_text(encoding="utf-8"))
VERDICTS = ("same", "better", "not applicable")


def cases() -> Iterator[Any]:
    for source, situations in TABLE.items():
        peer = source.split(",")[0].split(" ")[0]
        for each in situations:
            if "steps" in each:
                yield pytest.param(each, id=f"{peer}: {each['situation']}")


class Secret:
    """One secret of the sandbox, for our module and for somebody else."""

    def __init__(self, vault: str, services: SandboxClient) -> None:
        vendor = vendor_of(vault, services)
        assert isinstance(vendor, SandboxVendor)
        self.vendor, self.vault = vendor, vault
        self.keys = {"one": make_key(), "two": make_key()}

    def connection(self) -> dict[str, Any]:
        services = self.vendor.services
        own: dict[str, Any] = {
            "snowflake": {"database": "PLATFORM", "schema": "SECRETS"},
            "aws": {"kms_endpoint_url": services.url(self.vault)},
        }
        name = f'"{self.vendor.secret}"' if self.vault == "snowflake" else self.vendor.secret
        return {"name": name, **services.reach(self.vault), **own.get(self.vault, {})}

    def task(self, step: dict[str, Any]) -> dict[str, Any]:
        key = step.get("key", "one")
        given = {
            **self.connection(),
            **({} if key == "none" else {"api_key": self.keys[key]}),
            **step.get("options", {}),
        }
        return run_action(OPERATIONS[self.vault], given, check_mode=step.get("check", False))

    def by_others(self, step: dict[str, Any]) -> None:
        self.client().create_secret(
            Name=self.vendor.secret, SecretString=step["made"], ClientRequestToken=step["token"]
        )

    def held(self) -> str:
        """As somebody else reads it."""
        return str(self.client().get_secret_value(SecretId=self.vendor.secret)["SecretString"])

    def client(self) -> Any:
        return AwsVendor(self.vendor.services).client("full")


def look(step: dict[str, Any], result: dict[str, Any]) -> None:
    if "refused" in step:
        assert result.get("failed"), result
        assert result["error"]["kind"] == step["refused"], result["msg"]
        return
    assert not result.get("failed"), result["msg"]
    assert result["changed"] is step["changed"], result["changes"]
    if "changes" in step:
        assert result["changes"] == step["changes"]
    if "new_version" in step:
        assert (result["version"] != result["version_before"]) is step["new_version"]


@pytest.mark.parametrize("case", list(cases()))
def test_what_a_peer_tries(case: dict[str, Any], services: SandboxClient) -> None:
    secret = Secret(case["vault"], services)
    for step in case["steps"]:
        if {"changed", "refused"} & step.keys():
            result = secret.task(step)
            look(step, result)
            assert not any(key in repr(result) for key in secret.keys.values())
        else:
            secret.by_others(step)
    if "holds" in case:
        assert secret.held() == secret.keys[case["holds"]]


def test_the_table_is_whole() -> None:
    for situations in TABLE.values():
        for each in situations:
            assert each["verdict"] in VERDICTS
            assert each["theirs"]
            assert each["ours"]
            tried = "steps" in each or _is_test(each.get("tested", "nowhere"))
            assert tried == (each["verdict"] != "not applicable"), each["situation"]


def _is_test(told: str) -> bool:
    name, _colons, function = told.partition("::")
    path = CHECKOUT / "tests" / name
    return path.is_file() and f"def {function}(" in path.read_text(encoding="utf-8")

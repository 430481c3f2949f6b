# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation and the code say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.client import SandboxClient
from unit.faces import run_action
from unit.keys import make_key, random_text
from unit.test_documentation import (
    operation_of,
    returns_of,
)


def aws(services: SandboxClient) -> dict[str, Any]:
    return {"name": f"shop/{random_text(8)}", **services.reach("aws")}


def azure(services: SandboxClient) -> dict[str, Any]:
    return {"name": f"shop{random_text(8)}", **services.reach("azure")}


def snowflake(services: SandboxClient) -> dict[str, Any]:
    return {"name": f"shop{random_text(8)}", **services.reach("snowflake")}


def maia(services: SandboxClient) -> dict[str, Any]:
    return services.reach("maia")


def pipeline(services: SandboxClient) -> dict[str, Any]:
    """Options for a pipeline file, which is made anew each time."""
    directory = Path(services.state.ca).parent
    parameters = {"componentName": "Load", "apiKey": "old"}
    components = {"Load": {"type": "stripe-query", "parameters": parameters}}
    path = directory / f"{random_text(8)}.orch.yaml"
    path.write_text(yaml.safe_dump({"pipeline": {"components": components}}))
    return {"path": str(path), "definition": "stripe_test"}


def published(services: SandboxClient) -> dict[str, Any]:
    """Options for a version of one pipeline."""
    path = Path(pipeline(services)["path"])
    return {
        **maia(services),
        "project": "Shop Analytics",
        "environment": "production",
        "version_name": path.stem,
        "path": str(path.parent),
        "files": [path.name],
    }


def rollout(services: SandboxClient) -> dict[str, Any]:
    """One target, on AWS."""
    reach = aws(services)
    target = {
        "name": "shop",
        "authorize_project": "Shop Analytics",
        "authorize_environment": "production",
        "authorize_secret_name": reach.pop("name"),
        "authorize_api_key": make_key(),
        "authorize_maia": maia(services),
        "authorize_aws": reach,
    }
    return {"targets": [target]}


def looking(vault: str, services: SandboxClient) -> dict[str, Any]:
    """Options for a look at a secret that is not there, which is told all the same."""
    options = {"aws": aws, "azure": azure, "snowflake": snowflake}[vault](services)
    name = options.pop("name")
    return {**options, "names": [name]}


RUNS: dict[str, Callable[[SandboxClient], dict[str, Any]]] = {
    "stripe_secret_aws": lambda s: {**aws(s), "api_key": make_key()},
    "stripe_secret_azure": lambda s: {**azure(s), "api_key": make_key()},
    "stripe_secret_snowflake": lambda s: {**snowflake(s), "api_key": make_key()},
    "stripe_secret_aws_info": lambda s: looking("aws", s),
    "stripe_secret_azure_info": lambda s: looking("azure", s),
    "stripe_secret_snowflake_info": lambda s: looking("snowflake", s),
    "maia_secret_definition": lambda s: {
        **maia(s),
        "name": f"shop{random_text(8)}",
        "project": "Shop Analytics",
        "secret_name": "shop/key",
    },
    "maia_secret_definition, hosted": lambda s: {
        **maia(s),
        "name": f"shop{random_text(8)}",
        "project": "Marketing Reports",
        "api_key": make_key(),
    },
    "maia_hosted_secret": lambda s: {
        **maia(s),
        "name": f"shop{random_text(8)}",
        "project": "Marketing Reports",
        "api_key": make_key(),
    },
    "maia_secret_definition_info": lambda s: {
        **maia(s),
        "project": "Shop Analytics",
        "environments": ["all"],
    },
    "maia_pipeline_run": lambda s: {
        **maia(s),
        "project": "Shop Analytics",
        "environment": "production",
        "pipeline": "Stripe probe",
        "show_messages": True,
    },
    "maia_artifact": published,
    "maia_stripe_component": pipeline,
    "authorize_targets": rollout,
    "maia_environment_info": lambda s: {
        **maia(s),
        "project": "Shop Analytics",
        "environment": "production",
    },
}


def results_of(which: str, services: SandboxClient) -> list[dict[str, Any]]:
    """The results of a check, a creation, a run without change and a deletion."""
    name = which.partition(",")[0]
    operation = operation_of(name)
    # As in a new process; here other tests have loaded everything.
    operation = replace(operation, requirements=())
    args = RUNS[which](services)
    steps: list[dict[str, Any]] = [{"check_mode": True}, {}, {}]
    results = []
    for number, step in enumerate(steps):
        # A version is published once.
        anew = {"version_name": f"v{number}"} if name == "maia_artifact" else {}
        results.append(run_action(operation, {**args, **anew}, **step))
    if "state" in operation.spec.options:
        gone = {name: value for name, value in args.items() if name != "api_key"}
        results.append(run_action(operation, {**gone, "state": "absent"}))
    assert not any(result.get("failed") for result in results), results
    return results


@pytest.mark.parametrize("which", RUNS)
def test_everything_returned_is_documented(which: str, services: SandboxClient) -> None:
    documented = returns_of(which.partition(",")[0])
    for result in results_of(which, services):
        returned = result.keys() - {"changed", "diff", "warnings"}
        assert returned <= documented.keys()
        for name in returned:
            check_type(result[name], documented[name])


def check_type(value: Any, documented: dict[str, Any]) -> None:
    kinds = {"str": str, "list": list, "dict": dict, "int": int, "bool": bool, "float": float}
    assert value is None or isinstance(value, kinds[documented["type"]])
    if isinstance(value, dict) and "contains" in documented:
        assert value.keys() <= documented["contains"].keys()


def missing(which: str, services: SandboxClient, condition: str) -> set[str]:
    documented = returns_of(which.partition(",")[0])
    promised = {name for name, entry in documented.items() if entry["returned"] == condition}
    *present, _absent = results_of(which, services)
    return {name for result in present for name in promised - result.keys()}


@pytest.mark.parametrize("which", RUNS)
def test_only_a_prediction_says_that_it_is_one(which: str, services: SandboxClient) -> None:
    told = "check_mode" in returns_of(which.partition(",")[0])
    assert told == ("_info" not in which)
    predicted, *done = results_of(which, services)
    assert predicted.get("check_mode", False) is told
    assert not any("check_mode" in result for result in done)


@pytest.mark.parametrize("which", RUNS)
def test_what_is_promised_on_success_is_returned(which: str, services: SandboxClient) -> None:
    assert missing(which, services, "success") == set()


def test_what_is_promised_with_a_key_is_returned(services: SandboxClient) -> None:
    which = "maia_secret_definition, hosted"
    assert missing(which, services, "when O(api_key) is given") == set()


# A creation, too: null for the fields that were not given.
def test_what_is_promised_with_a_secret_name_is_returned(services: SandboxClient) -> None:
    condition = "when O(secret_name) is given"
    assert missing("maia_secret_definition", services, condition) == set()

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No key and no token in any file or stream, whatever logs are turned on; see leak/loud.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from leak.loud import SNOWFLAKE_LOGS, Case, environment, write_configuration
from leak.search import found_in
from sandbox.client import SandboxClient
from unit.keys import make_key, random_text

CHECKOUT = Path(__file__).resolve().parents[3]
COLLECTIONS = CHECKOUT / ".build" / "collections"
SECRET_OPTIONS = ("api_key", "secret_key", "client_secret", "password")
# Where each way of logging writes what, unless it is kept back. What Snowflake's connector sends is
# compressed, and its logs hold no values; but version 4 writes those of AWS as well.
OLD_SNOWFLAKE = int(version("snowflake-connector-python").split(".", maxsplit=1)[0]) < 5
LEAKS: dict[str, set[str]] = {
    "ansible.log": {"aws api_key"},
    "root.log": {"aws api_key"},
    "standard error": {"aws api_key"},
    "botocore.log": {"aws api_key"},
    "azure.log": {"azure api_key"},
    **({f"{SNOWFLAKE_LOGS}/python-connector.log": {"aws api_key"}} if OLD_SNOWFLAKE else {}),
    "standard output": {
        *("aws api_key", "azure api_key", "azure client_secret", "token"),
        *("maia api_key", "maia client_secret", "stripe api_key"),
    },
}


def tasks(services: SandboxClient) -> dict[str, tuple[str, dict[str, Any]]]:
    """A module for each service, by its name; Snowflake's comes before AWS's."""
    name = {"name": f"shop{random_text(6)}"}
    more = {"snowflake": {"database": "PLATFORM"}, "maia": {"project": "Marketing Reports"}}
    found: dict[str, tuple[str, dict[str, Any]]] = {
        service: (
            "maia_secret_definition" if service == "maia" else f"stripe_secret_{service}",
            {**services.reach(service), **name, **more.get(service, {}), "api_key": make_key()},
        )
        for service in ("snowflake", "aws", "azure", "maia")
    }
    known = services.key("shop-analytics-production")
    verify = {"api_url": services.url("stripe"), "ca_bundle": services.state.ca, "verify": True}
    return {**found, "stripe": ("stripe_api_key_info", {"api_key": known, **verify})}


def leaks(
    services: SandboxClient, tmp_path: Path, *, face: str, silenced: bool
) -> dict[str, set[str]]:
    """File or stream -> names of the secrets that are in it, in any form."""
    home, seen = tmp_path / "home", tmp_path / "seen.txt"
    write_configuration(home)
    todo = tasks(services)
    case = Case(list(todo.values()), face, silenced, str(seen))
    done = subprocess.run(
        [sys.executable, "-m", "leak.loud"],
        input=case.to_json(),
        env={
            **environment(home),
            **{name: str(home) for name in ("HOME", "TMPDIR")},
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join((str(CHECKOUT / "tests"), str(COLLECTIONS))),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    secrets = {
        f"{service} {option}": args[option]
        for service, (_module, args) in todo.items()
        for option in SECRET_OPTIONS
        if option in args
    }
    # AWS sends a signature, of which the last part has a name before it.
    tokens = {line for line in seen.read_text().split() if "=" not in line}
    assert len(tokens) >= 3
    for token in tokens - set(secrets.values()):
        secrets[f"token {random_text(4)}"] = token
    return {place: found for place, text in _texts(home, done) if (found := _found(text, secrets))}


def _texts(home: Path, done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return [
        ("standard output", done.stdout),
        ("standard error", done.stderr),
        *((str(path.relative_to(home)), path.read_text(errors="replace")) for path in files),
    ]


def _found(text: str, secrets: Mapping[str, str]) -> set[str]:
    names = {found.partition(" (")[0] for found in found_in(text, dict(secrets))}
    return {"token" if name.startswith("token ") else name for name in names}


@pytest.mark.parametrize("face", ["action", pytest.param("module", marks=pytest.mark.long)])
def test_no_way_of_logging_shows_a_key_or_a_token_with_snowflake_connected(
    services: SandboxClient, tmp_path: Path, face: str
) -> None:
    assert leaks(services, tmp_path, face=face, silenced=True) == {}
    # What it would have written, even if there is no secret in it.
    names = {path.name for path in (tmp_path / "home").rglob("*")}
    assert not names & {SNOWFLAKE_LOGS, "sf_driver_troubleshooting.log", "sf_driver.log"}


def test_each_way_of_logging_shows_keys_where_snowflake_and_others_are_not_silenced(
    services: SandboxClient, tmp_path: Path
) -> None:
    """Otherwise the test above would prove nothing."""
    found = leaks(services, tmp_path, face="action", silenced=False)
    lacking = {place: names - found.get(place, set()) for place, names in LEAKS.items()}
    assert not any(lacking.values()), lacking

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollbacks against the sandbox: of what was rotated alone, and to a key that may be there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from integration.python.rollout.test_operation import counts, options, run
from sandbox.client import SandboxClient
from sandbox.state import write_private
from unit.keys import make_key

ENVIRONMENTS = ("test", "production")
WITH_VERSIONS = [vault.id for vault in VAULTS.values() if vault.keeps_versions]
NOTHING: Mapping[str, Any] = MappingProxyType({})
PROJECTS = {True: "Marketing Reports", False: "Shop Analytics"}


def fleet(services: SandboxClient, vault: str) -> dict[str, Any]:
    """Two environments of one vault, with no key."""
    args = options(services, threads=1)
    row = VAULTS[vault]
    reach = services.reach("maia" if row.in_definition else vault)
    args["defaults"] |= {
        "authorize_vault": vault,
        "authorize_project": PROJECTS[row.in_definition],
        row.family: reach | args["defaults"].get(row.family, {}),
        "authorize_stripe": {"api_url": services.url("stripe"), "ca_bundle": services.state.ca},
    }
    args["targets"] = [
        {"name": name, "authorize_environment": name, "authorize_secret_name": f"stripe{name}"}
        for name in ENVIRONMENTS
    ]
    return args


def store(services: SandboxClient, args: dict[str, Any], key: str, *names: str) -> None:
    """As a rotation does, of these targets or of all."""
    chosen = [each for each in args["targets"] if each["name"] in (names or ENVIRONMENTS)]
    services.next_second()
    result = run({**args, "targets": [{**each, "authorize_api_key": key} for each in chosen]})
    assert counts(result) == (len(chosen), 0, 0, 0), result
    services.clear()


def back(
    args: dict[str, Any],
    given: Mapping[str, Any] = NOTHING,
    *,
    check_mode: bool = False,
    **more: Any,
) -> dict[str, Any]:
    defaults = {**args["defaults"], **given, **more}
    return run({**args, "action": "rollback", "defaults": defaults}, check_mode=check_mode)


def holds(args: dict[str, Any], key: str) -> bool:
    """Whether all have this key."""
    targets = [{**each, "authorize_api_key": key} for each in args["targets"]]
    return counts(run({**args, "targets": targets}, check_mode=True)) == (0, 2, 0, 0)


def writes(services: SandboxClient) -> int:
    return sum(services.writes(service) for service in ("aws", "azure", "snowflake", "maia"))


@pytest.mark.parametrize("vault", VAULTS)
@pytest.mark.parametrize(
    ("expected", "says"),
    [
        (
            {"authorize_expected_mode": "live"},
            "rolling back to it failed: it is a test key where a live key is expected",
        ),
        ({"authorize_verify": "stripe"}, "rolling back to it failed: Stripe does not know it"),
        ({"authorize_guards": True}, "rolling back to it failed: Stripe does not know it"),
        (
            {"authorize_expected_account": "acct_another"},
            "rolling back to it failed: Stripe does not know it",
        ),
    ],
)
def test_no_key_comes_back_that_would_not_be_stored_as_a_new_one(
    services: SandboxClient, vault: str, expected: dict[str, Any], says: str
) -> None:
    """The old key is a test key that Stripe does not know; a proof of it is none that is asked."""
    args, old = fleet(services, vault), make_key(mode="test")
    given = {} if VAULTS[vault].keeps_versions else {"authorize_old_api_key": old}
    store(services, args, old)
    store(services, args, make_key())
    for check_mode in (True, False):
        for key in (given, {"authorize_old_api_key": old}):
            result = back(args, {**key, **expected}, check_mode=check_mode)
            assert counts(result) == (0, 0, 2, 0)
            assert all(says in each["msg"] for each in result["targets"].values()), result
    assert writes(services) == 0
    assert counts(back(args, given)) == (2, 0, 0, 0)
    # What is there already is looked at as well.
    assert counts(back(args, {**given, **expected})) == (0, 0, 2, 0)
    assert holds(args, old)


@pytest.mark.parametrize("vault", VAULTS)
def test_a_key_that_is_as_expected_comes_back(services: SandboxClient, vault: str) -> None:
    args = fleet(services, vault)
    name = f"{args['defaults']['authorize_project'].lower().replace(' ', '-')}-test"
    old = services.key(name)
    store(services, args, old)
    store(services, args, make_key())
    given = {} if VAULTS[vault].keeps_versions else {"authorize_old_api_key": old}
    checks = {"authorize_verify": "stripe", "authorize_expected_mode": "test"}
    result = back(args, {**given, **checks})
    assert counts(result) == (2, 0, 0, 0), result
    assert result["targets"]["test"]["verification"]["status"] == "valid"
    assert counts(back(args, {**given, **checks})) == (0, 2, 0, 0)
    assert holds(args, old)


@pytest.mark.parametrize("vault", VAULTS)
def test_a_host_that_a_rotation_did_not_reach_keeps_its_key(
    services: SandboxClient, vault: str
) -> None:
    args, (dead, old, new) = fleet(services, vault), (make_key() for _generation in range(3))
    for key in (dead, old):
        store(services, args, key)
    store(services, args, new, "test")
    for check_mode in (True, False):
        result = back(args, check_mode=check_mode, authorize_api_key=new, authorize_old_api_key=old)
        assert counts(result) == (1, 1, 0, 0), result
        assert result["targets"]["test"]["changed"]
    assert holds(args, old)
    assert counts(back(args, authorize_api_key=new, authorize_old_api_key=old)) == (0, 2, 0, 0)


@pytest.mark.parametrize("vault", WITH_VERSIONS)
def test_without_the_old_key_the_new_one_tells_who_was_rotated(
    services: SandboxClient, vault: str
) -> None:
    args, (dead, old, new) = fleet(services, vault), (make_key() for _generation in range(3))
    for key in (dead, old):
        store(services, args, key)
    store(services, args, new, "test")
    for changed in ((1, 0, 1, 0), (0, 1, 1, 0)):
        services.next_second()
        result = back(args, authorize_api_key=new)
        assert counts(result) == changed, result
        assert "so it was not rotated to that one" in result["targets"]["production"]["msg"]
    assert holds(args, old)


@pytest.mark.parametrize("vault", WITH_VERSIONS)
def test_the_key_of_the_inventory_does_not_come_back(services: SandboxClient, vault: str) -> None:
    """The inventory may have the old key again; or this host may not have been rotated to it."""
    args, (one, two) = fleet(services, vault), (make_key() for _generation in range(2))
    for key in (one, two):
        store(services, args, key)
    store(services, args, one, "test")  # a canary with a key that there was before
    services.next_second()
    result = back(args, authorize_api_key=one)
    assert counts(result) == (1, 0, 1, 0), result
    assert "run authorize, which stores it" in result["targets"]["production"]["msg"]
    assert holds(args, two)


@pytest.mark.parametrize("vault", WITH_VERSIONS)
def test_another_key_than_the_old_one_does_not_come_back(
    services: SandboxClient, vault: str
) -> None:
    args = fleet(services, vault)
    for _generation in range(2):
        store(services, args, make_key())
    result = back(args, authorize_old_api_key=make_key())
    assert counts(result) == (0, 0, 2, 0)
    for each in result["targets"].values():
        assert "authorize_old_api_key, nor does the current one" in each["msg"]
    assert writes(services) == 0


@pytest.mark.parametrize("vault", WITH_VERSIONS)
def test_what_the_vault_does_not_keep_is_to_be_stored_by_an_authorization(
    services: SandboxClient, vault: str, tmp_path: Path
) -> None:
    args, file = fleet(services, vault), tmp_path / "old.key"
    write_private(file, make_key())
    store(services, args, make_key())
    told = back(args, authorize_old_api_key_file=str(file))["targets"]["test"]["msg"]
    assert told.endswith(
        "leave the host out with --limit if it was not rotated; if it was, run authorize with its"
        " old key, which stores it."
    ), told
    # So it is where no key says anything.
    assert back(args)["targets"]["test"]["msg"] == told


@pytest.mark.parametrize("vault", VAULTS)
@pytest.mark.parametrize("generations", [1, 2])
def test_a_text_that_is_no_key_is_refused_as_such(
    services: SandboxClient, vault: str, generations: int, tmp_path: Path
) -> None:
    """Whether or not there is a version to go back to."""
    args, file = fleet(services, vault), tmp_path / "old.key"
    write_private(file, "nokey")
    for _generation in range(generations):
        store(services, args, make_key())
    result = back(args, authorize_old_api_key_file=str(file))
    assert counts(result) == (0, 0, 2, 0)
    for each in result["targets"].values():
        assert each["msg"].startswith("Stripe API key: it is shorter than 20 characters")
    assert writes(services) == 0


def test_without_the_right_to_read_the_old_key_is_known_by_its_fingerprint(
    services: SandboxClient,
) -> None:
    args, old = fleet(services, "aws"), make_key()
    store(services, args, old)
    store(services, args, make_key())
    args["defaults"]["authorize_aws"] = services.reach("aws", "writer")
    for variables in ({}, {"authorize_old_api_key": make_key()}):
        refused = back(args, variables, authorize_expected_mode="live")
        assert counts(refused) == (0, 0, 2, 0)
    unread = back(args, authorize_expected_mode="live")["targets"]["test"]["msg"]
    assert "it cannot be known which key would come back, since" in unread
    assert "or give the old key, which is compared by its fingerprint" in unread
    assert writes(services) == 0
    checked = {"authorize_old_api_key": old, "authorize_expected_mode": "live"}
    services.clear()
    assert counts(back(args, checked)) == (2, 0, 0, 0)
    assert "GetSecretValue" not in services.requests("aws")

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, run by ansible-inventory against the sandbox."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.inventory import maia_projects
from integration.python.maia_world import MaiaWorld
from sandbox.maia.store import HYBRID
from unit.keys import make_key

PLUGIN = {"plugin": "maia.stripe_query.maia_projects"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "fleet.maia_projects.yml"


def ansible_inventory(
    world: MaiaWorld, source: Path, *arguments: str, identity: str = "full", **config: Any
) -> subprocess.CompletedProcess[str]:
    source.write_text(yaml.safe_dump({**PLUGIN, **config}))
    given = ("-i", str(source), *(arguments or ("--list",)))
    return world.ansible("ansible-inventory", *given, home=source.parent, identity=identity)


def inventory(world: MaiaWorld, source: Path, **config: Any) -> dict[str, Any]:
    done = ansible_inventory(world, source, **config)
    assert done.returncode == 0, done.stderr
    listed: dict[str, Any] = json.loads(done.stdout)
    return listed


def failure(world: MaiaWorld, source: Path, **config: Any) -> str:
    done = ansible_inventory(world, source, **config)
    assert done.returncode != 0
    for credentials in world.service.identities.values():
        assert credentials["client_secret"] not in done.stderr + done.stdout
    return " ".join(done.stderr.split())


def hosts(listed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Variables by host, as a task would see them."""
    found: dict[str, dict[str, Any]] = plain(listed["_meta"]["hostvars"])
    return found


def plain(data: Any) -> Any:
    """Without the marks of texts that are not to be taken for templates."""
    if isinstance(data, dict):
        if data.keys() == {"__ansible_unsafe"}:
            return data["__ansible_unsafe"]
        return {name: plain(value) for name, value in data.items()}
    return data


def test_each_environment_of_each_project_is_a_host(world: MaiaWorld, source: Path) -> None:
    listed = inventory(world, source)
    found = hosts(listed)
    assert sorted(found) == sorted(listed["maia_projects"]["hosts"])
    assert len(found) == 8
    shop = found["shop-analytics-production"]
    described = " ".join(yaml.safe_load(maia_projects.DOCUMENTATION)["description"])
    assert [name for name in shop if not re.search(rf"C\({name}[)=]", described)] == []
    assert shop.pop("maia_project_id")
    assert shop["maia_agent"].pop("id")
    assert shop == {
        "ansible_connection": "local",
        "authorize_environment": "production",
        "authorize_maia": {
            "api_url": f"{world.url}/dpc",
            "token_url": f"{world.url}/oauth/dpc/token",
        },
        "authorize_project": "Shop Analytics",
        "authorize_vault": "aws",
        "maia_agent": {"name": "AWS runner"},
        "maia_cloud_provider": "aws",
        "maia_deployment": "fargate",
        "maia_environment": "production",
        "maia_project": "Shop Analytics",
        "maia_vault": "aws",
    }
    assert found["marketing-reports-test"]["authorize_vault"] == "maia"
    assert world.requests() == {
        "Token": 1,
        "ListProjects": 1,
        "ListAgents": 1,
        "ListEnvironments": 4,
    }


def test_a_missing_library_is_a_sentence(
    world: MaiaWorld, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "requests.py").write_text("raise ImportError('No module')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "missing"))
    told = failure(world, source)
    assert "the Python library requests is missing from" in told
    assert "bug" not in told


def test_filters_and_composed_groups(world: MaiaWorld, source: Path) -> None:
    listed = inventory(
        world,
        source,
        exclude_projects=["Finance *"],
        environments=["prod*"],
        # The second is a mistake, which is passed over unless strict is set.
        compose={"authorize_secret_name": "'stripe/' ~ inventory_hostname", "x": "nowhere.at_all"},
        keyed_groups=[{"key": "maia_vault", "prefix": "vault"}],
        groups={"hybrid": "maia_vault != 'maia'"},
    )
    found = hosts(listed)
    assert sorted(found) == [
        "billing-insights-production",
        "marketing-reports-production",
        "shop-analytics-production",
    ]
    billing = found["billing-insights-production"]
    assert billing["authorize_secret_name"] == "stripe/billing-insights-production"
    assert listed["vault_azure"]["hosts"] == ["billing-insights-production"]
    assert len(listed["hybrid"]["hosts"]) == 2
    assert world.requests()["ListEnvironments"] == 3


def listed_together(
    world: MaiaWorld, folder: Path, configs: Sequence[dict[str, Any]]
) -> subprocess.CompletedProcess[str]:
    """All in one run, which takes a second: Ansible goes on after a source that fails."""
    given: list[str] = []
    for number, config in enumerate(configs):
        file = folder / f"{number}.maia_projects.yml"
        file.write_text(yaml.safe_dump({**PLUGIN, **config}))
        given += ["-i", str(file)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "false")
        return world.ansible("ansible-inventory", *given, "--list", home=folder)


KEY = make_key()
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"project": ["Shop Analytics"]}, "There is no option 'project', and hosts would be chosen"),
    ({"strict": True, "compose": {"x": "nowhere.at_all"}}, "'nowhere' is undefined"),
    (
        {"hostname": "maia_project"},
        "Option hostname gives 'Shop Analytics' to two hosts: 'Shop Analytics' (",
    ),
    ({"hostname": "nowhere.here"}, "cannot be evaluated"),
    ({"environments": ["nowhere"], "on_empty": "fail"}, "no environment is chosen"),
    ({"client_secret": "{{ 'wrong' }}"}, "Maia does not accept them"),
    ({"client_id": "none", "client_secret": "none"}, "lack the right to read it (HTTP 403)"),
    ({"api_url": "https://example.com"}, "is not in matillion.com"),
    # The name of an environment is somebody else's text.
    ({"projects": ["Odd 1"], "hostname": "maia_environment"}, "Option hostname gives '{{ 6 * 7"),
    ({"projects": ["Odd 2"], "hostname": "maia_environment"}, "Option hostname gives 'all'"),
    (
        {"exclude_projects": [f"Shop {KEY}"]},
        "Option exclude_projects: it holds what looks like a Stripe API key",
    ),
]


def test_errors_are_one_sentence(world: MaiaWorld, tmp_path: Path) -> None:
    agent = world.service.add_agent("runner", "aws", "fargate")
    for project, environment in (("Odd 1", "{{ 6 * 7 }}"), ("Odd 2", "all")):
        made = world.service.add_project(project, deployment=HYBRID)
        world.service.add_environment(made, environment, agent)
    powerless = world.options("none")
    configs = [
        {name: powerless.get(name) if text == "none" else text for name, text in config.items()}
        for config, _says in WRONG
    ]
    done = listed_together(world, tmp_path, configs)
    told = " ".join(done.stderr.split())
    for _config, says in WRONG:
        assert says in told
    assert "exclude_environments" in told
    assert "Traceback" not in told
    assert hosts(json.loads(done.stdout)) == {}
    secrets = [each["client_secret"] for each in world.service.identities.values()]
    assert not [secret for secret in (KEY, *secrets) if secret in done.stderr + done.stdout]


def test_what_matches_nothing_is_told_unless_it_is_to_be_ignored(
    world: MaiaWorld, tmp_path: Path
) -> None:
    filters: list[dict[str, Any]] = [
        {"projects": ["Shop *", "Shpo *"], "environments": ["test"]},
        {"exclude_environments": ["tset", "production"]},
        {"environments": ["nowhere"]},
        {"environments": ["ignored"], "on_empty": "ignore"},
    ]
    told = " ".join(listed_together(world, tmp_path, filters).stderr.split())
    for pattern in ("Shpo *", "tset"):
        assert f"as the options say that choose hosts: '{pattern}'" in told
    assert told.count("no environment is chosen, so that there are no hosts, and") == 1
    assert "ignored" not in told


def test_options_may_hold_templates_and_what_maia_answers_never_is_one(
    world: MaiaWorld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is plain text is listed as such: AWX keeps values, and compares them, as listed."""
    template = "{{ 6 * 7 }}"
    agents = {
        "Jane's #1": world.service.add_agent("hosted", "aws", "matillion_hosted"),
        "Streams": world.service.add_agent("runner", "gcp", "gke"),
        template: world.service.add_agent("another", "aws", "fargate"),
    }
    for name, agent in agents.items():
        project = world.service.add_project(name, deployment=HYBRID)
        world.service.add_environment(project, "test", agent)
    monkeypatch.setenv("CHOSEN", "Jane*,Streams,Shop *,?? 6*")
    listed = inventory(
        world,
        source,
        client_secret="{{ lookup('ansible.builtin.env', 'MAIA_CLIENT_SECRET') }}",
        projects="{{ lookup('ansible.builtin.env', 'CHOSEN').split(',') }}",
        environments=["{{ 'te' ~ 'st' }}"],
        hostname="maia_project[:4] | replace(' ', '') if '{' not in maia_project else 'odd'",
        compose={
            "enabled": "'yes' if maia_environment == 'test' else 'no'",
            "names": "[maia_project]",
            "copy": "authorize_project",
        },
    )
    found = listed["_meta"]["hostvars"]
    assert sorted(found) == ["Jane", "Shop", "Stre", "odd"]
    jane = found["Jane"]
    assert (jane["maia_project"], jane["enabled"]) == ("Jane's #1", "yes")
    assert jane["names"] == ["Jane's #1"]
    for variable in ("maia_project", "authorize_project", "copy"):
        assert found["odd"][variable] == {"__ansible_unsafe": template}
    assert found["Shop"] == plain(found["Shop"])
    assert found["Stre"]["maia_vault"] is None
    assert "authorize_vault" not in found["Stre"]


def test_a_source_that_failed_stops_what_would_be_done_for_the_hosts_of_others(
    world: MaiaWorld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ansible itself goes on, by default, and an audit of what is left would be green."""
    monkeypatch.setenv("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "false")
    source.write_text(yaml.safe_dump({**PLUGIN, "client_secret": "wrong"}))
    other = source.parent / "other.yml"
    variables = {"authorize_project": "Shop Analytics", "authorize_environment": "test"}
    other.write_text(yaml.safe_dump({"all": {"hosts": {"other": variables}}}))
    playbook, given = "maia.stripe_query.audit", ("-i", str(source), "-i", str(other))
    done = world.ansible("ansible-playbook", *given, playbook, home=source.parent)
    assert done.returncode != 0
    told = " ".join((done.stdout + done.stderr).split())
    assert "it could not be read, as the warning above says, so that hosts may be missing" in told
    alone = world.ansible("ansible-playbook", *given[:2], playbook, home=source.parent)
    assert alone.returncode != 0
    assert "There is no host in the inventory" in " ".join((alone.stdout + alone.stderr).split())


def two_sources(
    world: MaiaWorld, folder: Path, monkeypatch: pytest.MonkeyPatch, **second: Any
) -> tuple[dict[str, Any], str]:
    """What is listed, and what is warned of, of a directory with two files of one name each."""
    # Ansible's own default, with which it goes on with what it has.
    monkeypatch.setenv("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "false")
    folder.mkdir()
    shared = {**PLUGIN, "environments": ["production"], "hostname": "maia_environment"}
    (folder / "1.maia_projects.yml").write_text(
        yaml.safe_dump({**shared, "projects": ["Shop Analytics"]})
    )
    (folder / "2.maia_projects.yml").write_text(yaml.safe_dump({**shared, **second}))
    done = world.ansible("ansible-inventory", "-i", str(folder), "--list", home=folder.parent)
    assert done.returncode == 0, done.stderr
    return hosts(json.loads(done.stdout)), " ".join(done.stderr.split())


def test_two_files_that_give_one_name_to_two_projects_make_no_host_of_it(
    world: MaiaWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, warned = two_sources(
        world, tmp_path / "inventory", monkeypatch, projects=["Billing Insights"]
    )
    assert "give the name 'production' to two hosts: 'Shop Analytics' (" in warned
    assert "and 'Billing Insights' (" in warned
    assert "production" not in found


def test_two_files_of_one_project_are_one_host(
    world: MaiaWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _warned = two_sources(
        world, tmp_path / "inventory", monkeypatch, projects=["Shop Analytics"]
    )
    assert found["production"]["maia_project"] == "Shop Analytics"


def test_two_files_of_different_connections_are_refused(
    world: MaiaWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, warned = two_sources(
        world,
        tmp_path / "inventory",
        monkeypatch,
        projects=["Billing Insights"],
        hostname="maia_project",
        requests_per_minute=77,
    )
    assert "another authorize_maia" in warned
    assert list(found) == ["production"]


def test_nothing_is_asked_while_the_cache_is_good(
    world: MaiaWorld, source: Path, tmp_path: Path
) -> None:
    cache: dict[str, Any] = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    first = inventory(world, source, **cache)
    world.clear()
    assert inventory(world, source, **cache) == first
    assert world.requests() == {}
    # Another selection is another inventory.
    assert len(hosts(inventory(world, source, environments=["test"], **cache))) == 4
    assert world.requests()["ListProjects"] == 1
    written = "".join(path.read_text() for path in (tmp_path / "cache").iterdir())
    assert "Shop Analytics" in written
    assert world.service.identities["full"]["client_secret"] not in written
    world.clear()
    done = ansible_inventory(world, source, "--list", "--flush-cache", **cache)
    assert done.returncode == 0
    assert world.requests()["ListProjects"] == 1


def test_other_files_are_not_ours(world: MaiaWorld, tmp_path: Path) -> None:
    assert "maia_projects" not in failure(world, tmp_path / "hosts.yml").replace(
        "maia.stripe_query.maia_projects", ""
    )

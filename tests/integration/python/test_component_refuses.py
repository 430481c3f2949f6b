# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Git could not commit or push is refused before a vault or Maia is asked for anything."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.python.nowhere import CONTACTED, play, write_inventory
from unit.keys import make_key

KEY = make_key()

_PIPELINE = """\
pipeline:
  components:
    Load Charges:
      type: stripe-query
      parameters: {apiKey: old}
"""


def git(checkout: Path, *words: str) -> None:
    subprocess.run(["git", "-C", checkout, *words], check=True, capture_output=True)


def untracked(checkout: Path) -> None:
    git(checkout, "rm", "--cached", "--quiet", "load.orch.yaml")
    git(checkout, "commit", "--quiet", "--message", "without")


def ignored(checkout: Path) -> None:
    untracked(checkout)
    (checkout / ".gitignore").write_text("*.yaml\n")


def of_a_submodule(checkout: Path) -> None:
    part = made(checkout.with_name("part"))
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(part), "p")
    git(checkout, "rm", "--quiet", "load.orch.yaml")
    git(checkout, "commit", "--quiet", "--message", "part")


def without_an_author(checkout: Path) -> None:
    git(checkout, "config", "--unset", "user.email")
    git(checkout, "config", "user.useConfigOnly", "true")


def detached(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "--detach")


def without_a_remote(checkout: Path) -> None:
    git(checkout, "remote", "set-url", "origin", "/nonexistent/remote.git")


def behind(checkout: Path) -> None:
    git(checkout, "commit", "--quiet", "--amend", "--message", "another history")


def uncommitted(checkout: Path) -> None:
    (checkout / "load.orch.yaml").write_text(f"{_PIPELINE}# by somebody\n")


def with_a_password(checkout: Path) -> None:
    git(checkout, "remote", "set-url", "origin", f"https://{KEY}@git.invalid/x")


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "untracked": (untracked, "Git does not track all files that would change ("),
    "ignored": (ignored, "Git does not track all files that would change ("),
    "submodule": (of_a_submodule, "Git does not track all files that would change ("),
    "author": (without_an_author, "Git knows no name and address for a commit"),
    "detached": (detached, "no branch is checked out that could be pushed"),
    "remote": (without_a_remote, "origin would not take a push"),
    "behind": (behind, "origin would not take a push"),
    "uncommitted": (uncommitted, "has changes that are not committed; commit or stash them."),
    "password": (with_a_password, "has credentials in it, which shows in processes"),
}


# Variables that are wrong, and what is said of them.
VARIABLES: dict[str, tuple[dict[str, str], str]] = {
    "repository": (
        {"component_repository": f"https://somebody:{KEY}@git.invalid/shop.git"},
        "The URL in component_repository has credentials in it, which shows in processes",
    ),
    "message": (
        {"component_message": f"Use {KEY}"},
        "Option component_message: it holds what looks like a Stripe API key",
    ),
}


def made(checkout: Path) -> Path:
    checkout.mkdir()
    (checkout / "load.orch.yaml").write_text(_PIPELINE)
    git(checkout, "init", "--quiet", "--initial-branch=main")
    git(checkout, "config", "user.name", "Somebody")
    git(checkout, "config", "user.email", "somebody@example.com")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "seed")
    remote = checkout.with_suffix(".git")
    git(checkout, "clone", "--quiet", "--bare", ".", str(remote))
    git(checkout, "remote", "add", "origin", str(remote))
    return checkout


# Each host takes a dozen commands of Git: these are one for each sentence.
QUICK = ("submodule", "author", "detached", "behind", "uncommitted", "password")


@pytest.mark.parametrize(
    ("check", "names"),
    [
        pytest.param(True, QUICK, id="quick"),
        pytest.param(True, tuple(WRONG), marks=pytest.mark.long, id="all in check mode"),
        pytest.param(False, tuple(WRONG), marks=pytest.mark.long, id="all"),
    ],
)
def test_git_is_asked_first(tmp_path: Path, check: bool, names: tuple[str, ...]) -> None:
    hosts = {}
    wrong_checkouts = {name: WRONG[name] for name in names}
    for name, (spoil, _says) in wrong_checkouts.items():
        (tmp_path / name).mkdir()
        checkout = made(tmp_path / name / "checkout")
        spoil(checkout)
        hosts[name] = {"component_checkout": str(checkout)}
    for name, (wrong, _says) in VARIABLES.items():
        hosts[name] = {"component_checkout": str(made(tmp_path / name)), **wrong}
    hosts["fine"] = {"component_checkout": str(made(tmp_path / "fine"))}
    groups = {"checkouts": {"hosts": hosts, "vars": {"component_push": True}}}
    inventory = write_inventory(tmp_path / "inventory.yml", groups)
    done = play("component", inventory, *(["--check"] if check else []))
    assert KEY not in done.stdout + done.stderr
    wanted = {name: says for name, (_wrong, says) in (*wrong_checkouts.items(), *VARIABLES.items())}
    for name, says in wanted.items():
        told = [each for each in done.stdout.splitlines() if each.startswith(f"fatal: [{name}]")]
        assert any(says in line for line in told), (name, done.stdout, done.stderr)
        assert not any(CONTACTED in line for line in told)
    fine = [each for each in done.stdout.splitlines() if each.startswith("fatal: [fine]")]
    assert any(CONTACTED in line for line in fine), done.stdout

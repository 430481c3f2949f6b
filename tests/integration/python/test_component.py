# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook component: what it asks of Git before a vault or Maia, and what it does and says.

Its expressions are evaluated as Ansible does; integration/targets/playbook_component runs it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from integration.python.nowhere import CONTACTED, play, write_inventory
from tools.playbook_names import PLAYBOOKS
from unit.keys import make_key, random_text

KEY, TOKEN = make_key(), random_text(24)

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
}
# Each host takes a dozen commands: the last question stands for those before it.
HOSTS = {
    "behind": WRONG["behind"],
    "uncommitted": (uncommitted, "has changes that are not committed; commit or stash them."),
    "password": (with_a_password, "has credentials in it, which shows in processes"),
}


# Variables that are wrong, and what is said of them.
VARIABLES: dict[str, tuple[dict[str, str | None], str]] = {
    "checkout": ({"component_checkout": None}, "Variable component_checkout is not given; give"),
    "unknown": ({"component_comit": "true"}, "has no variable component_comit, and would ignore"),
    "truth": (
        {"component_commit": "ja"},
        "Variable component_commit: it is neither true nor false",
    ),
    "repository": (
        {"component_repository": f"https://somebody:{TOKEN}@git.invalid/shop.git"},
        "The URL in component_repository has credentials in it, which shows in processes",
    ),
    "message": (
        {"component_message": f"Use {KEY}"},
        "Variable component_message: it holds what looks like a Stripe API key",
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


def evaluated(name: str, **variables: Any) -> Any:
    """A variable of the playbook, or of the task that tells the next step."""
    loader = DataLoader()
    file = str(PLAYBOOKS / "component.yml")
    [book] = loader.load_from_file(file, trusted_as_template=True)
    [block] = (task["block"] for task in book["tasks"] if "block" in task)
    held = {**book["vars"], **block[-1]["vars"], **variables}
    return Templar(loader=loader, variables=held).template(held[name])


def components(*files: str) -> dict[str, Any]:
    return {"components": [{"changed": True, "file": file} for file in files]}


def refusals(checkout: Path, edited: str) -> Iterator[str]:
    """What the playbook says of each of its questions that Git answers with a failure."""
    given = {"__component_planned": components(edited), "component_push": True}
    for question in evaluated("__component_questions", **given):
        assert question["asked"]
        command = ["git", "-C", str(checkout), *question["argv"]]
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
        if subprocess.run(command, check=False, capture_output=True, env=environment).returncode:
            yield question["refusal"]


@pytest.mark.parametrize("name", WRONG)
def test_git_knows_what_could_not_be_committed_or_pushed(tmp_path: Path, name: str) -> None:
    spoil, says = WRONG[name]
    checkout = made(tmp_path / "checkout")
    assert list(refusals(checkout, "load.orch.yaml")) == []
    spoil(checkout)
    edited = "p/load.orch.yaml" if name == "submodule" else "load.orch.yaml"
    assert next(refusals(checkout, edited)).startswith(says)


@pytest.mark.parametrize(
    ("options", "asked"),
    [("", []), ("commit", [1, 1, 0, 0]), ("push", [1, 1, 1, 1]), ("publish", [1, 1, 1, 1])],
)
def test_git_is_asked_for_what_is_to_be_done(options: str, asked: list[int]) -> None:
    given = {f"component_{options}": True, "__component_planned": components("a")}
    questions = evaluated("__component_questions", **given)
    assert evaluated("__component_commits", **given) is bool(options)
    assert not options or [each["asked"] for each in questions] == asked
    nothing = evaluated("__component_questions", **{**given, "__component_planned": components()})
    assert not any(each["asked"] for each in nothing[:2])


UNEDITED = "0 pipeline files changed in /x. All commits are pushed."
NOTHING = f"{UNEDITED} Nothing was published, because there was nothing to push."


@pytest.mark.parametrize(
    ("options", "edited", "unpushed", "publishes", "says"),
    [
        ("", 1, 0, False, "1 pipeline file changed in /x. Look at the change, commit and push."),
        ("", 0, 0, False, "0 pipeline files changed in /x."),
        ("commit", 1, 0, False, "1 pipeline file changed in /x. The change is committed; push it."),
        ("push", 2, 0, False, "2 pipeline files changed in /x. All commits are pushed."),
        ("publish", 1, 0, True, "1 pipeline file changed in /x. All commits are pushed."),
        # An earlier push may have failed.
        ("publish", 0, 1, True, UNEDITED),
        (
            "publish",
            0,
            0,
            False,
            NOTHING,
        ),
        ("publish_again", 0, 0, True, UNEDITED),
    ],
)
def test_what_is_done_is_told(
    options: str, edited: int, unpushed: int, publishes: bool, says: str
) -> None:
    given = {
        f"component_{options}": True,
        "component_checkout": "/x",
        "authorize_result": components(*(str(number) for number in range(edited))),
        "__component_unpushed": {"stdout": str(unpushed)},
    }
    assert evaluated("__component_publishes_now", **given) is publishes
    told = evaluated("__component_told", **given)
    assert " ".join(told.split()).partition(" If publishing failed")[0] == says


def test_git_is_asked_first(tmp_path: Path) -> None:
    hosts: dict[str, dict[str, str | None]] = {}
    for name, (spoil, _says) in HOSTS.items():
        (tmp_path / name).mkdir()
        checkout = made(tmp_path / name / "checkout")
        spoil(checkout)
        hosts[name] = {"component_checkout": str(checkout)}
    for name, (wrong, _says) in VARIABLES.items():
        hosts[name] = {"component_checkout": str(made(tmp_path / name)), **wrong}
    hosts["fine"] = {"component_checkout": str(made(tmp_path / "fine"))}
    groups = {"checkouts": {"hosts": hosts, "vars": {"component_push": True}}}
    inventory = write_inventory(tmp_path / "inventory.yml", groups)
    done = play("component", inventory, "--check")
    assert not any(secret in done.stdout + done.stderr for secret in (KEY, TOKEN))
    wanted = {name: says for name, (_wrong, says) in (*HOSTS.items(), *VARIABLES.items())}
    for name, says in wanted.items():
        told = [each for each in done.stdout.splitlines() if each.startswith(f"fatal: [{name}]")]
        assert any(says in line for line in told), (name, done.stdout, done.stderr)
        assert not any(CONTACTED in line for line in told)
    fine = [each for each in done.stdout.splitlines() if each.startswith("fatal: [fine]")]
    assert any(CONTACTED in line for line in fine), done.stdout
    assert "is undefined" not in done.stdout

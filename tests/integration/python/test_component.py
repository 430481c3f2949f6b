# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook component: what it asks of Git before a vault or Maia, and what it does and says.

Its expressions are evaluated as Ansible does; integration/targets/playbook_component runs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
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


def git(checkout: Path, *words: str) -> str:
    command = ["git", "-C", str(checkout), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


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


def linked_to_untracked(checkout: Path) -> None:
    untracked(checkout)
    (checkout / "load.orch.yaml").rename(checkout / "load.yaml")
    (checkout / "load.orch.yaml").symlink_to("load.yaml")
    git(checkout, "add", "load.orch.yaml")
    git(checkout, "commit", "--quiet", "--message", "link")


def linked_out(checkout: Path) -> None:
    (checkout / "load.orch.yaml").rename(checkout.with_name("load.yaml"))
    (checkout / "load.orch.yaml").symlink_to("../load.yaml")
    git(checkout, "commit", "--quiet", "--all", "--message", "link")


def without_a_repository(checkout: Path) -> None:
    shutil.rmtree(checkout / ".git")


def on_another_branch(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "-b", "main2")


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
    "link": (linked_to_untracked, "Git does not track all files that would change ("),
    "author": (without_an_author, "Git knows no name and address for a commit"),
    "remote": (without_a_remote, "origin would not take a push"),
    "behind": (behind, "origin would not take a push"),
}
_NO_REPOSITORY = "is not a Git repository that this user can use; correct component_checkout"
# What is refused before these questions; with component_branch, if it is named.
UNFIT: dict[str, tuple[Callable[[Path], None], str | None, str]] = {
    "fine": (lambda _checkout: None, None, ""),
    "on the branch": (lambda _checkout: None, "main", ""),
    "ignored": (ignored, None, ""),
    "repository": (without_a_repository, None, _NO_REPOSITORY),
    "repository of a branch": (without_a_repository, "main", _NO_REPOSITORY),
    "branch": (on_another_branch, "main", "is not on the branch main, which component_branch"),
    "detached": (detached, None, "has no branch checked out, to which a commit would belong"),
    "detached from a branch": (detached, "main", "is not on the branch main, which component_"),
    "uncommitted": (uncommitted, "main", "has changes that are not committed; commit or stash"),
}
# Each host takes a dozen commands: the last question stands for those before it.
HOSTS = {
    "behind": WRONG["behind"],
    "unversioned": (without_a_repository, _NO_REPOSITORY),
    "link": (linked_out, "it leads out of"),
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
    """A variable of the playbook or of its tasks, or the arguments of the command of that name."""
    loader = DataLoader()
    file = str(PLAYBOOKS / "component.yml")
    [book] = loader.load_from_file(file, trusted_as_template=True)
    held, commands = dict(book["vars"]), {}
    for task in all_tasks(book["tasks"]):
        held |= task.get("vars", {})
        commands[task["name"]] = task.get("ansible.builtin.command", {}).get("argv")
    held |= variables
    return Templar(loader=loader, variables=held).template(held.get(name) or commands[name])


def all_tasks(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        yield task
        yield from all_tasks([*task.get("block", ()), *task.get("rescue", ())])


def done(name: str, **variables: Any) -> Mapping[str, Any]:
    """The result of the command of that name."""
    argv = evaluated(name, **variables)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    run = subprocess.run(argv, check=False, capture_output=True, text=True, env=environment)
    return {"rc": run.returncode, "stdout_lines": run.stdout.splitlines()}


def components(*files: str) -> dict[str, Any]:
    return {"components": [{"changed": True, "file": file} for file in files]}


def refusals(checkout: Path, edited: str) -> Iterator[str]:
    """What the playbook says of each of its questions that Git answers with a failure."""
    planned = components(str(checkout / edited))
    given = {"__component_planned": planned, "component_push": True}
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


@pytest.mark.parametrize("name", UNFIT)
def test_a_checkout_where_nothing_could_be_committed_is_refused(tmp_path: Path, name: str) -> None:
    spoil, branch, says = UNFIT[name]
    checkout = made(tmp_path / "checkout")
    spoil(checkout)
    given = {"component_checkout": str(checkout)} | ({"component_branch": branch} if branch else {})
    status = done("Look at the checkout", **given)
    told = evaluated("__component_unfit", **given, __component_status=status)
    assert told.startswith(says)
    assert bool(told) is bool(says)


def test_of_links_the_file_that_is_edited_is_committed_or_taken_back(tmp_path: Path) -> None:
    checkout = made(tmp_path / "checkout")
    (checkout / "shared").mkdir()
    file = (checkout / "load.orch.yaml").rename(checkout / "shared" / "load.yaml")
    for name in ("a.orch.yaml", "b.orch.yaml"):
        (checkout / name).symlink_to("shared/load.yaml")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--all", "--message", "links")
    # The way to the checkout may be a link as well.
    way = tmp_path / "way"
    way.symlink_to("checkout")
    edited = components(str(way / "a.orch.yaml"), str(way / "b.orch.yaml"))
    given = {
        "component_checkout": str(way),
        "authorize_result": {**edited, "definition_name": "x"},
    }
    assert evaluated("__component_files", **given) == [str(file)]
    assert list(refusals(way, "a.orch.yaml")) == []
    file.write_text("taken back")
    assert done("Take the edit back", **given)["rc"] == 0
    assert file.read_text() == _PIPELINE
    file.write_text("committed")
    assert done("Commit the changes", **given)["rc"] == 0
    shown = git(checkout, "show", "--format=%s", "--name-only")
    assert shown.split("\n") == ["Point Stripe Query at x", "", "shared/load.yaml", ""]
    assert git(checkout, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("options", "asked"),
    [("", []), ("commit", [1, 1, 0]), ("push", [1, 1, 1]), ("publish", [1, 1, 1])],
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
    played = play("component", inventory, "--check")
    assert not any(secret in played.stdout + played.stderr for secret in (KEY, TOKEN))
    wanted = {name: says for name, (_wrong, says) in (*HOSTS.items(), *VARIABLES.items())}
    for name, says in wanted.items():
        told = [each for each in played.stdout.splitlines() if each.startswith(f"fatal: [{name}]")]
        assert any(says in line for line in told), (name, played.stdout, played.stderr)
        assert not any(CONTACTED in line for line in told)
    fine = [each for each in played.stdout.splitlines() if each.startswith("fatal: [fine]")]
    assert any(CONTACTED in line for line in fine), played.stdout
    assert "is undefined" not in played.stdout

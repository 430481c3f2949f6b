# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing a checkout's pipelines: what is sent, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis import artifact
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.artifact import (
    OPERATION,
)
from integration.python.maia_world import MaiaWorld
from unit.faces import run_action, run_module
from unit.keys import make_key

FILES = {"Load.orch.yaml": b"type: orchestration\n", "scripts/Größe.sql": b"SELECT 1\n"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def options(world: MaiaWorld, checkout: Path, **changed: Any) -> dict[str, Any]:
    given = {
        "project": "Shop Analytics",
        "environment": "test",
        "version_name": "stripe-1",
        "path": str(checkout),
        "files": list(FILES),
        **changed,
    }
    return world.options(**given)


def versions(world: MaiaWorld) -> dict[tuple[str, str], dict[str, tuple[str, bytes]]]:
    return world.project().versions


@pytest.mark.parametrize("variant", ["documented", "writes answer 200", "writes answer 204"])
def test_the_files_are_published_by_their_paths(
    world: MaiaWorld, checkout: Path, variant: str
) -> None:
    world.service.behave(variant)
    given = options(world, checkout, branch="main", commit="4b825dc")
    predicted = run_action(OPERATION, given, check_mode=True)
    assert "PublishArtifact" not in world.requests()
    result = run_action(OPERATION, given)
    assert {**predicted, "check_mode": None} == {**result, "check_mode": None}
    assert (result["changed"], result["files"]) == (True, sorted(FILES))
    (published,) = versions(world).values()
    assert {name: content for name, (_type, content) in published.items()} == FILES
    assert published["Load.orch.yaml"][0] == "application/vnd.matillion.dpl+yaml"


def test_a_version_of_this_name_is_not_replaced(
    world: MaiaWorld, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = options(world, checkout)
    first = run_module(OPERATION, given, capsys)
    again = run_action(OPERATION, given)
    assert first["changed"]
    assert again["msg"] == (
        "Maia version 'stripe-1' in environment 'test' of project 'Shop Analytics': publishing it"
        " failed: Maia has a version of this name (HTTP 409); give another version_name."
    )


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["../outside.yaml"], "it is not one of a checkout's pipelines"),
        (["/etc/outside.yaml"], "it is not one of a checkout's pipelines"),
        (["secrets.env"], "it is not one of a checkout's pipelines"),
        (["nowhere.yaml"], "it cannot be read in the checkout"),
        (["link.yaml"], "it cannot be read in the checkout"),
        (["scripts"], "it is not one of a checkout's pipelines"),
        (["keyed.yaml"], "it holds what looks like a Stripe API key"),
        ([], "there are no files to publish"),
    ],
)
def test_what_is_no_pipeline_or_holds_a_key_is_not_sent(
    world: MaiaWorld, checkout: Path, files: list[str], says: str
) -> None:
    key = make_key()
    (checkout / "keyed.yaml").write_text(f"apiKey: {key}\n")
    (checkout.parent / "outside.yaml").write_text("a: b\n")
    (checkout / "link.yaml").symlink_to(checkout.parent / "outside.yaml")
    refused = run_action(OPERATION, options(world, checkout, files=files))
    assert refused["failed"]
    assert says in refused["msg"]
    assert key not in str(refused)
    assert world.requests() == {}


def test_what_is_too_much_is_not_sent(
    world: MaiaWorld, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifact, "_LARGEST", 20)
    refused = run_action(OPERATION, options(world, checkout))
    assert "the files have more than 20 bytes" in refused["msg"]


@pytest.mark.parametrize(
    "changed", [{"version_name": "v1\r\nX: y"}, {"branch": "Größe"}, {"commit": "x" * 256}]
)
def test_what_no_header_can_hold_is_refused(
    world: MaiaWorld, checkout: Path, changed: dict[str, str]
) -> None:
    for check_mode in (True, False):
        refused = run_action(OPERATION, options(world, checkout, **changed), check_mode=check_mode)
        assert "has characters that an HTTP header cannot hold" in refused["msg"]
    assert versions(world) == {}

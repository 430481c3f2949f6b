# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check each rulebook, and run it where Java is: python -m eda, where ansible-rulebook is."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
RULEBOOKS = CHECKOUT / "extensions" / "eda" / "rulebooks"
EVENTS = Path(__file__).with_name("events.yml")
_VARIABLES = {
    "our_identity": "assumed-role/stripe-keys/",
    "awx_organization": "Default",
    "aws_queue": "stripe",
    "aws_region": "eu-west-1",
    "azure_connection": "none",
    "azure_queue": "stripe",
    "webhook_port": 5000,
    "webhook_secret": "none",
    "webhook_certificate": "none",
    "webhook_key": "none",
}
_LAUNCHED = "launched "
_SECONDS = 120


def main() -> int:
    schema = json.loads(
        files("ansible_rulebook").joinpath("schema/ruleset_schema.json").read_text()
    )
    recorded = yaml.safe_load(EVENTS.read_text("utf-8"))
    problems = []
    for path in sorted(RULEBOOKS.glob("*.yml")):
        rulesets = yaml.safe_load(path.read_text("utf-8"))
        problems += [f"{path.name}: {error.message}" for error in _errors(schema, rulesets)]
        events = recorded[path.name]
        if shutil.which("java") is None:
            print(f"{path.name}: accepted; not run, since there is no Java here")
            continue
        expected = [each["launches"] for each in events if "launches" in each]
        launched = _run(rulesets, [_changed(each) for each in events])
        print(f"{path.name}: {len(events)} events launched {len(launched)} jobs")
        if sorted(launched) != sorted(expected):
            problems.append(f"{path.name}: launched {launched}, and not {expected}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _changed(recorded: dict[str, Any]) -> Any:
    event = copy.deepcopy(recorded["event"])
    for path, value in recorded.get("changed", {}).items():
        *steps, last = path.split(".")
        place = event
        for step in steps:
            place = place[step]
        place[last] = value
    return event


def _errors(schema: Any, rulesets: Any) -> list[Any]:
    return list(jsonschema.Draft7Validator(schema).iter_errors(rulesets))


def _run(rulesets: list[dict[str, Any]], events: list[Any]) -> list[str]:
    """What is launched for these events, each of which every ruleset sees."""
    with TemporaryDirectory(prefix="stripe-query-eda-") as scratch:
        place = Path(scratch)
        for ruleset in rulesets:
            # A file, since templates in a payload would be evaluated.
            source = {"payload_file": str(place / "events.yml"), "shutdown_after": 2}
            ruleset["sources"] = [{"eda.builtin.generic": source}]
            for rule in ruleset["rules"]:
                rule["action"] = {"debug": {"msg": _told(rule["action"])}}
        (place / "rulebook.yml").write_text(yaml.safe_dump(rulesets), "utf-8")
        (place / "events.yml").write_text(yaml.safe_dump(events), "utf-8")
        (place / "variables.yml").write_text(yaml.safe_dump(_VARIABLES), "utf-8")
        (place / "inventory.yml").write_text("all: {hosts: {localhost: {}}}\n", "utf-8")
        command = [
            *(str(Path(sys.executable).with_name("ansible-rulebook")), "-r", "rulebook.yml"),
            *("-e", "variables.yml", "-i", "inventory.yml"),
        ]
        done = subprocess.run(
            command, cwd=place, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    found = [
        line.partition(_LAUNCHED)[2].rstrip(" *'")
        for line in done.stdout.splitlines()
        if _LAUNCHED in line
    ]
    if done.returncode:
        raise SystemExit(f"ansible-rulebook ended with {done.returncode}:\n{done.stderr}")
    return found


def _told(action: dict[str, Any]) -> str:
    """What a job is launched with, in one line, with the rulebook's own templates."""
    [launch] = action.values()
    variables = launch.get("job_args", {}).get("extra_vars", {})
    return f"{_LAUNCHED}{launch['name']} {variables.get('authorize_hosts', '')}".strip()


if __name__ == "__main__":
    sys.exit(main())

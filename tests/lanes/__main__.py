# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random variables through both lanes: python -m lanes [--cases 40] [--seed 1]

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m lanes

Each case is a host. All hosts are run by the role, in one playbook, on an empty sandbox, and then
by authorize_targets, in one task, on one that was emptied again; a second run of either goes on
from what the first one left, with other variables for most hosts. Each run is first made in check
mode. For each host the two lanes have to agree: on the result, or on failure and its kind; and on
what then is in the vaults and in Maia.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lanes.cases import changed, draw
from sandbox.client import SandboxClient
from sandbox.state import write_private

PLAYS = Path(__file__).parent
LANES = ("role", "bulk")
# What differs from run to run, whatever the lane: moments, ids and salts.
_VOLATILE = {
    "created",
    "last_changed",
    "value_since",
    "version",
    "version_before",
    "fingerprint",
    "reason",
}
_VOLATILE_DETAILS = {"version", "versions", "tags", "comment", "created_on", "updated", "id"}
# A note of ours, and the end of a hosted secret's name: both have a salt and its digest in them.
_SALTED = re.compile(r"v1:s\.[0-9a-f]+(:[0-9a-f]+)*|-[0-9a-f]{64}$|@[0-9TZ:-]+")

Results = Mapping[str, Mapping[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="lanes")
    parser.add_argument("--cases", type=int, default=12, help="for each of four ways")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    first = draw(given.cases, given.seed, sandbox.state.keys)
    second = changed(first, given.seed, sandbox.state.keys)
    phases: list[tuple[Results, bool]] = [
        (hosts, check) for hosts in (first, second) for check in (True, False)
    ]
    with tempfile.TemporaryDirectory(prefix="stripe-query-lanes-") as scratch:
        runs = {lane: list(_phases(lane, phases, sandbox, Path(scratch))) for lane in LANES}
    outcomes: Counter[str] = Counter()
    problems: list[str] = []
    for number, (hosts, _check) in enumerate(phases):
        (role, stored), (bulk, kept) = runs["role"][number], runs["bulk"][number]
        for host, variables in hosts.items():
            outcomes[_outcome(role[host])] += 1
            for problem in _differences(role[host], bulk[host]):
                problems.append(f"phase {number + 1}, {host}: {problem}\n  {_shown(variables)}")
        for place in sorted(stored.keys() | kept.keys()):
            if stored.get(place) != kept.get(place):
                problems.append(
                    f"phase {number + 1}: {place}: the role left {stored.get(place)},"
                    f" the rollout {kept.get(place)}"
                )
    for problem in problems:
        print(problem)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    print(f"{len(phases) * given.cases} cases in each lane: {told}; {len(problems)} differences")
    return 1 if problems else 0


def _phases(
    lane: str, phases: list[tuple[Results, bool]], sandbox: SandboxClient, scratch: Path
) -> Iterator[tuple[Results, Mapping[str, Any]]]:
    """Of each run the results by host, and what is stored after it."""
    sandbox.reset()
    for number, (hosts, check) in enumerate(phases):
        before = _contents(sandbox)
        path = scratch / f"{lane}-{number}.json"
        inventory = scratch / f"inventory-{number}.json"
        common = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "lanes_results": str(path),
        }
        write_private(inventory, json.dumps({"all": {"hosts": hosts, "vars": common}}))
        command = ["ansible-playbook", "-i", str(inventory), str(PLAYS / f"{lane}.yml")]
        command += ["--check"] if check else []
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not path.exists():
            raise RuntimeError(f"{lane} wrote no results:\n{done.stdout}\n{done.stderr}")
        results = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        contents = _contents(sandbox)
        if check and contents != before:
            raise RuntimeError(f"{lane} wrote something in check mode.")
        yield results, contents


def _contents(sandbox: SandboxClient) -> dict[str, Any]:
    return {
        f"{entry.service} {entry.kind} {entry.name}": {
            name: _SALTED.sub("*", str(value))
            for name, value in entry.details.items()
            if name not in _VOLATILE_DETAILS
        }
        for entry in sandbox.contents()
        if entry.service != "stripe"
    }


def _outcome(result: Mapping[str, Any]) -> str:
    if result.get("failed"):
        return f"failed ({_kind(result)})"
    return "changed" if result["changed"] else "unchanged"


def _kind(result: Mapping[str, Any]) -> str:
    """Of an error; a variable that is refused has none."""
    return str((result.get("error") or {}).get("kind", "refused"))


def _differences(role: Mapping[str, Any], bulk: Mapping[str, Any]) -> Iterator[str]:
    if _outcome(role) != _outcome(bulk) and not _same_failure(role, bulk):
        yield f"role {_outcome(role)}, rollout {_outcome(bulk)}: {_reasons(role, bulk)}"
    elif not role.get("failed"):
        for name in sorted((role.keys() | bulk.keys()) - _VOLATILE):
            one, other = (_steady(result.get(name)) for result in (role, bulk))
            if one != other:
                yield f"{name} is {one} in the role and {other} in the rollout"


def _same_failure(role: Mapping[str, Any], bulk: Mapping[str, Any]) -> bool:
    """In the same words. What the role itself refuses, with a task that fails, has no kind."""
    return all(each.get("failed") for each in (role, bulk)) and role["msg"] == bulk["msg"]


def _reasons(role: Mapping[str, Any], bulk: Mapping[str, Any]) -> str:
    return " | ".join(str(result.get("msg", ""))[:300] for result in (role, bulk))


def _steady(value: Any) -> Any:
    """Without what differs from run to run, at any depth."""
    if isinstance(value, dict):
        return {key: _steady(held) for key, held in value.items() if key not in _VOLATILE}
    if isinstance(value, list):
        return [_steady(held) for held in value]
    return value


def _shown(variables: Mapping[str, Any]) -> str:
    return json.dumps({name.removeprefix("authorize_"): v for name, v in variables.items()})


if __name__ == "__main__":
    sys.exit(main())

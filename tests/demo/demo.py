# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorize a small fleet on the sandbox: for the first time, again, and after a key was rotated.

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m demo.demo [options for
ansible-playbook]. Exits with 1 if a run does anything else than it promises.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.checkouts import check_out, definition_named
from demo.front_page import shown_in_readme
from demo.recording import COLUMNS, is_stale
from sandbox.client import SandboxClient
from tools.workspace import CHECKOUT

INVENTORY = Path(__file__).with_name("inventory.yml")
ROTATED = "billing-insights-production"
ROTATED_SECRET = ("azure", "demo-vault/stripe-billing-production")
LINKS = ("secret", "vault", "location", "definition", "component")

_TABLE = "Show all targets] "
_MOST_LINES = 80
_SUMMARY = """\
Run 1 verified 8 keys with Stripe, stored each in the vault that its runner reads, created 8 secret
definitions, and set the API Key of the Stripe Query components in 8 checkouts ({:.0f} s).
Run 2 found nothing to do and wrote nothing ({:.0f} s). Run 3 wrote the one rotated key ({:.0f} s).
Every run read everything again to prove it. The vendors' own SDKs did all of this over TLS, against
local stand-ins for AWS, Azure, Snowflake, Maia and Stripe.

Next: docs/docsite/rst/first_project.rst. The inventory of this demo: tests/demo/inventory.yml."""


_printed: list[str] = []


class DemoError(Exception):
    """A run did something else than the demo promises."""


@dataclass(frozen=True)
class Run:
    """What one run of the playbook did.

    table: the lines that the playbook ends with. results: one for each host.
    """

    table: list[str]
    seconds: float
    results: list[dict[str, Any]]

    @property
    def changed(self) -> list[str]:
        return sorted(result["target"] for result in self.results if result["changed"])


def main(options: Sequence[str]) -> int:
    try:
        lines = run_demo(options)
        _expect(not is_stale(lines), "the output in README.md's picture: run make recording")
    except DemoError as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    return 0


def run_demo(options: Sequence[str]) -> list[str]:
    """The lines that it has printed. Raises DemoError."""
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    _printed.clear()
    with TemporaryDirectory(prefix="stripe-query-demo-") as scratch:
        _story(sandbox, Path(scratch), options)
        paths = [line for line in _printed if scratch in line or str(CHECKOUT) in line]
    longest = max(map(len, _printed))
    _expect(len(_printed) < _MOST_LINES, f"fewer lines than {len(_printed)}")
    _expect(longest <= COLUMNS, f"no line of {longest} characters")
    _expect(not paths, f"no path of this machine, not {paths}")
    return list(_printed)


def _say(text: str) -> None:
    _printed.extend(text.splitlines())
    print(text, flush=True)


def _story(sandbox: SandboxClient, scratch: Path, options: Sequence[str]) -> None:
    for host in sandbox.state.keys:
        check_out(scratch / host)

    _title("Run 1: 4 projects with 2 environments each, on AWS, Azure, Snowflake and Full SaaS")
    first = _play(sandbox, scratch, options)
    _show(first.table)
    _expect(len(first.changed) == 8, f"the first run to change all 8 hosts, not {first.changed}")
    named = {host: definition_named(scratch / host) for host in first.changed}
    wanted = {host: f"stripe_{host.rpartition('-')[2]}" for host in first.changed}
    _expect(named == wanted, f"each component to name its definition, not {named}")

    _title("Run 2: the same again")
    sandbox.clear()
    second = _play(sandbox, scratch, options)
    _show(second.table, first.table)
    writes = sum(sandbox.writes(service) for service in sandbox.state.services)
    _expect(not second.changed, f"no change, not {second.changed}")
    _expect(writes == 0, f"no write to any service, not {writes}")
    asked = set(sandbox.requests("aws"))
    # Metadata for the run itself, and the value for the proof at its end.
    _expect(asked == {"DescribeSecret", "GetSecretValue"}, f"only reads of AWS, not {asked}")
    _expect(not sandbox.refused(), f"no request to another host, not {sandbox.refused()}")

    _title(f"Run 3: the Stripe key of {ROTATED} was rotated")
    before = _keys(sandbox)
    sandbox.rotate(ROTATED)
    third = _play(sandbox, scratch, options)
    _show(third.table, first.table)
    after = _keys(sandbox)
    touched = [place for place in after if after[place] != before[place]]
    _expect(third.changed == [ROTATED], f"only {ROTATED} to change, not {third.changed}")
    _expect(touched == [ROTATED_SECRET], f"only {ROTATED_SECRET} to change, not {touched}")
    missing = [line for line in shown_in_readme() if line not in third.table]
    _expect(not missing, f"the table that README.md shows; these lines are missing: {missing}")
    _expect_proof(third.results)

    _title("What happened")
    _say(_SUMMARY.format(first.seconds, second.seconds, third.seconds))


def _expect_proof(results: Sequence[dict[str, Any]]) -> None:
    links = [link for result in results for link in result["proof"]]
    found = {
        verdict: [link["link"] for link in links if link["verdict"] == verdict]
        for verdict in ("recorded", "contradicted", "unknown")
    }
    _expect(len(links) == 8 * len(LINKS), f"a verdict on each link of 8 hosts, not {len(links)}")
    # Snowflake and Matillion's own vault do not show values. Maia's API does not expose which of a
    # customer's own vaults a runner reads.
    known = {"recorded": ["secret"] * 4, "contradicted": [], "unknown": ["location"] * 6}
    _expect(found == known, f"all proven but {known}, not {found}")


def _play(sandbox: SandboxClient, scratch: Path, options: Sequence[str]) -> Run:
    """Run the collection's playbook."""
    report = scratch / "report.json"
    variables = {
        "demo_keys": str(Path(next(iter(sandbox.state.keys.values()))).parent),
        "demo_checkouts": str(scratch),
        "authorize_report_json": str(report),
        # On slow machines it would show how far it got, which differs each time.
        "authorize_progress": False,
    }
    command = ("ansible-playbook", "maia.stripe_query.authorize", "--inventory")
    _say(f"$ {' '.join(command)} tests/demo/{INVENTORY.name}")
    started = time.monotonic()
    done = subprocess.run(
        [*command, str(INVENTORY), "--extra-vars", json.dumps(variables), *options],
        env={**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_NOCOLOR": "true"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    if done.returncode:
        raise DemoError(f"exit status {done.returncode}:\n{done.stdout}")
    # The report is a file of this demo, in a directory that is about to go.
    table = [line for line in _table(done.stdout) if str(scratch) not in line]
    return Run(table, seconds, json.loads(report.read_text(encoding="utf-8"))["results"])


def _show(table: Sequence[str], shown: Sequence[str] = ()) -> None:
    """Print the table as the playbook prints it, but none of its remarks again."""
    new = [line for line in table if line not in shown]
    for line in [*new, *(["(and the remarks of run 1)"] if len(new) < len(table) else [])]:
        _say(line)


def _table(output: str) -> list[str]:
    """The lines of the table at the playbook's end."""
    shown = output.rpartition(_TABLE)[2].partition(" => ")[2]
    lines: list[str] = json.JSONDecoder().raw_decode(shown)[0]["msg"]
    return lines


def _keys(sandbox: SandboxClient) -> dict[tuple[str, str], object]:
    """The masked key of each secret and definition."""
    return {
        (entry.service, f"{entry.details.get('project', '')}{entry.name}"): entry.details.get("key")
        for entry in sandbox.contents()
        if entry.service != "stripe"
    }


def _title(text: str) -> None:
    _say(f"\n{text}\n{'-' * len(text)}")


def _expect(truth: bool, what: str) -> None:
    if not truth:
        raise DemoError(f"expected {what}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

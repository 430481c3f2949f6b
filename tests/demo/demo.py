# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on the sandbox: authorize a small fleet, again, and after a key was rotated.

All four steps: the key is checked, stored and defined, and components name the definition.

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m demo.demo [options for
ansible-playbook]. Exits with 1 if anything comes out otherwise than it promises.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.checkouts import check_out, definition_named
from demo.contents import show_contents
from demo.proof import LINKS, show_proof
from sandbox.client import SandboxClient

INVENTORY = Path(__file__).with_name("inventory.yml")
ROTATED = "billing-insights-production"
ROTATED_SECRET = ("azure", "demo-vault/stripe-billing-production")

_RECAP = re.compile(
    r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)\s+.*failed=(?P<failed>\d+)"
)


_SUMMARY = """\
The first run asked Stripe about 8 keys, stored each in the vault that its environment's runner
reads, made 8 secret definitions in Maia, and let the Stripe Query components in 8 checkouts name
them ({:.0f} s). The second run found everything in place and wrote nothing ({:.0f} s). Then one
key was rotated, and the third run changed that one secret and nothing else ({:.0f} s). Each run
ended by reading all of it anew to prove what can be proven. All of it went through the vendors'
own SDKs, over TLS, to services of the sandbox on this machine, which are gone now.

Read next: docs/docsite/rst/first_project.rst for your own first project, roles/authorize/README.md
for all variables, tests/demo/inventory.yml for the inventory that you just ran."""


class DemoError(Exception):
    """Something came out otherwise than the demo promises."""


@dataclass(frozen=True)
class Run:
    """What one ansible-playbook run did: per host how many tasks changed something.

    results: the role's result of each host.
    """

    changed: dict[str, int]
    seconds: float
    results: list[dict[str, Any]]

    @property
    def changed_hosts(self) -> list[str]:
        return sorted(host for host, count in self.changed.items() if count)


def main(options: Sequence[str]) -> int:
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    try:
        with TemporaryDirectory(prefix="stripe-query-demo-") as scratch:
            _story(sandbox, Path(scratch), options)
    except DemoError as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    return 0


def _story(sandbox: SandboxClient, scratch: Path, options: Sequence[str]) -> None:
    for host in sandbox.state.keys:
        check_out(scratch / host)

    _title("1. First run: 4 projects in 2 environments each, on AWS, Azure, Snowflake, Full SaaS")
    first = _play(sandbox, scratch, options)
    _expect(len(first.changed) == 8, f"8 hosts, not {len(first.changed)}")
    _expect(len(first.changed_hosts) == 8, "the first run to change every host")
    named = {host: definition_named(scratch / host) for host in first.changed}
    wanted = {host: f"stripe_{host.rpartition('-')[2]}" for host in first.changed}
    _expect(named == wanted, f"each component to name its definition, not {named}")

    _title("2. Second run: the same again")
    sandbox.clear()
    second = _play(sandbox, scratch, options)
    writes = sum(sandbox.writes(service) for service in sandbox.state.services)
    _expect(not second.changed_hosts, f"no change, not {second.changed_hosts}")
    _expect(writes == 0, f"no write to any service, not {writes}")
    asked = set(sandbox.requests("aws"))
    # For metadata by the run itself, and for the value by the proof at its end.
    _expect(asked == {"DescribeSecret", "GetSecretValue"}, f"AWS asked for no more, not {asked}")
    _expect(not sandbox.refused(), f"no other host asked for, not {sandbox.refused()}")

    _title(f"3. Third run: the Stripe key of {ROTATED} was rotated meanwhile")
    before = _keys(sandbox)
    sandbox.rotate(ROTATED)
    third = _play(sandbox, scratch, [*options, "--diff"])
    after = _keys(sandbox)
    touched = [place for place in after if after[place] != before[place]]
    _expect(third.changed_hosts == [ROTATED], f"only {ROTATED} to change: {third.changed_hosts}")
    _expect(third.changed[ROTATED] == 1, "the secret to change and not the definition")
    _expect(touched == [ROTATED_SECRET], f"only {ROTATED_SECRET} to change, not {touched}")

    _title("What the vaults and Maia hold now (never shown: a value)")
    show_contents(sandbox.contents())
    _title("What is known, read anew at the end of the third run")
    show_proof(third.results)
    links = [link for result in third.results for link in result["proof"]]
    found = {
        verdict: [link["link"] for link in links if link["verdict"] == verdict]
        for verdict in ("recorded", "contradicted", "unknown")
    }
    _expect(len(links) == 8 * len(LINKS), f"a verdict on each link of 8 hosts, not {len(links)}")
    # Of a customer's own vault Maia tells the kind, and of Matillion's all that there is to tell.
    # Snowflake and Matillion's vault show no values.
    known = {"recorded": ["secret"] * 4, "contradicted": [], "unknown": ["location"] * 6}
    _expect(found == known, f"all proven but {known}, not {found}")

    _title("What happened")
    print(_SUMMARY.format(first.seconds, second.seconds, third.seconds))


def _play(sandbox: SandboxClient, scratch: Path, options: Sequence[str]) -> Run:
    """Run the collection's own playbook, shown as it goes."""
    report = scratch / "report.json"
    variables = {
        "demo_keys": str(Path(next(iter(sandbox.state.keys.values()))).parent),
        "demo_checkouts": str(scratch),
        "authorize_report_json": str(report),
    }
    command = [
        *("ansible-playbook", "maia.stripe_query.authorize", "--inventory", str(INVENTORY)),
        *("--extra-vars", json.dumps(variables), *options),
    ]
    quiet = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    color = {"ANSIBLE_FORCE_COLOR": "true"} if sys.stdout.isatty() else {}
    started = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, **quiet, **color}, stdout=subprocess.PIPE, text=True
    ) as process:
        changed = _echo(process.stdout or ())
    _expect(process.returncode == 0, f"success, not exit status {process.returncode}")
    seconds = time.monotonic() - started
    return Run(changed, seconds, json.loads(report.read_text(encoding="utf-8"))["results"])


def _echo(lines: Iterable[str]) -> dict[str, int]:
    """Print the lines as they come; return the recap's number of changes by host."""
    changed = {}
    for line in lines:
        print(line, end="", flush=True)
        if recap := _RECAP.match(re.sub(r"\x1b\[[0-9;]*m", "", line)):
            changed[recap["host"]] = int(recap["changed"])
    return changed


def _keys(sandbox: SandboxClient) -> dict[tuple[str, str], object]:
    """The masked key of each secret and definition."""
    return {
        (entry.service, f"{entry.details.get('project', '')}{entry.name}"): entry.details.get("key")
        for entry in sandbox.contents()
        if entry.service != "stripe"
    }


def _title(text: str) -> None:
    print(f"\n\n{text}\n{'=' * len(text)}", flush=True)


def _expect(truth: bool, what: str) -> None:
    if not truth:
        raise DemoError(f"expected {what}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

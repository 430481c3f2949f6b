# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job on the sandbox: authorize a small fleet, again, and after a key was rotated.

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

from demo.contents import show_contents
from sandbox.client import SandboxClient

INVENTORY = Path(__file__).with_name("inventory.yml")
ROTATED = "billing-insights-production"
ROTATED_SECRET = ("azure", "demo-vault/stripe-billing-production")

_RECAP = re.compile(
    r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)\s+.*failed=(?P<failed>\d+)"
)


_SUMMARY = """\
The first run stored 8 Stripe keys, each in the vault that its environment's runner reads, and made
8 secret definitions in Maia ({:.0f} s). The second run found everything in place and wrote nothing
({:.0f} s). Then one key was rotated, and the third run changed that one secret and nothing else
({:.0f} s). All of it went through the vendors' own SDKs, over TLS, to services of the sandbox on
this machine, which are gone now.

Read next: README.md for your own first project, tests/demo/inventory.yml for the inventory that you
just ran, roles/authorize/README.md for all variables."""


class DemoError(Exception):
    """Something came out otherwise than the demo promises."""


@dataclass(frozen=True)
class Run:
    """What one ansible-playbook run did: per host how many tasks changed something."""

    changed: dict[str, int]
    seconds: float

    @property
    def changed_hosts(self) -> list[str]:
        return sorted(host for host, count in self.changed.items() if count)


def main(options: Sequence[str]) -> int:
    sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
    try:
        _story(sandbox, options)
    except DemoError as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    return 0


def _story(sandbox: SandboxClient, options: Sequence[str]) -> None:
    _title("1. First run: 4 projects in 2 environments each, on AWS, Azure, Snowflake, Full SaaS")
    first = _play(sandbox, options)
    _expect(len(first.changed) == 8, f"8 hosts, not {len(first.changed)}")
    _expect(len(first.changed_hosts) == 8, "the first run to change every host")

    _title("2. Second run: the same again")
    sandbox.clear()
    second = _play(sandbox, options)
    writes = sum(sandbox.writes(service) for service in sandbox.state.services)
    _expect(not second.changed_hosts, f"no change, not {second.changed_hosts}")
    _expect(writes == 0, f"no write to any service, not {writes}")
    asked = set(sandbox.requests("aws"))
    _expect(asked == {"DescribeSecret"}, f"AWS asked for nothing but metadata, not {asked}")
    _expect(not sandbox.refused(), f"no other host asked for, not {sandbox.refused()}")

    _title(f"3. Third run: the Stripe key of {ROTATED} was rotated meanwhile")
    before = _keys(sandbox)
    sandbox.rotate(ROTATED)
    third = _play(sandbox, [*options, "--diff"])
    after = _keys(sandbox)
    touched = [place for place in after if after[place] != before[place]]
    _expect(third.changed_hosts == [ROTATED], f"only {ROTATED} to change: {third.changed_hosts}")
    _expect(third.changed[ROTATED] == 1, "the secret to change and not the definition")
    _expect(touched == [ROTATED_SECRET], f"only {ROTATED_SECRET} to change, not {touched}")

    _title("What the vaults and Maia hold now (never shown: a value)")
    show_contents(sandbox.contents())
    _title("What happened")
    print(_SUMMARY.format(first.seconds, second.seconds, third.seconds))


def _play(sandbox: SandboxClient, options: Sequence[str]) -> Run:
    """Run the collection's own playbook, shown as it goes."""
    keys = Path(next(iter(sandbox.state.keys.values()))).parent
    command = [
        *("ansible-playbook", "maia.stripe_query.authorize", "--inventory", str(INVENTORY)),
        *("--extra-vars", json.dumps({"demo_keys": str(keys)}), *options),
    ]
    quiet = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    color = {"ANSIBLE_FORCE_COLOR": "true"} if sys.stdout.isatty() else {}
    started = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, **quiet, **color}, stdout=subprocess.PIPE, text=True
    ) as process:
        changed = _echo(process.stdout or ())
    _expect(process.returncode == 0, f"success, not exit status {process.returncode}")
    return Run(changed, time.monotonic() - started)


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

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays every scenario in every way and looks for secrets in all that was written.

Runs inside the sandbox: python -m sandbox --state-dir DIR -- python -m leak.harness [--all]
By default a selection; with --all everything.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import secrets as random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leak.cores import this_core, without_spaces
from leak.leaky import make_collection
from leak.leaky import playbook as leaky_playbook
from leak.run import Core, Run, Secrets
from leak.scenarios import PLAYBOOKS, Scenario, all_scenarios, playbook
from leak.search import forms, found_in
from sandbox.client import SandboxClient

_SECRET_OPTIONS = (
    *("secret_key", "client_secret", "password", "api_key", "token", "private_key"),
    *("private_key_passphrase", "oauth_client_secret"),
)


_WITH_A_JOB = "stripe_secret_aws"


@dataclass(frozen=True)
class Way:
    """One way to run a playbook: path is a key of PATHS, verbosity an option or empty."""

    name: str
    path: str = "in process"
    verbosity: str = ""
    through_runner: bool = False
    always: bool = False
    slow: bool = True


WAYS = (
    Way("worker-loud", verbosity="-vvvv", always=True, slow=False),
    Way("worker-runner", through_runner=True, always=True),
    Way("module-loud", path="as a module", verbosity="-vvvv", always=True),
    Way("worker"),
    Way("module", path="as a module"),
    Way("worker-runner-loud", verbosity="-vvvv", through_runner=True),
    Way("module-runner", path="as a module", verbosity="-vvvv", through_runner=True),
)


class Harness:
    """Counts what it does; what goes wrong is in `problems`, one line each."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._sandbox = SandboxClient.from_state(os.environ["SANDBOX_STATE"])
        self._secrets = self._make_secrets(scratch / "secrets")
        self.problems: list[str] = []
        self.runs = self.tasks = self.files = self.characters = 0

    def prove(self, core: Core) -> None:
        """A search that finds nothing proves nothing unless it can find."""
        secret = next(iter(self._secrets.known.values()))
        for form, text in forms(secret).items():
            if not found_in(f"before {text} after", {"canary": secret}):
                self.problems.append(f"The search does not find a secret as {form}.")
        if found_in("nothing to see", {"canary": secret}):
            self.problems.append("The search finds a secret where there is none.")
        collection = make_collection(self._scratch / "leaky")
        for number, through_runner in enumerate((False, True)):
            where = self._scratch / f"leaky-{number}"
            run = Run(where, core, self._secrets, verbosity="-vvvv", through_runner=through_runner)
            run.play(leaky_playbook(), collections=[collection])
            leaking = {str(file) for file, _found in self._leaks(run)}
            for channel, pattern in run.channels.items():
                if not fnmatch.filter(leaking, pattern):
                    self.problems.append(f"The leaky module is not caught in {channel}: {run.name}")

    def run(self, name: str, core: Core, way: Way) -> Run:
        return Run(
            self._scratch / name,
            core,
            self._secrets,
            path=way.path,
            verbosity=way.verbosity,
            through_runner=way.through_runner,
        )

    def play(self, run: Run, scenarios: Sequence[Scenario], playbooks: Sequence[str]) -> None:
        started = time.monotonic()
        self._sandbox.clear()
        self._sandbox.reset()
        run.play(playbook(scenarios, playbooks))
        verdicts = run.verdicts()
        self.runs += 1
        self.tasks += len(verdicts)
        if len(verdicts) != len(scenarios):
            self.problems.append(f"{run.name}: {len(verdicts)} of {len(scenarios)} tasks ran")
        wrong = [verdict for verdict in verdicts if verdict["problem"]]
        self.problems += [f"{run.name}: {each['task']}: {each['problem']}" for each in wrong]
        if "failed=0" not in (run.where / "output.txt").read_text("utf-8"):
            self.problems.append(f"{run.name}: the play did not come to its end")
        leaks = list(self._leaks(run))
        self.problems += [f"{run.name}: LEAK of {found} in {file}" for file, found in leaks]
        seconds = time.monotonic() - started
        counts = f"{len(verdicts)} tasks, {len(wrong)} wrong, {len(leaks)} leaks"
        print(f"  {run.name}: {counts} ({seconds:.0f} s)", flush=True)
        for each in wrong:
            print(f"    {each['task']}: {each['problem']}", flush=True)

    def list_inventory(self, core: Core) -> None:
        """The inventory plugin, which takes its credentials from the environment or a file."""
        full = self._sandbox.identity("maia")
        for name, secret in (
            ("full", full["client_secret"]),
            ("wrong", self._secrets.known["wrong"]),
        ):
            where = self._scratch / f"inventory-{name}"
            run = Run(where, core, self._secrets)
            status = run.inventory(full["client_id"], secret)
            self.runs += 1
            if (status == 0) != (name == "full"):
                self.problems.append(f"ansible-inventory with {name} credentials: status {status}")
            self.problems += [
                f"Inventory: LEAK of {found} in {file}" for file, found in self._leaks(run)
            ]

    def _leaks(self, run: Run) -> Iterator[tuple[Path, str]]:
        everything = self._all_secrets()
        for file, text in run.texts():
            self.files += 1
            self.characters += len(text)
            for found in found_in(text, everything):
                yield file, found

    def _all_secrets(self) -> dict[str, str]:
        """The recorder's own token is of no interest."""
        own = self._sandbox.state.control_token
        return {name: text for name, text in self._secrets.all().items() if text != own}

    def _make_secrets(self, directory: Path) -> Secrets:
        directory.mkdir(mode=0o700, parents=True)
        sandbox = self._sandbox
        known = {f"key {name}": sandbox.key(name) for name in sandbox.state.keys}
        known |= {
            f"{service} {identity} {option}": text
            for service, state in sandbox.state.services.items()
            for identity, options in state.identities.items()
            for option, text in options.items()
            if option in _SECRET_OPTIONS
        }
        # Full of what each notation writes in its own way.
        known["wrong"] = f"{random.token_urlsafe(12)}'\"\\ %/+{random.token_urlsafe(12)}ü;"
        known["forged_key"] = "_".join(("rk", "live", random.token_hex(40)))
        made = Secrets(directory, known)
        made.canaries.write_text(json.dumps({n: known[n] for n in ("wrong", "forged_key")}))
        (directory / "key").write_text(sandbox.key("shop-analytics-production"))
        return made

    def report(self) -> int:
        found = self._all_secrets()
        print(
            f"Leak harness: {self.runs} runs, {self.tasks} tasks, {len(found)} secrets in"
            f" {len(forms(next(iter(found.values()))))} forms or more, {self.files} files,"
            f" {self.characters / 1e6:.0f} million characters, {len(self.problems)} problems."
        )
        for problem in self.problems:
            print(f"  {problem}", file=sys.stderr)
        return 1 if self.problems else 0


def selection(scenarios: Sequence[Scenario], way: Way, *, everything: bool) -> list[Scenario]:
    """What can be played this way; without `everything`, the telling ones if it is slow."""
    can = [each for each in scenarios if way.path == "in process" or not each.in_process_only]
    if everything:
        return can
    if way.slow:
        return [each for each in can if each.telling]
    # A vendor's options of one name are declared once, whichever of its modules have them.
    declared = {_option(each): each for each in reversed(can)}
    # The file of a job holds a module's result, which is searched for each module anyway.
    return [
        each
        for each in can
        if ("async" not in each.task or each.module == _WITH_A_JOB)
        and (not each.title.startswith("takes a ") or declared[_option(each)] is each)
    ]


def _option(scenario: Scenario) -> tuple[str, str]:
    """The vendor and what is tried of one of its options."""
    module = scenario.module
    vendor = "maia" if module.startswith("maia_") else module.removesuffix("_info")
    return vendor, scenario.title


def main() -> int:
    options = _options()
    kept = Path(os.environ["SANDBOX_STATE"]).parent.with_name("leak-runs")
    shutil.rmtree(kept, ignore_errors=True)
    # Not below the checkout, whose path may have a space.
    with tempfile.TemporaryDirectory(prefix="leak-") as scratch:
        harness = Harness(Path(scratch))
        _play_all(harness, Path(scratch), options)
        if harness.problems:
            shutil.copytree(scratch, kept, symlinks=True)
            print(f"What was written is in {kept}")
    return harness.report()


def _play_all(harness: Harness, scratch: Path, options: argparse.Namespace) -> None:
    core = without_spaces(this_core(), scratch / "core")
    harness.prove(core)
    harness.list_inventory(core)
    scenarios = [s for s in all_scenarios() if fnmatch.fnmatch(s.module, options.module)]
    for way in WAYS if options.all else (way for way in WAYS if way.always):
        whole = options.all or not way.slow
        # Through ansible-runner they write nothing that the JSON callback does not; as a module
        # each task of theirs takes seconds, for each host.
        playbooks = PLAYBOOKS if whole else ()
        chosen = selection(scenarios, way, everything=options.all)
        harness.play(harness.run(way.name, core, way), chosen, playbooks)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m leak.harness")
    parser.add_argument("--all", action="store_true", help="every scenario in every way")
    parser.add_argument("--module", default="*", help="only modules that match this pattern")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

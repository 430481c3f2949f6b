# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of Ansible in which everything that writes files writes them below one directory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import certifi
import yaml

from leak.loud import environment, write_configuration

_HERE = Path(__file__).parent
_TESTS = _HERE.parent
# Credentials come from options here, so that no program finds others in its environment.
_CREDENTIALS = ("AWS_", "AZURE_", "SNOWFLAKE_", "MAIA_CLIENT", "MAIA_ACCESS", "ANSIBLE_")
_KEPT = ("ANSIBLE_COLLECTIONS_PATH", "AWS_DEFAULT_REGION")
_PROXIES = {"http_proxy", "https_proxy", "all_proxy"}  # the services are called directly

PATHS = {"in process": "true", "as a module": "false"}

# Channel -> where it ends up, as patterns of file names below the run's directory.
PLAYBOOK_CHANNELS = {
    "standard output and error": "output.txt",
    "log_path": "ansible.log",
    "JSON callback": "events.jsonl",
    "tree callback": "tree/*",
    "junit callback": "junit/*.xml",
    "fact cache": "facts/*",
    "syslog": "syslog.txt",
    "files in HOME": "home/*",
    "files in TMPDIR": "tmp/*",
}
RUNNER_CHANNELS = {
    "ansible-runner's event files": "runner/artifacts/*/job_events/*.json",
    "ansible-runner's standard output": "runner/artifacts/*/stdout",
    "ansible-runner's fact cache": "runner/artifacts/*/fact_cache/*",
}


@dataclass(frozen=True)
class Core:
    """An installed ansible-core: its version and the directory of its programs."""

    version: str
    programs: Path


@dataclass(frozen=True)
class Secrets:
    """Files outside of what is searched. known: every secret that the harness knows, by name."""

    directory: Path
    known: Mapping[str, str]

    @property
    def canaries(self) -> Path:
        return self.directory / "canaries.json"

    @property
    def seen(self) -> Path:
        return self.directory / "seen.txt"

    def all(self) -> dict[str, str]:
        """Those that are known, and those that the programs were seen to use."""
        lines = self.seen.read_text("utf-8").split() if self.seen.exists() else []
        # AWS sends a signature, which is of no use to anybody else.
        tokens = {line for line in lines if "=" not in line and len(line) >= 16}
        named = {f"token {number}": token for number, token in enumerate(sorted(tokens), 1)}
        return {**self.known, **named}


class Run:
    """One run of one playbook, in a directory of its own."""

    def __init__(
        self,
        where: Path,
        core: Core,
        secrets: Secrets,
        *,
        path: str = "in process",
        verbosity: str = "",
        through_runner: bool = False,
    ) -> None:
        """path: a key of PATHS. verbosity: an option of ansible-playbook, or empty."""
        self.where = where
        self.name = " ".join(
            (
                f"ansible-core {core.version}",
                path,
                verbosity or "normal verbosity",
                *(["through ansible-runner"] if through_runner else []),
            )
        )
        self._core = core
        self._secrets = secrets
        self._verbosity = verbosity
        self._runner = through_runner
        self._path = path

    @property
    def channels(self) -> dict[str, str]:
        if not self._runner:
            return PLAYBOOK_CHANNELS
        # ansible-runner has a fact cache of its own.
        shared = {name: files for name, files in PLAYBOOK_CHANNELS.items() if name != "fact cache"}
        return {**shared, **RUNNER_CHANNELS}

    def play(self, plays: Sequence[Mapping[str, Any]], *, collections: Sequence[Path] = ()) -> int:
        """Run these plays; returns the exit status, which failed tasks do not make a failure."""
        shutil.rmtree(self.where, ignore_errors=True)
        for name in ("home", "tmp", "tree", "junit", "runner/env"):
            (self.where / name).mkdir(mode=0o700, parents=True)
        self._make_repository()
        write_configuration(self.where / "home")
        playbook = self.where / "site.yml"
        playbook.write_text(yaml.safe_dump(list(plays), sort_keys=False, width=1000))
        environment = self._environment(collections)
        inventory = str(_HERE / "inventory.yml")
        if self._runner:
            command = [
                *(sys.executable, "-m", "ansible_runner", "run", str(self.where / "runner")),
                *("--playbook", str(playbook), "--inventory", inventory),
                f"--cmdline={self._verbosity or '--diff'}",
            ]
        else:
            program = str(self._core.programs / "ansible-playbook")
            command = [program, str(playbook), "--inventory", inventory]
            command += [self._verbosity] if self._verbosity else []
        with (self.where / "output.txt").open("w", encoding="utf-8") as output:
            return subprocess.run(
                command, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
            ).returncode

    def inventory(self, client_id: str, client_secret: str) -> int:
        """List Maia's projects as an inventory; returns the exit status."""
        shutil.rmtree(self.where, ignore_errors=True)
        for name in ("home", "tmp"):
            (self.where / name).mkdir(mode=0o700, parents=True)
        state = json.loads(Path(os.environ["SANDBOX_STATE"]).read_text("utf-8"))
        url = state["services"]["maia"]["url"]
        source = {
            "plugin": "maia.stripe_query.maia_projects",
            "api_url": f"{url}/dpc",
            "token_url": f"{url}/oauth/dpc/token",
            "ca_bundle": state["ca"],
        }
        file = self.where / "fleet.maia_projects.yml"
        file.write_text(yaml.safe_dump(source))
        credentials = {"MAIA_CLIENT_ID": client_id, "MAIA_CLIENT_SECRET": client_secret}
        strict = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
        program = str(self._core.programs / "ansible-inventory")
        with (self.where / "output.txt").open("w", encoding="utf-8") as output:
            return subprocess.run(
                [program, "--inventory", str(file), "--list", "-vvvv"],
                env={**self._environment(()), **credentials, **strict},
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

    def verdicts(self) -> list[dict[str, str]]:
        """What the recorder thought of each scenario."""
        file = self._verdicts
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every file below the run's directory, by its path in it."""
        for path in sorted(self.where.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.where), path.read_text("utf-8", errors="replace")

    @property
    def _verdicts(self) -> Path:
        return self._secrets.directory / f"verdicts-{self.where.name}.jsonl"

    def _environment(self, collections: Sequence[Path]) -> dict[str, str]:
        self._verdicts.unlink(missing_ok=True)
        kept = {
            name: text
            for name, text in os.environ.items()
            if name in _KEPT or not (name.startswith(_CREDENTIALS) or name.lower() in _PROXIES)
        }
        secrets, where = self._secrets, self.where
        layer = secrets.directory / "layer"
        layer.write_text("")
        found = [*map(str, collections), os.environ["ANSIBLE_COLLECTIONS_PATH"]]
        logs = environment(where / "home")
        # It shows what Ansible itself does with arguments; SECURITY.md warns of it.
        del logs["ANSIBLE_DEBUG"]
        callbacks = ["leak_recorder", "ansible.builtin.junit", "ansible.builtin.tree"]
        return {
            **kept,
            **logs,
            "PATH": f"{self._core.programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{_HERE / 'patches'}{os.pathsep}{_TESTS}",
            "HOME": str(where / "home"),
            "TMPDIR": str(where / "tmp"),
            "ANSIBLE_HOME": str(where / "home" / ".ansible"),
            # Ansible asks the system for the home directory, whatever HOME says.
            "ANSIBLE_REMOTE_TMP": str(where / "home" / ".ansible" / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(where / "home" / ".ansible_async"),
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(found),
            "ANSIBLE_LOG_PATH": str(where / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(where / "facts"),
            "ANSIBLE_CALLBACK_PLUGINS": str(_HERE / "callback"),
            "ANSIBLE_CALLBACKS_ENABLED": ",".join(callbacks),
            "ANSIBLE_CALLBACK_TREE_DIR": str(where / "tree"),
            "JUNIT_OUTPUT_DIR": str(where / "junit"),
            "ANSIBLE_DISPLAY_TRACEBACK": "always",
            "ANSIBLE_NOCOLOR": "true",
            "MAIA_STRIPE_QUERY_IN_PROCESS": PATHS[self._path],
            "LEAK_STATE": os.environ["SANDBOX_STATE"],
            "LEAK_CANARIES": str(secrets.canaries),
            "LEAK_OTHER_CA": certifi.where(),
            "LEAK_REPOSITORY": str(where / "home" / "repository"),
            "LEAK_EVENTS_FILE": str(where / "events.jsonl"),
            "LEAK_VERDICTS_FILE": str(self._verdicts),
            "LEAK_SYSLOG_FILE": str(where / "syslog.txt"),
            "LEAK_SEEN_FILE": str(secrets.seen),
            "LEAK_LAYER_FILE": str(layer),
            "LEAK_KEY_FILE": str(secrets.directory / "key"),
        }

    def _make_repository(self) -> None:
        pipeline = {
            "type": "orchestration",
            "pipeline": {
                "components": {
                    "Load": {
                        "type": "stripe-query",
                        "parameters": {"componentName": "Load", "apiKey": "old"},
                    }
                }
            },
        }
        file = self.where / "home" / "repository" / "shop.orch.yaml"
        file.parent.mkdir()
        file.write_text(yaml.safe_dump(pipeline, sort_keys=False))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One service of the sandbox in a process of its own, filled for a benchmark.

python -m bench.services --state-dir DIR --service NAME [--projects N] [--latency-ms N]
Runs until its standard input ends.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from bench.fleet import ENVIRONMENTS, project_name
from sandbox.maia.store import HYBRID
from sandbox.sandbox import SERVICES, Sandbox

# Rate limits are the account's, not the client's: without them the client is what is measured.
_NO_LIMIT = 10**9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--state-dir", required=True)
    parser.add_argument("--service", required=True, choices=SERVICES)
    parser.add_argument("--projects", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args()
    with Sandbox(options.state_dir, [options.service]) as sandbox:
        if options.projects:
            _fill(sandbox._services[options.service], options.projects)
        sandbox._journal.latency_seconds = options.latency_ms / 1000
        print("ready", flush=True)
        sys.stdin.read()


def _fill(maia: Any, projects: int) -> None:
    maia.requests_per_minute = _NO_LIMIT
    agent = maia.add_agent("runner", "aws", "fargate")
    for number in range(projects):
        project = maia.add_project(project_name(number), deployment=HYBRID)
        for name in ENVIRONMENTS:
            maia.add_environment(project, name, agent)


if __name__ == "__main__":
    main()

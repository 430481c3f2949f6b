# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page as the role writes it, by a run of ansible-playbook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_COLLECTIONS = Path(__file__).resolve().parents[2] / ".build" / "collections"
# The results come from a file by from_json, which makes them data: nothing in them is a template.
_PLAY = {
    "hosts": "localhost",
    "connection": "local",
    "gather_facts": False,
    "roles": ["maia.stripe_query.report"],
    "vars": {
        "report_results": "{{ lookup('ansible.builtin.file', results_path) | from_json }}",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    },
}


def write_page(
    directory: Path, results: Sequence[dict[str, Any]], *options: str, **variables: Any
) -> Path:
    """Write report.html and report.json to the directory; the variables are the role's."""
    directory.mkdir(parents=True, exist_ok=True)
    page = directory / "report.html"
    (directory / "results.json").write_text(json.dumps(results))
    (directory / "playbook.yml").write_text(json.dumps([_PLAY]))
    given = {
        "results_path": str(directory / "results.json"),
        "report_path": str(page),
        "report_json_path": str(directory / "report.json"),
        **variables,
    }
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(_COLLECTIONS),
        "ANSIBLE_HOME": str(directory / "ansible"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "ansible-playbook"),
            str(directory / "playbook.yml"),
            *("--extra-vars", json.dumps(given), *options),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return page

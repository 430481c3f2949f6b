# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maia_artifact module: publishes the pipelines of a checkout to an environment."""

from __future__ import annotations

from pathlib import Path

from ..._core.argspec import ArgumentSpec
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..apis.artifact import Artifact, publish, read_files
from ..projects.projects import find_environment, find_project
from ..reach.connection import MaiaConnection
from .environment import SPEC as ENVIRONMENT_SPEC

SPEC = ENVIRONMENT_SPEC.merge(
    ArgumentSpec(
        options={
            "version_name": {"type": "str", "required": True},
            "path": {"type": "path", "required": True},
            "files": {"type": "list", "elements": "str", "required": True},
            "branch": {"type": "str"},
            "commit": {"type": "str"},
        },
    ),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Check everything, then publish; in check mode nothing is sent but questions."""
    subject = f"Maia version '{params['version_name']}'"
    files = read_files(subject, Path(params["path"]), params["files"])
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        artifact = Artifact(
            project=project,
            environment=find_environment(client, project, params["environment"]).name,
            version=params["version_name"],
            branch=params["branch"],
            commit=params["commit"],
        )
        artifact.headers()
        if not runtime.check_mode:
            publish(client, artifact, files)
    return Outcome(
        changed=True,
        values={
            "project": {"id": project.id, "name": project.name},
            "environment": artifact.environment,
            "version_name": artifact.version,
            "files": list(files),
        },
    )


OPERATION = Operation("maia_artifact", SPEC, execute, (REQUESTS,))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing the pipelines of a checkout to an environment.

https://docs.maia.ai/api-reference names the call. What it takes is what public clients send, and
not verified: each file is a part that is called by its path, and headers say the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ..._core.errors import CollectionError, ConfigurationError, ConflictError
from ..._core.http import Upload
from ..._stripe.recognize import holds_key
from ..projects.projects import Project
from ..reach.client import MaiaClient
from ..unverified import ARTIFACT_TYPES

_HEADER = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_LARGEST = 20_000_000  # of all files together
_ATTEMPT = "publishing it"
_REDIRECTION, _SERVER_ERROR = 300, 500


@dataclass(frozen=True)
class Artifact:
    """What to publish, in one environment. commit: the hash that it is of, if it is known."""

    project: Project
    environment: str
    version: str
    branch: str | None = None
    commit: str | None = None

    @property
    def subject(self) -> str:
        project = self.project.name or self.project.id
        where = f"environment '{self.environment}' of project '{project}'"
        return f"Maia version '{self.version}' in {where}"

    def headers(self) -> dict[str, str]:
        """Raises ConfigurationError for what no header can hold."""
        given = {
            "environmentName": self.environment,
            "versionName": self.version,
            "branch": self.branch,
            "commitHash": self.commit,
        }
        headers = {name: value for name, value in given.items() if value is not None}
        for name, value in headers.items():
            if not _HEADER.fullmatch(value):
                raise ConfigurationError(
                    self.subject,
                    f"{name} has characters that an HTTP header cannot hold, or more than 255",
                    "use others, or publish in Maia's user interface",
                )
        return headers


def read_files(subject: str, root: Path, names: Iterable[str]) -> dict[str, tuple[bytes, str]]:
    """The files of a checkout, by their paths in it. Raises ConfigurationError."""
    files: dict[str, tuple[bytes, str]] = {}
    for name in sorted(set(names)):
        path = PurePosixPath(name)
        media_type = ARTIFACT_TYPES.get(path.suffix.lower())
        if media_type is None or path.is_absolute() or ".." in path.parts:
            known = ", ".join(sorted(ARTIFACT_TYPES))
            raise _refused(
                subject, name, "it is not one of a checkout's pipelines", f"give {known}"
            )
        files[path.as_posix()] = (_content(subject, root, path), media_type)
    if not files:
        raise ConfigurationError(subject, "there are no files to publish", "give files")
    if sum(len(content) for content, _type in files.values()) > _LARGEST:
        raise ConfigurationError(
            subject,
            f"the files have more than {_LARGEST} bytes",
            "publish in Maia's user interface",
        )
    return files


def _content(subject: str, root: Path, path: PurePosixPath) -> bytes:
    found = root / path
    try:
        # A link would publish what is elsewhere.
        inside = found.resolve(strict=True).is_relative_to(root.resolve())
        content = found.read_bytes() if inside and found.is_file() else None
    except OSError:
        content = None
    if content is None:
        raise _refused(
            subject, str(path), "it cannot be read in the checkout", "check path and files"
        )
    if holds_key(content.decode("utf-8", "replace")):
        raise _refused(
            subject,
            str(path),
            "it holds what looks like a Stripe API key",
            "let the component name a secret definition, and revoke the key in Stripe",
        )
    return content


def _refused(subject: str, name: str, reason: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"{subject}, file '{name[:128]}'", reason, hint)


def publish(client: MaiaClient, artifact: Artifact, files: Mapping[str, tuple[bytes, str]]) -> None:
    """Raises ConflictError if Maia has a version of this name already, and what call() raises."""
    upload = Upload(files, artifact.headers())
    path = f"/projects/{artifact.project.id}/artifacts"
    try:
        client.call("POST", path, body=upload, subject=artifact.subject, attempt=_ATTEMPT)
    except CollectionError as error:
        if error.status == 409:
            raise ConflictError(
                artifact.subject,
                "Maia has a version of this name (HTTP 409)",
                "give another version_name",
                attempt=_ATTEMPT,
                status=409,
            ) from None
        # Unless an answer came that says that it was refused.
        refused = error.status and _REDIRECTION <= error.status < _SERVER_ERROR
        if error.subject == artifact.subject and not refused:
            hint = f"look in Maia whether it is there before it is published again; {error.hint}"
            raise error.perhaps_done("published", hint) from None
        raise

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection from a clean copy of the checkout, the same bytes each time.

The collection has no public address yet. A release sets its addresses: GALAXY_REPOSITORY,
GALAXY_DOCUMENTATION, GALAXY_HOMEPAGE and GALAXY_ISSUES, of which Galaxy requires the first.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tools.workspace import BUILD, CHECKOUT, fresh_copy, run

_ADDRESSES = ("repository", "documentation", "homepage", "issues")


def build(dist: Path = BUILD / "dist", copy: Path | None = None) -> Path:
    """Build the checkout, or this copy of it, and return the artifact."""
    for old in dist.glob("*.tar.gz"):
        old.unlink()
    source = copy or fresh_copy("build")
    add_addresses(source / "galaxy.yml", os.environ)
    command = ("ansible-galaxy", "collection", "build", "--output-path", str(dist))
    if run(*command, cwd=source):
        sys.exit("The collection could not be built.")
    (artifact,) = dist.glob("*.tar.gz")
    normalize(artifact, _moment())
    return artifact


def add_addresses(description: Path, environment: Mapping[str, str]) -> None:
    """Add the addresses that the environment has to galaxy.yml."""
    given = {name: environment.get(f"GALAXY_{name.upper()}") for name in _ADDRESSES}
    added = [f"{name}: {json.dumps(address)}\n" for name, address in given.items() if address]
    with description.open("a", encoding="utf-8") as file:
        file.writelines(added)


def normalize(artifact: Path, moment: int) -> None:
    """Sort the files and give all of them one time (seconds since 1970).

    ansible-galaxy takes files in the order of the file system, and the current time.
    """
    with tarfile.open(artifact) as archive:
        held = {member.name: member for member in archive}
        contents = {name: _read(archive, member) for name, member in held.items()}
    files = json.loads(contents["FILES.json"])
    files["files"].sort(key=lambda entry: str(entry["name"]))
    contents["FILES.json"] = _json(files)
    manifest = json.loads(contents["MANIFEST.json"])
    checksum = hashlib.sha256(contents["FILES.json"]).hexdigest()
    manifest["file_manifest_file"]["chksum_sha256"] = checksum
    contents["MANIFEST.json"] = _json(manifest)
    with (
        artifact.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=moment) as packed,
        tarfile.open(mode="w", fileobj=packed) as archive,
    ):
        for name in ("MANIFEST.json", *sorted(held.keys() - {"MANIFEST.json"})):
            member = held[name]
            member.mtime = moment
            member.pax_headers = {}  # the time's fraction
            member.size = len(contents[name])
            archive.addfile(member, io.BytesIO(contents[name]))


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member) if member.isfile() else None
    return file.read() if file else b""


def _json(content: object) -> bytes:
    return json.dumps(content, indent=True).encode()


def _moment() -> int:
    """SOURCE_DATE_EPOCH, or the time of the last commit. https://reproducible-builds.org"""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout)


if __name__ == "__main__":
    build()

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects' checkouts: what jobs see is what the last update brought, which may fail.

https://docs.ansible.com/projects/awx/en/latest/userguide/projects.html
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path


class Projects:
    """checkouts: repositories by URL, which may change. down: URLs that do not answer now.

    galaxy: whether Galaxy answers, from which collections/requirements.yml is installed; AWX does
    not look whether the execution environment has the collection.
    """

    def __init__(self, checkouts: dict[str, Path]) -> None:
        self.checkouts = checkouts
        self.down: set[str] = set()
        self.galaxy = False
        self._copies: dict[int, Path] = {}
        self._cached: set[int] = set()

    def update(self, project: int, url: str) -> str | None:
        """Bring the copy up to date; returns why that failed. The copy stays as it was then."""
        checkout = self.checkouts.get(url)
        if checkout is None or url in self.down:
            return f"{url} cannot be reached"
        if (checkout / "collections" / "requirements.yml").exists() and not self.galaxy:
            return "Galaxy cannot be reached"
        copy = Path(tempfile.mkdtemp(prefix="awx-project-"))
        shutil.copytree(checkout, copy, dirs_exist_ok=True)
        self._copies[project] = copy
        self._cached.add(project)
        return None

    def time_passes(self) -> None:
        """Longer than any cache timeout."""
        self._cached.clear()

    def is_cached(self, project: int) -> bool:
        return project in self._cached

    def copy_of(self, project: int) -> Path:
        return self._copies[project]

    def has(self, project: int, playbook: str) -> bool:
        """Whether it is a playbook that AWX knows: of an update that went well."""
        copy = self._copies.get(project)
        return copy is not None and (copy / playbook).is_file()

    def revision(self, project: int) -> str:
        copy = self._copies.get(project)
        if copy is None:
            return ""
        files = sorted(path for path in copy.rglob("*") if path.is_file())
        held = b"".join(str(path.relative_to(copy)).encode() + path.read_bytes() for path in files)
        return hashlib.sha256(held).hexdigest()

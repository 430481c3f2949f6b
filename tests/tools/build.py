# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection from a clean copy of the checkout."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.workspace import BUILD, fresh_copy, run


def build() -> Path:
    """Build and return the artifact."""
    dist = BUILD / "dist"
    for old in dist.glob("*.tar.gz"):
        old.unlink()
    command = ("ansible-galaxy", "collection", "build", "--output-path", str(dist))
    if run(*command, cwd=fresh_copy("build")):
        sys.exit("The collection could not be built.")
    (artifact,) = dist.glob("*.tar.gz")
    return artifact


if __name__ == "__main__":
    build()

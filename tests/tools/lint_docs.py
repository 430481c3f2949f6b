# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the plugins' documentation, its markup included, on a clean copy of the checkout."""

from __future__ import annotations

import sys

from tools.workspace import fresh_copy, run

if __name__ == "__main__":
    copy = fresh_copy("docs")
    command = ("antsibull-docs", "lint-collection-docs", "--plugin-docs", str(copy))
    sys.exit(run(*command, env={"ANSIBLE_COLLECTIONS_PATH": str(copy.parents[2])}))

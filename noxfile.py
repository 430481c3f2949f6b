# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# /// script
# dependencies = ["nox", "antsibull-nox"]
# ///
"""The usual entry for who knows other collections: nox -Re lint. All tests are run by make."""

from __future__ import annotations

import antsibull_nox
import nox

nox.options.envdir = ".build/nox"

antsibull_nox.load_antsibull_nox_toml()

if __name__ == "__main__":
    nox.main()

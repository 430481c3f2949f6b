# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How something is known. These words stand in results, reports and audits."""

from __future__ import annotations

PROVEN = "proven"  # It was looked at, or it cannot have changed.
RECORDED = "recorded"  # Our own note says so; it was not looked at.
CONTRADICTED = "contradicted"
UNKNOWN = "unknown"

VERDICTS = (PROVEN, RECORDED, CONTRADICTED, UNKNOWN)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of hosts that do not depend on the vendor."""

from __future__ import annotations

# This machine, to which a credential may be sent whatever the vendor's hosts are.
LOOPBACK = ("localhost", "127.0.0.1", "::1")

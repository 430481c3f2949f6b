# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of each action; of discovery its first one, which a run makes with a salt of its own."""

from __future__ import annotations

from .adopt import ADOPT
from .discover import discover_flow
from .flows import AUDIT, AUTHORIZE, PROVE
from .preflight import PREFLIGHT
from .undoing import REVOKE, ROLLBACK

FLOWS = {
    "authorize": AUTHORIZE,
    "prove": PROVE,
    "audit": AUDIT,
    "rollback": ROLLBACK,
    "revoke": REVOKE,
    "preflight": PREFLIGHT,
    "discover": discover_flow(""),
    "adopt": ADOPT,
}

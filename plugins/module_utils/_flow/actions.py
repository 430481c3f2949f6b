# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of each action."""

from __future__ import annotations

from .flows import AUDIT, AUTHORIZE, PROVE, REVOKE, ROLLBACK
from .preflight import PREFLIGHT

FLOWS = {
    "authorize": AUTHORIZE,
    "prove": PROVE,
    "audit": AUDIT,
    "rollback": ROLLBACK,
    "revoke": REVOKE,
    "preflight": PREFLIGHT,
}

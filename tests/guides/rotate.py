# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give a Stripe key of the sandbox a new value: python -m guides.rotate NAME"""

from __future__ import annotations

import os
import sys

from sandbox.client import SandboxClient

if __name__ == "__main__":
    SandboxClient.from_state(os.environ["SANDBOX_STATE"]).rotate(sys.argv[1])

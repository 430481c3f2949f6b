# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of the tests in Python that need the sandbox."""

from __future__ import annotations

from integration.python.conftest import _no_waiting, clean_environment, own_run, services, state

__all__ = ["_no_waiting", "clean_environment", "own_run", "services", "state"]

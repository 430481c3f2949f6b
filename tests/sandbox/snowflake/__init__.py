# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Snowflake account for the statements about secrets."""

from __future__ import annotations

from .service import SnowflakeService

__all__ = ["SnowflakeService"]

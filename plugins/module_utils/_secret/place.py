# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a secret or a definition is, as far as options alone say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One secret, found from options and nothing else.

    name: of the secret, folded as its vault does. stored_as: the name that a definition gets.
    label: of the key in the secret; None if the secret holds nothing but the key.
    known: what is known of where it is, such as its region. Two places are different if they have
    different values for one entry; an entry that only one of them has proves nothing.
    """

    name: str
    stored_as: str
    label: str | None
    known: Mapping[str, str]

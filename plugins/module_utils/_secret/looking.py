# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at a secret in order to change it, and in order to tell what it is."""

from __future__ import annotations

from .model import Observed


class Looking:
    """The part of a Store that all have alike."""

    def look(self) -> Observed:
        """See Store."""
        raise NotImplementedError

    def similar_names(self) -> tuple[str, ...]:
        """See InfoStore."""
        return ()

    def describe(self) -> Observed:
        """See Store."""
        observed = self.look()
        if observed.refusal is not None:
            raise observed.refusal
        return observed

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same in all vaults whose secrets have one value, without labels. Part of a Store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from .looking import Looking
from .model import Written


class OneValue(Looking):
    """The value is ours as the secret is, and nothing in it belongs to others."""

    def claims(self, label: str | None) -> bool:  # noqa: ARG002 - there are no labels
        return True

    def written(self, label: str | None) -> Iterator[Written]:  # noqa: ARG002 - nor here
        return iter(())

    def written_between(self, before: str, version: str) -> list[str]:
        raise NotImplementedError("only values with labels are merged")

    def value_since(self) -> datetime | None:
        return None

    def unreadable(self, fields: Mapping[str, object]) -> str | None:  # noqa: ARG002 - of any kind
        return None

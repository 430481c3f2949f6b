# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether credentials have the rights that a run will need, asked for without using them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from .argspec import ArgumentSpec
from .operation import Outcome

EXISTS_SPEC = ArgumentSpec(options={"exists": {"type": "bool", "required": True}})
"""Added to a module's options: whether the object that they name is there already."""


@dataclass(frozen=True)
class Right:
    """name: as the vendor has it. held: None if that could not be asked, or was not answered.

    reason: why it is not known or not held, as a part of a sentence.
    """

    name: str
    held: bool | None
    reason: str = ""


def outcome_of(rights: Iterable[Right]) -> Outcome:
    return Outcome(changed=False, values={"rights": [asdict(right) for right in rights]})

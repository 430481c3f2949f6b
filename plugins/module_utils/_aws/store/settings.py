# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says beside the state of the secret that it wants."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..metadata.wording import Wording


def _silent(_text: str) -> None:
    """Ignore warnings."""


@dataclass(frozen=True)
class Settings:
    """What the task says beside the secret's desired state.

    recovery_window_days: 7 to 30, or None to delete at once and for good.
    purge_...: what the task does not name is removed. with_policy: the resource policy matters,
    and is worth a call to look at. allow_rotated: write the value even if AWS rotates it. deletes:
    the secret, or its label, is to go. with_age: the age of the value is worth a call.
    """

    recovery_window_days: int | None = 30
    purge_tags: bool = False
    purge_replicas: bool = False
    with_policy: bool = False
    allow_rotated: bool = False
    deletes: bool = False
    with_age: bool = False
    wording: Wording = field(default_factory=lambda: Wording({}, _silent))

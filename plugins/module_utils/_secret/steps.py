# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done next, and what was read before that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .._core.errors import CollectionError
from .model import Origin
from .value import NO_CONTENT, Content


class Step(Enum):
    CREATE = "create"
    RESTORE = "restore"
    UPDATE = "update"
    REMOVE_LABEL = "remove_label"
    DELETE = "delete"
    NOTHING = "nothing"
    READ_VALUE = "read_value"
    REFUSE_FOREIGN = "refuse_foreign"
    REFUSE_UNKNOWN = "refuse_unknown"
    REFUSE_UNREADABLE = "refuse_unreadable"
    REFUSE_OTHER_VALUE = "refuse_other_value"
    REFUSE_OTHER_LABELS = "refuse_other_labels"
    REFUSE_LABEL_OF_OTHERS = "refuse_label_of_others"
    REFUSE_KEY_OF_OTHERS = "refuse_key_of_others"
    REFUSE_PLAIN_TEXT = "refuse_plain_text"
    REFUSE_CLEARING = "refuse_clearing"
    REFUSE_WITHOUT_KEY = "refuse_without_key"


@dataclass(frozen=True)
class Reading:
    """The stored value as far as we read it. refusal: why it could not be read.

    origin: whose the key is that would be taken away, where the secret is ours. undecided: why
    that could not be found out.
    """

    tried: bool = False
    refusal: CollectionError | None = None
    content: Content = NO_CONTENT
    origin: Origin = Origin.THEIRS
    undecided: CollectionError | None = None

    @property
    def permitted(self) -> bool:
        return self.refusal is None


NOT_READ = Reading()

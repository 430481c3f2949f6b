# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done next, and what was read before that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .._core.errors import CollectionError
from .._stripe.recognize import is_key
from .model import Desired, Origin
from .value import NO_CONTENT, Content, Form


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


def merge_refusal(desired: Desired, reading: Reading) -> Step:
    """Why what was read can be neither merged nor replaced nor deleted, or NOTHING."""
    if not reading.permitted:
        whole = desired.label is None and desired.replace_value
        return Step.NOTHING if whole else Step.REFUSE_UNREADABLE
    if desired.replace_value or reading.content.form is Form.NOTHING:
        return Step.NOTHING
    step = _other_content(desired, reading.content)
    if step is Step.NOTHING and not _may_take_key(desired, reading):
        return Step.REFUSE_KEY_OF_OTHERS
    return step


def _other_content(desired: Desired, content: Content) -> Step:
    """Why a value that is more than a Stripe key must stay, or NOTHING."""
    wanted = desired.payload.key.value if desired.payload else None
    if content.form is Form.KEY:
        return Step.NOTHING
    if content.form is Form.OTHER:
        same = wanted is not None and wanted == content.text
        return Step.NOTHING if same else Step.REFUSE_OTHER_VALUE
    if desired.label is None and not (desired.format_given and _is_one_key(content)):
        return Step.REFUSE_OTHER_LABELS
    held = content.labels.get(desired.label or "")
    # Nothing is lost with an empty one.
    if held in (None, "", wanted) or (isinstance(held, str) and is_key(held.strip())):
        return Step.NOTHING
    return Step.REFUSE_LABEL_OF_OTHERS


def _may_take_key(desired: Desired, reading: Reading) -> bool:
    """Whether the Stripe key that is there may be replaced or deleted.

    A key of others needs the consent that adopting a secret of theirs does. In a place that is
    ours a changed key is put right again, but who deletes it may delete the only one there is.
    """
    if desired.on_foreign == "adopt" or key_at_stake(desired, reading.content) is None:
        return True
    allowed = [Origin.OURS] if desired.payload is None else [Origin.OURS, Origin.CHANGED]
    return reading.origin in allowed


def key_at_stake(desired: Desired, content: Content) -> tuple[str | None, str] | None:
    """The Stripe key that the desired state would take away, and its label; None without one."""
    label = desired.label
    if label is None and content.labels and _is_one_key(content):
        (label,) = content.labels
    held = content.held(label)
    if content.form is Form.KEY:
        label, held = None, (content.text or "").strip()
    wanted = desired.payload.key.value if desired.payload else None
    if not isinstance(held, str) or not is_key(held.strip()) or held == wanted:
        return None
    return label, held


def _is_one_key(content: Content) -> bool:
    """Whether a JSON object has one label, and a Stripe key under it, or none at all."""
    values = list(content.labels.values())
    alone = len(values) == 1 and not content.repeated
    return not values or (alone and is_key(str(values[0])))

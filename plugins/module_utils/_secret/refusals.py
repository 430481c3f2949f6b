# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan refuses, as an error for the user."""

from __future__ import annotations

from collections.abc import Mapping

from .._core.errors import CollectionError, ConflictError, ForeignObjectError, NotFoundError
from .model import Desired
from .plan import Plan
from .steps import Reading, Step
from .store import Store
from .value import Form

# Label is the one that was asked for; what is what the value was found to be.
_WORDS: Mapping[Step, tuple[type[CollectionError], str, str]] = {
    Step.REFUSE_FOREIGN: (
        ForeignObjectError,
        "it exists but was not made by maia.stripe_query",
        "choose another name, or set on_foreign to adopt to take it over",
    ),
    Step.REFUSE_OTHER_VALUE: (
        ConflictError,
        "its value is {what}, so its other content cannot be kept",
        "use another name, or set replace_value to true to replace or delete all of it",
    ),
    Step.REFUSE_LABEL_OF_OTHERS: (
        ConflictError,
        "what it holds under the label '{label}' is no Stripe key, and so not ours",
        "use another label, or set replace_value to true to replace or delete it",
    ),
    Step.REFUSE_PLAIN_TEXT: (
        ConflictError,
        "it holds a Stripe key as plain text, which has no label '{label}'",
        "set format to plaintext if that key is meant, or to key_value to store it under the label",
    ),
    Step.REFUSE_WITHOUT_KEY: (
        NotFoundError,
        "it does not exist, and there is no key to make it with",
        "give api_key",
    ),
    Step.REFUSE_CLEARING: (
        ConflictError,
        "this change can only be made by writing the value, which must not change or cannot be"
        " compared",
        "leave the change out, or give api_key and set update_value to always once",
    ),
}


def refusal_of(
    store: Store, desired: Desired, plan: Plan, reading: Reading
) -> CollectionError | None:
    """The error for a step that refuses; None for all others."""
    if plan.step in _WORDS:
        kind, reason, hint = _WORDS[plan.step]
        told = reason.format(label=desired.label, what=reading.content.what)
        return kind(store.subject, told, hint)
    if plan.step is Step.REFUSE_UNKNOWN:
        return _unknown(store, desired, reading)
    if plan.step is Step.REFUSE_UNREADABLE and reading.refusal is not None:
        return _unreadable(desired, reading.refusal)
    if plan.step is Step.REFUSE_OTHER_LABELS:
        return _other_labels(store, reading)
    if plan.step is Step.REFUSE_KEY_OF_OTHERS:
        return _key_of_others(store, desired, reading)
    return None


def _key_of_others(store: Store, desired: Desired, reading: Reading) -> CollectionError:
    where = f" under the label '{desired.label}'" if reading.content.form is Form.OBJECT else ""
    if reading.undecided is not None:
        undecided = reading.undecided
        return ForeignObjectError(
            store.subject,
            f"it holds another Stripe key{where}, and its owner is unknown, because"
            f" {undecided.reason}",
            f"{undecided.hint}, or set on_foreign to adopt to take the key over anyway",
            code=undecided.code,
            status=undecided.status,
            request_id=undecided.request_id,
        )
    if desired.payload is None:
        return ForeignObjectError(
            store.subject,
            f"it holds a Stripe key{where} that maia.stripe_query did not write",
            "find out who uses that key; to delete it anyway, set on_foreign to adopt",
        )
    return ForeignObjectError(
        store.subject,
        f"it holds a Stripe key{where} that others put there",
        "choose another label or name, or set on_foreign to adopt to take the key over",
    )


def _unknown(store: Store, desired: Desired, reading: Reading) -> CollectionError:
    reason = "it cannot be known whether its value is the desired one"
    hint = "set on_unknown to write or keep"
    if reading.refusal is not None:
        reason += f", since {reading.refusal.reason}"
        hint += f", or {reading.refusal.hint}"
    elif store.capabilities.value_readable and desired.compare == "fingerprint":
        hint += ", or compare to auto"
    return ConflictError(store.subject, reason, hint)


def _unreadable(desired: Desired, refusal: CollectionError) -> CollectionError:
    """The vault's own refusal, and what for its value had to be read."""
    compares = desired.payload is not None and desired.compare == "value"
    purpose = "to compare it" if compares else "to keep what others have in it"
    return refusal.told_as(attempt=f"{refusal.attempt} {purpose}")


def _other_labels(store: Store, reading: Reading) -> CollectionError:
    several = "several labels" if len(reading.content.labels) > 1 else "a label"
    hint = "use another name, or set replace_value to true to replace or delete all of it"
    if store.capabilities.labels:
        hint = f"set format to key_value and label to the one that is meant, {hint}"
    return ConflictError(
        store.subject, f"it is {reading.content.what} with {several}, which are not all ours", hint
    )

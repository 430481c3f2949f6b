# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs write to one secret at the same moment: the one whose value is gone says so."""

from __future__ import annotations

from .._errors import CollectionError, ConflictError
from .model import Desired, Existence, Observed
from .store import Store


def refuse_if_overtaken(
    store: Store, desired: Desired, before: Observed, version: str | None
) -> None:
    """Raise ConflictError if another value than the one just written is the current one.

    before: as it was when the change was planned. version: the id of what was written.
    """
    try:
        now = store.describe()
    except CollectionError:
        return  # What was to be done is done.
    if _overtaken(store, desired, before, version, now):
        raise ConflictError(
            store.subject,
            "somebody else wrote another value at the same moment, and that is the current one",
            "see that only one run at a time manages this secret, and run again",
            attempt="writing its value",
        )


def _overtaken(
    store: Store, desired: Desired, before: Observed, version: str | None, now: Observed
) -> bool:
    """A look that shows what was there before proves nothing: it may come too early."""
    if now.existence is not Existence.LIVE or desired.payload is None:
        return False
    shown = now.fingerprint or now.probable
    key = desired.fingerprint_key
    if shown and shown.matches(desired.payload.text, resource=store.resource, key=key):
        return False
    if store.capabilities.versions and now.certain:
        return now.version not in (None, version, before.version)
    return shown not in (None, before.fingerprint, before.probable)

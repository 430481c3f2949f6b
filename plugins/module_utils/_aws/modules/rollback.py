# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making an earlier version of a secret current again."""

from __future__ import annotations

from ..._core.errors import CollectionError, ConflictError, ForeignObjectError, NotFoundError
from ..._core.operation import Outcome, Runtime
from ..._secret.labels import format_of
from ..._secret.model import VALUE_VERSION, Existence, Observed
from ..._secret.report import utc
from ..metadata.tags import VALUE_VERSION_TAG
from ..store.store import AwsStore
from ..versions.versions import CURRENT, PREVIOUS, Version, holder, list_versions, make_current
from .rollback_check import refuse_more_than_our_key

TO_PREVIOUS = "previous"


def roll_back(store: AwsStore, target: str, runtime: Runtime) -> Outcome:
    """Move AWSCURRENT to a version. target: its id, or "previous".

    A second run changes nothing: it finds AWSPREVIOUS on a version that is younger than the
    current one, which is to say that there was a rollback already.
    """
    observed = store.describe()
    if refusal := _refusal(store, observed):
        raise refusal
    version = _target(store, observed, target)
    plain = _is_plain(store, version)
    if version != observed.version:
        if observed.value_refusal is not None:
            raise observed.value_refusal
        plain = refuse_more_than_our_key(store, observed.version, version, runtime)
        if not runtime.check_mode:
            _apply(store, observed, version)
    return _outcome(store, observed, version, None if plain else store.label)


def _is_plain(store: AwsStore, version: str | None) -> bool:
    """As far as the version's id says."""
    written = store.read_version(version)
    return bool(written and written.plain_text)


def _refusal(store: AwsStore, observed: Observed) -> CollectionError | None:
    attempt = "rolling it back"
    if observed.existence is Existence.ABSENT:
        return NotFoundError(
            store.subject, "it does not exist", "correct name and region", attempt=attempt
        )
    if observed.existence is Existence.DELETED:
        return ConflictError(
            store.subject,
            "it is scheduled for deletion",
            "restore it first with state=present and update_value=never",
            attempt=attempt,
        )
    if not observed.ours:
        return ForeignObjectError(
            store.subject,
            "it was not made by maia.stripe_query",
            "take it over first with on_foreign=adopt and update_value=never",
            attempt=attempt,
        )
    return None


def _target(store: AwsStore, observed: Observed, target: str) -> str | None:
    """The id of the version that is to be current."""
    if target == observed.version:
        return target
    versions = list_versions(store.secret)
    if target == TO_PREVIOUS:
        return _previous(store, versions)
    if any(version.id == target for version in versions):
        return target
    raise NotFoundError(
        store.subject,
        "it has no version of the id in rolled_back_to, or no longer",
        "look up the ids with stripe_secret_aws_info",
        attempt="rolling it back",
    )


def _previous(store: AwsStore, versions: tuple[Version, ...]) -> str | None:
    current, previous = holder(versions, CURRENT), holder(versions, PREVIOUS)
    if previous is None:
        raise ConflictError(
            store.subject,
            "it has no previous version",
            "give the id of a version, or store the earlier key again with api_key",
            attempt="rolling it back",
        )
    if current is not None and previous.created > current.created:
        return current.id
    return previous.id


def _apply(store: AwsStore, observed: Observed, version: str | None) -> None:
    # The number goes first: whatever happens then, it says nothing wrong of another value.
    if observed.fields.get(VALUE_VERSION) is not None:
        store.untag([VALUE_VERSION_TAG])
    make_current(store.secret, target=version or "", current=observed.version)


def _outcome(
    store: AwsStore, observed: Observed, version: str | None, label: str | None
) -> Outcome:
    changed = version != observed.version
    before, after = _state(store, observed.version), _state(store, version)
    changes = ["value"] if changed else []
    if changed and observed.fields.get(VALUE_VERSION) is not None:
        changes.append(VALUE_VERSION)
        before[VALUE_VERSION], after[VALUE_VERSION] = observed.fields[VALUE_VERSION], None
    values = {
        **store.values(),
        "label": label,
        "format": format_of(label),
        "changes": changes,
        "verified_by": None,
        "verdict": None,
        "unread_because": None,
        "value_problem": None,
        "fingerprint": after["fingerprint"],
        "version_before": observed.version,
        "version": version,
        "created": utc(observed.created),
        "last_changed": utc(observed.changed),
        "value_since": None if changed else utc(store.value_since()),
    }
    return Outcome(changed=changed, values=values, before=before, after=after)


def _state(store: AwsStore, version: str | None) -> dict[str, object]:
    """One side of a diff."""
    written = store.read_version(version)
    return {
        "state": Existence.LIVE.value,
        "version": version,
        "fingerprint": written.fingerprint.short if written else None,
    }

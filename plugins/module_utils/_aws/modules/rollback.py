# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making an earlier version of a secret current again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..._core.errors import (
    CollectionError,
    ConflictError,
    ForeignObjectError,
    NotFoundError,
    NotPermittedError,
)
from ..._core.operation import Outcome, Runtime
from ..._secret.earlier import NoEarlierVersionError, Question, known, read
from ..._secret.labels import format_of, others_that_differ, with_label
from ..._secret.model import VALUE_VERSION, Desired, Existence, Observed, Origin
from ..._secret.origin import origin_of
from ..._secret.report import utc
from ..._secret.value import Content, Form
from ..._stripe.recognize import is_key
from ..metadata.tags import VALUE_VERSION_TAG
from ..store.store import AwsStore
from ..versions.versions import CURRENT, PREVIOUS, Version, holder, list_versions, make_current

TO_PREVIOUS = "previous"

_ATTEMPT = "rolling it back"
_CURE = (
    "give in rolled_back_to the id of a version that differs in the key alone, or store the"
    " earlier key as a new one, with api_key"
)


def roll_back(store: AwsStore, target: str, runtime: Runtime) -> Outcome:
    """Move AWSCURRENT to a version. target: its id, or "previous".

    A second run changes nothing: it finds AWSPREVIOUS on a version that is younger than the
    current one, which is to say that there was a rollback already; of our key, if that differs.
    """
    observed = store.describe()
    if refusal := _refusal(store, observed):
        raise refusal
    version = _target(store, observed, target, runtime)
    plain = _is_plain(store, version)
    if version != observed.version:
        if observed.value_refusal is not None:
            raise observed.value_refusal
        plain = _refuse_more_than_our_key(store, observed.version, version, runtime)
        if not runtime.check_mode:
            _apply(store, observed, version)
    return _outcome(store, observed, version, None if plain else store.label)


def look_back(store: AwsStore, target: str, question: Question, runtime: Runtime) -> Outcome:
    """What roll_back() would make current; see _secret/earlier.py."""
    observed = store.describe()
    if refusal := _refusal(store, observed):
        raise refusal
    version = _target(store, observed, target, runtime)
    in_effect = version == observed.version
    if not question.read and question.key is not None:
        holds = _surely_holds(store, version, question.key)
        if holds is not None:
            return known(version, in_effect=in_effect, holds=holds)
    given = ", or give the old key, which is compared by its fingerprint"
    cure = "" if question.key else given
    with _has_to_be_read("which key would come back", cure):
        held = store.read_content(store.label, runtime, version).held(store.label)
    return read(store.subject, question, version, held, in_effect=in_effect)


def _surely_holds(store: AwsStore, version: str | None, key: str) -> bool | None:
    """Whether a version holds the key; None if its id does not tell."""
    written = store.read_version(version)
    if written is None:
        return None
    label = None if written.plain_text else store.label
    part = key if label is None else with_label(None, label, key)
    print_ = written.fingerprint
    if print_.matches(part, resource=store.resource, key=store.fingerprint_key):
        return True
    # Of several labels it may be about another one.
    return False if written.sole_label and print_.made_for(store.resource) else None


def _is_plain(store: AwsStore, version: str | None) -> bool:
    """As far as the version's id says."""
    written = store.read_version(version)
    return bool(written and written.plain_text)


def _refusal(store: AwsStore, observed: Observed) -> CollectionError | None:
    if observed.existence is Existence.ABSENT:
        return NotFoundError(
            store.subject, "it does not exist", "correct name and region", attempt=_ATTEMPT
        )
    if observed.existence is Existence.DELETED:
        return ConflictError(
            store.subject,
            "it is scheduled for deletion",
            "restore it first with state=present and update_value=never",
            attempt=_ATTEMPT,
        )
    if not observed.ours:
        return ForeignObjectError(
            store.subject,
            "it was not made by maia.stripe_query",
            "take it over first with on_foreign=adopt and update_value=never",
            attempt=_ATTEMPT,
        )
    return None


def _target(store: AwsStore, observed: Observed, target: str, runtime: Runtime) -> str | None:
    """The id of the version that is to be current."""
    if target == observed.version:
        return target
    versions = list_versions(store.secret)
    if target == TO_PREVIOUS:
        return _previous(store, versions, runtime)
    if any(version.id == target for version in versions):
        return target
    raise NotFoundError(
        store.subject,
        "it has no version of the id in rolled_back_to, or no longer",
        "look up the ids with stripe_secret_aws_info",
        attempt=_ATTEMPT,
    )


def _previous(store: AwsStore, versions: tuple[Version, ...], runtime: Runtime) -> str | None:
    current, previous = holder(versions, CURRENT), holder(versions, PREVIOUS)
    if previous is None:
        raise NoEarlierVersionError(
            store.subject,
            "it has no previous version",
            "give the id of a version, or store the earlier key as a new one, with api_key",
            attempt=_ATTEMPT,
        )
    if current is not None and previous.created > current.created:
        _refuse_rollback_of_others(store, previous.id, current.id, runtime)
        return current.id
    return previous.id


def _refuse_rollback_of_others(
    store: AwsStore, left: str | None, current: str | None, runtime: Runtime
) -> None:
    """Raise ConflictError if going back from one version to the other did not change our key."""
    if _hold_our_key_alone(store, left, current):
        return
    with _has_to_be_read():
        was, now = (store.read_content(store.label, runtime, each) for each in (left, current))
    if was.held(store.label) == now.held(store.label):
        raise _conflict(
            store,
            f"its last rollback left the key{_under(store)} as it was, so that the versions do not"
            " show which key there was before",
        )


def _hold_our_key_alone(store: AwsStore, *versions: str | None) -> bool:
    """Whether the versions' ids prove it."""
    written = [store.read_version(version) for version in versions]
    return all(each is not None and each.sole_label for each in written)


@contextmanager
def _has_to_be_read(
    to_know: str = "whether anything but the key would change",
    cure: str = ", or store the earlier key as a new one, with api_key",
) -> Iterator[None]:
    try:
        yield
    except NotPermittedError as refusal:
        raise refusal.told_as(
            reason=f"it cannot be known {to_know}, since {refusal.reason}",
            hint=f"{refusal.hint}{cure}",
            attempt=_ATTEMPT,
        ) from None


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


def _refuse_more_than_our_key(
    store: AwsStore, current: str | None, target: str | None, runtime: Runtime
) -> bool:
    """Whether the target is a key alone, as plain text; both are ids of versions.

    Moving AWSCURRENT replaces the whole value: what others wrote since would be lost.
    Raises ConflictError if more than our key would change, or not even that, ForeignObjectError if
    the key is that of others, and NotPermittedError if it cannot be known since values may not be
    read.
    """
    held, wanted = store.read_version(current), store.read_version(target)
    if held and wanted and _hold_our_key_alone(store, current, target):
        if held.fingerprint == wanted.fingerprint:
            raise _same_key(store)
        return wanted.plain_text
    with _has_to_be_read():
        now = store.read_content(store.label, runtime, current)
        then = store.read_content(store.label, runtime, target)
        mine = Desired(None, store.label, fingerprint_key=store.fingerprint_key)
        origin = origin_of(store, mine, now, runtime)
    _refuse_other_changes(store, now, then)
    if origin is Origin.THEIRS:
        raise ForeignObjectError(
            store.subject,
            f"it holds a Stripe key{_under(store)} that others put there",
            "choose the label that is meant, or store the earlier key as a new one, with"
            " api_key and on_foreign set to adopt",
            attempt=_ATTEMPT,
        )
    return then.form is Form.KEY


def _refuse_other_changes(store: AwsStore, now: Content, then: Content) -> None:
    key = _key_in(then, store.label)
    if key is None:
        raise _conflict(store, f"the version to go back to holds no Stripe key{_under(store)}")
    if now.form not in (Form.KEY, Form.OBJECT) or now.binary != then.binary:
        raise _conflict(
            store,
            f"its value is {now.what or 'empty'} and would become {then.what}, so that more than"
            " the key would change",
        )
    label = store.label or ""
    differing = others_that_differ(_object(now), _object(then), label)
    if differing:
        names = ", ".join(f"'{name[:64]}'" for name in differing[:10])
        raise _conflict(store, f"other labels have changed since and would change back: {names}")
    if key == _key_in(now, store.label):
        raise _same_key(store)


def _object(content: Content) -> str:
    """A key alone has no other labels."""
    return content.text or "{}" if content.form is Form.OBJECT else "{}"


def _key_in(content: Content, label: str | None) -> str | None:
    """A key that is alone counts as well, whatever the label."""
    value = content.held(label)
    return value if isinstance(value, str) and is_key(value.strip()) else None


def _under(store: AwsStore) -> str:
    return f" under the label '{store.label}'" if store.label else ""


def _same_key(store: AwsStore) -> ConflictError:
    return _conflict(store, "the version to go back to holds the same key as the current one")


def _conflict(store: AwsStore, reason: str) -> ConflictError:
    return ConflictError(store.subject, reason, _CURE, attempt=_ATTEMPT)

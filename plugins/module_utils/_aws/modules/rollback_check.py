# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a rollback would change our key, and nothing else.

Moving AWSCURRENT replaces the whole value: what others wrote since would be lost.
"""

from __future__ import annotations

from ..._core.errors import ConflictError, ForeignObjectError, NotPermittedError
from ..._core.operation import Runtime
from ..._secret.labels import others_that_differ
from ..._secret.model import Desired, Origin
from ..._secret.origin import origin_of
from ..._secret.value import Content, Form
from ..._stripe.recognize import is_key
from ..store.store import AwsStore

_ATTEMPT = "rolling it back"
_CURE = (
    "give in rolled_back_to the id of a version that differs in the key alone, or give the earlier"
    " key with api_key"
)


def refuse_more_than_our_key(
    store: AwsStore, current: str | None, target: str | None, runtime: Runtime
) -> bool:
    """Whether the target is a key alone, as plain text; both are ids of versions.

    Raises ConflictError if more than our key would change, or not even that, ForeignObjectError if
    the key is that of others, and NotPermittedError if it cannot be known since values may not be
    read.
    """
    held, wanted = store.read_version(current), store.read_version(target)
    if held and wanted and held.sole_label and wanted.sole_label:
        # Both ids prove that nothing but our key is in the value.
        if held.fingerprint == wanted.fingerprint:
            raise _same_key(store)
        return wanted.plain_text
    try:
        now = store.read_content(store.label, runtime, current)
        then = store.read_content(store.label, runtime, target)
        mine = Desired(None, store.label, fingerprint_key=store.fingerprint_key)
        origin = origin_of(store, mine, now, runtime)
    except NotPermittedError as refusal:
        raise refusal.told_as(
            reason="it cannot be known whether anything but the key would change, since"
            f" {refusal.reason}",
            hint=f"{refusal.hint}, or give the earlier key with api_key",
            attempt=_ATTEMPT,
        ) from None
    _refuse(store, now, then)
    if origin is Origin.THEIRS:
        raise ForeignObjectError(
            store.subject,
            f"it holds a Stripe key{_under(store)} that others put there",
            "choose the label that is meant, or give the earlier key with api_key and set"
            " on_foreign to adopt",
            attempt=_ATTEMPT,
        )
    return then.form is Form.KEY


def _refuse(store: AwsStore, now: Content, then: Content) -> None:
    key = _key_in(then, store.label)
    if key is None:
        raise _refusal(store, f"the version to go back to holds no Stripe key{_under(store)}")
    if now.form not in (Form.KEY, Form.OBJECT) or now.binary != then.binary:
        raise _refusal(
            store,
            f"its value is {now.what or 'empty'} and would become {then.what}, so that more than"
            " the key would change",
        )
    label = store.label or ""
    differing = others_that_differ(_object(now), _object(then), label)
    if differing:
        names = ", ".join(f"'{name[:64]}'" for name in differing[:10])
        raise _refusal(store, f"other labels have changed since and would change back: {names}")
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
    return _refusal(store, "the version to go back to holds the same key as the current one")


def _refusal(store: AwsStore, reason: str) -> ConflictError:
    return ConflictError(store.subject, reason, _CURE, attempt=_ATTEMPT)

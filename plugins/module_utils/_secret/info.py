# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stripe_secret_*_info modules tell of secrets: in every vault the same, and no value."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .._core.argspec import ArgumentSpec
from .._core.errors import CollectionError, ConfigurationError, ConflictError, NotPermittedError
from .._core.operation import Outcome, Params, Runtime
from .._stripe.key import parse_key
from .._stripe.recognize import is_key
from .._stripe.source import kind_with_policy
from .fingerprint import Fingerprint
from .labels import format_of, pairs_of
from .model import VALUE_VERSION, Existence, Observed
from .report import utc
from .store import Store
from .value import Content, Form

INFO_SPEC = ArgumentSpec(
    options={
        "names": {"type": "list", "elements": "str"},
        "read_values": {"type": "bool", "default": False},
        "comparison_salt": {"type": "str", "no_log": True},
    },
)
# Long enough that it cannot be found by trying, given ids of keys.
_MIN_SALT = 16
NOT_SHOWN = "the vault never shows values"


@dataclass(frozen=True)
class VersionFacts:
    """One version. stages: AWS's labels such as AWSCURRENT, or current alone.

    fingerprint: of the value that we wrote; None if we did not, as far as is known.
    """

    id: str | None
    stages: tuple[str, ...]
    created: datetime | None
    fingerprint: Fingerprint | None
    enabled: bool | None = None
    expires_on: str | None = None

    def to_result(self) -> dict[str, object]:
        return {
            **asdict(self),
            "stages": list(self.stages),
            "ours": self.fingerprint is not None,
            "created": utc(self.created),
            "fingerprint": self.fingerprint.short if self.fingerprint else None,
        }


@dataclass(frozen=True)
class Facts:
    """What not every vault tells of a secret; None is what this one has not.

    versions: the newest first. value_written: when the current version was made.
    deleted_on, purged_on: of a deleted secret, as far as the vault says it.
    """

    description: str | None = None
    content_type: str | None = None
    enabled: bool | None = None
    expires_on: str | None = None
    not_before: str | None = None
    tags: Mapping[str, str] | None = None
    grants: tuple[str, ...] | None = None
    kms_key_id: str | None = None
    replicas: tuple[Mapping[str, object], ...] | None = None
    rotation_enabled: bool | None = None
    value_written: datetime | None = None
    deleted_on: datetime | None = None
    purged_on: datetime | None = None
    versions: tuple[VersionFacts, ...] | None = None

    def to_result(self) -> dict[str, object]:
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            **{name: utc(v) if isinstance(v, datetime) else _listed(v) for name, v in own.items()},
            "versions": None
            if self.versions is None
            else [version.to_result() for version in self.versions],
        }


# Of a store that looked: what was observed is not ABSENT.
FactsOf = Callable[[Any, Observed], Facts]


def tell(stores: Iterable[Store], facts_of: FactsOf, params: Params, runtime: Runtime) -> Outcome:
    """What INFO_SPEC asks for, of each of these. Raises what Store does, and ConfigurationError."""
    salt = params["comparison_salt"] or ""
    if salt and len(salt) < _MIN_SALT:
        raise ConfigurationError(
            "Option comparison_salt",
            f"it is shorter than {_MIN_SALT} characters",
            "give a long random text, the same wherever keys are to be compared",
        )
    told = [_secret(store, facts_of, runtime, salt, read=params["read_values"]) for store in stores]
    return Outcome(changed=False, values={"secrets": told})


def _secret(
    store: Store, facts_of: FactsOf, runtime: Runtime, salt: str, *, read: bool
) -> dict[str, object]:
    observed = store.look()
    there = observed.existence is not Existence.ABSENT
    content, unread = _content(store, runtime, read=read and there)
    return {
        **_place(store),
        "similar_names": [] if there else list(store.similar_names()),
        "state": observed.existence.value,
        "ours": observed.ours,
        "left_alone_because": _sentence(observed.refusal),
        "unreadable_because": store.unreadable(observed.fields) if there else None,
        **_form(content, observed, store.values()["label"]),
        "stripe_keys": None if content is None else list(_keys(content, salt)),
        "repeated_labels": None if content is None else sorted(content.repeated),
        "unread_because": _sentence(unread),
        "unread_hint": unread.hint or None if unread else None,
        "fingerprint": observed.fingerprint.short if observed.fingerprint else None,
        "value_version": observed.fields.get(VALUE_VERSION),
        "created": utc(observed.created),
        "last_changed": utc(observed.changed),
        **(facts_of(store, observed) if there else Facts()).to_result(),
    }


def _place(store: Store) -> dict[str, object]:
    """Its name, and where it is."""
    values = store.values()
    return {"name": values["name"], "place": {n: values[n] for n in store.place_names}}


def _content(
    store: Store, runtime: Runtime, *, read: bool
) -> tuple[Content | None, CollectionError | None]:
    """What the value is made of; or why it was not read, if it was to be."""
    if not read:
        return None, None
    if not store.capabilities.value_readable:
        return None, NotPermittedError(store.subject, NOT_SHOWN, "")
    try:
        return store.read_content(None, runtime), None
    except (ConflictError, NotPermittedError) as error:
        return None, error


def _form(content: Content | None, observed: Observed, label: object) -> dict[str, object]:
    """By the value where it was read, or by what our fingerprint says of it.

    label: where we would have put our key.
    """
    if content is not None:
        return content.shown()
    if not observed.sole_label or observed.fingerprint is None:
        return {"format": None, "labels": None}
    alone = label is None or observed.plain_text
    labels = [] if alone else [label]
    return {"format": format_of(None if alone else str(label)), "labels": labels}


def _keys(content: Content, salt: str) -> Iterator[dict[str, object]]:
    """For each Stripe key in the value: its place, and what may be shown of it."""
    values: list[tuple[str | None, object]] = []
    if content.form is Form.KEY:
        values = [(None, content.text)]
    elif content.form is Form.OBJECT and content.text:
        values = [*pairs_of(content.text)]
    for label, value in values:
        if isinstance(value, str) and is_key(value.strip()):
            key = parse_key(value, allow_unknown=True)
            yield {
                "label": label,
                "kind": key.kind,
                "mode": key.mode,
                "counts_as": kind_with_policy(key),
                "padded": value != key.value,
                "same_as": _digest(salt, key.value) if salt else None,
            }


def _digest(salt: str, key: str) -> str:
    """Equal for equal keys, wherever they are; of no use without the salt."""
    message = b"maia.stripe_query/same key/v1\0" + key.encode()
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()[:16]


def _sentence(error: CollectionError | None) -> str | None:
    return None if error is None else f"{error.reason[:1].upper()}{error.reason[1:]}."


def _listed(value: object) -> object:
    """As JSON has it."""
    if isinstance(value, tuple):
        return [dict(each) if isinstance(each, Mapping) else each for each in value]
    return dict(value) if isinstance(value, Mapping) else value

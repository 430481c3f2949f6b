# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for what surrounds the core: a host, a vault, Maia's definitions, HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.clients import ClientPool
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConflictError,
    NotPermittedError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import Response
from ansible_collections.maia.stripe_query.plugins.module_utils._core.shared import (
    LocalState,
    SharedState,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.apis.api import (
    DefinitionApi,
    Draft,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.definition import (
    Definition,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.labels import labels_of
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.marker import MarkedText
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Capabilities,
    Change,
    Existence,
    FieldKind,
    NewValue,
    Observed,
    Origin,
    Written,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.steps import Reading
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.store import Store
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.value import (
    StoredValue,
    take_apart,
)

FIELDS = {
    "description": FieldKind.SCALAR,
    "tags": FieldKind.MAPPING,
    "grants": FieldKind.MEMBERS,
    "value_version": FieldKind.SCALAR,
}
# One profile for each combination of facts that a vendor of ours has.
LIKE_AWS = Capabilities(
    True, True, True, False, fingerprint_proves=True, labels=True, fields=FIELDS
)
LIKE_AZURE = Capabilities(True, True, True, True, fields=FIELDS)
LIKE_SNOWFLAKE = Capabilities(False, False, False, True, fields=FIELDS)
LIKE_HOSTED = Capabilities(
    *(False, False, False, False), replaces_whole=True, look_after_write=False, fields=FIELDS
)
PROFILES = {
    "like AWS": LIKE_AWS,
    "like Azure": LIKE_AZURE,
    "like Snowflake": LIKE_SNOWFLAKE,
    "like Full SaaS": LIKE_HOSTED,
}

ALL_RIGHTS = frozenset({"describe", "read_value", "create", "update", "restore", "delete"})
WRITES = ("create", "update", "restore", "delete")


@dataclass
class FakeRuntime:
    """A Runtime that remembers."""

    check_mode: bool = False
    shared: SharedState = field(default_factory=LocalState)
    warnings: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    clients: ClientPool = field(default_factory=ClientPool)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def protect(self, secret: str) -> None:
        self.protected.append(secret)

    def progress(self, text: str) -> None:
        self.told.append(text)

    def validated(
        self, module: str, spec: ArgumentSpec, options: Mapping[str, Any], /
    ) -> dict[str, Any]:
        # Not before: most of the core's tests do without Ansible.
        from ansible_collections.maia.stripe_query.plugins.module_utils._core import module_face

        return module_face.validated(module, spec, options)


@dataclass(frozen=True)
class Held:
    """What a FakeStore holds. salt: of its marker; None for somebody else's secret."""

    text: str | None = field(repr=False)
    salt: str | None = None
    fingerprint: Fingerprint | None = None
    sole_label: bool = False
    fields: Mapping[str, object] = field(default_factory=dict)
    deleted: bool = False
    version: int = 1
    binary: bytes | None = field(default=None, repr=False)


class FakeStore(Store):
    """A Store in memory; like AWS, it knows that one value may hold several labels.

    label: the one that it is asked for, which the real store is told when it is made.
    """

    subject = "Fake secret 'shop'"
    resource = lock_name = "fake:shop"

    def __init__(
        self,
        capabilities: Capabilities = LIKE_AWS,
        held: Held | None = None,
        *,
        rights: Iterable[str] = ALL_RIGHTS,
    ) -> None:
        self.capabilities = capabilities
        self.held = held
        self.rights = frozenset(rights)
        self.knows_labels = capabilities is LIKE_AWS
        self.calls: Counter[str] = Counter()
        self.fail_once_at: str | None = None
        self.label: str | None = None
        self.claimed = True
        self.earlier: dict[str, StoredValue] = {}

    @property
    def writes(self) -> int:
        return sum(self.calls[name] for name in WRITES)

    def copy(self) -> FakeStore:
        """Another one with the same content and no calls yet."""
        twin = FakeStore(self.capabilities, self.held, rights=self.rights)
        twin.label = self.label
        return twin

    def _enter(self, name: str) -> None:
        self.calls[name] += 1
        if name not in self.rights:
            raise NotPermittedError(
                self.subject, f"the credentials lack {name}", f"allow {name}", attempt=name
            )
        if name == self.fail_once_at:
            self.fail_once_at = None
            raise TransientError(self.subject, "it is down", "run again", attempt=name)

    def values(self) -> dict[str, object]:
        return {"name": "shop"}

    def describe(self) -> Observed:
        self._enter("describe")
        if self.held is None:
            return Observed(Existence.ABSENT)
        held = self.held
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        return Observed(
            existence=Existence.DELETED if held.deleted else Existence.LIVE,
            ours=held.salt is not None,
            salt=held.salt,
            fingerprint=held.fingerprint,
            sole_label=self._is_ours_alone(held),
            version=str(held.version) if self.capabilities.versions else None,
            fields=dict(held.fields),
            created=moment,
            changed=moment,
        )

    def read_value(self, version: str | None = None) -> StoredValue:
        self._enter("read_value")
        assert self.capabilities.value_readable, "this vault never shows values"
        assert self.held is not None
        if self.held.deleted:
            raise ConflictError(self.subject, "it is deleted", "restore it", attempt="read_value")
        if version is not None:
            return self.earlier[version]
        number = str(self.held.version) if self.capabilities.versions else None
        if self.held.binary is not None:
            return StoredValue(binary=self.held.binary, version=number)
        return StoredValue(self.held.text, version=number)

    def _is_ours_alone(self, held: Held) -> bool:
        """As Azure knows it from its note, and a vault that shows no values never does."""
        if self.knows_labels:
            return held.sole_label and self._holds_only_label()
        return held.fingerprint is not None or not self.capabilities.value_readable

    def _holds_only_label(self) -> bool:
        wanted = set() if self.label is None else {self.label}
        return self.held is not None and set(labels_of(self.held.text)) == wanted

    def claims(self, label: str | None) -> bool:
        return self.claimed and super().claims(label)

    def written(self, label: str | None) -> Iterator[Written]:
        if self.held and self.held.fingerprint:
            number = str(self.held.version) if self.capabilities.versions else None
            yield Written(self.held.fingerprint, number, self.held.sole_label)
        yield from super().written(label)

    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        """Takes everything."""

    def create(self, value: NewValue, fields: Mapping[str, object]) -> str | None:
        self._enter("create")
        assert self.held is None, "it exists"
        self.held = Held(
            text=value.text,
            salt=value.fingerprint.salt,
            fingerprint=value.fingerprint,
            sole_label=value.sole_label,
            fields={
                "description": "",
                "tags": {},
                "grants": frozenset(),
                "value_version": None,
                **fields,
            },
        )
        return self._version()

    def update(self, change: Change, observed: Observed) -> str | None:
        self._enter("update")
        assert self.held is not None
        assert not self.held.deleted
        assert self.describe() == observed, "the plan was made for another state"
        self.calls["describe"] -= 1
        held = replace(
            self.held,
            salt=self.held.salt or change.salt,
            fields={**self.held.fields, **change.fields},
        )
        if change.value is not None:
            held = replace(
                held,
                text=None if change.value.binary else change.value.text,
                binary=change.value.text.encode() if change.value.binary else None,
                fingerprint=change.value.fingerprint,
                sole_label=change.value.sole_label,
                version=held.version + 1,
            )
        else:
            assert not self.capabilities.replaces_whole, "the value has to be sent each time"
            if self.capabilities.stamp_without_write and change.fingerprint:
                held = replace(held, fingerprint=change.fingerprint)
        self.held = held
        return self._version()

    def restore(self) -> None:
        self._enter("restore")
        assert self.capabilities.soft_delete
        assert self.held is not None
        assert self.held.deleted
        self.held = replace(self.held, deleted=False)

    def delete(self) -> None:
        self._enter("delete")
        assert self.held is not None
        assert not self.held.deleted
        self.held = replace(self.held, deleted=True) if self.capabilities.soft_delete else None

    def _version(self) -> str | None:
        return str(self.held.version) if self.held and self.capabilities.versions else None


def reading(text: str | None, label: str | None = "api_key") -> Reading:
    """What was read from a store that holds this."""
    content = take_apart(StoredValue(text), label)
    return Reading(tried=True, content=content, origin=Origin.OURS)


class FakeDefinitionApi(DefinitionApi):
    """In memory."""

    def __init__(self, *definitions: Definition) -> None:
        self.held = {definition.name: definition for definition in definitions}
        self.writes = 0

    def load(self, _name: str) -> bool:
        return False

    def renew(self, _name: str) -> None:
        raise AssertionError("nothing here is remembered")

    def find(self, name: str) -> Definition | None:
        return self.held.get(name)

    def similar(self, name: str) -> str | None:
        others = (other for other in self.held if other != name)
        return next((other for other in others if other.casefold() == name.casefold()), None)

    def create(self, draft: Draft) -> None:
        assert draft.name not in self.held
        self._keep(draft)

    def replace(self, observed: Definition, draft: Draft) -> None:
        assert self.held[draft.name] is observed
        self._keep(draft)

    def delete(self, name: str) -> None:
        self.writes += 1
        del self.held[name]

    def _keep(self, draft: Draft) -> None:
        self.writes += 1
        self.held[draft.name] = Definition(
            name=draft.name,
            description=MarkedText.parse(draft.description),
            secret_name=draft.secret_name,
            secret_label=draft.secret_label,
            secrets_location=draft.secrets_location,
            id="1",
        )


@dataclass(frozen=True)
class Request:
    """What a ScriptedTransport was asked for."""

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str] | None
    body: object
    form: Mapping[str, str] | None


Answer = Response | Exception | Callable[[Request], Response]


class ScriptedTransport:
    """Answers from a list, in order; an exception in it is raised."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        request = Request(method, url, dict(headers or {}), params, body, form)
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Response) else answer(request)


def forbidden(*_args: Any, **_options: Any) -> Any:
    """Takes the place of whatever would contact a service."""
    raise AssertionError("something was contacted")

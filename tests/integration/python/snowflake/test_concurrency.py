# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run changes the comment, and with it the fingerprint, while another one rotates the key."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    NewValue,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.sql.identifiers import (
    Identifier,
    QualifiedName,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.store.store import (
    SnowflakeStore,
)
from integration.python.vendors import SnowflakeVendor
from sandbox.client import SandboxClient
from unit.fakes import FakeRuntime
from unit.keys import new_key


class Overtaken(SnowflakeStore):
    """Somebody rotates the key after it was described."""

    rotation: Desired | None = None

    def check(
        self, fields: Mapping[str, object], observed: Observed, value: NewValue | None = None
    ) -> None:
        super().check(fields, observed, value)
        rotation, self.rotation = self.rotation, None
        if rotation:
            converge(SnowflakeStore(self._session, self._name), rotation, FakeRuntime())


def test_a_fingerprint_never_parts_from_its_value(services: SandboxClient) -> None:
    vendor, key, other = SnowflakeVendor(services), new_key(), new_key()
    place = (Identifier("PLATFORM"), Identifier("SECRETS"), Identifier(vendor.secret))
    name = QualifiedName(*place)
    with vendor._session("full") as session:
        converge(SnowflakeStore(session, name), Desired(Payload(key)), FakeRuntime())
        store = Overtaken(session, name)
        store.rotation = Desired(Payload(other))
        wish = Desired(Payload(key), fields={"comment": "New"})
        converge(store, wish, FakeRuntime())
    entries = services.contents("snowflake")
    (held,) = (entry for entry in entries if vendor.secret in entry.name)
    assert str(held.details["key"]).endswith(key.value[-4:])
    assert str(held.details["comment"]).startswith("New")

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Full SaaS definition notes beside the secret that it names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._maia.converge import hosted_store
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.projects.projects import (
    Project,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.converge import converge
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    Desired,
    Payload,
)
from unit.fakes import FakeDefinitionApi, FakeRuntime
from unit.keys import new_key


class _Vault:
    def check(self, *, subject: str) -> None:
        """That of a Full SaaS project."""

    def store(self, _name: str, _text: str, *, subject: str) -> None:
        """Takes everything."""


def test_the_age_is_that_of_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maia shows none, so that it is noted with each new value and kept with all else."""
    vault: Any = _Vault()
    api = FakeDefinitionApi()
    store = hosted_store.HostedDefinitionStore(api, vault, Project("1", "Shop"), "stripe")
    first, second = Payload(new_key()), Payload(new_key())
    found = []
    for day, key, text in ((1, first, "A"), (2, first, "B"), (3, second, "B")):
        monkeypatch.setattr(
            hosted_store, "_now", lambda day=day: datetime(2026, 1, day, tzinfo=UTC)
        )
        assert converge(store, Desired(key, fields={"description": text}), FakeRuntime()).changed
        store.describe()
        moment = store.value_since()
        found.append(moment and moment.day)
    assert found == [1, 1, 3]

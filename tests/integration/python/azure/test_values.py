# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a secret already, and is not only a Stripe key."""

from __future__ import annotations

from typing import Any

import pytest
from azure.keyvault.secrets import SecretProperties

from unit.keys import make_key


def make_theirs(vault: Any, value: str, **properties: Any) -> None:
    with vault.somebody_else() as client:
        client.set_secret(vault.name, value, **properties)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_2_1_the_secret_of_a_certificate_is_refused(
    vault: Any, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_theirs(vault, "theirs")
    # The sandbox has no certificates; https://learn.microsoft.com/azure/key-vault/certificates
    monkeypatch.setattr(SecretProperties, "managed", True)
    for check in (True, False):
        result = vault.refused(
            state=state,
            check=check,
            on_foreign="adopt",
            replace_value=True,
            api_key=vault.key if state == "present" else None,
        )
        assert "Key Vault manages it" in result["msg"]


def test_2_1_a_value_that_is_declared_as_json_is_refused(vault: Any) -> None:
    make_theirs(vault, make_key(), content_type="application/json")
    for check in (True, False):
        result = vault.refused(on_foreign="adopt", check=check)
        assert "its content type says that its value is JSON" in result["msg"]
    vault.done(on_foreign="adopt", content_type="text/plain")
    vault.settled()


def test_2_1_without_the_right_to_read_a_value_of_others_is_not_put_at_risk(vault: Any) -> None:
    vault.done()
    vault.next_second()
    make_theirs(vault, "theirs")
    vault.next_second()
    for check in (True, False):
        result = vault.refused(identity="writer", api_key=make_key(), check=check)
        assert result["error"]["kind"] == "not_permitted"
    vault.done(identity="writer", api_key=make_key(), replace_value=True)

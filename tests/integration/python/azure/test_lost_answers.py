# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key Vault makes a version of every repetition, so none is sent before a look at what is there.

What all vaults have in common is in test_answers.py.
"""

from __future__ import annotations

import pytest

from sandbox.service import Fault

from .conftest import Vault

LOST = ["reset after", "half an answer"]


@pytest.mark.parametrize("wire", LOST)
def test_an_earlier_version_of_the_same_value_is_not_taken_for_it(vault: Vault, wire: str) -> None:
    vault.done()
    vault.next_second()
    vault.services.order(Fault("azure", operation="SetSecret", wire=wire))
    result = vault.run(update_value="always")
    assert not result.get("failed"), result
    assert result["version"] != result["version_before"]
    assert len(vault.held.versions) == 2


def test_what_was_not_written_is_written_by_another_attempt(vault: Vault) -> None:
    vault.services.order(Fault("azure", operation="SetSecret", wire="reset before", times=2))
    result = vault.run(max_attempts=4)
    assert not result.get("failed"), result
    assert len(vault.held.versions) == 1

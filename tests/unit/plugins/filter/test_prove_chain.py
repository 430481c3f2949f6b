# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter: how it is given readings, and what it says of what are none."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.maia.stripe_query.plugins.filter.prove_chain import (
    DOCUMENTATION,
    FilterModule,
    prove_chain,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import prove
from unit.proofs import SOUND


def test_the_filter_documents_all_that_it_takes() -> None:
    documented = yaml.safe_load(DOCUMENTATION)["options"]["_input"]["suboptions"]
    assert documented.keys() == {*SOUND.__dataclass_fields__, "label"}


def test_the_filter_gives_plain_data() -> None:
    readings = {name: getattr(SOUND, name) for name in SOUND.__dataclass_fields__}
    assert FilterModule().filters()["prove_chain"](readings) == [
        link.to_result() for link in prove(SOUND)
    ]


@pytest.mark.parametrize(
    "readings",
    ["text", {}, {"vault": "aws"}, {"vault": "a", "environment": "b", "definition": "c", "d": 1}],
)
def test_the_filter_says_what_it_wants(readings: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"with definition, environment, vault and"):
        prove_chain(readings)

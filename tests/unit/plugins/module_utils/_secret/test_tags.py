# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags as they are stored, and as many as there is room for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.metadata.tags import (
    TAG_RULES as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.metadata.fields import (
    TAG_RULES as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import ConflictError
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.tags import TagRules

BOTH = pytest.mark.parametrize("rules", [AWS, AZURE], ids=["aws", "azure"])


@BOTH
@pytest.mark.parametrize(
    ("given", "stored"),
    [
        pytest.param(None, None, id="left out"),
        pytest.param({}, {}, id="none"),
        pytest.param({"team": None, "a": "b"}, {"a": "b"}, id="null is left out"),
        pytest.param({"cost": 4711, 7: ""}, {"cost": "4711", "7": ""}, id="whole numbers"),
        pytest.param({"Größe 1": "a+b-c=d.e_f:g/h@i"}, {"Größe 1": "a+b-c=d.e_f:g/h@i"}, id="text"),
    ],
)
def test_tags_are_the_texts_that_were_given(rules: TagRules, given: Any, stored: Any) -> None:
    assert rules.parse("secret", given) == stored


def test_key_vault_takes_tags_of_512_characters() -> None:
    tags: dict[object, object] = {"n" * 512: "v" * 512, "any;character*": "a\nb"}
    assert AZURE.parse("secret", tags) == tags


@BOTH
def test_there_is_room_for_as_many_tags_as_the_vault_takes(rules: TagRules) -> None:
    tags = [f"t{number}" for number in range(rules.most)]
    rules.check_room("secret", tags)
    with pytest.raises(ConflictError, match=f"it would have {rules.most + 1} tags"):
        rules.check_room("secret", [*tags, "one more"])

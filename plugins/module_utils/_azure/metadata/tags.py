# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of a version: those that are ours, and Key Vault's rules for all others."""

from __future__ import annotations

from collections.abc import Mapping

from ..._secret.model import VALUE_VERSION
from ..._secret.tags import TagRules

# A tag on each version that we write, with our note.
MARKER_TAG = "maia.stripe_query"
VALUE_VERSION_TAG = "maia.stripe_query.value_version"
# On a version that brought an earlier value back: the id of the version that had it.
ROLLED_BACK_TAG = "maia.stripe_query.rolled_back_to"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG, ROLLED_BACK_TAG)
# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
TAG_RULES = TagRules(most=15, ours=OUR_TAGS, longest_key=512, longest_value=512)


def all_tags(
    fields: Mapping[str, object],
    held: Mapping[str, object],
    marker: str,
    rolled_back_to: str | None,
) -> dict[str, str]:
    """All tags of a version: the changed ones or those that are there, and our own.

    fields: that change. held: all that there are. rolled_back_to: the id of a version.
    """
    tags = fields.get("tags", held.get("tags"))
    number = fields.get(VALUE_VERSION, held.get(VALUE_VERSION))
    ours = {MARKER_TAG: marker}
    if number is not None:
        ours[VALUE_VERSION_TAG] = str(number)
    if rolled_back_to:
        ours[ROLLED_BACK_TAG] = rolled_back_to
    return {**(tags if isinstance(tags, dict) else {}), **ours}

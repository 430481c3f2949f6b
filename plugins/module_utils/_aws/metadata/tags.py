# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret's tags: those that are ours, and AWS's rules for all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._secret.model import VALUE_VERSION
from ..._secret.tags import TagRules
from .marker import MARKER_TAG

VALUE_VERSION_TAG = "maia.stripe_query.value_version"
OUR_TAGS = (MARKER_TAG, VALUE_VERSION_TAG)
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html
TAG_RULES = TagRules(
    most=50,
    ours=OUR_TAGS,
    longest_key=128,
    longest_value=256,
    reserved="aws:",
    symbols="+-=._:/@",
)


def tags_of(found: Mapping[str, Any]) -> dict[str, str]:
    """All tags in what DescribeSecret returned, ours and those of AWS included."""
    return {tag["Key"]: tag.get("Value", "") for tag in found.get("Tags", [])}


def tag_list(tags: Mapping[str, str]) -> list[Any]:
    """As CreateSecret and TagResource take them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def number_tag(fields: Mapping[str, object]) -> dict[str, str]:
    """The tag for the user's own number of the value; empty without one."""
    number = fields.get(VALUE_VERSION)
    return {} if number is None else {VALUE_VERSION_TAG: str(number)}


def mapping_of(fields: Mapping[str, object], name: str) -> dict[str, str]:
    """A field whose value is a mapping; empty if it is missing."""
    value = fields.get(name)
    return dict(value) if isinstance(value, Mapping) else {}

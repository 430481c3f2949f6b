# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of keys that can be stored but should not be."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import (
    StripeKey,
    parse_key,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.source import (
    PUBLISHABLE_WARNING,
    SECRET_WARNING,
    kind_with_policy,
    warning_of_kind,
)
from unit.keys import make_key, random_text

WARNINGS = {"pk": PUBLISHABLE_WARNING, "sk": SECRET_WARNING}
KINDS = {"pk": "publishable", "sk": "secret"}


def policy_warning(key: StripeKey, policies: dict[str, str]) -> str | None:
    return warning_of_kind(kind_with_policy(key), policies)


@pytest.mark.parametrize("policy", ["warn", "allow", "reject"])
@pytest.mark.parametrize("kind", ["rk", "rkcs", "ek", "oak"])
def test_other_kinds_have_no_policy(kind: str, policy: str) -> None:
    policies = dict.fromkeys(KINDS.values(), policy)
    assert policy_warning(parse_key(make_key(kind)), policies) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_warned_of_allowed_or_rejected_as_its_own_option_says(kind: str) -> None:
    text = make_key(kind)
    others = dict.fromkeys(KINDS.values(), "allow")
    assert policy_warning(parse_key(text), {**others, KINDS[kind]: "warn"}) == WARNINGS[kind]
    assert policy_warning(parse_key(text), others) is None
    with pytest.raises(ConfigurationError, match=f"set on_{KINDS[kind]}_key to") as refusal:
        policy_warning(parse_key(text), {**others, KINDS[kind]: "reject"})
    assert text not in str(refusal.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_warning_says_how_to_silence_it(kind: str) -> None:
    assert f"on_{KINDS[kind]}_key=allow" in WARNINGS[kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param(make_key("sk_org"), "secret", id="organization"),
        pytest.param("sk_org_" + random_text(), "secret", id="organization, no mode"),
        pytest.param(make_key("sk", "prod"), "secret", id="a mode that scanners know"),
        pytest.param(make_key("SK", "LIVE"), "secret", id="in capitals"),
        pytest.param("sk_" + random_text(), "secret", id="of the first years"),
        pytest.param(make_key("Pk", "LIVE"), "publishable", id="publishable, in capitals"),
    ],
)
def test_reject_lets_no_key_through_that_begins_alike(text: str, kind: str) -> None:
    policies = {**dict.fromkeys(KINDS.values(), "allow"), kind: "reject"}
    with pytest.raises(ConfigurationError, match=f"set on_{kind}_key to"):
        policy_warning(parse_key(text, allow_unknown=True), policies)

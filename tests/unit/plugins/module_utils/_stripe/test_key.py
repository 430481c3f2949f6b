# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a key says about itself."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import (
    MIN_LENGTH,
    ORGANIZATION_WARNING,
    PUBLISHABLE_WARNING,
    UNUSUAL_WARNING,
    StripeKey,
    parse_key,
    publishable_key_warning,
)
from unit.keys import make_key, random_text


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        pytest.param(make_key("rk", "live"), "restricted", "live", id="restricted live"),
        pytest.param(make_key("rk", "test"), "restricted", "test", id="restricted test"),
        pytest.param(make_key("sk", "live"), "secret", "live", id="secret live"),
        pytest.param(make_key("sk", "test"), "secret", "test", id="secret test"),
        pytest.param(make_key("pk", "live"), "publishable", "live", id="publishable live"),
        pytest.param(make_key("rkcs", "test"), "claimable_sandbox", "test", id="claimable"),
        pytest.param(make_key("ek", "live"), "ephemeral", "live", id="ephemeral"),
        pytest.param(make_key("oak", "test"), "cli_access_token", "test", id="CLI token"),
        pytest.param(make_key("sk_org", "live"), "organization", "live", id="organization live"),
        pytest.param(make_key("sk_org", "test"), "organization", "test", id="organization test"),
        pytest.param("sk_org_" + random_text(), "organization", "unknown", id="organization"),
        pytest.param(random_text(32), "unknown", "unknown", id="no prefix at all"),
        pytest.param(make_key("zz", "live"), "unknown", "live", id="a prefix of the future"),
        pytest.param("rk_" + random_text(), "restricted", "unknown", id="restricted, no mode"),
        pytest.param("sk_" + random_text(), "secret", "unknown", id="an old secret key"),
        pytest.param(make_key("sk", "liver"), "secret", "unknown", id="a mode that begins alike"),
    ],
)
def test_kind_and_mode_follow_from_the_prefix(text: str, kind: str, mode: str) -> None:
    key = parse_key(text)
    assert (key.value, key.kind, key.mode) == (text, kind, mode)


@pytest.mark.parametrize("around", [" ", "\n", "\t", "\r\n", "\u00a0", " \n\t "])
def test_white_space_around_a_key_is_dropped(around: str) -> None:
    text = make_key()
    assert parse_key(around + text + around).value == text


_BODY = random_text(30)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "it is empty", id="empty"),
        pytest.param(" \n ", "it is empty", id="white space only"),
        pytest.param("whsec_" + _BODY, "webhook signing secret", id="webhook secret"),
        pytest.param("mk_" + _BODY, "id of a managed key", id="managed key's id"),
        pytest.param("acct_" + _BODY, "account id", id="account id"),
        pytest.param("rk_live_****************4242", "redacted", id="redacted with stars"),
        pytest.param("rk_live_" + _BODY[:4] + "..." + _BODY[-4:], "redacted", id="three dots"),
        pytest.param("rk_live_" + _BODY[:4] + "\u2026" + _BODY, "redacted", id="an ellipsis"),
        pytest.param("rk_live_" + _BODY + " " + _BODY, "white space", id="a space inside"),
        pytest.param("rk_live_" + _BODY + "\n" + _BODY, "white space", id="two lines"),
        pytest.param("rk_live_" + _BODY + "\u00a0x", "white space", id="a no-break space inside"),
        pytest.param("rk_live_" + _BODY + "\x00", "control or non-ASCII", id="a NUL"),
        pytest.param("\ufeffrk_live_" + _BODY, "control or non-ASCII", id="a byte order mark"),
        pytest.param("rk_live_" + _BODY + "\u200b", "control or non-ASCII", id="zero-width space"),
        pytest.param("rk_live_" + _BODY + "\xe9", "control or non-ASCII", id="an accent"),
        pytest.param(make_key()[: MIN_LENGTH - 1], "shorter than", id="one character too short"),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_showing_it(text: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_key(text)
    assert reason in refusal.value.reason
    assert _BODY[:8] not in str(refusal.value)


def test_the_shortest_key_allowed_is_accepted() -> None:
    text = make_key()[:MIN_LENGTH]
    assert parse_key(text).value == text


@pytest.mark.parametrize("kind", ["rk", "sk", "pk", "rkcs", "sk_org"])
def test_the_mask_shows_the_prefix_and_four_characters(kind: str) -> None:
    text = make_key(kind, "live")
    masked = parse_key(text).masked
    assert masked.startswith(kind)
    assert masked.endswith(f"...{text[-4:]}")
    assert len(masked) < 20
    assert text.rsplit("_", 1)[1][:4] not in masked


def test_a_key_without_prefix_shows_only_its_end() -> None:
    text = random_text(32)
    assert parse_key(text).masked == f"...{text[-4:]}"


def test_neither_repr_nor_description_shows_the_key() -> None:
    key = parse_key(make_key())
    assert key.value not in repr(key)
    assert key.value not in repr(key.describe())
    assert key.describe() == {"kind": "restricted", "mode": "live", "masked": key.masked}


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        pytest.param(make_key("rk", "live"), None, id="a restricted key needs none"),
        pytest.param(make_key("sk", "test"), None, id="a secret key needs none"),
        pytest.param(make_key("pk", "live"), None, id="publishable keys have a policy instead"),
        pytest.param(make_key("sk_org", "live"), ORGANIZATION_WARNING, id="organization"),
        pytest.param(make_key("ek", "live"), UNUSUAL_WARNING, id="ephemeral"),
        pytest.param(make_key("rkcs", "test"), UNUSUAL_WARNING, id="claimable sandbox"),
        pytest.param(random_text(40), UNUSUAL_WARNING, id="no prefix"),
        pytest.param(make_key("rk", "live", 300), UNUSUAL_WARNING, id="very long"),
        pytest.param(make_key("rk", "live") + "-x", UNUSUAL_WARNING, id="a strange character"),
    ],
)
def test_keys_that_may_not_work_get_a_fixed_warning(text: str, warning: str | None) -> None:
    assert parse_key(text).warning() == warning


@pytest.mark.parametrize("policy", ["warn", "allow", "reject"])
def test_other_keys_are_no_business_of_the_publishable_policy(policy: str) -> None:
    assert publishable_key_warning(parse_key(make_key("rk")), policy) is None


def test_a_publishable_key_is_warned_of_allowed_or_rejected() -> None:
    key: StripeKey = parse_key(make_key("pk"))
    assert publishable_key_warning(key, "warn") == PUBLISHABLE_WARNING
    assert publishable_key_warning(key, "allow") is None
    with pytest.raises(ConfigurationError, match="publishable") as refusal:
        publishable_key_warning(key, "reject")
    assert key.value not in str(refusal.value)

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
    UNUSUAL_WARNING,
    parse_key,
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
    ],
)
def test_kind_and_mode_follow_from_the_prefix(text: str, kind: str, mode: str) -> None:
    key = parse_key(text)
    assert (key.value, key.kind, key.mode) == (text, kind, mode)


UNKNOWN = [
    pytest.param(random_text(32), id="no prefix at all"),
    pytest.param(make_key("zz", "live"), id="a prefix of the future"),
    pytest.param("rk_" + random_text(), id="restricted, no mode"),
    pytest.param("sk_" + random_text(), id="an old secret key"),
    pytest.param(make_key("sk", "liver"), id="a mode that begins alike"),
    pytest.param(make_key("RK", "LIVE"), id="in capitals"),
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_kind_is_refused_unless_that_is_allowed(text: str) -> None:
    with pytest.raises(ConfigurationError, match="set allow_unknown_key to true") as refusal:
        parse_key(text)
    assert text[-8:] not in str(refusal.value)
    key = parse_key(text, allow_unknown=True)
    assert (key.value, key.kind, key.mode) == (text, "unknown", "unknown")


@pytest.mark.parametrize("around", [" ", "\n", "\t", "\r\n", "\u00a0", " \n\t "])
def test_white_space_around_a_key_is_dropped(around: str) -> None:
    text = make_key()
    assert parse_key(around + text + around).value == text


_BODY = random_text(30)


@pytest.mark.parametrize("allow_unknown", [False, True])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "it is empty", id="empty"),
        pytest.param(" \n ", "it is empty", id="white space only"),
        pytest.param(make_key()[: MIN_LENGTH - 1], "shorter than", id="one character too short"),
    ],
)
def test_what_is_too_short_is_refused(text: str, reason: str, allow_unknown: bool) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        parse_key(text, allow_unknown=allow_unknown)


@pytest.mark.parametrize("kind", ["rk", "sk", "sk_org", "rkcs"])
@pytest.mark.parametrize("length", [13, 16, 19, 256, 5000])
def test_a_key_that_was_cut_off_is_refused_unless_that_is_allowed(kind: str, length: int) -> None:
    text = make_key(kind, "test", length)
    reason = f"it looks (cut off|to have something behind it): {length} characters"
    with pytest.raises(ConfigurationError, match=reason) as refusal:
        parse_key(text)
    assert "set allow_unknown_key to true" in str(refusal.value)
    assert text[-8:] not in str(refusal.value)
    assert parse_key(text, allow_unknown=True).value == text


@pytest.mark.parametrize("length", [20, 24, 99, 255])
def test_usual_lengths_are_taken(length: int) -> None:
    text = make_key(length=length)
    assert parse_key(text).value == text


@pytest.mark.parametrize("before", ["my", "7", "RestrictedKey"])
@pytest.mark.parametrize("allow_unknown", [False, True])
def test_a_known_key_with_something_before_it_is_never_taken(
    before: str, allow_unknown: bool
) -> None:
    with pytest.raises(ConfigurationError, match="it holds more than a key"):
        parse_key(before + make_key(), allow_unknown=allow_unknown)


@pytest.mark.parametrize("kind", ["rk", "sk", "pk", "rkcs", "sk_org"])
def test_the_mask_shows_the_prefix_and_four_characters(kind: str) -> None:
    text = make_key(kind, "live")
    masked = parse_key(text).masked
    assert masked.startswith(kind)
    assert masked.endswith(f"...{text[-4:]}")
    assert len(masked) < 20
    assert text.rsplit("_", 1)[1][:4] not in masked


MASKED = [
    (make_key("rk", "live", 12), 2),
    (make_key("rk", "live", 19), 3),
    (make_key("rk", "live", 20), 4),
    (make_key("rk", "live", 99), 4),
    ("sk_org_" + random_text(13), 2),
    # Of an unknown kind nobody can tell what of it is secret.
    (random_text(20), 4),
    (make_key("zz", "live", 13), 4),
    ("rk_" + random_text(20), 4),
    (f"{random_text(4)}_{random_text(4)}_{random_text(11)}", 4),
]


@pytest.mark.parametrize(("text", "shown"), MASKED, ids=range(len(MASKED)))
def test_no_more_than_a_fifth_of_a_key_is_shown(text: str, shown: int) -> None:
    key = parse_key(text, allow_unknown=True)
    prefix, _dots, end = key.masked.partition("...")
    assert prefix in ("", "rk_live_", "sk_org_")
    assert len(end) == shown
    assert text.endswith(end)
    assert len(end) * 5 <= len(text.removeprefix(prefix))


def test_neither_repr_nor_description_shows_the_key() -> None:
    key = parse_key(make_key())
    assert key.value not in repr(key)
    assert key.value not in repr(key.describe())
    assert key.describe() == {"kind": "restricted", "mode": "live", "masked": key.masked}


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        pytest.param(make_key("rk", "live"), None, id="a restricted key needs none"),
        pytest.param(make_key("sk", "test"), None, id="secret keys have a policy instead"),
        pytest.param(make_key("pk", "live"), None, id="publishable keys have a policy instead"),
        pytest.param(make_key("sk_org", "live"), ORGANIZATION_WARNING, id="organization"),
        pytest.param(make_key("ek", "live"), UNUSUAL_WARNING, id="ephemeral"),
        pytest.param(make_key("rkcs", "test"), UNUSUAL_WARNING, id="claimable sandbox"),
        pytest.param(random_text(40), UNUSUAL_WARNING, id="no prefix"),
        pytest.param(make_key("rk", "live", 300), None, id="longer than any so far"),
    ],
)
def test_keys_that_may_not_work_get_a_fixed_warning(text: str, warning: str | None) -> None:
    assert parse_key(text, allow_unknown=True).warning() == warning

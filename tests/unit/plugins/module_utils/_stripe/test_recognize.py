# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which texts have a key in them, and which only look a little like it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode, encodebytes
from urllib.parse import quote

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.recognize import holds_key
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.shape import KEY
from unit.keys import make_key, random_text

RAW = make_key()
LONG = "some text before it, " * 3 + make_key(length=99)
BODY = random_text(24)


@pytest.mark.parametrize("kind", ["sk", "rk", "pk", "ek", "rkcs", "oak", "sk_org"])
@pytest.mark.parametrize("mode", ["live", "test"])
@pytest.mark.parametrize("length", [20, 24, 99, 247])
def test_each_kind_of_key_is_recognized(kind: str, mode: str, length: int) -> None:
    key = make_key(kind, mode, length)
    assert KEY.fullmatch(key)
    assert holds_key(key)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"  {RAW}\n", id="white space around it"),
        pytest.param(f"use {RAW}, please", id="in a sentence"),
        pytest.param(f"stripe/{RAW}/shop", id="in a path"),
        pytest.param(f"my_{RAW}", id="after an underscore"),
        pytest.param(f"old{RAW}7", id="after a letter"),
        pytest.param(b64encode(f"x{RAW}7".encode()).decode(), id="after a letter, in base64"),
        pytest.param(f'{{"api_key": "{RAW}"}}', id="in JSON"),
        pytest.param(f"KEY={RAW}", id="in an assignment"),
        pytest.param("_".join(("RK", "LIVE", BODY)), id="in capitals"),
        pytest.param("_".join(("whsec", BODY)), id="a webhook secret"),
        pytest.param("_".join(("whsec", BODY[:20])), id="the shortest of all"),
        pytest.param("_".join(("whsec", 10 * "\u338f")), id="in characters that stand for two"),
        pytest.param("_".join(("rk", "prod", BODY)), id="a mode that scanners know"),
        pytest.param("_".join(("sk_org", BODY)), id="an organization's without a mode"),
        pytest.param("_".join(("sk", BODY)), id="one of Stripe's first years"),
        pytest.param(RAW[:8] + "\u200b" + RAW[8:], id="with an invisible character"),
        pytest.param("\uff52" + RAW[1:], id="with a full-width letter"),
        pytest.param(quote(RAW).replace("_", "%5F"), id="encoded for a URL"),
        pytest.param(b64encode(RAW.encode()).decode(), id="in base64"),
        pytest.param(f"stripe/shop/{b64encode(RAW.encode()).decode()}", id="in base64 in a path"),
        pytest.param(RAW.replace("_", "\\_"), id="from Markdown"),
        pytest.param(f"Basic {b64encode((RAW + ':').encode()).decode()}", id="in a header"),
        pytest.param(RAW.replace("_", "\\u005f"), id="with JSON's escapes"),
        pytest.param("".join(f"\\u{ord(each):04X}" for each in RAW), id="in JSON's escapes only"),
        pytest.param(RAW.replace("_", "\\\\u005f"), id="in JSON in JSON"),
        pytest.param(RAW.replace("_", "\\x5f"), id="with escapes as in C"),
        pytest.param(RAW.replace("_", "&#95;"), id="from HTML, decimal"),
        pytest.param(RAW.replace("_", "&#x5F;"), id="from HTML, hexadecimal"),
        pytest.param(RAW.replace("_", "&lowbar;"), id="from HTML, by name"),
        pytest.param(RAW.replace("_", "=5F"), id="from an e-mail"),
        pytest.param(RAW[:15] + "=\r\n" + RAW[15:], id="from an e-mail with a soft line end"),
        pytest.param(encodebytes(LONG.encode()).decode(), id="in lines of base64"),
        pytest.param(json.dumps(encodebytes(LONG.encode()).decode()), id="in base64 in JSON"),
        pytest.param(RAW.encode().hex(), id="in hexadecimal digits"),
    ],
)
def test_a_key_is_recognized_wherever_it_stands(text: str) -> None:
    assert holds_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stripe/rk_live/shop",
        "sk_test_shop",
        "sk_test_shopanalytics",
        "RK_LIVE_SHOP_ANALYTICS_PRODUCTION_EUROPE",
        "rk_live_shop-analytics-production-europe",
        "stripe_sk_live_shop_analytics_production",
        "desk_test_environmentofthewholecompany",
        "task_live_environmentofthewholecompany",
        "pk_customer_environment_production_table",
        "sk_orgchart",
        "rk_live_...4242",
        "sk_live_****************************4242",
        "acct_1" + "A" * 20,
        "mk_1" + "A" * 20,
        "v1:s.0123456789abcdef:" + "0123456789abcdef" * 2,
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rk_live/shop-AbCdEf",
        "https://demo-vault.vault.azure.net/secrets/rk-live-shop/" + "0123456789abcdef" * 2,
        "%73k 100%",
        "a&#95;b =5F \\u005f \\u00zz &lowbar;",
        "sk\\u005ftest\\u005fshop",
        "C:\\users\\new\\report\\xyz",
        "first line\nsecond line\nsk_live_shop\nanalytics_production_of_europe",
        '{"Version": "2012-10-17", "Statement": [{"Sid": "a=3D", "Effect": "Allow"}]}',
        "a" * 10_000,
        "risk_test_europe1",
        "_".join(("task", "live", "a" * 30)),
    ],
)
def test_a_name_that_only_begins_like_a_key_is_none(text: str) -> None:
    assert not holds_key(text)


def test_what_is_random_is_no_key() -> None:
    assert not any(holds_key(random_text(64)) for _number in range(1000))


_LONG = """
import resource
import sys

from ansible_collections.maia.stripe_query.plugins.module_utils._core.redaction import Redactor
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe import not_a_key, recognize

resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
for part in sys.argv[1:]:
    text = part * (40_000 // len(part))
    recognize.holds_key(text)
    not_a_key.other_than_key(text)
    Redactor().mask(text)
"""


def test_long_texts_take_no_longer_than_their_length_asks_for() -> None:
    """A fraction of the limit, of this process alone. With the square of it, minutes."""
    parts = ["a", "-", "_", "%", "&", "\\", "\\u", "\\n", "\n", "ff", "eyJ", "sk_live", "rk_test_A"]
    path = os.pathsep.join(filter(None, sys.path))
    subprocess.run(
        [sys.executable, "-c", _LONG, *parts], check=True, env={**os.environ, "PYTHONPATH": path}
    )

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is given as a key and is none is refused, with what was probably meant."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._stripe.key import parse_key
from unit.keys import make_key, random_text

KEY = make_key()
BODY = KEY[8:]
HEX = random_text(40).encode().hex()

CENSORED = "a placeholder for a hidden secret"
LIST = "a list that became text"
DICT = "a dict or JSON that became text"
ENCRYPTED = "it is encrypted"
TEMPLATE = "a template or a variable's name"
ASSIGNMENT = "an assignment"
EMPTY = "a value that is no key"
FILE = "the name of a file"
REFERENCE = "a reference to a secret"
PLACEHOLDER = "a placeholder"


CASES = [
    # Ansible and AWX
    ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", CENSORED),
    ("NOT_LOGGING_PARAMETER", CENSORED),
    ("NOT_LOGGING_PASSWORD", CENSORED),
    ("$REDACTED$", CENSORED),
    (
        "the output has been hidden due to the fact that 'no_log: true' was specified for this"
        " result",
        CENSORED,
    ),
    ("********", "redacted"),
    ("$encrypted$", "AWX's placeholder for a secret"),
    ("__omit_place_holder__" + random_text(40), EMPTY),
    # CI and other tools
    ("***", "redacted"),
    ("[REDACTED]", CENSORED),
    ("[MASKED]", CENSORED),
    ("<redacted>", CENSORED),
    ("(sensitive value)", CENSORED),
    ("rk_live_****************4242", "redacted"),
    (f"rk_live_{BODY[:4]}...{BODY[-4:]}", "redacted"),
    (f"rk_live_{BODY[:4]}\u2026{BODY}", "redacted"),
    ("rk_live_" + "\u2022" * 20, "redacted"),
    ("rk_live_" + "x" * 24, "redacted"),
    # Ciphertext and references
    ("$ANSIBLE_VAULT;1.1;AES256\n" + HEX, "encrypted by Ansible Vault"),
    ("!vault |\n  $ANSIBLE_VAULT;1.2;AES256;prod\n  " + HEX, "encrypted by Ansible Vault"),
    ("vault:v1:" + b64encode(random_text(40).encode()).decode(), ENCRYPTED),
    ("ENC[AES256_GCM,data:p673w==,iv:YY=,tag:FPPw==,type:str]", ENCRYPTED),
    ("ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]", ENCRYPTED),
    ("AQICAHh" + random_text(60), ENCRYPTED),
    ("-----BEGIN PGP MESSAGE-----\n" + BODY, ENCRYPTED),
    ("-----BEGIN AGE ENCRYPTED FILE-----\n" + BODY, ENCRYPTED),
    ("-----BEGIN PRIVATE KEY-----\n" + BODY, "a PEM file"),
    ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:stripe-AbCdEf", REFERENCE),
    ("op://vault/stripe/credential", REFERENCE),
    ("vault:secret/data/stripe#api_key", REFERENCE),
    ("ref+awssecrets://stripe/shop", REFERENCE),
    ("@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/y)", REFERENCE),
    ("projects/shop/secrets/stripe/versions/latest", REFERENCE),
    # Values that were not put in
    ("{{ vaulted_stripe_key }}", TEMPLATE),
    ("{% if live %}a{% endif %}", TEMPLATE),
    ("${STRIPE_API_KEY}", TEMPLATE),
    ("$STRIPE_API_KEY", TEMPLATE),
    ("$(cat stripe.key)", TEMPLATE),
    ("%STRIPE_API_KEY%", TEMPLATE),
    ("#{STRIPE_API_KEY}#", TEMPLATE),
    ("<secret>", PLACEHOLDER),
    ("<your key here>", PLACEHOLDER),
    ("YOUR_STRIPE_API_KEY_GOES_HERE", PLACEHOLDER),
    ("changeme", PLACEHOLDER),
    ("<ansible.parsing.yaml.objects.AnsibleVaultEncryptedUnicode object at 0x7f>", PLACEHOLDER),
    ("None", EMPTY),
    ("null", EMPTY),
    ("undefined", EMPTY),
    ("True", EMPTY),
    # Containers
    (str([KEY]), LIST),
    (json.dumps([KEY]), LIST),
    (str((KEY,)), LIST),
    (str([KEY, make_key()]), LIST),
    (str({"api_key": KEY}), DICT),
    (json.dumps({"api_key": KEY}, indent=2), DICT),
    (str(KEY.encode()), "Python's for bytes"),
    (f'b"{KEY}"', "Python's for bytes"),
    # A key with something around it
    (f"'{KEY}'", "in quotes"),
    (f'"{KEY}"', "in quotes"),
    (f"`{KEY}`", "in quotes"),
    (f"\u201c{KEY}\u201d", "in quotes"),
    (f"{KEY}'", "in quotes"),
    (f"STRIPE_API_KEY={KEY}", ASSIGNMENT),
    (f"export STRIPE_API_KEY='{KEY}'", ASSIGNMENT),
    (f"STRIPE_API_KEY = {KEY}", ASSIGNMENT),
    (f"api_key: {KEY}", ASSIGNMENT),
    (f'"api_key": "{KEY}",', ASSIGNMENT),
    (f"Bearer {KEY}", "an HTTP header"),
    (f"Authorization: Bearer {KEY}", "an HTTP header"),
    (f"{KEY},{make_key()}", "several keys"),
    (f"{KEY}\n{make_key()}", "several keys"),
    (f"{KEY} # of the shop", "white space"),
    (f"{KEY}:", "more than a key"),
    (f"{KEY},", "more than a key"),
    (f"{KEY}-x", "more than a key"),
    (f"x-{KEY}", "more than a key"),
    (f"https://{KEY}@api.stripe.com/v1", "a URL"),
    # Encodings of one
    (b64encode(KEY.encode()).decode(), "an encoded key"),
    (b64encode(f"{KEY}\n".encode()).decode(), "an encoded key"),
    (KEY.encode().hex(), "an encoded key"),
    (quote(KEY).replace("_", "%5F"), "an encoded key"),
    # Files and places
    ("/run/secrets/stripe.key", FILE),
    ("~/stripe", FILE),
    ("./stripe", FILE),
    ("@/run/secrets/stripe", FILE),
    ("C:\\\\keys\\\\stripe", FILE),
    ("secrets/stripe-production.key", FILE),
    ("file:///run/secrets/stripe", "a URL"),
    ("https://dashboard.stripe.com/apikeys", "a URL"),
    # Other things of Stripe's, and of others'
    ("whsec_" + BODY, "webhook signing secret"),
    ("mk_" + BODY, "id of a managed key"),
    ("acct_" + BODY, "account id"),
    (f"eyJ{random_text(20)}.{random_text(40)}.{random_text(40)}", "JSON Web Token"),
    # What cannot be sent in a header
    (f"rk_live_{BODY[:9]} {BODY[9:]}", "white space"),
    (f"rk_live_{BODY}\u00a0x", "white space"),
    (f"rk_live_{BODY}\x00", "control or non-ASCII"),
    (f"\ufeff{KEY}", "control or non-ASCII"),
    (f"{KEY}\u200b", "control or non-ASCII"),
    (f"{KEY}\u00e9", "control or non-ASCII"),
]


@pytest.mark.parametrize("allow_unknown", [False, True])
@pytest.mark.parametrize(("text", "reason"), CASES, ids=range(len(CASES)))
def test_what_is_no_key_is_refused_with_what_was_meant(
    text: str, reason: str, allow_unknown: bool
) -> None:
    for given in (text, f" {text}\n"):
        with pytest.raises(ConfigurationError) as refusal:
            parse_key(given, allow_unknown=allow_unknown)
        assert reason in refusal.value.reason
        assert BODY[:8] not in str(refusal.value)
        assert BODY[-6:] not in str(refusal.value)


FUTURE = [
    *(random_text(length) for length in (20, 32, 107)),
    *("_".join((random_text(3), random_text(5), random_text(40))) for _number in range(50)),
    f"{random_text(20)}-{random_text(20)}.{random_text(4)}",
    b64encode(bytes(range(100, 132))).decode(),
]


@pytest.mark.parametrize("text", FUTURE, ids=range(len(FUTURE)))
def test_a_kind_of_the_future_is_taken_for_nothing_else(text: str) -> None:
    assert parse_key(text, allow_unknown=True).value == text


def test_no_key_is_taken_for_something_else() -> None:
    for _number in range(500):
        for kind in ("rk", "sk", "pk", "sk_org"):
            assert parse_key(make_key(kind, "live", 99)).mode == "live"

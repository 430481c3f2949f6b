# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that are given as a key and are none, with what was probably meant. Pure.

They come from pipelines: what Ansible, AWX and CI show in place of a secret, a vault's ciphertext,
what a list or a dict becomes as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .recognize import encodes_key
from .shape import GLUED, KEY, RECOGNIZED, WHOLE

# Why the text is no key, and what to do.
Meaning = tuple[str, str]

_GIVE_RESTRICTED = "give the restricted key from Developers > API keys in Stripe's dashboard"
COPY_AGAIN = "copy it again from Stripe's dashboard"
_FROM_SOURCE = "get the key from its store, not from a result, a log or an export"

_CENSORED: Meaning = ("it is a placeholder for a hidden secret", _FROM_SOURCE)
_REDACTED: Meaning = ("it looks redacted", "give the full key; Stripe shows a live key only once")
_EMPTY: Meaning = (
    "it is the text of a value that is no key, such as None or null",
    "check the variable or lookup that should hold the key",
)
_REFERENCE: Meaning = (
    "it is a reference to a secret, not the secret",
    "look the key up first, as with a lookup plugin",
)
_TEMPLATE: Meaning = (
    "it is a template or a variable's name that was not replaced by its value",
    "give the value; Ansible replaces {{ }} in values that it trusts, a shell $NAME",
)
_ENCRYPTED: Meaning = ("it is encrypted", "decrypt it first, as with a lookup plugin")
_ASSIGNMENT: Meaning = (
    "it is an assignment or a line of a file, with a name before the key",
    "give what comes after the name",
)

# The first that fits counts. Each is searched for in the text without white space around it.
_PATTERNS: tuple[tuple[str, Meaning], ...] = (
    (r"^whsec_", ("this is a webhook signing secret, not an API key", _GIVE_RESTRICTED)),
    (
        r"^mk_",
        (
            "this is the id of a managed key, not the key itself",
            "give the key's value as Stripe's dashboard shows it",
        ),
    ),
    (r"^acct_", ("this is an account id, not an API key", _GIVE_RESTRICTED)),
    # ansible.module_utils: basic.py, common/parameters.py, secrets.py; executor/task_result.py
    (r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|NOT_LOGGING_P|\$REDACTED\$", _CENSORED),
    (r"(?i)the output has been hidden|no_log: true|\bcensored\b", _CENSORED),
    (
        r"^\$encrypted\$",
        (
            "it is AWX's placeholder for a secret",
            "give the job the credential, which holds the key",
        ),
    ),
    (
        r"(?i)^[<(\[{*_-]*(redacted|masked|hidden|sensitive( value)?|protected)[>)\]}*_-]*$",
        _CENSORED,
    ),
    (r"__omit_place_holder__", _EMPTY),
    (r"(?i)^(none|null|nil|undefined|nan|n/?a|true|false|omit|~|-+)$", _EMPTY),
    (
        r"\$ANSIBLE_VAULT;|^!vault\b",
        (
            "it is encrypted by Ansible Vault",
            "load it as a variable, with !vault if it is inline, and give the vault's password",
        ),
    ),
    (r"^vault:v\d+:|^ENC[\[(]|^AQICA|^-----BEGIN (PGP|AGE)", _ENCRYPTED),
    (
        r"-----BEGIN",
        ("it is a PEM file, such as a private key or a certificate", _GIVE_RESTRICTED),
    ),
    (r"\{\{|\{%|^\$\{|^\$\(|^\$[A-Za-z_]|^%\w+%$|^#\{", _TEMPLATE),
    (
        r"^<.*>$|(?i:your.{0,20}key|change.?me|place.?holder)|^[xX]+$",
        ("it is a placeholder, or the text of an object", "give the key's value in its place"),
    ),
    (
        r"^[bB]['\"]",
        (
            "it is a text of Python's for bytes (b'...')",
            "decode the bytes where they are read, so that they are text",
        ),
    ),
    (
        r"^[\[(]",
        ("it is a list that became text", "give its element, as {{ keys[0] }} does"),
    ),
    (
        r"^\{",
        ("it is a dict or JSON that became text", "give its entry, as {{ secret.api_key }} does"),
    ),
    (
        r"(?i)^(authorization:\s*)?(bearer|basic|token)\s",
        ("it is an HTTP header", "give the key alone"),
    ),
    (r"^(export\s+|set\s+)?[A-Za-z_][\w.-]*\s*=\s*[^\s=]", _ASSIGNMENT),
    (r"^[\w.\"'-]+\s*:\s+\S", _ASSIGNMENT),
    (r"^['\"`\u2018-\u201f]|['\"`\u2018-\u201f]$", ("it is in quotes", "take them off")),
    (
        r"^(arn:|op://|ref\+|vault:|secret://|@Microsoft\.KeyVault|projects/[^/]+/secrets/)",
        _REFERENCE,
    ),
    (
        r"^[a-z][a-z0-9+.-]*://",
        ("it is a URL", "give the key itself, or the path of a file as api_key_file"),
    ),
    (
        r"^@?(~|\.{1,2})?/|^[A-Za-z]:\\|\.(key|txt|pem|env|json|ya?ml|secret)$",
        ("it is the name of a file", "give it as api_key_file"),
    ),
    (r"^eyJ[\w-]+\.[\w-]+\.", ("it is a JSON Web Token", _GIVE_RESTRICTED)),
    (r"\*|•|\.\.\.|…", _REDACTED),
)

_CHECKS: tuple[tuple[Callable[[str], bool], Meaning], ...] = (
    (lambda text: (key := KEY.fullmatch(text)) is not None and _is_filled(key), _REDACTED),
    (
        lambda text: len(RECOGNIZED.findall(text)) > 1,
        ("it holds several keys", "give the one that is to be stored"),
    ),
    (
        lambda text: not RECOGNIZED.search(text) and encodes_key(text),
        ("it is an encoded key", "decode it first, as the filter b64decode does for base64"),
    ),
    (lambda text: re.search(r"\s", text) is not None, ("it contains white space", COPY_AGAIN)),
    (
        lambda text: not (text.isascii() and text.isprintable()),
        ("it contains control or non-ASCII characters", COPY_AGAIN),
    ),
    (
        lambda text: (
            (bool(RECOGNIZED.search(text)) and not RECOGNIZED.fullmatch(text))
            or (bool(GLUED.search(text)) and not WHOLE.fullmatch(text))
        ),
        ("it holds more than a key", "give the key alone"),
    ),
)


def _is_filled(key: re.Match[str]) -> bool:
    """Whether a few characters over and over stand where a key has random ones."""
    return len(set(key["secret"])) < 4


def recognized_as(text: str) -> Meaning | None:
    """What a text, without white space around it, is known to be instead of a key, or None."""
    return next((meaning for form, meaning in _PATTERNS if re.search(form, text)), None)


def other_than_key(text: str) -> Meaning | None:
    """The same, and why the text cannot be one key otherwise; None if it may be one."""
    checks = (meaning for applies, meaning in _CHECKS if applies(text))
    return recognized_as(text) or next(checks, None)

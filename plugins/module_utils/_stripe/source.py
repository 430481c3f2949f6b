# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the key comes from: an option, a file or an environment variable.

From a file or a variable it is read here, so that it is never among a task's arguments.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from .._core.argspec import ArgumentSpec
from .._core.errors import ConfigurationError
from .._core.operation import Params, Runtime
from .._core.private_file import read_private_file
from .key import SUBJECT, StripeKey, parse_key
from .not_a_key import recognized_as

KEY_SOURCES = ("api_key", "api_key_file", "api_key_env")
KEY_SOURCE_CHOICE = "api_key_file, api_key_env or api_key"

_POLICY = {
    "type": "str",
    "choices": ["warn", "reject", "allow"],
    "default": "warn",
    "no_log": False,
}
# Which kinds of keys are taken.
KIND_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "on_publishable_key": {**_POLICY, "aliases": ["publishable_key"]},
    "on_secret_key": _POLICY,
    "allow_unknown_key": {"type": "bool", "default": False, "no_log": False},
}

SOURCE_SPEC = ArgumentSpec(
    options={
        "api_key": {"type": "str", "no_log": True},
        "api_key_file": {"type": "path"},
        "api_key_env": {"type": "str", "no_log": False},
        **KIND_OPTIONS,
    },
    mutually_exclusive=(KEY_SOURCES,),
    for_keys=frozenset({"api_key"}),
)

# A warning comes with every run, so it says how to silence it.
PUBLISHABLE_WARNING = (
    "The Stripe API key is a publishable key (pk_...). Stripe lets such a key read nothing, so"
    " Stripe Query will fail with secret_key_required although the vendor's guide asks for it;"
    " store a restricted key (rk_...), or silence this with on_publishable_key=allow."
)
SECRET_WARNING = (
    "The Stripe API key is unrestricted (sk_...). Store a restricted key (rk_...), or silence this"
    " with on_secret_key=allow."
)


# For each kind the warning, and the refusal; the option on_<kind>_key says what to do.
_KINDS = {
    "publishable": (
        PUBLISHABLE_WARNING,
        (
            "it is a publishable key, which cannot read anything from Stripe",
            "give a restricted key (rk_...) or set on_publishable_key to warn or allow",
        ),
    ),
    "secret": (
        SECRET_WARNING,
        (
            "it is an unrestricted key (sk_...), which has full access to the account",
            "give a restricted key (rk_...) or set on_secret_key to warn or allow",
        ),
    ),
}

# Whatever follows, as in an organization's key or in one of an unknown kind, and in any case.
_PREFIXES = {"pk_": "publishable", "sk_": "secret"}

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def key_given(params: Params) -> bool:
    """Whether one of KEY_SOURCES is set."""
    return any(params[source] is not None for source in KEY_SOURCES)


def key_from(params: Params, runtime: Runtime) -> StripeKey:
    """The parsed key, with the warnings it deserves. Raises ConfigurationError."""
    key = parse_key(key_text(params), allow_unknown=params["allow_unknown_key"])
    runtime.protect(key.value)
    policies = {kind: params[f"on_{kind}_key"] for kind in ("publishable", "secret")}
    for warning in (key.warning(), warning_of_kind(kind_with_policy(key), policies)):
        if warning:
            runtime.warn(warning)
    return key


def kind_with_policy(key: StripeKey) -> str | None:
    """Which option is about the key; None if there is none."""
    return _PREFIXES.get(key.value[:3].lower())


def warning_of_kind(kind: str | None, policies: Mapping[str, str]) -> str | None:
    """The warning to show for a key of this kind, see kind_with_policy(), or None.

    policies: warn, reject or allow, for each kind of key that has such a choice.
    Raises ConfigurationError under `reject`.
    """
    if kind is None or policies[kind] == "allow":
        return None
    warning, refusal = _KINDS[kind]
    if policies[kind] == "reject":
        raise ConfigurationError(SUBJECT, *refusal)
    return warning


def key_text(params: Params) -> str:
    """The key as it is given, from any of KEY_SOURCES. Raises ConfigurationError."""
    if params["api_key_file"] is not None:
        return _read_file(params["api_key_file"])
    if params["api_key_env"] is not None:
        return _read_environment(params["api_key_env"])
    return str(params["api_key"])


def _read_environment(name: str) -> str:
    if not _ENVIRONMENT_NAME.fullmatch(name):
        raise ConfigurationError(
            "Option api_key_env",
            "it is not the name of an environment variable",
            "give the variable's name, not what it holds",
        )
    text = os.environ.get(name, "")
    if not text.strip():
        raise ConfigurationError(
            f"Environment variable '{name}'",
            "it is not set, or empty, where the task runs",
            "set it for ansible-playbook, or give api_key_file or api_key",
        )
    return text


def _read_file(path: str) -> str:
    subject = f"Stripe API key file '{path}'"
    if not os.path.isabs(path):
        raise ConfigurationError(
            subject,
            "it is relative, and tasks run in different directories",
            "give the whole path, such as {{ inventory_dir }}/stripe.key; playbook_dir is the"
            " collection's own directory when one of its playbooks runs",
        )
    return _one_line(subject, read_private_file(subject, path))


def _one_line(subject: str, content: str) -> str:
    lines = content.strip().splitlines()
    give_key = "put the key alone into it, in one line"
    if not lines:
        raise ConfigurationError(subject, "it is empty", give_key)
    if len(lines) > 1:
        # An encrypted file and JSON say in their first line what they are.
        several = ("it has several lines", give_key)
        raise ConfigurationError(subject, *(recognized_as(lines[0]) or several))
    return lines[0]

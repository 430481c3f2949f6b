# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials that cannot be right, refused before they are sent.

A file or a pipeline gives them a line end or a space, which the service takes for a part of them:
its answer only says that they are wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .argspec import ArgumentSpec
from .errors import ConfigurationError

# No secrets, but sent with them.
_WITH_SECRETS = frozenset(
    {"access_key", "client_id", "tenant_id", "user", "account", "oauth_client_id"}
)
# A PEM file has lines. The others are not sent: they are what fingerprints are made with.
_ANY_TEXT = frozenset({"private_key", "fingerprint_key", "comparison_salt"})


def check_credentials(spec: ArgumentSpec, params: Mapping[str, Any]) -> None:
    """Raise ConfigurationError for the first one with white space around it, or a line end in it.

    It names the environment variable if the option comes from there.
    """
    for name in _checked(spec):
        value = params.get(name)
        if isinstance(value, str):
            sources = spec.options[name].get("environment", ())
            variables = [each for each in sources if os.environ.get(each) == value]
            _check(f"Environment variable {variables[0]}" if variables else f"Option {name}", value)


@cache
def _checked(spec: ArgumentSpec) -> tuple[str, ...]:
    secret = {*spec.secret_options} - spec.parts.keys() - spec.for_keys - _ANY_TEXT
    return tuple(name for name in spec.options if name in secret | _WITH_SECRETS)


def check_environment_variables(names: Iterable[str]) -> None:
    """The same for what an SDK reads itself."""
    for name in names:
        _check(f"Environment variable {name}", os.environ.get(name, ""))


def _check(subject: str, value: str) -> None:
    if value.strip() and (value != value.strip() or len(value.splitlines()) > 1):
        raise ConfigurationError(
            subject,
            "there is white space around it, or a line end in it, which would be sent with it",
            "take it out of the value; in a shell, $(cat FILE) leaves the last line end out",
        )

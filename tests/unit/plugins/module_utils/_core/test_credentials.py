# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials with a line end are refused before a service calls them wrong."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.reach.connection import (
    CONNECTION_SPEC as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.reach.connection import (
    CONNECTION_SPEC as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.credentials import (
    check_credentials,
    check_environment_variables,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.reach.connection import (
    CONNECTION_SPEC as MAIA,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.options import (
    VALUE_SPEC,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._snowflake.reach import (
    credentials as snowflake,
)
from unit.keys import random_text


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        *((MAIA, "client_secret"), (MAIA, "client_id"), (AZURE, "client_secret")),
        *(
            (snowflake.CREDENTIALS_SPEC, "password"),
            (snowflake.CREDENTIALS_SPEC, "token"),
            (AWS, "secret_key"),
            (AWS, "access_key"),
        ),
    ],
)
def test_white_space_is_refused_with_the_option_s_name(spec: ArgumentSpec, name: str) -> None:
    text = random_text()
    for wrong in (f"{text}\n", f"{text} ", f" {text}", f"{text}\r\n{text}"):
        with pytest.raises(ConfigurationError) as caught:
            check_credentials(spec, {name: wrong})
        assert str(caught.value).startswith(f"Option {name}: there is white space")
        assert text not in str(caught.value)
    check_credentials(spec, {name: text})
    check_credentials(spec, {name: None})


def test_a_variable_of_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = random_text() + "\n"
    monkeypatch.setenv("MAIA_CLIENT_SECRET", text)
    with pytest.raises(ConfigurationError, match=r"^Environment variable MAIA_CLIENT_SECRET: "):
        check_credentials(MAIA, {"client_secret": text})
    with pytest.raises(ConfigurationError, match=r"^Option client_secret: "):
        check_credentials(MAIA, {"client_secret": f"{text}\n"})
    with pytest.raises(ConfigurationError, match=r"^Environment variable MAIA_CLIENT_SECRET: "):
        check_environment_variables(["HOME", "MAIA_CLIENT_SECRET"])


def test_what_has_lines_or_is_not_sent_may_have_it() -> None:
    check_credentials(snowflake.CREDENTIALS_SPEC, {"private_key": "a\nb\n"})
    check_credentials(VALUE_SPEC, {"fingerprint_key": f" {random_text()}\n", "description": "a\n"})

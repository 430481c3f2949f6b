# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a test apart from the others and from whoever runs it, for all conftest.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import unit.examples  # noqa: F401 - how properties are tried, in all of them

_FOREIGN_VARIABLES = ("AWS_", "AZURE_", "SNOWFLAKE_", "MAIA_", "ANSIBLE_PYTHON_INTERPRETER")
_PROXY_VARIABLES = {
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"),
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may depend on, or use, the credentials and proxies of whoever runs it."""
    for name in os.environ:
        if name.startswith(_FOREIGN_VARIABLES) or name.upper() in _PROXY_VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def own_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a run of its own: it shares nothing with the tests before it."""
    monkeypatch.setattr("ansible.constants.DEFAULT_LOCAL_TMP", str(tmp_path / "local-tmp"))

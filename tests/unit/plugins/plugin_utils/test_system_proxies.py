# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When macOS's settings let a module run; what they do to a worker is in test_macos.py."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from unittest import mock
from urllib import request

import pytest

from ansible_collections.maia.stripe_query.plugins.plugin_utils import _system_proxies
from ansible_collections.maia.stripe_query.plugins.plugin_utils._system_proxies import (
    ask_for_system_proxies,
    reason_for_a_new_process,
)

PROXY = {"https": "http://proxy.example:3128"}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, str]], mock.Mock]]:
    """Let the system have these proxies; gives what is called when it is asked."""
    monkeypatch.setattr(_system_proxies, "_found", None)

    def simulate(proxies: dict[str, str]) -> mock.Mock:
        asked = mock.Mock(return_value=proxies)
        monkeypatch.setattr(request, "getproxies", asked)
        return asked

    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            del os.environ[name]
        yield simulate


def test_where_the_system_has_no_settings_it_is_not_asked() -> None:
    ask_for_system_proxies()
    assert reason_for_a_new_process() is None
    assert "no_proxy" not in os.environ


def test_without_a_proxy_no_library_asks_again(
    settings: Callable[[dict[str, str]], mock.Mock],
) -> None:
    asked = settings({})
    ask_for_system_proxies()
    ask_for_system_proxies()
    asked.assert_called_once_with()
    assert reason_for_a_new_process() is None
    assert request.getproxies_environment() == {"no": "*"}


def test_with_a_proxy_a_module_runs(settings: Callable[[dict[str, str]], mock.Mock]) -> None:
    settings(PROXY)
    ask_for_system_proxies()
    assert reason_for_a_new_process() == "the system's settings name a proxy"


def test_a_worker_does_not_ask(settings: Callable[[dict[str, str]], mock.Mock]) -> None:
    asked = settings({})
    with mock.patch("multiprocessing.parent_process", return_value=object()):
        ask_for_system_proxies()
    asked.assert_not_called()
    assert str(reason_for_a_new_process()).startswith("the system's proxies were not asked for")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "no_proxy"])
def test_a_variable_counts_more(settings: Callable[[dict[str, str]], mock.Mock], name: str) -> None:
    asked = settings(PROXY)
    os.environ[name] = "*" if name == "no_proxy" else PROXY["https"]
    ask_for_system_proxies()
    assert reason_for_a_new_process() is None
    asked.assert_not_called()

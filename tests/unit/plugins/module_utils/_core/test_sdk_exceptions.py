# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that requests raises is unexpected; a new version's news fail this test."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.maia.stripe_query.plugins.module_utils._core.causes import error_for
from ansible_collections.maia.stripe_query.plugins.module_utils._core.http import (
    RequestsTransport,
    Unreachable,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.network import (
    NETWORK,
    UNANSWERED,
)
from unit.sdk_exceptions import (
    BY_TEXT,
    LAST_ROW,
    NOT_OURS,
    WRAPPED,
    exceptions_of,
    instance_of,
    untold,
)

KINDS = exceptions_of("requests.exceptions", "urllib3.exceptions")
KNOWN = {
    **dict.fromkeys(("RequestException", "HTTPError", "RequestError"), LAST_ROW),
    **dict.fromkeys(("ConnectionError", "NewConnectionError", "NameResolutionError"), BY_TEXT),
    **dict.fromkeys(("PoolError", "ClosedPoolError", "EmptyPoolError", "FullPoolError"), WRAPPED),
    **dict.fromkeys(
        ("JSONDecodeError", "CompatJSONDecodeError", "UnrewindableBodyError", "TimeoutStateError"),
        NOT_OURS,
    ),
}


def test_every_class_is_told() -> None:
    assert untold(KINDS, NETWORK, KNOWN) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_each_becomes_an_error_of_ours(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise instance_of(kind)

    monkeypatch.setattr(requests.Session, "request", fail)
    with pytest.raises(Unreachable) as failure:
        RequestsTransport().request("GET", "https://localhost:1")
    unreachable = failure.value
    words = unreachable.words(service="Maia", where="region or api_url")
    error = error_for((*NETWORK, UNANSWERED), unreachable.said, "It", "trying it", words=words)
    assert error.link
    assert "{" not in str(error)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Azure's SDK sends requests: within the operation's time, and no answer without end.

To be imported where the SDK is known to be installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..._core.bounded import BoundedAdapter
from ..._core.deadline import current

try:
    import requests
    from azure.core.pipeline.transport import RequestsTransport
    from urllib3.util.retry import Retry
except ImportError:  # ansible-test imports every file where there are no libraries
    if not TYPE_CHECKING:
        RequestsTransport = object


class BoundedTransport(RequestsTransport):  # type: ignore[misc]
    """The SDK's own with connections of ours; it repeats nothing, which is for the SDK's policy."""

    def __init__(self, **settings: Any) -> None:
        session = requests.Session()
        no_retries = Retry(total=False, redirect=False, raise_on_status=False)
        for scheme in ("https://", "http://"):
            session.mount(scheme, BoundedAdapter(max_retries=no_retries))
        super().__init__(session=session, **settings)

    def send(self, request: Any, **settings: Any) -> Any:
        what = f"{request.method} {urlsplit(request.url).path}"
        current().check(f"sending {what}")
        # Other requests with POST are for tokens.
        writes = request.method in ("PUT", "PATCH", "DELETE") or what.endswith("/recover")
        current().changing(what if writes else "")
        answer = super().send(request, **settings)
        current().answered(answer.status_code)
        return answer

    def sleep(self, duration: float) -> None:
        current().sleep(duration, f"waiting {min(duration, 1e9):.3g} seconds for the next attempt")

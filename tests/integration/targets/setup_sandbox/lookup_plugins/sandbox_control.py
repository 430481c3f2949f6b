# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lookup('sandbox_control', PATH): what the sandbox answers to its control interface.

With post=BODY it is told something instead. A task may ask the same many times over, in each
condition of an assert: it asks once, since its worker ends with it.
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import urllib.request
from typing import Any

from ansible.plugins.lookup import LookupBase

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _ask(url: str, token: str, body: bytes | None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)
    with _DIRECT.open(request) as response:
        return json.load(response)


_ask_once = functools.cache(_ask)


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any], **options: Any) -> list[Any]:
        sandbox, [path] = variables["sandbox"], terms
        url, token = f"{sandbox['control_url']}/{path}", str(sandbox["control_token"])
        if "post" in options:
            body = options["post"]
            # A text is JSON already.
            data = body if isinstance(body, str) else json.dumps(body)
            return [_ask(url, token, data.encode())]
        in_worker = multiprocessing.parent_process() is not None
        return [(_ask_once if in_worker else _ask)(url, token, None)]

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the asserts of all targets look for in results, which come as JSON.

In Jinja, and evaluated anew by each condition, it took half of the time of these targets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

_SECRET_OPTIONS = ("secret_key", "client_secret", "password", "api_key")
_UNPREDICTABLE = (
    *("arn", "created", "execution_id", "fingerprint", "finished_at", "id", "last_changed"),
    *("request_id", "started_at", "value_since", "version", "version_before"),
)


def unlike(results: str, modules_only: list[str]) -> list[Any]:
    """What differs between the first result and the last, apart from what has to."""
    text = re.sub("action|module", "*", results, flags=re.IGNORECASE)
    text = re.sub("-[0-9a-f]{64}", "-*", text)
    text = re.sub(rf'"({"|".join(_UNPREDICTABLE)})": "[^"]+"', r'"\1": "*"', text)
    one, other = (
        {name: value for name, value in result.items() if name not in modules_only}
        for result in itemgetter(0, -1)(json.loads(text) or [{}])
    )
    missing = object()
    return [
        {name: [one.get(name), other.get(name)]}
        for name in sorted(one.keys() | other.keys())
        if one.get(name, missing) != other.get(name, missing)
    ]


def leaks(results: str, sandbox: Mapping[str, Any]) -> list[str]:
    """Secrets that the results hold, "invocation" included; by their last characters."""
    secrets = [
        str(value)
        for service in sandbox["services"].values()
        for identity in service["identities"].values()
        for name, value in identity.items()
        if name in _SECRET_OPTIONS
    ]
    for name in ("shop-analytics-production", "shop-analytics-test"):
        key = Path(sandbox["keys"][name]).read_text(encoding="utf-8")
        secrets += [key, "pk_" + key.split("_", 1)[1]]
    return [f"...{secret[-4:]}" for secret in secrets if secret in results]


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"sandbox_unlike": unlike, "sandbox_leaks": leaks}

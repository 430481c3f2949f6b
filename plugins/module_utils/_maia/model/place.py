# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a definition is in Maia, as far as options say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PROJECT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def definition_place(project: str, options: Mapping[str, Any]) -> dict[str, str]:
    """What is known of where it is, as Place.known has it.

    options: of maia_secret_definition. A project's name and its id cannot be compared.
    """
    known = {
        "project_id" if PROJECT_ID.fullmatch(project) else "project": project,
        "api": str(options.get("api") or "connections"),
    }
    if options.get("api_url"):
        known["api_url"] = str(options["api_url"]).rstrip("/").lower()
    elif options.get("region"):
        known["region"] = str(options["region"])
    # Credentials belong to one account.
    if options.get("client_id"):
        known["client_id"] = str(options["client_id"])
    return known

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an Azure secret is, as far as the options of stripe_secret_azure say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .._secret.place import Place


def place_of(options: Mapping[str, Any]) -> Place | None:
    """None without a vault. Names of vaults and secrets are the same in upper and lower case.

    https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
    """
    name = str(options["name"])
    if options.get("vault_name"):
        cloud = str(options.get("cloud") or "public")
        known = {"vault": str(options["vault_name"]).lower(), "cloud": cloud}
    elif options.get("vault_url"):
        known = {"vault": _vault_of(str(options["vault_url"]))}
    else:
        return None
    return Place(name.lower(), name, None, known)


def _vault_of(url: str) -> str:
    """The vault's name, with which its host begins; of an address all of it."""
    try:
        netloc = urlsplit(url).netloc.lower()
    except ValueError:
        return url
    first = netloc.partition(".")[0]
    return netloc if first.isdecimal() or first.startswith(("localhost", "[")) else first

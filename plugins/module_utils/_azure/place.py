# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an Azure secret is, as far as the options of stripe_secret_azure say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .._secret.place import Place

# https://learn.microsoft.com/rest/api/keyvault/secrets/set-secret/set-secret
NAME = re.compile(r"[A-Za-z0-9-]{1,127}")
VAULT_NAME = re.compile(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")


def place_of(options: Mapping[str, Any]) -> Place | None:
    """None without a vault, with two, or with a name that Key Vault does not allow.

    Names of vaults and secrets are the same in upper and lower case. What is no vault's name or URL
    is not known.

    https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
    """
    name = str(options["name"])
    vault, url = str(options.get("vault_name") or ""), str(options.get("vault_url") or "")
    if not NAME.fullmatch(name.strip()) or not (vault or url):
        return None
    known: dict[str, str] = {}
    if vault and not url and VAULT_NAME.fullmatch(vault.strip()):
        cloud = str(options.get("cloud") or "public")
        known = {"vault": vault.strip().lower(), "cloud": cloud}
    elif not vault and (held := _vault_of(url)):
        known = {"vault": held}
    return Place(name.lower(), name, None, known)


def _vault_of(url: str) -> str:
    """The vault's name, with which its host begins; of an address all of it; "" of no URL."""
    try:
        netloc = urlsplit(url).netloc.lower()
    except ValueError:
        return ""
    first = netloc.partition(".")[0]
    return netloc if first.isdecimal() or first.startswith(("localhost", "[")) else first


def place_in_name(text: str) -> dict[str, str]:
    """What the text by which a definition names a secret says of its place: that of its URL."""
    host, secrets, _name = text.partition("/secrets/")
    vault = _vault_of(host if "://" in host else f"https://{host}") if secrets else ""
    return {"vault": vault} if vault else {}

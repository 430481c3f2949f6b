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
# https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
VAULT_SUFFIXES = {
    "public": "vault.azure.net",
    "china": "vault.azure.cn",
    "usgovernment": "vault.usgovcloudapi.net",
}


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
    elif not vault:
        known = _known_by(url)
    return Place(name.lower(), name, None, known)


def _known_by(url: str) -> dict[str, str]:
    """The vault and its cloud; of another host, behind which any vault may be, its address.

    {} of no URL.
    """
    try:
        parts = urlsplit(url)
        host, address = parts.hostname or "", parts.netloc.lower()
    except ValueError:
        return {}
    for cloud, suffix in VAULT_SUFFIXES.items():
        # https://learn.microsoft.com/azure/private-link/private-endpoint-dns
        private = suffix.replace("vault.", "vaultcore.", 1)
        if host.endswith((f".{suffix}", f".{private}")):
            return {"vault": host.partition(".")[0], "cloud": cloud}
    return {"address": address} if address else {}


def place_in_name(text: str) -> dict[str, str]:
    """What the text by which a definition names a secret says of its place: that of its URL."""
    host, secrets, _name = text.partition("/secrets/")
    return _known_by(host if "://" in host else f"https://{host}") if secrets else {}

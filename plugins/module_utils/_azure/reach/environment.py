# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What azure-identity takes from the environment on its own, checked before it does.

https://learn.microsoft.com/python/api/azure-identity/azure.identity.managedidentitycredential
"""

from __future__ import annotations

import os
import re

from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError

# Any of these says that a managed identity is meant to be used, or where it is.
MANAGED_IDENTITY_VARIABLES = (
    "IDENTITY_ENDPOINT",
    "MSI_ENDPOINT",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)
_WITHOUT_VERIFICATION = {
    "AZURE_CLI_DISABLE_CONNECTION_VERIFICATION": (
        ("cli", "default"),
        "the Azure CLI would not verify certificates",
    ),
    # Its certificate is known by the thumbprint, which older versions do not compare.
    "IDENTITY_SERVER_THUMBPRINT": (
        ("managed_identity", "default"),
        "azure-identity would not verify the certificate of Service Fabric's token service",
    ),
}
# https://learn.microsoft.com/azure/developer/python/sdk/authentication/credential-chains
_CHOICE = "AZURE_TOKEN_CREDENTIALS"
# Azure's metadata services, which are not routed: RFC 3927.
_LINK_LOCAL = re.compile(r"http://(169\.254(?:\.[0-9]{1,3}){2}(?:[:/].*)?)")


def check_environment(credential: str) -> None:
    """credential: the kind. Raises ConfigurationError."""
    for name, (kinds, reason) in _WITHOUT_VERIFICATION.items():
        if credential in kinds and os.environ.get(name):
            raise ConfigurationError(
                f"Environment variable {name}",
                reason,
                "unset it, or choose another credential",
            )
    if credential == "default":
        _check_choice(os.environ.get(_CHOICE, ""))
    if credential in ("managed_identity", "default"):
        if authority := os.environ.get("AZURE_AUTHORITY_HOST"):
            authority_of(authority, "Environment variable AZURE_AUTHORITY_HOST")
        for name in MANAGED_IDENTITY_VARIABLES:
            if url := os.environ.get(name):
                _check_metadata_service(url, f"Environment variable {name}")


def _check_choice(choice: str) -> None:
    """Of DefaultAzureCredential's sources. Raises ConfigurationError for one that asks a user."""
    if choice.strip().lower() == "interactivebrowsercredential":
        raise ConfigurationError(
            f"Environment variable {_CHOICE}",
            "it asks for a sign-in in a browser, and a task cannot wait for that",
            "unset it, or choose another source: run az login before the play, or give a service"
            " principal",
        )


def authority_of(given: str, subject: str) -> Endpoint:
    """Where tokens come from: an https URL without a path, or a host alone.

    Raises ConfigurationError.
    """
    endpoint = Endpoint.parse(given if "://" in given else f"https://{given}", subject, path=False)
    if endpoint.scheme != "https":
        raise ConfigurationError(
            subject, "it is not an https URL", "give it like https://login.microsoftonline.com"
        )
    return endpoint


def _check_metadata_service(url: str, subject: str) -> None:
    # These services alone speak plain http at an address that is not loopback.
    text = url.partition("?")[0]
    link_local = _LINK_LOCAL.fullmatch(text)
    Endpoint.parse(f"https://{link_local[1]}" if link_local else text, subject)

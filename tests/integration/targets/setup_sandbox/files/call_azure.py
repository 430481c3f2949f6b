# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls Key Vault as somebody else would; reads what to do from standard input."""

from __future__ import annotations

import json
import sys

from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import KeyVaultSecret, SecretClient


def copy_tags(client: SecretClient, name: str, value: str) -> KeyVaultSecret:
    """A new version with the tags of the last one, as many rotation functions make it."""
    last = client.get_secret(name).properties
    return client.set_secret(name, value, tags=last.tags, content_type=last.content_type)


def main() -> None:
    task = json.load(sys.stdin)
    options = task["connection"]
    credential = ClientSecretCredential(
        options["tenant_id"],
        options["client_id"],
        options["client_secret"],
        authority=options["authority_host"],
        disable_instance_discovery=True,
        connection_verify=options["ca_bundle"],
    )
    client = SecretClient(
        options["vault_url"],
        credential,
        verify_challenge_resource=False,
        connection_verify=options["ca_bundle"],
    )
    ours = {"copy_tags": copy_tags}
    answers = [
        ours[call](client, **arguments) if call in ours else getattr(client, call)(**arguments)
        for call, arguments in task["calls"]
    ]
    print(json.dumps([{"value": answer.value} for answer in answers]))


if __name__ == "__main__":
    main()

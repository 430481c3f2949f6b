# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for reaching Azure Key Vault."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  vault_name:
    description:
      - The key vault's name. With O(cloud) it makes the vault's URL.
      - Either this or O(vault_url) is needed.
    type: str
  vault_url:
    description:
      - The key vault's URL, like V(https://my-vault.vault.azure.net).
    type: str
  cloud:
    description:
      - The Azure cloud. It decides on the vault's domain and on O(authority_host).
    type: str
    choices: [public, china, usgovernment]
    default: public
  allow_unknown_vault_host:
    description:
      - Send the key to a host outside Key Vault's own domains. Without it a mistyped
        O(vault_url) is refused.
    type: bool
    default: false
  credential:
    description:
      - How to authenticate.
      - V(auto) uses a service principal when O(tenant_id), O(client_id) and O(client_secret) are
        known, workload identity when O(federated_token_file) is, and else V(default).
      - V(default) is C(DefaultAzureCredential), which does not wait for a managed identity
        outside Azure.
    type: str
    choices: [auto, service_principal, managed_identity, workload_identity, cli, default]
    default: auto
  tenant_id:
    description:
      - The Entra ID tenant. E(AZURE_TENANT_ID) is used when left out.
    type: str
  client_id:
    description:
      - The service principal, or the user-assigned managed identity. E(AZURE_CLIENT_ID) is used
        when left out.
    type: str
  client_secret:
    description:
      - The service principal's secret. E(AZURE_CLIENT_SECRET) is used when left out.
    type: str
  federated_token_file:
    description:
      - The file with the federated token, for workload identity. E(AZURE_FEDERATED_TOKEN_FILE)
        is used when left out.
    type: path
  authority_host:
    description:
      - Where Entra ID gives tokens. E(AZURE_AUTHORITY_HOST) is used when left out, and then the
        host of O(cloud).
    type: str
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
    type: path
requirements:
  - azure-identity
  - azure-keyvault-secrets
"""

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
      - Its host has to be in one of Key Vault's domains, C(vault.azure.net), C(vault.azure.cn) or
        C(vault.usgovcloudapi.net), which also tells the Azure cloud.
    type: str
  cloud:
    description:
      - The Azure cloud of O(vault_name). It decides on the vault's domain and on
        O(authority_host).
    type: str
    choices: [public, china, usgovernment]
    default: public
  allow_unknown_vault_host:
    description:
      - Send the key to a host outside Key Vault's own domains, and credentials to an
        O(authority_host) that is not Microsoft's. Without it a mistyped URL is refused.
        This machine (loopback) needs no permission.
    type: bool
    default: false
  credential:
    description:
      - How to authenticate.
      - V(auto) uses a service principal when O(tenant_id), O(client_id) and O(client_secret) are
        known, its certificate when O(certificate_path) is, workload identity when
        O(federated_token_file) is, and else V(default).
      - V(managed_identity) is the one of this machine, or the user-assigned one of O(client_id).
        It fails after four seconds if there is no answer.
      - V(cli) is the login of C(az login).
      - V(default) is C(DefaultAzureCredential). It looks for a managed identity only where
        E(IDENTITY_ENDPOINT), E(MSI_ENDPOINT) or E(AZURE_POD_IDENTITY_AUTHORITY_HOST) announces
        one, so that nothing waits for the metadata service outside Azure. On a virtual machine in
        Azure, use V(managed_identity).
    type: str
    choices:
      - auto
      - service_principal
      - certificate
      - managed_identity
      - workload_identity
      - cli
      - default
    default: auto
  tenant_id:
    description:
      - The Entra ID tenant. E(AZURE_TENANT_ID) is used when left out, and else E(AZURE_TENANT), as
        AWX has it.
    type: str
  client_id:
    description:
      - The service principal, or the user-assigned managed identity. E(AZURE_CLIENT_ID) is used if
        it is omitted.
    type: str
  client_secret:
    description:
      - The service principal's secret. E(AZURE_CLIENT_SECRET) is used when left out, and else
        E(AZURE_SECRET), as AWX has it.
    type: str
  certificate_path:
    description:
      - The file with the service principal's certificate and its private key, PEM or PKCS12.
        E(AZURE_CLIENT_CERTIFICATE_PATH) is used if it is omitted.
    type: path
  certificate_password:
    description:
      - The password of O(certificate_path), if it has one.
        E(AZURE_CLIENT_CERTIFICATE_PASSWORD) is used if it is omitted.
    type: str
  federated_token_file:
    description:
      - The file with the federated token, for workload identity. E(AZURE_FEDERATED_TOKEN_FILE)
        is used if it is omitted.
    type: path
  authority_host:
    description:
      - Where Entra ID gives tokens. E(AZURE_AUTHORITY_HOST) is used when left out, and then the
        host of O(cloud).
    type: str
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
      - E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used if it is omitted or empty.
      - Certificates are always verified.
    type: path
  max_attempts:
    description:
      - The maximum number of attempts for a call if Azure throttles it, fails or cannot be reached.
        The pauses between attempts increase, or are as long as Azure asks for.
    type: int
    default: 5
requirements:
  - azure-identity
  - azure-keyvault-secrets
"""

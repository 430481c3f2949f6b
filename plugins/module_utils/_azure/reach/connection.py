# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Azure Key Vault: options, the vault's address, credentials and the client."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..._core.argspec import ArgumentSpec, from_environment
from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError
from ..._core.limits import CALL_SECONDS, LIMITS_SPEC, MAX_ATTEMPTS, check_limits
from ..._core.operation import Params, Requirement
from ..._core.trust import REQUESTS_VARIABLES, trusted_authorities
from ..errors.sources import name_of, named
from ..place import VAULT_NAME, VAULT_SUFFIXES
from .environment import MANAGED_IDENTITY_VARIABLES, authority_of, check_environment

# In the in-process path the controller imports these once, before it forks its workers.
try:
    import azure.identity as azure_identity
    from azure.keyvault.secrets import SecretClient

    from ..errors.sources import CallerPolicy
    from .transport import BoundedTransport
    from .waiting import BoundedRetryPolicy
except ImportError as error:
    AZURE = Requirement(
        "azure-identity and azure-keyvault-secrets",
        "https://pypi.org/project/azure-keyvault-secrets/",
        error,
    )
else:
    AZURE = Requirement("azure-keyvault-secrets", "https://pypi.org/project/azure-identity/", None)

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

AUTHORITY_HOSTS = {
    "public": "https://login.microsoftonline.com",
    "china": "https://login.chinacloudapi.cn",
    "usgovernment": "https://login.microsoftonline.us",
}
# Other names of the same.
# https://learn.microsoft.com/entra/msal/python/advanced/client-application-configuration
_MORE_AUTHORITIES = (
    "https://login.windows.net",
    "https://login.microsoft.com",
    "https://login.partner.microsoftonline.cn",
    "https://login.usgovcloudapi.net",
)
# What a credential needs; if there is a choice, the first of which all is given is taken.
_NEEDED = {
    "service_principal": ("tenant_id", "client_id", "client_secret"),
    "certificate": ("tenant_id", "client_id", "certificate_path"),
    "workload_identity": ("tenant_id", "client_id", "federated_token_file"),
}
# Options that are taken as they are given.
_GIVEN = (
    *("tenant_id", "client_id", "client_secret", "certificate_path", "certificate_password"),
    *("federated_token_file", "max_attempts"),
)
_CREDENTIAL_CURES = {
    "certificate": "check certificate_path, a PEM or PKCS12 file with its private key, and"
    " certificate_password",
    "workload_identity": "check federated_token_file",
    "default": "check AZURE_TOKEN_CREDENTIALS, and the other variables that begin with AZURE_",
}

# The SDK's own defaults wait for minutes when nothing answers.
_CONNECT_SECONDS = 10
_READ_SECONDS = 30
# The metadata service is on the same machine or nowhere.
_METADATA_SECONDS = 2

CONNECTION_SPEC = ArgumentSpec(
    options={
        "vault_name": {"type": "str"},
        "vault_url": {"type": "str"},
        "cloud": {"type": "str", "choices": list(VAULT_SUFFIXES), "default": "public"},
        "allow_unknown_vault_host": {"type": "bool", "default": False},
        "credential": {
            "type": "str",
            "choices": [
                "auto",
                "service_principal",
                "certificate",
                "managed_identity",
                "workload_identity",
                "cli",
                "default",
            ],
            "default": "auto",
        },
        # The second names are those of azure.azcollection, which AWX's own credentials set.
        "tenant_id": from_environment("AZURE_TENANT_ID", "AZURE_TENANT"),
        "client_id": from_environment("AZURE_CLIENT_ID"),
        "client_secret": from_environment("AZURE_CLIENT_SECRET", "AZURE_SECRET", no_log=True),
        "certificate_path": from_environment("AZURE_CLIENT_CERTIFICATE_PATH", type="path"),
        "certificate_password": from_environment("AZURE_CLIENT_CERTIFICATE_PASSWORD", no_log=True),
        "federated_token_file": from_environment(
            "AZURE_FEDERATED_TOKEN_FILE", type="path", no_log=False
        ),
        "authority_host": from_environment("AZURE_AUTHORITY_HOST"),
        "ca_bundle": {"type": "path"},
    },
    required_one_of=(("vault_name", "vault_url"),),
    mutually_exclusive=(("vault_name", "vault_url"),),
).merge(LIMITS_SPEC)


@dataclass(frozen=True)
class AzureConnection:
    """Where and as whom to call Key Vault. from_params() has checked all of it.

    max_seconds: of one call; the operation's limit holds as well.
    """

    vault_url: str
    known_host: bool
    credential: str
    authority_host: str
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate_path: str | None = None
    certificate_password: str | None = field(default=None, repr=False)
    federated_token_file: str | None = None
    ca_bundle: str | None = None
    max_attempts: int = MAX_ATTEMPTS
    max_seconds: int = CALL_SECONDS

    @classmethod
    def from_params(cls, params: Params) -> AzureConnection:
        """Raises ConfigurationError before anything is contacted."""
        check_limits(params)
        vault_url, cloud = _vault_address(params)
        connection = cls(
            vault_url=vault_url,
            known_host=cloud is not None,
            credential=_credential_kind(params),
            authority_host=_authority(params, cloud or params["cloud"]),
            **{name: params[name] for name in _GIVEN},
            ca_bundle=trusted_authorities(params["ca_bundle"], REQUESTS_VARIABLES),
            max_seconds=min(CALL_SECONDS, params["max_seconds"]),
        )
        connection._check_credential_options()
        check_environment(connection.credential)
        return connection

    def client(self) -> SecretClient:
        """A client for the vault's secrets; nothing is contacted yet."""
        return SecretClient(
            self.vault_url,
            self._token_credential(),
            # A vault under a foreign name cannot share a domain with the token's audience.
            verify_challenge_resource=self.known_host,
            retry_policy=BoundedRetryPolicy(**self._retries()),
            per_call_policies=[CallerPolicy(self.source)],
            transport=BoundedTransport(**self._transport()),
            logging_enable=False,
        )

    def _check_credential_options(self) -> None:
        missing = [name for name in _NEEDED.get(self.credential, ()) if not getattr(self, name)]
        if missing:
            raise ConfigurationError(
                "Azure connection",
                f"credential {self.credential} needs {' and '.join(missing)}",
                "set the option or its environment variable, or choose another credential",
            )

    def _retries(self) -> dict[str, Any]:
        # The total alone would not do: each kind of failure has a limit of its own.
        kinds = ("total", "connect", "read", "status")
        return {
            **{f"retry_{kind}": self.max_attempts - 1 for kind in kinds},
            "retry_backoff_factor": 0.5,
            "retry_backoff_max": 20,
            "timeout": self.max_seconds,
        }

    def _transport(self) -> dict[str, Any]:
        return {
            "connection_timeout": min(_CONNECT_SECONDS, self.max_seconds),
            "read_timeout": min(_READ_SECONDS, self.max_seconds),
            "connection_verify": self.ca_bundle or True,
        }

    @property
    def source(self) -> str:
        """Where the token comes from, for errors."""
        return name_of(
            self.credential,
            client_id=self.client_id,
            tenant_id=self.tenant_id,
            token_file=self.federated_token_file,
        )

    def _token_credential(self) -> TokenCredential:
        hint = _CREDENTIAL_CURES.get(self.credential, "check tenant_id, client_id and the rest")
        try:
            return named(self._new_credential(), self.source)
        except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
            raise ConfigurationError(
                "Azure connection",
                f"the file '{error.filename}' cannot be read ({error.strerror})",
                hint,
            ) from None
        except (OSError, ValueError):
            # Its text may quote what is in a file.
            raise ConfigurationError(
                "Azure connection",
                "an option of the credential, or the file that it names, has the wrong form",
                hint,
            ) from None

    def _new_credential(self) -> TokenCredential:
        common = {
            **self._retries(),
            "transport": BoundedTransport(**self._transport()),
            "logging_enable": False,
            "authority": self.authority_host,
        }
        # Instance discovery asks Microsoft's public cloud, which does not know other hosts.
        if self.authority_host not in AUTHORITY_HOSTS.values():
            common["disable_instance_discovery"] = True
        if self.credential == "service_principal":
            return azure_identity.ClientSecretCredential(
                str(self.tenant_id), str(self.client_id), str(self.client_secret), **common
            )
        if self.credential == "certificate":
            return azure_identity.CertificateCredential(
                str(self.tenant_id),
                str(self.client_id),
                self.certificate_path,
                password=self.certificate_password,
                **common,
            )
        if self.credential == "workload_identity":
            return azure_identity.WorkloadIdentityCredential(
                tenant_id=self.tenant_id,
                client_id=self.client_id,
                token_file_path=self.federated_token_file,
                **common,
            )
        if self.credential == "managed_identity":
            waiting = {"connection_timeout": min(_METADATA_SECONDS, self.max_seconds)}
            return azure_identity.ManagedIdentityCredential(
                client_id=self.client_id,
                **{
                    **self._retries(),
                    "retry_connect": min(1, self.max_attempts - 1),
                    "transport": BoundedTransport(**{**self._transport(), **waiting}),
                    "logging_enable": False,
                },
            )
        if self.credential == "cli":
            return azure_identity.AzureCliCredential(tenant_id=self.tenant_id or "")
        # Outside Azure there is no endpoint for managed identities; do not wait for one.
        announced = any(os.environ.get(name) for name in MANAGED_IDENTITY_VARIABLES)
        if self.client_id:
            common["managed_identity_client_id"] = self.client_id
        return azure_identity.DefaultAzureCredential(
            exclude_managed_identity_credential=not announced, **common
        )


def _credential_kind(params: Params) -> str:
    kind = str(params["credential"])
    if kind != "auto":
        return kind
    given = (each for each, names in _NEEDED.items() if all(params[name] for name in names))
    return next(given, "default")


def _authority(params: Params, cloud: str) -> str:
    """Where tokens come from. Raises ConfigurationError."""
    endpoint = authority_of(
        str(params["authority_host"] or AUTHORITY_HOSTS[cloud]), "Option authority_host"
    )
    known = endpoint.is_loopback or endpoint.url in (*AUTHORITY_HOSTS.values(), *_MORE_AUTHORITIES)
    if not known and not params["allow_unknown_vault_host"]:
        raise ConfigurationError(
            "Option authority_host",
            f"the host '{endpoint.host}' is not one of Microsoft's, so credentials are not sent"
            " there",
            "correct it (or AZURE_AUTHORITY_HOST), or set allow_unknown_vault_host if it is right",
        )
    return endpoint.url


def _vault_address(params: Params) -> tuple[str, str | None]:
    """The vault's URL, and the cloud that its host belongs to, or None."""
    if name := params["vault_name"]:
        if not VAULT_NAME.fullmatch(name):
            raise ConfigurationError(
                f"Azure key vault '{name[:64]}'",
                "the name is not one that Azure allows",
                "use 3 to 24 letters, digits and single hyphens, starting with a letter",
            )
        return f"https://{name.lower()}.{VAULT_SUFFIXES[params['cloud']]}", params["cloud"]
    endpoint = Endpoint.parse(str(params["vault_url"]), "Option vault_url", path=False)
    subject = f"Azure key vault at '{endpoint.host}'"
    if endpoint.scheme != "https":
        raise ConfigurationError(
            subject, "the URL is not a vault's", "give it as https://<vault>.vault.azure.net"
        )
    clouds = (name for name, end in VAULT_SUFFIXES.items() if endpoint.is_below(end))
    cloud = next(clouds, None)
    if cloud is None and not params["allow_unknown_vault_host"]:
        raise ConfigurationError(
            subject,
            "the host is in none of Key Vault's domains, so the key is not sent there",
            "correct the URL, or set allow_unknown_vault_host if it is right",
        )
    return endpoint.url, cloud

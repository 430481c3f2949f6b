# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Entra ID and azure-identity say when there is no token, and what it means.

Words: source, where the token was to come from (az login); code, Entra ID's; check, what to look at
where no more is known; where and ca.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
https://aka.ms/azsdk/python/identity/troubleshoot
"""

from __future__ import annotations

from dataclasses import replace

from ..._core.causes import api, authentication, configuration, not_permitted, transient
from ..._core.network import NETWORK, UNANSWERED

_AADSTS = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes"
_TROUBLE = (
    "https://github.com/Azure/azure-sdk-for-python/blob/main/sdk/identity/azure-identity/"
    "TROUBLESHOOTING.md"
)
_CLI = "https://learn.microsoft.com/cli/azure/authenticate-azure-cli"
_SECRET = (
    "https://learn.microsoft.com/entra/identity-platform/howto-create-service-principal-portal"
)
_CONDITIONAL = (
    "https://learn.microsoft.com/entra/identity/conditional-access/troubleshoot-conditional-access"
)
_FEDERATION = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
_AKS = "https://learn.microsoft.com/azure/aks/workload-identity-overview"
_MANAGED = "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview"
_MFA = "https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication"

# By Entra ID's codes, in whichever text of the SDK they stand; the longer ones are of their own.
_ENTRA = (
    authentication(
        codes=("AADSTS7000215", "AADSTS70002", "AADSTS7000218"),
        reason="Entra ID does not accept the client secret of {source} ({code})",
        hint="give the secret's value, which is shown once when it is created, not its id",
        link=_SECRET,
    ),
    authentication(
        codes=("AADSTS7000222",),
        reason="the client secret of {source} has expired ({code})",
        hint="create another one in the app registration and give it as client_secret",
        link=_SECRET,
    ),
    authentication(
        codes=("AADSTS700016", "AADSTS700011", "AADSTS70001", "AADSTS7000229", "AADSTS500014"),
        reason="the tenant has no enabled application with this client_id ({code})",
        hint="check client_id (the application id, not an object id) and that tenant_id is the"
        " tenant it is registered in",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS7000112",),
        reason="the application of {source} is disabled ({code})",
        hint="enable it under Enterprise applications in Entra ID",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS90002", "AADSTS900023", "AADSTS900021", "AADSTS50128", "AADSTS50059"),
        reason="Entra ID knows no such tenant ({code})",
        hint="check tenant_id, and cloud or authority_host: each Azure cloud has tenants of its"
        " own",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS90038", "AADSTS900432", "AADSTS90051", "AADSTS1000104"),
        reason="the tenant is in another Azure cloud ({code})",
        hint="set cloud (or authority_host) to that of the tenant",
        link=_AADSTS,
    ),
    not_permitted(
        codes=("AADSTS53003", "AADSTS5300*", "AADSTS530035", "AADSTS50131", "AADSTS50005"),
        reason="a Conditional Access policy does not let {source} in from this machine ({code})",
        hint="look for the sign-in in Entra ID's sign-in logs, which name the policy, and have"
        " this identity or this machine's address allowed in it",
        link=_CONDITIONAL,
    ),
    authentication(
        codes=("AADSTS50076", "AADSTS50079", "AADSTS50072", "AADSTS50074", "AADSTS50078"),
        reason="Entra ID asks {source} for multi-factor authentication, and a task cannot answer"
        " ({code})",
        hint="use a service principal or a managed identity for automation, or run az login again"
        " before the play",
        link=_MFA,
    ),
    authentication(
        codes=(
            *("AADSTS700082", "AADSTS70008", "AADSTS70043", "AADSTS700084", "AADSTS50173"),
            *("AADSTS50132", "AADSTS50133", "AADSTS50089", "AADSTS70000", "AADSTS50058"),
            *("AADSTS135004", "AADSTS50055", "AADSTS50144", "AADSTS65001"),
        ),
        reason="the sign-in of {source} has expired or was revoked ({code})",
        hint="run az login again as the user who runs the task, or use a service principal",
        link=_CLI,
    ),
    authentication(
        codes=("AADSTS50126", "AADSTS50034", "AADSTS50053", "AADSTS50056", "AADSTS50057"),
        reason="Entra ID does not accept the user of {source}, or has locked it ({code})",
        hint="check user name and password, or better use a service principal",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS700027", "AADSTS700030", "AADSTS50012", "AADSTS50017", "AADSTS50003"),
        reason="Entra ID does not accept the certificate of {source} ({code})",
        hint="upload this certificate to the app registration, and check that it has not expired"
        " and that this machine's clock is right",
        link=_SECRET,
    ),
    authentication(
        codes=("AADSTS700024", "AADSTS700021", "AADSTS50013", "AADSTS500133", "AADSTS900384"),
        reason="the token or certificate that {source} signs in with is not valid at this time"
        " ({code})",
        hint="set this machine's clock, and see that federated_token_file is renewed",
        link=_FEDERATION,
    ),
    authentication(
        codes=("AADSTS70021*", "AADSTS700211", "AADSTS700212", "AADSTS700213", "AADSTS700223"),
        reason="the application has no federated credential that fits this token ({code})",
        hint="make issuer, subject (system:serviceaccount:<namespace>:<name>) and audience of the"
        " federated credential those of the token, exactly",
        link=_FEDERATION,
    ),
    authentication(
        codes=("AADSTS50020", "AADSTS51004", "AADSTS90072", "AADSTS16000", "AADSTS50014"),
        reason="{source} is not a member of the vault's tenant ({code})",
        hint="run az login --tenant <the vault's tenant>, or invite the user there",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS500011", "AADSTS50001", "AADSTS650057", "AADSTS650052", "AADSTS650056"),
        reason="Key Vault is not known in this tenant ({code})",
        hint="check tenant_id and cloud",
        link=_AADSTS,
    ),
    not_permitted(
        codes=("AADSTS500021", "AADSTS500022", "AADSTS50002", "AADSTS50021*"),
        reason="tenant restrictions of this network or of a tenant forbid the sign-in ({code})",
        hint="have the tenant allowed by who runs the proxy or the tenants' access policies",
        link=_AADSTS,
    ),
    transient(
        codes=(
            *("AADSTS50033", "AADSTS50087", "AADSTS90006", "AADSTS90012", "AADSTS90013"),
            *("AADSTS90024", "AADSTS90033", "AADSTS90055", "AADSTS50196", "AADSTS90036"),
        ),
        reason="Entra ID is busy or failing ({code})",
        hint="run again later",
        link=_AADSTS,
    ),
    authentication(
        codes=("AADSTS*",),
        reason="Entra ID does not accept the credentials of {source} ({code})",
        hint="look the code up at https://login.microsoftonline.com/error, and check tenant_id,"
        " client_id and the secret, certificate or sign-in",
        link=_AADSTS,
    ),
)

# By what azure-identity itself says.
_BUSY = (
    transient(
        text=r"HTTP Error: (408|429|5\d\d)",
        reason="Entra ID is busy or failing",
        hint="run again later",
        link=_AADSTS,
    ),
    transient(
        raised=("ClientAuthenticationError",),
        statuses=(408, 429, 500, 502, 503, 504),
        reason="Entra ID is busy or failing",
        hint="run again later",
        link=_AADSTS,
    ),
)

_SOURCES = (
    configuration(
        text=r"AZURE_TOKEN_CREDENTIALS",
        reason="AZURE_TOKEN_CREDENTIALS does not name a source that azure-identity knows",
        hint="unset it, or set it to dev, prod or the name of a credential of azure-identity",
        link=_TROUBLE,
    ),
    authentication(
        text=r"Please run 'az login'|az login",
        reason="no one is signed in to the Azure CLI",
        hint="run az login as the user who runs the task, before the play, or choose another"
        " credential",
        link=_CLI,
    ),
    configuration(
        text=r"Azure CLI not found",
        reason="the Azure CLI is not installed for the user who runs the task",
        hint="install it and see that az is in PATH (AWX needs it in the execution environment),"
        " or choose another credential",
        link="https://learn.microsoft.com/cli/azure/install-azure-cli",
    ),
    authentication(
        text=r"Failed to (invoke|execute)[^\n]*(Azure CLI|az)|Unexpected output from Azure CLI",
        reason="the Azure CLI did not answer in ten seconds, or failed",
        hint="run az account get-access-token by hand as the user who runs the task",
        link=_CLI,
    ),
    authentication(
        text=r"No identity has been assigned|Identity not found|identity_not_found",
        reason="this machine has no such managed identity",
        hint="assign the identity to it; for a user-assigned one give its client_id, for the"
        " machine's own leave client_id out",
        link=_MANAGED,
    ),
    authentication(
        text=r"IMDS endpoint|managed identity endpoint|ManagedIdentityCredential authentication",
        reason="nothing answers for a managed identity, so this machine is not in Azure or has"
        " none",
        hint="run on a machine with a managed identity, or choose another credential",
        link=_MANAGED,
    ),
    authentication(
        text=r"Azure Arc|himds|Service Fabric",
        reason="the managed identity of Azure Arc or Service Fabric cannot be used",
        hint="add the user who runs the task to the group himds (Arc), or leave client_id out",
        link="https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication",
    ),
    authentication(
        text=r"is not configured to acquire tokens for tenant",
        reason="the vault belongs to another Entra ID tenant than {source}",
        hint="give the tenant_id of the vault's subscription",
        link=_TROUBLE,
    ),
    authentication(
        raised=("AuthenticationRequiredError",),
        reason="{source} would have to sign in interactively, which a task cannot",
        hint="use a service principal or a managed identity, or sign in before the play",
        link=_TROUBLE,
    ),
)

_CHAIN = (
    authentication(
        text=r"^DefaultAzureCredential failed",
        reason="none of the sources that were tried gave a token: {tried}",
        hint="say with credential which one to use (cli, managed_identity, workload_identity), or"
        " give tenant_id, client_id and client_secret",
        link=_TROUBLE,
    ),
)

_ELSEWHERE = (
    configuration(
        raised=("FileNotFoundError", "PermissionError", "IsADirectoryError", "OSError"),
        reason="the token file of {source} cannot be read ({class_name})",
        hint="check federated_token_file or AZURE_FEDERATED_TOKEN_FILE; in a pod the label"
        " azure.workload.identity/use mounts it",
        link=_AKS,
    ),
    configuration(
        text=r"No such file or directory|Permission denied|Is a directory",
        reason="a file that {source} needs cannot be read",
        hint="check federated_token_file, certificate_path and who may read them",
        link=_AKS,
    ),
    transient(
        text=r"(Unexpected|No) response (content )?from Microsoft Entra|OIDC|openid-configuration"
        r"|Unexpected content type|Failed to deserialize JSON|Unexpected response \"|No token rec",
        reason="what answers for {source} is not Entra ID or a metadata service",
        hint="check authority_host and any proxy on the way, and whether the network has a sign-in"
        " page; then run again",
        link=_TROUBLE,
    ),
)

_LAST = (
    authentication(
        raised=("CredentialUnavailableError",),
        reason="{source} is not set up here",
        hint="choose another credential, or give tenant_id, client_id and client_secret",
        link=_TROUBLE,
    ),
    authentication(
        raised=("ClientAuthenticationError",),
        reason="Azure does not accept the credentials of {source}",
        hint="{check}",
        link=_TROUBLE,
    ),
)

# Of one source: what it says of itself comes before what it met on the way, as a metadata service
# that is not there is.
NO_TOKEN = (*_ENTRA, *_BUSY, *_SOURCES, *NETWORK, *_ELSEWHERE, *_LAST)
# Of several in turn: their texts stand side by side, and what broke the chain is what counts.
NO_TOKEN_OF_CHAIN = (*_ENTRA, *_BUSY, *NETWORK, *_CHAIN, *_LAST)

# What azure-core raises where there is no answer of the service to look at.
RAISED = (
    transient(
        raised=("IncompleteReadError",),
        reason="{service} could not be reached: its answer broke off",
        hint="run again; if it stays so, a proxy on the way damages answers",
        link=UNANSWERED.link,
    ),
    # Not of the network: the service has answered, and may have done what it was asked for.
    api(
        raised=(
            *("StreamConsumedError", "StreamClosedError", "ResponseNotReadError", "DecodeError"),
            *("DeserializationError", "SerializationError", "ODataV4Error"),
        ),
        reason="the answer is not what Azure gives ({class_name})",
        hint="check any proxy on the way, and whether the network has a sign-in page; then run"
        " again",
        link=_TROUBLE,
    ),
    *NETWORK,
    replace(UNANSWERED, raised=("ServiceRequestError", "ServiceResponseError")),
)

LAST = api(
    reason="the Azure SDK could not make the call ({class_name})",
    hint="check the module's options",
    link=_TROUBLE,
)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Key Vault says, and what it means.

Words: code, the innermost; right, as access policies call it (set); action, the same as a data
action of Azure roles; role, the least role that has it; caller, who Key Vault took the caller for.

https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
"""

from __future__ import annotations

from ..._core.causes import (
    api,
    authentication,
    conflict,
    not_found,
    not_permitted,
    not_visible,
    transient,
)

_CODES = "https://learn.microsoft.com/azure/key-vault/general/rest-error-codes"
_RBAC = "https://learn.microsoft.com/azure/key-vault/general/rbac-guide"
_POLICY = "https://learn.microsoft.com/azure/key-vault/general/azure-policy"
_SOFT_DELETE = "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview"
_SECRETS = "https://learn.microsoft.com/azure/key-vault/secrets/about-secrets"
_THROTTLING = "https://learn.microsoft.com/azure/key-vault/general/overview-throttling"

# What a write answers while an earlier deletion or recovery goes on.
UNDER_WAY = ("ObjectIsBeingDeleted", "ObjectIsBeingRecovered")
SOFT_DELETED = "ObjectIsDeletedButRecoverable"
BUSY_STATUS = (408, 429, 500, 502, 503, 504)

_REFUSED = (
    not_permitted(
        codes=("ForbiddenByConnection",),
        reason="the vault has no public access, and this machine does not come in by a private"
        " endpoint of it ({code})",
        hint="run where the vault's name resolves to its private endpoint, or have public access"
        " enabled in the vault's network settings; adding an address there is not enough",
        link="https://learn.microsoft.com/azure/key-vault/general/private-link-service",
    ),
    not_permitted(
        codes=("ForbiddenByFirewall",),
        reason="the vault's firewall does not let this machine in ({code})",
        hint="allow this machine's public address, or its subnet, in the vault's network settings",
        link="https://learn.microsoft.com/azure/key-vault/general/network-security",
    ),
    conflict(
        codes=("SecretManagedByKeyVault",),
        reason="Key Vault manages it, since it holds the private key of a certificate ({code})",
        hint="choose another name; such a secret is changed with its certificate only",
        link="https://learn.microsoft.com/azure/key-vault/certificates/about-certificates",
    ),
    conflict(
        codes=("Forbidden*", "RequestDisallowedByPolicy"),
        text=r"disallowed by policy[^\n]*(expir|validity|activ)",
        reason="an Azure Policy demands dates on secrets, such as one on which they expire"
        " ({code})",
        hint="give expires_on (and not_before) within what the policy allows",
        link=_POLICY,
    ),
    conflict(
        codes=("Forbidden*", "RequestDisallowedByPolicy"),
        text=r"disallowed by policy|RequestDisallowedByPolicy",
        reason="an Azure Policy that is assigned to the vault forbids it ({code})",
        hint="look at the vault's policies in the Azure portal: they may demand expires_on or"
        " content_type",
        link=_POLICY,
    ),
    conflict(
        codes=("Forbidden*", "PurgeProtection*"),
        text=r"purge protection",
        reason="the vault is protected against purging ({code})",
        hint="leave purge out; the vault purges the secret when its retention time is over",
        link=_SOFT_DELETE,
    ),
    not_permitted(
        codes=("SecretDisabled",),
        reason="the value of a disabled secret cannot be read ({code})",
        hint="enable that version first",
        link=_SECRETS,
    ),
    not_permitted(
        codes=("SecretExpired", "SecretNotYetValid"),
        reason="the value of a secret cannot be read outside of its dates ({code})",
        hint="change its expires_on and not_before first",
        link=_SECRETS,
    ),
    authentication(
        codes=("AKV10032",),
        or_text=r"AKV10032|Invalid issuer",
        reason="the vault belongs to another Entra ID tenant than {caller} ({code})",
        hint="give the tenant_id of the vault's subscription; with the Azure CLI run az login"
        " --tenant <that id>",
        link=_CODES,
    ),
    authentication(
        codes=("AKV10022",),
        or_text=r"AKV10022|Invalid audience",
        reason="the token of {caller} is for another Azure cloud or service ({code})",
        hint="check cloud and authority_host: a token of the public cloud is not good in another",
        link=_CODES,
    ),
    authentication(
        statuses=(401,),
        reason="Key Vault does not accept the token of {caller} ({code})",
        hint="check tenant_id, cloud and this machine's clock, and any proxy on the way",
        link=_CODES,
    ),
    not_permitted(
        codes=("ForbiddenByRbac",),
        reason="{caller} lacks the right to {right} secrets ({code})",
        hint="assign {role}, or a role with Microsoft.KeyVault/vaults/secrets/{action}, on the"
        " vault or the secret; a new assignment takes up to ten minutes",
        link=_RBAC,
    ),
    not_permitted(
        codes=("ForbiddenByPolicy", "AccessDenied"),
        reason="{caller} lacks the right to {right} secrets ({code})",
        hint="give it the secret permission {policy} in the vault's access policy; the vault does"
        " not use Azure roles for secrets",
        link="https://learn.microsoft.com/azure/key-vault/general/assign-access-policy",
    ),
    not_permitted(
        statuses=(403,),
        reason="{caller} lacks the right to {right} secrets ({code})",
        hint="assign {role}, a role with Microsoft.KeyVault/vaults/secrets/{action}, or the secret"
        " permission {policy} in the vault's access policy",
        link=_RBAC,
    ),
)

_STATES = (
    conflict(
        codes=(SOFT_DELETED,),
        reason="the vault keeps a deleted secret of this name ({code})",
        hint="run again, so that it is recovered, or purge it",
        link=_SOFT_DELETE,
    ),
    conflict(
        codes=UNDER_WAY,
        reason="a deletion or recovery of it is under way ({code})",
        hint="run again when it has ended",
        link=_SOFT_DELETE,
    ),
    not_found(
        codes=("SecretNotFound", "DeletedSecretNotFound"),
        reason="the secret is not there ({code})",
        hint="check name and vault_name or vault_url, and run again if it was just deleted",
        link=_SECRETS,
    ),
    not_visible(
        statuses=(404,),
        reason="the vault or the secret is not there ({code})",
        hint="check vault_name or vault_url, and run again if the secret was just deleted",
        link=_CODES,
    ),
    conflict(
        statuses=(409, 412),
        reason="the secret's state does not allow it ({code})",
        hint="run again when the deletion or recovery that is under way has ended",
        link=_SOFT_DELETE,
    ),
    transient(
        statuses=(429,),
        reason="too many requests were made of the vault ({code})",
        hint="run again later, or let fewer hosts run at once (--forks)",
        link=_THROTTLING,
    ),
    transient(
        statuses=BUSY_STATUS,
        reason="the vault is busy or failing ({code})",
        hint="run again later",
        link=_THROTTLING,
    ),
    api(
        codes=("BadParameter", "InvalidParameter"),
        reason="Key Vault does not take one of the values ({code})",
        hint="check name, tags, content_type and dates: a value may have 25,600 characters, a tag"
        " 256",
        link=_SECRETS,
    ),
    api(
        statuses=(300, 301, 302, 303, 307, 308),
        reason="the answer is a redirection, which Key Vault does not give ({code})",
        hint="check vault_url and any proxy on the way, and whether the network has a sign-in page",
        link=_CODES,
    ),
)

LAST = api(
    reason="Azure refused the request ({code})",
    hint="look the code up in Azure's docs",
    link=_CODES,
)

ANSWERS = (*_REFUSED, *_STATES)

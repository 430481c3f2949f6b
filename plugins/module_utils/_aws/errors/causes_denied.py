# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why AWS denies a call: the shapes of its messages, which name the type of the policy.

The policies are those of the caller, the secret, the KMS key, the VPC endpoint and the
organization, and a right that one of them denies no other can give. Words as in causes.py.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from functools import partial

from ..._core.causes import not_permitted

_ACCESS_DENIED = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"
_KMS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"
_POLICY = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"
_WEB_IDENTITY = (
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"
)
# STS and the older services say the second; an answer in XML that is not understood, the third.
DENIED = ("AccessDeniedException", "AccessDenied", "403", "NotAuthorized")
_EXPLICIT = r"explicit deny in (a |an |the )?"

_denied = partial(not_permitted, codes=DENIED, link=_ACCESS_DENIED)

DENIALS = (
    _denied(
        text=_EXPLICIT + r"(?P<policy>service control policy|resource control policy)",
        reason="a {policy} of the AWS organization denies {right} ({code})",
        hint="ask who manages the organization to except this role or Region; no policy in this"
        " account can allow it",
    ),
    _denied(
        text=_EXPLICIT + r"(VPC endpoint policy|VPC endpoint)",
        reason="the policy of the VPC endpoint denies {right} ({code})",
        hint="change the endpoint's policy, or reach AWS by another way; no IAM policy can allow"
        " it",
    ),
    _denied(
        text=_EXPLICIT + r"permissions boundary",
        reason="the permissions boundary of the caller denies {right} ({code})",
        hint="change the policy that is set as the boundary; no other policy can allow it",
    ),
    _denied(
        text=_EXPLICIT + r"session policy",
        reason="the session policy that the role was assumed with denies {right} ({code})",
        hint="assume the role with another session policy, or in IAM Identity Center change the"
        " permission set",
    ),
    _denied(
        rights=("kms:*",),
        text=_EXPLICIT + r"resource.based policy",
        reason="the key policy of the KMS key denies {right} ({code})",
        hint="change the Deny statement in the KMS key's policy; allowing it elsewhere does not"
        " help",
    ),
    _denied(
        text=_EXPLICIT + r"resource.based policy",
        reason="the resource policy of the secret denies {right} ({code})",
        hint="change the Deny statement in the secret's resource policy; allowing it elsewhere"
        " does not help",
        link=_POLICY,
    ),
    _denied(
        text=r"explicit deny",
        reason="an IAM policy of the caller denies {right} outright ({code})",
        hint="change the Deny statement that covers it, perhaps by its conditions (MFA, Region,"
        " address); allowing it elsewhere does not help",
    ),
    _denied(
        text=r"because no (?P<policy>service control policy|resource control policy)",
        reason="no {policy} of the AWS organization allows {right} ({code})",
        hint="ask who manages the organization to allow it for this account; no policy in this"
        " account can",
    ),
    _denied(
        text=r"because no VPC endpoint policy",
        reason="the policy of the VPC endpoint does not allow {right} ({code})",
        hint="allow it in the endpoint's policy, or reach AWS by another way",
    ),
    _denied(
        text=r"because no permissions boundary",
        reason="the permissions boundary of the caller does not allow {right} ({code})",
        hint="allow it in the policy that is set as the boundary, and in an IAM policy as well",
    ),
    _denied(
        text=r"because no session policy",
        reason="the session policy that the role was assumed with does not allow {right} ({code})",
        hint="assume the role with a session policy that allows it, or in IAM Identity Center"
        " change the permission set",
    ),
    _denied(
        rights=("kms:*",),
        text=r"because no resource.based policy",
        reason="the key policy of the KMS key does not allow {right} ({code})",
        hint="allow {right} in the KMS key's policy: for a key of another account both that policy"
        " and the caller's IAM policy have to",
        link=_KMS,
    ),
    _denied(
        text=r"because no resource.based policy",
        reason="the resource policy of the secret does not allow {right} ({code})",
        hint="allow {right} in the secret's resource policy: for a secret of another account both"
        " that policy and the caller's IAM policy have to",
        link=_POLICY,
    ),
    _denied(
        text=r"Access to KMS is not allowed",
        reason="{credentials} may use the secret, but not its KMS key ({code})",
        hint="allow kms:Decrypt and kms:GenerateDataKey on the secret's KMS key, in the key's"
        " policy and in the caller's IAM policy",
        link=_KMS,
    ),
    _denied(
        rights=("kms:*",),
        reason="{credentials} lack {right} ({code})",
        hint="allow {right} on the KMS key in its key policy and the caller's IAM policy",
        link=_KMS,
    ),
    _denied(
        rights=("sts:AssumeRoleWithWebIdentity",),
        reason="the role's trust policy does not accept the web identity token ({code})",
        hint="check in the trust policy the provider's ARN and the conditions on the token's sub"
        " and aud, such as the service account's namespace and name",
        link=_WEB_IDENTITY,
    ),
    _denied(
        rights=("sts:*",),
        reason="{credentials} lack {right} ({code})",
        hint="allow {right} on the role in the caller's IAM policy and the caller in the role's"
        " trust policy, and check the external id (assume_role_external_id) and that the role"
        " exists",
        link="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html",
    ),
    _denied(
        codes=("ForbiddenException", *DENIED),
        rights=("sso:*",),
        reason="{credentials} may not use this account and role ({code})",
        hint="check sso_account_id and sso_role_name in the profile, and that the permission set"
        " is assigned to the user",
        link="https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html",
    ),
    _denied(
        reason="{credentials} lack {right} ({code})",
        hint="allow {right} on this secret in the caller's IAM policy",
    ),
)

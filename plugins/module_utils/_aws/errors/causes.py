# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS's services say, and what it means: Secrets Manager, STS, KMS, IAM Identity Center.

Words: code; right, the IAM action that was missed; credentials, where they come from ("the
credentials from profile 'shop'"). What boto3 raises on its own is in causes_raised.py.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
"""

from __future__ import annotations

from ..._core.causes import (
    api,
    authentication,
    configuration,
    conflict,
    not_found,
    not_permitted,
    transient,
)
from .causes_denied import DENIALS

_COMMON = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html"
_KEY_STATE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"
_POLICY = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html"
_WEB_IDENTITY = (
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"
)
_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"
_API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html"
_LOGINS = (
    authentication(
        codes=("ExpiredTokenException", "ExpiredToken"),
        rights=("sts:AssumeRoleWithWebIdentity",),
        reason="the web identity token has expired ({code})",
        hint="make sure that the token's file is renewed, as Kubernetes does for a projected token",
        link=_WEB_IDENTITY,
    ),
    authentication(
        codes=("ExpiredTokenException", "ExpiredToken", "ExpiredTradeIn*"),
        reason="{credentials} have expired ({code})",
        hint="{renew}",
        link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
    ),
    authentication(
        codes=("RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"),
        or_text=r"Signature (expired|not yet current)|RequestTimeTooSkewed|difference between the"
        r" request time",
        reason="this machine's clock differs from AWS's by more than five minutes ({code})",
        hint="set the clock, as NTP does",
        link=_COMMON,
    ),
    authentication(
        codes=("InvalidClientTokenId", "UnrecognizedClientException"),
        reason="AWS does not know the access key in {credentials} ({code})",
        hint="check that the access key exists and is active, that temporary credentials come with"
        " their session token and others without one, and that it is of this AWS partition (China"
        " and GovCloud have their own)",
        link=_KEYS,
    ),
    authentication(
        codes=("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature*"),
        reason="AWS does not accept the signature that was made with {credentials}: the secret key"
        " does not belong to the access key ({code})",
        hint="copy access key and secret key again as a pair, without white space; check the"
        " session token and this machine's clock as well",
        link=_KEYS,
    ),
    authentication(
        codes=("MissingAuthenticationToken*",),
        reason="AWS got a request without a signature ({code})",
        hint="check any proxy on the way, which must not change headers",
        link=_COMMON,
    ),
    authentication(
        codes=("OptInRequired", "SubscriptionRequiredException"),
        reason="the account of {credentials} is not ready for this service ({code})",
        hint="finish the account's registration with AWS, and enable the Region",
        link=_COMMON,
    ),
    authentication(
        codes=("InvalidIdentityToken",),
        reason="AWS does not accept the web identity token ({code})",
        hint="check the role's OIDC provider in IAM (URL, audience, thumbprint), and that the"
        " token's file holds a token of it",
        link=_WEB_IDENTITY,
    ),
    authentication(
        codes=("IDPRejectedClaim",),
        reason="the identity provider rejects the web identity token's claim ({code})",
        hint="get a new token: this one has expired or was revoked",
        link=_WEB_IDENTITY,
    ),
    transient(
        codes=("IDPCommunicationError",),
        reason="AWS could not reach the identity provider of the web identity token ({code})",
        hint="run again; see that the OIDC provider's URL can be reached from the internet",
        link=_WEB_IDENTITY,
    ),
    api(
        codes=("RegionDisabledException",),
        reason="STS is not activated in this Region ({code})",
        hint="activate it in the account's settings in IAM, or give sts_endpoint_url",
        link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
    ),
    api(
        codes=(
            *("PackedPolicyTooLarge", "SessionDurationEscalationException"),
            *("JWTPayloadSizeExceededException", "MalformedPolicyDocument"),
            *("InvalidAuthorizationMessageException", "OutboundWebIdentityFederationDisabled*"),
        ),
        reason="STS does not take what the role was to be assumed with ({code})",
        hint="check assume_role_duration_seconds and the profile's settings; the session's"
        " policies and tags may be too large",
        link="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
    ),
    authentication(
        codes=("UnauthorizedException", "InvalidGrantException", "InvalidClientException"),
        reason="the session of {credentials} has ended ({code})",
        hint="{renew}",
        link="https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html",
    ),
)

_KEYS_OF_KMS = (
    not_permitted(
        codes=("DecryptionFailure",),
        reason="the secret's value cannot be decrypted with its KMS key ({code})",
        hint="see that the KMS key is enabled and not scheduled for deletion, and allow"
        " kms:Decrypt on it",
        link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    ),
    conflict(
        codes=("EncryptionFailure",),
        reason="the value cannot be encrypted with the secret's KMS key ({code})",
        hint="see that the KMS key is enabled, symmetric and not scheduled for deletion, and give"
        " the secret another one with kms_key_id if it is lost",
        link=_KEY_STATE,
    ),
    not_found(
        codes=("NotFoundException",),
        reason="KMS has no such key or alias in this Region and account ({code})",
        hint="check kms_key_id; an alias begins with alias/, and a key of another account is given"
        " by its ARN",
        link="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id",
    ),
    conflict(
        codes=("DisabledException", "KMSInvalidStateException", "KeyUnavailableException"),
        reason="the KMS key cannot be used in its state ({code})",
        hint="enable it, cancel its deletion, or give the secret another one with kms_key_id",
        link=_KEY_STATE,
    ),
    api(
        codes=("InvalidArnException", "InvalidAliasNameException", "InvalidKeyUsageException"),
        reason="it is not a KMS key that can encrypt a secret ({code})",
        hint="give kms_key_id as the id or ARN of a symmetric encryption key, or as alias/<name>",
        link="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id",
    ),
    conflict(
        codes=("CloudHsm*", "CustomKeyStore*", "Xks*"),
        reason="the key store that the KMS key is in cannot be used ({code})",
        hint="ask who runs the custom key store (CloudHSM or external), or give another key",
        link="https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html",
    ),
    transient(
        codes=("DependencyTimeoutException", "KMSInternalException"),
        reason="KMS is busy or failing ({code})",
        hint="run again later",
        link=_COMMON,
    ),
    api(
        codes=(
            *("AlreadyExistsException", "ConflictException", "DryRunOperationException"),
            *("ExpiredImportTokenException", "IncorrectKeyException", "TagException"),
            *("IncorrectKeyMaterialException", "IncorrectTrustAnchorException"),
            *("InvalidCiphertextException", "InvalidGrant*", "InvalidImportTokenException"),
            *("InvalidMarkerException", "KMSInvalidMacException", "KMSInvalidSignatureException"),
            "UnsupportedOperationException",
        ),
        reason="KMS refused the request ({code})",
        hint="look at the event in CloudTrail, and at the KMS key's policy and grants",
        link="https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html",
    ),
)

# What is worth another attempt; the rest of this table is not.
BUSY = (
    *("InternalFailure", "InternalServiceError", "InternalServiceErrorException"),
    *("RequestLimitExceeded", "ServiceUnavailable", "ServiceUnavailableException"),
    *("Throttling", "ThrottlingException", "TooManyRequestsException"),
)

_SECRETS = (
    transient(
        codes=(*BUSY, "RequestTimeout*", "RequestAbortedException", "InternalServerException"),
        reason="AWS is busy or failing ({code})",
        hint="run again later",
        link=_COMMON,
    ),
    conflict(
        codes=("InvalidRequestException",),
        text=r"(marked|scheduled) for deletion|was deleted|is deleted",
        reason="the secret is scheduled for deletion ({code})",
        hint="run again, so that it is restored, or wait until its recovery window is over",
        link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_restore-secret.html",
    ),
    conflict(
        codes=("InvalidRequestException",),
        text=r"managed by|owned by|owning service|another service",
        reason="another AWS service manages the secret ({code})",
        hint="use another name; such a secret is changed in that service only",
        link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html",
    ),
    conflict(
        codes=("InvalidRequestException", "InvalidParameterException"),
        text=r"replica",
        reason="a replica of the secret is in the way ({code})",
        hint="change the secret in its primary Region, and remove its replicas before it is"
        " deleted",
        link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html",
    ),
    conflict(
        codes=("InvalidRequestException", "PreconditionNotMetException", "ResourceExistsException"),
        reason="the secret's state does not allow it ({code})",
        hint="look at the secret in the AWS console, and run again if it was changed elsewhere",
        link=_API,
    ),
    not_found(
        codes=("ResourceNotFoundException",),
        reason="AWS has no such secret or version in this Region and account ({code})",
        hint="check name, region and whose account {credentials} belong to, and run again if it"
        " was just deleted",
        link=_API,
    ),
    configuration(
        codes=("MalformedPolicyDocumentException",),
        reason="AWS does not understand the resource policy ({code})",
        hint="check it with AWS's IAM policy validator",
        link=_POLICY,
    ),
    configuration(
        codes=("PublicPolicyException",),
        reason="the resource policy would grant broad access to the secret ({code})",
        hint="name the principals that may use the secret",
        link=_POLICY,
    ),
    conflict(
        codes=("LimitExceededException",),
        reason="a quota of Secrets Manager is reached ({code})",
        hint="delete secrets or versions that are not needed, or have the quota raised",
        link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
    ),
    api(
        codes=(
            *("InvalidParameter*", "ValidationException", "ValidationError", "MalformedHttp*"),
            *("RequestEntityTooLargeException", "SerializationException", "InvalidRegion*"),
        ),
        reason="AWS does not take one of the values ({code})",
        hint="check the options that name Regions, KMS keys, tags and policies against AWS's rules",
        link=_API,
    ),
    api(
        codes=("InvalidNextTokenException", "UnknownOperationException", "InvalidAction"),
        reason="AWS did not understand the request ({code})",
        hint="check endpoint_url, which may lead to another service, and any proxy on the way",
        link=_COMMON,
    ),
)

LAST = api(
    reason="AWS refused the request ({code})",
    hint="look the code up in AWS's documentation",
    link=_COMMON,
)

ANSWERS = (*DENIALS, *_LOGINS, *_KEYS_OF_KMS, *_SECRETS)

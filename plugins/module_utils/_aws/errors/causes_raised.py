# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What boto3 raises on its own: while it looks for credentials, and before or after a call.

Words: credentials, source and renew, see sources.py; detail, the names that botocore gives besides.
The codes are the names of botocore's credential providers.

https://docs.aws.amazon.com/boto3/latest/guide/credentials.html
"""

from __future__ import annotations

from dataclasses import replace

from ..._core.causes import api, authentication, configuration, transient
from ..._core.network import NETWORK, UNANSWERED

_CHAIN = "https://docs.aws.amazon.com/boto3/latest/guide/credentials.html"
_SSO = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html"
_LOGIN = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html"
_PROCESS = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html"
_IRSA = "https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html"
_CONTAINER = "https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html"
_FILES = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"
_ROLE = "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html"
_CONFIG = "https://docs.aws.amazon.com/boto3/latest/guide/configuration.html"
_ENDPOINTS = "https://docs.aws.amazon.com/general/latest/gr/asm.html"

# In FILES the class is Python's own, so that only the source tells what it is about.
_WEB_IDENTITY, _PROCESS_CODE, _POD = (
    "assume-role-with-web-identity",
    "custom-process",
    "container-role",
)

_MALFORMED = ("ValueError", "LookupError", "TypeError", "AttributeError")
_PROCESS_FAILED = authentication(
    raised=("CredentialRetrievalError",),
    codes=(_PROCESS_CODE,),
    reason="{source} failed, or printed something else than credentials",
    hint="run the command by hand as the user who runs the task: it has to end with 0 and"
    " print JSON with Version 1, AccessKeyId and SecretAccessKey",
    link=_PROCESS,
)

CREDENTIALS = (
    authentication(
        raised=("NoCredentialsError",),
        reason="no credentials were found",
        hint="set access_key and secret_key, a profile, or AWS's environment variables",
        link=_CHAIN,
    ),
    configuration(
        raised=("ProfileNotFound",),
        reason="{source} is not in the AWS configuration files",
        hint="check its name against ~/.aws/config and ~/.aws/credentials of the user who runs the"
        " task (or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE)",
        link=_FILES,
    ),
    configuration(
        raised=("PartialCredentialsError",),
        reason="{credentials} are incomplete: {detail} is missing",
        hint="give all of its parts together, or none of them",
        link=_CHAIN,
    ),
    configuration(
        raised=("RefreshWithMFAUnsupportedError", "MfaPromptError"),
        reason="{source} needs an MFA code (mfa_serial), and a task cannot ask for one",
        hint="get a session before the play (aws sts get-session-token or assume-role with"
        " --serial-number and --token-code) and give its access_key, secret_key and session_token,"
        " or use a role without MFA for automation",
        link=_ROLE + "#cli-configure-role-mfa",
    ),
    authentication(
        raised=("SSOTokenLoadError", "NoAuthTokenError"),
        reason="no one is signed in to {source}",
        hint="{renew}",
        link=_SSO,
    ),
    authentication(
        raised=("UnauthorizedSSOTokenError", "SSOError", "TokenRetrievalError"),
        reason="the sign-in of {source} has expired",
        hint="{renew}",
        link=_SSO,
    ),
    configuration(
        raised=("UnknownTokenProviderError", "UnknownCredentialError"),
        reason="{source} names a source of credentials that boto3 does not know",
        hint="check credential_source in the profile, and update boto3",
        link=_ROLE,
    ),
    authentication(
        raised=("LoginInsufficientPermissions",),
        reason="{source} may not be used to sign in for programs",
        hint="allow signin:CreateOAuth2Token to the user, then {renew}",
        link=_LOGIN,
    ),
    authentication(
        raised=("LoginError", "Login*"),
        reason="the sign-in of {source} is missing or has expired",
        hint="{renew}",
        link=_LOGIN,
    ),
    configuration(
        raised=("MissingDependencyException",),
        reason="{source} needs a part of botocore that is not installed here",
        hint="install botocore[crt] into the Python that runs the task",
        link=_LOGIN,
    ),
    configuration(
        raised=("InfiniteLoopConfigError",),
        reason="{source} leads back to itself through source_profile",
        hint="let the last profile of the chain hold credentials",
        link=_ROLE,
    ),
    configuration(
        raised=("InvalidConfigError",),
        text=r"sso",
        reason="{source} is set up for single sign-on, but not completely",
        hint="run aws configure sso for it; sso_start_url, sso_region, sso_account_id and"
        " sso_role_name are needed, and an sso-session section of the name that it gives",
        link=_SSO,
    ),
    configuration(
        raised=("InvalidConfigError",),
        text=r"web identity",
        reason="a web identity token file is set, but no role for it",
        hint="set AWS_ROLE_ARN, or role_arn in the profile, or unset AWS_WEB_IDENTITY_TOKEN_FILE",
        link=_IRSA,
    ),
    configuration(
        raised=("InvalidConfigError",),
        reason="{source} cannot be used as it is set up",
        hint="check source_profile and credential_source in it: one of them is needed, and"
        " source_profile has to exist and to hold credentials",
        link=_ROLE,
    ),
    configuration(
        raised=("ConfigParseError",),
        reason="an AWS configuration file cannot be read as one",
        hint="correct ~/.aws/config or ~/.aws/credentials (or AWS_CONFIG_FILE and"
        " AWS_SHARED_CREDENTIALS_FILE): [profile x] and name = value, in UTF-8",
        link=_FILES,
    ),
    configuration(
        raised=("ConfigNotFound",),
        reason="an AWS configuration file does not exist",
        hint="check AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE",
        link=_FILES,
    ),
    authentication(
        raised=("CredentialRetrievalError", "MetadataRetrievalError"),
        codes=(_POD,),
        reason="{source} gave no credentials",
        hint="check the task role in ECS, or in EKS the Pod Identity association and its agent;"
        " the variables AWS_CONTAINER_CREDENTIALS_* must be those of this container",
        link=_CONTAINER,
    ),
    _PROCESS_FAILED,
    authentication(
        raised=("CredentialRetrievalError", "MetadataRetrievalError"),
        reason="{source} gave no credentials",
        hint="{renew}",
        link=_CHAIN,
    ),
    configuration(
        raised=("InvalidIMDSEndpointError", "InvalidIMDSEndpointModeError"),
        reason="the address of the instance metadata service is not valid",
        hint="correct AWS_EC2_METADATA_SERVICE_ENDPOINT and AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        link="https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html",
    ),
)

# While credentials are looked for, these are about a file or a command of theirs.
FILES = (
    configuration(
        raised=("FileNotFoundError", "NotADirectoryError"),
        codes=(_WEB_IDENTITY,),
        reason="{source} does not exist",
        hint="check AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file; a pod gets the file"
        " with its service account's annotation, outside of one unset the variable",
        link=_IRSA,
    ),
    configuration(
        raised=("FileNotFoundError", "NotADirectoryError", "PermissionError"),
        codes=(_PROCESS_CODE,),
        reason="the command of {source} does not exist or must not be run",
        hint="give credential_process with its full path, and let the user who runs the task run"
        " it",
        link=_PROCESS,
    ),
    configuration(
        raised=("OSError", "UnicodeDecodeError"),
        codes=(_POD,),
        reason="the container's token file cannot be read",
        hint="check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which EKS Pod Identity sets and mounts",
        link=_CONTAINER,
    ),
    configuration(
        raised=("OSError", "UnicodeDecodeError"),
        reason="{source} cannot be read",
        hint="let the user who runs the task read it (in a pod: set fsGroup), and see that it is a"
        " text file",
        link=_CHAIN,
    ),
    replace(_PROCESS_FAILED, raised=_MALFORMED),
    authentication(
        raised=_MALFORMED,
        reason="{source} gave something else than credentials",
        hint="{renew}",
        link=_CHAIN,
    ),
)

# Of settings, of data that come with botocore, and of calls that are not as its models say.
SETTINGS = (
    configuration(
        raised=("NoRegionError", "InvalidRegionError", "UnknownRegionError"),
        reason="no region is set, or it is not one",
        hint="set region, AWS_REGION or the profile's region to the runner's region",
        link=_ENDPOINTS,
    ),
    configuration(
        raised=(
            *("UnknownEndpointError", "UnknownFIPSEndpointError", "ServiceNotInRegionError"),
            *("EndpointVariantError", "BaseEndpointResolverError", "EndpointProviderError"),
            *("EndpointResolutionError", "InvalidEndpointConfigurationError"),
            *("UnknownEndpointResolutionBuiltInName", "InvalidHostLabelError"),
            *("InvalidDNSNameError", "InvalidEndpointDiscoveryConfigurationError"),
        ),
        reason="boto3 knows no endpoint for these settings ({class_name})",
        hint="check region and the endpoint URLs, and AWS_USE_FIPS_ENDPOINT and"
        " AWS_USE_DUALSTACK_ENDPOINT, which not every Region has",
        link=_ENDPOINTS,
    ),
    configuration(
        raised=(
            *("InvalidDefaultsMode", "InvalidMaxRetryAttemptsError", "InvalidRetryModeError"),
            *("InvalidRetryConfigurationError", "InvalidProxiesConfigError"),
            *("InvalidSTSRegionalEndpointsConfigError", "InvalidChecksumConfigError"),
            *("InvalidS3*", "UnsupportedS3*", "UnsupportedOutpost*"),
            *("UnsupportedSignatureVersionError", "UnknownSignatureVersionError"),
        ),
        reason="boto3 does not take a setting of the environment or the profile ({class_name})",
        hint="check the variables that begin with AWS_ and the profile in ~/.aws/config",
        link=_CONFIG,
    ),
    configuration(
        raised=(
            *("DataNotFoundError", "UnknownServiceError", "ApiVersionNotFoundError"),
            *("UnknownAPIVersionError", "ResourceNotExistsError", "NoVersionFound"),
            *("UnsupportedServiceProtocolsError", "MissingServiceIdError"),
            *("UndefinedModelAttributeError", "UnknownServiceStyle", "MD5UnavailableError"),
        ),
        reason="the botocore that is installed here is incomplete ({class_name})",
        hint="install boto3 and botocore anew, of versions that belong together, and unset"
        " AWS_DATA_PATH",
        link="https://pypi.org/project/boto3/",
    ),
    configuration(
        raised=(
            *("ParamValidationError", "MissingParametersError", "ValidationError", "RangeError"),
            *("UnknownKeyError", "UnknownParameterError", "AliasConflictParameterError"),
            *("UnknownClientMethodError", "InvalidExpressionError", "PaginationError"),
            *("OperationNotPageableError", "Waiter*", "ImminentRemovalWarning"),
        ),
        reason="boto3 does not take one of the values ({class_name})",
        hint="check the options against AWS's rules, and update boto3",
        link=_CONFIG,
    ),
    transient(
        raised=("CapacityNotAvailableError",),
        reason="boto3 holds requests back after many failures",
        hint="run again later",
        link="https://docs.aws.amazon.com/boto3/latest/guide/retries.html",
    ),
    api(
        raised=(
            *("ChecksumError", "FlexibleChecksumError", "AwsChunkedWrapperError"),
            *("EventStreamError", "UnseekableStreamError"),
        ),
        reason="the answer was damaged on the way ({class_name})",
        hint="check any proxy on the way, and run again",
        link=_CONFIG,
    ),
)

LAST = api(
    reason="boto3 could not make the call ({class_name})",
    hint="check the module's options",
    link=_CONFIG,
)

# Match by class before text, because a text can contain any words.
RAISED = (
    *(*CREDENTIALS, *SETTINGS, *NETWORK),
    replace(UNANSWERED, raised=("HTTPClientError", "ConnectionError", "HTTPError")),
)

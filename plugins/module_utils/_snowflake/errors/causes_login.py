# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why Snowflake refuses a login.

Words: code; credentials, how the task logs in ("the key pair of user DEPLOYER").
The codes have six digits. Up to version 3 the connector gives its own number, 250001, in place of
the server's for a refused login, so that only the shape of the text tells them apart.

https://docs.snowflake.com/en/user-guide/troubleshooting-login
"""

from __future__ import annotations

from ..._core.causes import authentication, not_permitted

_KEY_PAIR = "https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting"
_TOKENS = "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens"
_MFA = "https://docs.snowflake.com/en/user-guide/security-mfa"
_OAUTH = "https://docs.snowflake.com/en/user-guide/oauth-ext-overview"
_USERS = "https://docs.snowflake.com/en/user-guide/admin-user-management"
LOGINS = (
    not_permitted(
        codes=("390432",),
        or_text=r"Network policy is required",
        reason="Snowflake takes a programmatic access token only from a user with a network policy"
        " ({code})",
        hint="set a network policy that allows this machine's address on the user (ALTER USER ..."
        " SET NETWORK_POLICY), or change NETWORK_POLICY_EVALUATION in its authentication policy",
        link=_TOKENS,
    ),
    not_permitted(
        codes=("390420", "390421", "390422", "390429"),
        or_text=r"is not allowed to access Snowflake",
        reason="a network policy does not let this machine's address in ({code})",
        hint="allow the address that this machine has on the internet in the network policy of the"
        " user or the account (SHOW PARAMETERS LIKE 'network_policy'); the password or key is not"
        " the problem",
        link="https://docs.snowflake.com/en/user-guide/network-policies",
    ),
    authentication(
        codes=("390102",),
        or_text=r"temporarily locked",
        reason="the user is locked for a while after too many failed logins ({code})",
        hint="wait 15 minutes, or unlock it with ALTER USER ... SET MINS_TO_UNLOCK = 0, and"
        " correct the password before the next attempt",
        link=_USERS,
    ),
    authentication(
        codes=("390101",),
        or_text=r"User access disabled",
        reason="the user is disabled ({code})",
        hint="enable it with ALTER USER ... SET DISABLED = FALSE",
        link=_USERS,
    ),
    authentication(
        codes=("390106", "390140"),
        or_text=r"password has expired|must be changed|change (your )?password",
        reason="the user's password has expired ({code})",
        hint="set a new one, or better let the user log in with a key pair (private_key_path)",
        link=_USERS,
    ),
    authentication(
        codes=("390197", "394508", "394507", "390122", "390123"),
        or_text=r"Multi-factor authentication is required|MFA with TOTP is required|enroll",
        reason="Snowflake asks the user for multi-factor authentication, which a task cannot"
        " answer ({code})",
        hint="log in as a user of TYPE = SERVICE with a key pair (private_key_path), a"
        " programmatic access token or workload identity; for a single task give passcode",
        link=_MFA,
    ),
    authentication(
        codes=(
            "390127",
            "390120",
            "390121",
            "390124",
            "390125",
            "390126",
            "390128",
            "390129",
            "390132",
        ),
        or_text=r"Incorrect passcode|passcode was specified|Duo Security",
        reason="the second factor was wrong, was denied or did not come in time ({code})",
        hint="give a fresh passcode, which is good for one login; for automation use a key pair",
        link=_MFA,
    ),
    authentication(
        codes=("390202", "390139", "390190", "390192", "390135"),
        or_text=r"authentication policy|authenticator is not accepted",
        reason="an authentication policy does not allow the user to log in with {credentials}"
        " ({code})",
        hint="choose another authenticator, or allow this one in the policy (DESCRIBE"
        " AUTHENTICATION POLICY)",
        link="https://docs.snowflake.com/en/user-guide/authentication-policies",
    ),
    not_permitted(
        codes=("390186", "390189"),
        or_text=r"specified in the connect string",
        reason="the role does not exist or is not granted to the user ({code})",
        hint="correct role, or GRANT ROLE ... TO USER ...; leave role out to use the user's own",
        link="https://docs.snowflake.com/en/user-guide/security-access-control-privileges",
    ),
    authentication(
        codes=("394300",),
        or_text=r"JWT_TOKEN_INVALID_USER_IN_ISSUER",
        reason="the account has no such user, or its login name is another one ({code})",
        hint="check user and account",
        link=_KEY_PAIR,
    ),
    authentication(
        codes=("394304", "394306"),
        or_text=r"FINGERPRINT_MISMATCH",
        reason="the key does not belong to the public key that the user has in Snowflake ({code})",
        hint="compare RSA_PUBLIC_KEY_FP of DESCRIBE USER with the key's own, and set the public"
        " key with ALTER USER ... SET RSA_PUBLIC_KEY",
        link=_KEY_PAIR,
    ),
    authentication(
        codes=("394302", "394303"),
        reason="Snowflake got the signed token too late or too early ({code})",
        hint="set this machine's clock, as NTP does",
        link=_KEY_PAIR,
    ),
    authentication(
        codes=("390144", "39430?"),
        or_text=r"JWT token is invalid",
        reason="Snowflake does not accept {credentials} ({code})",
        hint="check that the public key is set on this user (RSA_PUBLIC_KEY_FP of DESCRIBE USER),"
        " account, and this machine's clock; SYSTEM$GET_LOGIN_FAILURE_DETAILS tells an"
        " administrator more",
        link=_KEY_PAIR,
    ),
    authentication(
        codes=("390318",),
        or_text=r"OAuth access token expired",
        reason="the OAuth access token has expired ({code})",
        hint="give a new token, or use oauth_client_credentials, which gets one for each task",
        link=_OAUTH,
    ),
    authentication(
        codes=("390303", "390317"),
        or_text=r"Invalid OAuth access token",
        reason="Snowflake does not accept the OAuth access token ({code})",
        hint="check issuer, audience and the user claim against the security integration (DESC"
        " SECURITY INTEGRATION), and that role is in the token's scope",
        link=_OAUTH,
    ),
    authentication(
        codes=("3944??",),
        or_text=r"Programmatic access token is invalid",
        reason="Snowflake does not accept the programmatic access token ({code})",
        hint="see with SHOW USER PROGRAMMATIC ACCESS TOKENS whether it has expired or is disabled,"
        " and that role is the one it is restricted to",
        link=_TOKENS,
    ),
    authentication(
        codes=("251017", "251018", "251021", "251019", "3945??"),
        or_text=r"workload identity",
        reason="{credentials} cannot be used ({code})",
        hint="check workload_identity_provider, that this machine has such an identity, and that"
        " the user of TYPE = SERVICE names it in WORKLOAD_IDENTITY",
        link="https://docs.snowflake.com/en/user-guide/workload-identity-federation",
    ),
    authentication(
        codes=("250006", "251013", "251014", "251015", "251016", "251020"),
        or_text=r"Identity Provider responded|invalid_client|unauthorized_client|invalid_scope",
        reason="the identity provider does not accept the OAuth client ({code})",
        hint="check oauth_client_id, oauth_client_secret, oauth_scope and oauth_token_request_url",
        link=_OAUTH,
    ),
    authentication(
        codes=("390913", "390914", "390915"),
        or_text=r"trial (period )?has ended|account (is|has been) suspended",
        reason="the Snowflake account is suspended, as a trial that has ended is ({code})",
        hint="add billing details in Snowsight, or ask Snowflake's support",
        link="https://docs.snowflake.com/en/user-guide/admin-trial-account",
    ),
    authentication(
        codes=("390100",),
        or_text=r"Incorrect username or password",
        reason="Snowflake does not accept {credentials} ({code})",
        hint="check user and its password (or workload identity, which the user must have), and"
        " that account is the one that the user is in; more wrong passwords lock the user",
        link=_USERS,
    ),
    authentication(
        codes=("390104", "39011?", "390195", "251012"),
        reason="Snowflake has ended the session ({code})",
        hint="run again; if it stays so, look at the user's session policy",
        link="https://docs.snowflake.com/en/user-guide/session-policies",
    ),
    authentication(
        codes=("39????", "250001"),
        raised=("Error",),
        reason="Snowflake does not accept {credentials} ({code})",
        hint="check account, user, role and the password, key or token; LOGIN_HISTORY tells an"
        " administrator why",
        link="https://docs.snowflake.com/en/sql-reference/functions/login_history",
    ),
)

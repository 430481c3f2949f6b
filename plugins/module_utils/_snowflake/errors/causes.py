# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Snowflake and its connector say after the login or before it, and what it means.

Words: code; privilege, what the statement needs; where, the options that say where the account is.
The codes have six digits; those below 200000 are Snowflake's, the others are the connector's.

https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-api
"""

from __future__ import annotations

from functools import partial

from ..._core.causes import (
    api,
    authentication,
    configuration,
    conflict,
    not_permitted,
    not_visible,
    transient,
)

_ACCOUNT = "https://docs.snowflake.com/en/user-guide/admin-account-identifier"
_ACCESS = "https://docs.snowflake.com/en/user-guide/security-access-control-privileges"
_MANAGED = "https://docs.snowflake.com/en/user-guide/security-access-control-configure#creating-managed-access-schemas"
_SECRET = "https://docs.snowflake.com/en/sql-reference/sql/create-secret"
_CONNECT = "https://docs.snowflake.com/en/developer-guide/python-connector/python-connector-connect"
_STATUS = "https://status.snowflake.com"

SETTINGS = (
    configuration(
        codes=("251001", "251005", "251006", "251007", "251009"),
        reason="the connector does not take the connection's settings ({code})",
        hint="check account, which is <organization>-<account> without https:// and without"
        " .snowflakecomputing.com, and user, host and authenticator",
        link=_ACCOUNT,
    ),
    configuration(
        codes=("251008",),
        reason="the connector cannot use the private key ({code})",
        hint="give an RSA key of at least 2048 bits as PKCS#8 in PEM",
        link="https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting",
    ),
    configuration(
        codes=("250008", "250009"),
        reason="the connector would open a browser, which a task cannot ({code})",
        hint="choose another authenticator, such as snowflake_jwt",
        link=_CONNECT,
    ),
    configuration(
        raised=(
            *("MissingDependencyError", "ConfigManagerError", "ConfigSourceError"),
            *("MissingConfigOptionError", "_*Error", "FileLockError"),
        ),
        reason="the connector's own configuration or installation is in the way ({class_name})",
        hint="look at ~/.snowflake/config.toml of the user who runs the task, and install"
        " snowflake-connector-python anew",
        link=_CONNECT,
    ),
    configuration(
        codes=("251002", "251003", "251004", "255???"),
        raised=("Error",),
        reason="this version of the connector does not run here ({code})",
        hint="install a newer snowflake-connector-python into the Python that runs the task",
        link=_CONNECT,
    ),
)

ALREADY_EXISTS = "002002"
# The second is of the schema or database in SHOW ... IN.
NOT_VISIBLE = ("002003", "002043")

STATEMENTS = (
    not_permitted(
        codes=("003001",),
        rights=("*grant*", "*GRANT*"),
        reason="the role may not grant privileges on the secret ({code})",
        hint="use the role that owns the secret; in a managed access schema only the schema's"
        " owner or a role with MANAGE GRANTS may grant, regardless of who owns the secret",
        link=_MANAGED,
    ),
    not_permitted(
        codes=("003001", "003011", "003041"),
        reason="the role lacks {privilege} ({code})",
        hint="grant {privilege} to the role, or set another role",
        link=_ACCESS,
    ),
    not_permitted(
        codes=("003013", "003003", "003016"),
        reason="the role may not do this at all ({code})",
        hint="use a role with {privilege}",
        link=_ACCESS,
    ),
    not_visible(
        codes=NOT_VISIBLE,
        reason="Snowflake says it does not exist or is not authorized ({code})",
        hint="check database, schema, grantees and that the role has {privilege}",
        link=_ACCESS,
    ),
    conflict(
        codes=(ALREADY_EXISTS,),
        reason="an object of this name exists already, made meanwhile or hidden from this role"
        " ({code})",
        hint="run again, or use a role that may see it",
        link=_SECRET,
    ),
    conflict(
        codes=("000606", "000625", "000628", "000629", "000630", "000604"),
        reason="Snowflake ended the statement before it was done ({code})",
        hint="run again; STATEMENT_TIMEOUT_IN_SECONDS may be too short, or someone cancelled it",
        link="https://docs.snowflake.com/en/sql-reference/parameters",
    ),
    conflict(
        codes=("090105", "002149"),
        reason="the session has no current database or schema ({code})",
        hint="give database and schema",
        link=_SECRET,
    ),
    api(
        codes=("000002", "000040", "002040", "002141", "000667"),
        reason="the account does not have this feature ({code})",
        hint="see whether its edition and region have secrets, and ask Snowflake's support",
        link=_SECRET,
    ),
    api(
        codes=("001003", "000904", "001006", "001044", "002028", "0010??", "0009??"),
        reason="Snowflake does not understand the statement ({code})",
        hint="check the names of database, schema, secret and grantees, and update the collection",
        link=_SECRET,
    ),
    transient(
        codes=("000603", "000707", "300002", "370001"),
        reason="Snowflake is failing ({code})",
        hint="run again later",
        link=_STATUS,
    ),
)

_failing = partial(
    transient,
    reason="Snowflake could not be reached or is failing ({code})",
    hint="check {where}, network and proxy, and run again",
    link=_STATUS,
)

# The connector's own troubles. Version 4 has a class for each HTTP status that it repeats.
CONNECTOR = (
    transient(
        codes=("2540??", "250011"),
        raised=("Error",),
        reason="the revocation of Snowflake's certificate could not be checked ({code})",
        hint="let this machine reach ocsp.snowflakecomputing.com and the CA's OCSP servers (SELECT"
        " SYSTEM$ALLOWLIST() lists them), and check any proxy that inspects TLS",
        link="https://docs.snowflake.com/en/user-guide/ocsp",
    ),
    transient(
        raised=("RevocationCheckError",),
        reason="the revocation of Snowflake's certificate could not be checked ({code})",
        hint="let this machine reach ocsp.snowflakecomputing.com and the CA's OCSP servers, and"
        " check any proxy that inspects TLS",
        link="https://docs.snowflake.com/en/user-guide/ocsp",
    ),
    not_permitted(
        raised=("ForbiddenError",),
        reason="Snowflake's gateway refuses the request ({code})",
        hint="check account: a host that does not exist answers so; then any proxy on the way and"
        " the account's network policy or private connectivity",
        link=_ACCOUNT,
    ),
    _failing(
        raised=(
            *("RequestTimeoutError", "TooManyRequests", "InternalServerError", "BadGatewayError"),
            *("ServiceUnavailableError", "GatewayTimeoutError", "OtherHTTPRetryableError"),
            *("RequestExceedMaxRetryError", "RetryRequest"),
        ),
    ),
    authentication(
        raised=("ReauthenticationRequest", "RefreshTokenError", "TokenExpiredError"),
        reason="Snowflake has ended the session ({code})",
        hint="run again",
        link=_CONNECT,
    ),
    api(
        raised=("BadRequest", "MethodNotAllowed", "HttpError", "Presigned*", "BindUploadError"),
        reason="Snowflake does not understand the request ({code})",
        hint="check host, port and protocol, and any proxy on the way",
        link=_CONNECT,
    ),
    _failing(
        codes=("2500??", "2510??", "2900??"),
        raised=("Error",),
    ),
    _failing(
        raised=("OperationalError", "InterfaceError"),
    ),
    api(
        raised=("ProgrammingError", "NotSupportedError", "DataError", "IntegrityError"),
        reason="Snowflake refused the statement ({code})",
        hint="look the code up in Snowflake's query history",
        link=_SECRET,
    ),
)

LAST = api(
    reason="the connector failed ({code})",
    hint="look the code up in its docs",
    link=_CONNECT,
)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Maia's API and its token endpoint say, and what it means.

Words: code, HTTP's status or OAuth's error; which, the token that was sent; renew, what to do then.
The right of a call is its method and path.

https://docs.maia.ai/docs/api-reference/maia-api-overview
https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
"""

from __future__ import annotations

from ..._core.causes import Cause, linked
from ..._core.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
)
from ..._core.network import NETWORK, UNANSWERED

_API = "https://docs.maia.ai/docs/api-reference/maia-api-overview"
_CREDENTIALS = "https://docs.maia.ai/docs/administration/api-credentials"
_AUTHENTICATION = "https://docs.maia.ai/docs/api-reference/maia-api-authentication"

REDIRECTIONS = (300, 301, 302, 303, 304, 307, 308)
SERVER_ERRORS = tuple(range(500, 600))

NO_ANSWER = (*NETWORK, UNANSWERED)

_BETWEEN = linked(
    _API,
    Cause(
        kind=ApiError,
        statuses=REDIRECTIONS,
        reason="the answer is a redirection, which Maia does not give ({code})",
        hint="check api_url and token_url, any proxy on the way, and whether the network has a"
        " sign-in page",
    ),
    Cause(
        kind=AuthenticationError,
        statuses=(407,),
        reason="the proxy on the way asks for a user name and a password ({code})",
        hint="put them into HTTPS_PROXY, or add the host to NO_PROXY",
        link="https://requests.readthedocs.io/en/latest/user/advanced/#proxies",
    ),
)

ANSWERS = linked(
    _API,
    *_BETWEEN,
    Cause(
        kind=AuthenticationError,
        statuses=(401,),
        reason="Maia does not accept the access token {which} ({code})",
        hint="{renew}",
        link=_AUTHENTICATION,
    ),
    Cause(
        kind=NotPermittedError,
        statuses=(403,),
        text=r"IP not allowed",
        reason="this machine's address is not on the account's IP allow list ({code})",
        hint="add it to the list in Maia, IPv6 included",
    ),
    Cause(
        kind=NotPermittedError,
        statuses=(403,),
        rights=("POST /projects/*/pipeline-executions", "POST /projects/*/artifacts"),
        reason="the API credentials lack the right to do it ({code})",
        hint="give them the environment role Owner or Contributor",
        link=_CREDENTIALS,
    ),
    Cause(
        kind=NotPermittedError,
        statuses=(403,),
        rights=("GET /agents*",),
        reason="the API credentials lack the right to do it ({code})",
        hint="give them the account role Admin or Super Admin",
        link=_CREDENTIALS,
    ),
    Cause(
        kind=NotPermittedError,
        statuses=(403,),
        rights=("GET *",),
        reason="the API credentials lack the right to read it ({code})",
        hint="give them a role in the project and in its environments, and only if that does not"
        " help the account role Super Admin",
        link=_CREDENTIALS,
    ),
    Cause(
        kind=NotPermittedError,
        statuses=(403,),
        reason="the API credentials lack the right to do it ({code})",
        hint="give them a role in the project and in its environments that may change secret"
        " definitions, and only if that does not help the account role Super Admin",
        link=_CREDENTIALS,
    ),
    # This list is there for every account: what is not found is the API.
    Cause(
        kind=ConfigurationError,
        statuses=(404,),
        rights=("GET /projects",),
        reason="what answers there is not Maia's API ({code})",
        hint="check api_url, which ends in /dpc, or set region instead; check any proxy on the way",
    ),
    # Asked to show something, Maia does not say whether it is missing or hidden.
    Cause(
        kind=NotVisibleError,
        statuses=(404,),
        rights=("GET *",),
        reason="Maia says it does not exist, or hides it from these credentials ({code})",
        hint="check the project, environment and name, the account's region or api_url, and the"
        " credentials' role",
    ),
    Cause(
        kind=NotFoundError,
        statuses=(404,),
        reason="Maia says it does not exist ({code})",
        hint="check the project, environment and name, and the account's region or api_url",
    ),
    Cause(
        kind=ConflictError,
        statuses=(409,),
        reason="it was created meanwhile ({code})",
        hint="run again",
    ),
    Cause(
        kind=TransientError,
        statuses=(429,),
        reason="the account's request limit is used up ({code})",
        hint="set requests_per_minute to what the account has left for this run, or run it later",
    ),
    Cause(
        kind=TransientError,
        statuses=(408, *SERVER_ERRORS),
        reason="Maia is failing ({code})",
        hint="run again later",
    ),
    Cause(
        kind=ApiError,
        statuses=(405, 415, 501),
        reason="what answers at api_url does not know this request ({code})",
        hint="check api_url and any proxy on the way, and update the collection",
    ),
    Cause(
        kind=ApiError,
        reason="Maia refused the request ({code})",
        hint="check the module's options",
    ),
)

TOKEN_ANSWERS = linked(
    _AUTHENTICATION,
    *_BETWEEN,
    # https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1, whatever the status beside it.
    Cause(
        kind=TransientError,
        codes=("temporarily_unavailable", "server_error", "slow_down"),
        reason="the token endpoint is busy or failing ({code})",
        hint="run again in a while",
    ),
    Cause(
        kind=AuthenticationError,
        codes=("invalid_client", "invalid_grant", "access_denied"),
        reason="Maia does not accept them ({code})",
        hint="check client_id and client_secret, and that the API credentials still exist",
    ),
    Cause(
        kind=AuthenticationError,
        codes=("unauthorized_client", "unsupported_grant_type"),
        reason="these credentials are not for the API ({code})",
        hint="create API credentials in Maia, and give their client_id and client_secret",
    ),
    Cause(
        kind=AuthenticationError,
        statuses=(400, 401, 403),
        reason="what answers does not accept them, and does not say it in OAuth's words ({code})",
        hint="leave token_url out if it is set, or correct it; then check client_id and"
        " client_secret, and any proxy on the way",
    ),
    Cause(
        kind=ApiError,
        statuses=(200, 404, 405, 410),
        reason="what answers there is not Maia's token endpoint ({code})",
        hint="leave token_url out or correct it, and check any proxy on the way",
    ),
    Cause(
        kind=TransientError,
        reason="the token endpoint is busy or failing ({code})",
        hint="check token_url and run again later",
    ),
)

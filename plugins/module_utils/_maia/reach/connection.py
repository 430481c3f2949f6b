# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Maia: options, and the client that they describe."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..._core.argspec import ArgumentSpec
from ..._core.endpoint import Endpoint
from ..._core.errors import ConfigurationError
from ..._core.http import RequestsTransport
from ..._core.limits import TIME_SPEC
from ..._core.operation import Params, Runtime
from ..model.definition import REGIONS
from .budget import DEFAULT_LIMIT, LIMITS, Budget
from .client import MaiaClient

SUBJECT = "Maia connection"

_REGION = re.compile(r"[a-z]{2}[0-9]{1,2}")
# One token endpoint serves all regions.
TOKEN_URL = "https://id.core.matillion.com/oauth/dpc/token"
_VERSION = "/v1"
_VENDOR_DOMAIN = "matillion.com"

CONNECTION_SPEC = ArgumentSpec(
    options={
        "client_id": {"type": "str", "environment": ["MAIA_CLIENT_ID"]},
        "client_secret": {
            "type": "str",
            "no_log": True,
            "environment": ["MAIA_CLIENT_SECRET"],
        },
        "access_token": {
            "type": "str",
            "no_log": True,
            "environment": ["MAIA_ACCESS_TOKEN"],
        },
        "region": {
            "type": "str",
            "environment": ["MAIA_REGION"],
        },
        "api_url": {"type": "str", "environment": ["MAIA_API_URL"]},
        "token_url": {
            "type": "str",
            "no_log": False,
            "default": TOKEN_URL,
            "environment": ["MAIA_TOKEN_URL"],
        },
        "allow_unknown_region": {"type": "bool", "default": False},
        "allow_unknown_api_host": {"type": "bool", "default": False},
        "ca_bundle": {"type": "path"},
        "requests_per_minute": {
            "type": "int",
            "default": DEFAULT_LIMIT,
            "environment": ["MAIA_REQUESTS_PER_MINUTE"],
        },
    },
).merge(TIME_SPEC)


@dataclass(frozen=True)
class MaiaConnection:
    """Where and as whom to call Maia. from_params() has checked all of it."""

    api_url: str
    token_url: str
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None
    requests_per_minute: int = DEFAULT_LIMIT

    @classmethod
    def from_params(cls, params: Params) -> MaiaConnection:
        """Raises ConfigurationError before anything is contacted."""
        lacking = [name for name in ("client_id", "client_secret") if not params[name]]
        if lacking and not params["access_token"]:
            raise _without_credentials(lacking)
        if not params["api_url"] and not params["region"]:
            raise ConfigurationError(
                SUBJECT,
                "neither region nor api_url is set",
                f"set region (or MAIA_REGION) to the account's region: {', '.join(REGIONS)}",
            )
        if params["requests_per_minute"] not in LIMITS:
            raise ConfigurationError(
                SUBJECT,
                f"requests_per_minute is {params['requests_per_minute']}",
                f"give a number from {LIMITS[0]} to {LIMITS[-1]}",
            )
        anywhere = params["allow_unknown_api_host"]
        url = _checked_url("api_url", params["api_url"] or _url_of(params), anywhere)
        if url.lower().endswith(_VERSION):
            raise ConfigurationError(
                SUBJECT,
                f"api_url ends in {_VERSION}, which this collection adds itself",
                f"leave {_VERSION} out",
            )
        return cls(
            api_url=url,
            token_url=_checked_url("token_url", params["token_url"] or TOKEN_URL, anywhere),
            client_id=params["client_id"],
            client_secret=params["client_secret"],
            access_token=params["access_token"],
            ca_bundle=params["ca_bundle"],
            requests_per_minute=params["requests_per_minute"],
        )

    @contextmanager
    def open(self, runtime: Runtime) -> Iterator[MaiaClient]:
        """A client; nothing is contacted yet."""

        def make() -> RequestsTransport:
            return RequestsTransport(self.ca_bundle, repeatable_url=self.token_url)

        with runtime.clients.lease(self, make) as transport:
            client = MaiaClient(
                transport,
                runtime,
                api_url=self.api_url,
                token_url=self.token_url,
                client_id=self.client_id,
                client_secret=self.client_secret,
                access_token=self.access_token,
                budget=Budget(self.requests_per_minute),
            )
            transport.before_repeat = client.take_turn  # a repeat is a request as well
            yield client


def _without_credentials(lacking: list[str]) -> ConfigurationError:
    if len(lacking) == 1:
        (name,) = lacking
        variable = f"MAIA_{name.upper()}"
        held = f"; the variable {variable} is empty" if variable in os.environ else ""
        return ConfigurationError(
            SUBJECT, f"{name} is missing{held}", f"set {name} or {variable} as well"
        )
    return ConfigurationError(
        SUBJECT,
        "there are no credentials",
        "set client_id and client_secret (or MAIA_CLIENT_ID and MAIA_CLIENT_SECRET),"
        " or access_token",
    )


def api_url(region: str) -> str:
    """The URL of the API in a region; all regions' have the same form."""
    return f"https://{region}.api.matillion.com/dpc"


def _url_of(params: Params) -> str:
    """The URL for the region that is given. Raises ConfigurationError."""
    region = params["region"]
    if region in REGIONS or (params["allow_unknown_region"] and _REGION.fullmatch(region)):
        return api_url(region)
    raise ConfigurationError(
        SUBJECT,
        f"region '{region[:16]}' is not one that is known ({', '.join(REGIONS)})",
        "correct it, or set allow_unknown_region if Maia has a region of this name now",
    )


def _checked_url(option: str, url: str, anywhere: bool) -> str:
    """The URL without its last slash; anywhere: its host need not be the vendor's."""
    endpoint = Endpoint.parse(url, f"{SUBJECT}, option {option}")
    if not (anywhere or endpoint.is_loopback or endpoint.is_in(_VENDOR_DOMAIN)):
        raise ConfigurationError(
            SUBJECT,
            f"the host '{endpoint.host}' is not in {_VENDOR_DOMAIN}, so the credentials are not"
            " sent there",
            "correct api_url and token_url, or set allow_unknown_api_host if they are right",
        )
    return endpoint.url

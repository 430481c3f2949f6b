# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one check of every URL and host that credentials are sent to.

Libraries read odd URLs in different ways (RFC 3986 and the WHATWG's URL standard differ already):
what one takes for a path is the host for another. So only what all of them read in the same way is
accepted, and what is used is built anew from the parts.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from urllib.request import getproxies_environment

from .errors import ConfigurationError

_IPV6_LOOPBACK = "[::1]"
# The loopback interface. Not all of 127.0.0.0/8: other addresses there can be other services.
_LOOPBACK = ("localhost", "127.0.0.1", _IPV6_LOOPBACK)

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[::1\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?P<path>(?:/[a-z0-9._~-]+)*)/?",
    re.ASCII | re.IGNORECASE,
)
_MAX_HOST, _MAX_PORT = 253, 65535
# Some libraries take such a last part of a host for a number, and the host for an IPv4 address.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_DOTS = (".", "..")


@dataclass(frozen=True)
class Endpoint:
    """Where a service is.

    host: in lower case, IPv6 in brackets. port: None is the scheme's own. path: empty, or begins
    with a slash and does not end with one.
    """

    scheme: str
    host: str
    port: int | None = None
    path: str = ""

    @classmethod
    def parse(cls, text: str, subject: str, *, path: bool = True) -> Endpoint:
        """The parts of http[s]://<host>[:<port>][/<path>].

        subject: what gave the URL ("Option api_url"). path: whether there may be one.
        Raises ConfigurationError, which does not quote the text: it may hold a password.
        """
        found = cls._read(text)
        example = "https://<host>/<path>" if path else "https://<host>"
        if found is None or (found.path and not path):
            raise ConfigurationError(
                subject,
                f"it is not a plain URL like {example}",
                "use letters, digits, dots and hyphens for the host, and neither a user name, a"
                " query nor escapes",
            )
        if found.scheme == "http" and not found.is_loopback:
            raise ConfigurationError(
                subject,
                f"http would send credentials to '{found.host}' unencrypted",
                "use https; http is for services on this machine only",
            )
        return found

    @classmethod
    def of_host(
        cls, host: str, subject: str, *, port: int | None = None, scheme: str = "https"
    ) -> Endpoint:
        """The same for a host that is given on its own."""
        if cls._read(f"https://{host}") != cls("https", host.lower()):
            raise ConfigurationError(
                subject,
                "it is not the name of a host",
                "use letters, digits, dots and hyphens only, without https:// and without a port",
            )
        if port is not None and not 0 < port <= _MAX_PORT:
            raise ConfigurationError(
                subject, f"{port} is not a port", f"give a port from 1 to {_MAX_PORT}"
            )
        authority = host if port is None else f"{host}:{port}"
        return cls.parse(f"{scheme}://{authority}", subject, path=False)

    @classmethod
    def _read(cls, text: str) -> Endpoint | None:
        match = _URL.fullmatch(text)
        if match is None:
            return None
        host, port, path = match["host"].lower(), match["port"], match["path"]
        if len(host) > _MAX_HOST or (port and int(port) > _MAX_PORT):
            return None
        if not _reads_as_written(host) or any(part in _DOTS for part in path.split("/")):
            return None
        return cls(match["scheme"].lower(), host, int(port) if port else None, path)

    @property
    def url(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, where plain http is safe."""
        return self.host in _LOOPBACK

    def is_in(self, domain: str) -> bool:
        """Whether the host is the domain or below it."""
        return self.host == domain or self.is_below(domain)

    def is_below(self, domain: str) -> bool:
        return self.host.endswith(f".{domain}")


def _reads_as_written(host: str) -> bool:
    """Whether no library can read the host as an IPv4 address in another notation."""
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return True
    try:
        return str(IPv4Address(host)) == host
    except AddressValueError:
        return False


def keep_loopback_off_proxies() -> None:
    """Let no proxy of the environment come between this process and this machine.

    The variables are what all SDKs and their credential sources read, in every version. Where none
    names a proxy they stay as they are: on macOS they would hide the system's settings.
    """
    if not getproxies_environment().keys() - {"no"}:
        return
    # Some libraries prefer one spelling, some the other.
    lower, upper = (os.environ.get(name, "") for name in ("no_proxy", "NO_PROXY"))
    for name, held in (("no_proxy", lower or upper), ("NO_PROXY", upper or lower)):
        if held != "*":  # all hosts
            known = [host.strip() for host in held.split(",") if host.strip()]
            missing = [host for host in (*_LOOPBACK, "::1") if host not in known]
            os.environ[name] = ",".join([*known, *missing])

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why no answer came, the same for all services: names, routes, proxies, certificates.

Words: service; where, the options that say where the service is; ca, the option for a CA bundle.
https://requests.readthedocs.io/en/latest/user/advanced/
"""

from __future__ import annotations

from .causes import Cause, linked
from .errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    NotPermittedError,
    TransientError,
)

_TLS = "https://docs.openssl.org/master/man1/openssl-verification-options/#diagnostics"
_PROXIES = "https://requests.readthedocs.io/en/latest/user/advanced/#proxies"
_TIMEOUTS = "https://requests.readthedocs.io/en/latest/user/quickstart/#errors-and-exceptions"
_UNREACHED = "{service} could not be reached: "

CERTIFICATES = linked(
    _TLS,
    Cause(
        kind=TransientError,
        text=r"certificate has expired|certificate expired|\bCertExpired\b|certificate: Expired",
        reason=_UNREACHED + "the certificate that was shown has expired",
        hint="check this machine's clock; if it is right, the server's or the proxy's certificate"
        " has to be renewed",
    ),
    Cause(
        kind=TransientError,
        text=r"certificate is not yet valid|NotValidYet|not valid yet",
        reason=_UNREACHED + "the certificate that was shown is not valid yet",
        hint="set this machine's clock, which is probably behind",
    ),
    Cause(
        kind=TransientError,
        text=r"hostname mismatch|hostname [^\n]{0,300}(doesn't|does not) match|IP address mismatch"
        r"|NotValidForName|not valid for name|not valid for ['\"]",
        reason=_UNREACHED + "the certificate that was shown is for another host",
        hint="check {where}, and any proxy that answers in its place",
    ),
    Cause(
        kind=TransientError,
        text=r"self.signed certificate|unable to get (local )?issuer|unknown ?issuer|unknown ca\b"
        r"|certificate verify failed|CERTIFICATE_VERIFY_FAILED|bad certificate"
        r"|invalid peer certificate|certificate unknown",
        reason=_UNREACHED + "the TLS certificate that was shown is not signed by a trusted"
        " authority",
        hint="give the CA's certificate with {ca} if a proxy inspects TLS or the server has a CA"
        " of its own; else check {where}",
    ),
    Cause(
        kind=TransientError,
        text=r"wrong.version.number|record.layer.failure|https?_proxy_request|InvalidContentType"
        r"|received corrupt message|http request\b.*ssl|ssl.*http request",
        reason=_UNREACHED + "what answers there does not speak TLS",
        hint="check the port in {where}, and whether HTTPS_PROXY has to begin with http://",
    ),
    Cause(
        kind=TransientError,
        text=r"unsupported.protocol|protocol.version|no.shared.cipher|handshake.failure",
        reason=_UNREACHED + "both sides have no version or cipher of TLS in common",
        hint="update OpenSSL on this machine, or ask who runs the proxy on the way",
    ),
)

PROXIES = linked(
    _PROXIES,
    Cause(
        kind=AuthenticationError,
        text=r"Tunnel connection failed: 407|Proxy Authentication Required",
        reason=_UNREACHED + "the proxy on the way asks for a user name and a password (HTTP 407)",
        hint="put them into HTTPS_PROXY (http://user:password@host:port, with %XX for special"
        " characters), or add the host to NO_PROXY",
    ),
    Cause(
        kind=NotPermittedError,
        text=r"Tunnel connection failed: (?P<refused>40[0-6]|451)",
        reason=_UNREACHED + "the proxy on the way does not let this host through (HTTP {refused})",
        hint="have the host allowed by who runs the proxy, or add it to NO_PROXY if it can be"
        " reached directly",
    ),
    Cause(
        kind=TransientError,
        text=r"Tunnel connection failed",
        reason=_UNREACHED + "the proxy on the way could not connect to it",
        hint="check {where}, then ask who runs the proxy",
    ),
    Cause(
        kind=ConfigurationError,
        text=r"unsupported scheme",
        reason=_UNREACHED + "HTTPS_PROXY is not the URL of a proxy that is supported",
        hint="give it as http://host:port",
    ),
    Cause(
        kind=TransientError,
        text=r"to connect to proxy[^\n]{0,300}(Failed to resolve|name resolution|not known)",
        reason=_UNREACHED + "the host that HTTPS_PROXY names is not known",
        hint="correct HTTPS_PROXY, which has the form http://host:port",
    ),
    Cause(
        kind=ConfigurationError,
        raised=("InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"),
        reason=_UNREACHED + "HTTPS_PROXY is not the URL of a proxy",
        hint="give it as http://host:port",
    ),
    Cause(
        kind=ConfigurationError,
        raised=("InvalidSchema", "MissingDependencies"),
        text=r"SOCKS",
        reason=_UNREACHED + "HTTPS_PROXY names a SOCKS proxy, which needs the library PySocks",
        hint="install requests[socks] into the Python that runs the task, or use an http proxy",
    ),
)

# Before what says so by its class: urllib3 takes a connection that was cut for one that its proxy
# did not make, since by then it has forgotten that the proxy answered.
CUT = (
    Cause(
        kind=TransientError,
        text=r"Connection reset|RemoteDisconnected|Connection aborted|closed connection"
        r"|Connection was closed|broken pipe|EOF occurred|unexpected end of file|connection closed",
        reason=_UNREACHED + "the connection was cut",
        hint="run again; if it stays so, a firewall or a proxy on the way cuts it",
        link=_TIMEOUTS,
    ),
)

UNREACHED_PROXY = (
    Cause(
        kind=TransientError,
        raised=("ProxyError", "ProxyConnectionError"),
        or_text=r"(unable|cannot|failed) to connect to (the )?proxy|ProxyError\(",
        reason=_UNREACHED + "the proxy that HTTPS_PROXY names cannot be reached",
        hint="correct HTTPS_PROXY, or add the host to NO_PROXY if no proxy is needed",
        link=_PROXIES,
    ),
)

UNVERIFIED = (
    Cause(
        kind=TransientError,
        raised=("*SSLError", "*TlsError"),
        or_text=r"\bcertificate\b|\b(ssl|tls)(error)?\b|handshake",
        reason=_UNREACHED + "the TLS connection could not be verified",
        hint="check {where}, {ca} and any proxy on the way",
        link=_TLS,
    ),
)

ROUTES = linked(
    _TIMEOUTS,
    Cause(
        kind=TransientError,
        text=r"Name or service not known|name resolution|nodename nor servname|getaddrinfo"
        r"|Failed to resolve|No address associated|failed to lookup address|dns error",
        reason=_UNREACHED + "the name of its host is not known",
        hint="check {where} for a typing mistake, then this machine's DNS; behind a proxy set"
        " HTTPS_PROXY",
        link="https://man7.org/linux/man-pages/man3/getaddrinfo.3.html",
    ),
    Cause(
        kind=TransientError,
        text=r"Network is unreachable|No route to host|Address family not supported"
        r"|Cannot assign requested address|Host is unreachable",
        reason=_UNREACHED + "this machine has no route to it",
        hint="check its network; a machine with IPv6 only reaches services with IPv4 only through"
        " NAT64 or a proxy (HTTPS_PROXY), and some at a dual-stack endpoint",
        link="https://man7.org/linux/man-pages/man2/connect.2.html",
    ),
    Cause(
        kind=TransientError,
        text=r"Connection refused|actively refused",
        reason=_UNREACHED + "nothing listens there (connection refused)",
        hint="check {where}, and whether a proxy (HTTPS_PROXY) has to be used",
        link="https://man7.org/linux/man-pages/man2/connect.2.html",
    ),
    Cause(
        kind=TransientError,
        raised=("*Timeout", "*TimeoutError"),
        or_text=r"timed out|deadline has elapsed|operation timed out",
        reason=_UNREACHED + "no answer came in time",
        hint="check {where}, whether a firewall drops the connection or a proxy (HTTPS_PROXY) has"
        " to be used, and run again",
    ),
    Cause(
        kind=ApiError,
        text=r"answer is larger than \d+ bytes",
        reason="the answer is larger than 4 MiB, which none of {service} is",
        hint="check {where}, and any proxy that answers in its place",
    ),
    Cause(
        kind=TransientError,
        raised=(
            *("ChunkedEncodingError", "ContentDecodingError", "IncompleteReadError"),
            *("ResponseStreamingError", "DecodeError", "IncompleteRead", "InvalidChunkLength"),
            *("ProtocolError", "ResponseNotChunked", "BodyNotHttplibCompatible"),
            *("HeaderParsingError", "InvalidJSONError", "StreamConsumedError"),
        ),
        reason=_UNREACHED + "its answer broke off or cannot be decoded",
        hint="run again; if it stays so, a proxy on the way damages answers",
    ),
    Cause(
        kind=TransientError,
        raised=("TooManyRedirects", "TooManyRedirectsError", "HostChangedError"),
        reason=_UNREACHED + "it is redirected again and again",
        hint="sign in to the network if it has a sign-in page, and check any proxy on the way",
    ),
    Cause(
        kind=TransientError,
        raised=("RetryError", "MaxRetryError", "ResponseError"),
        reason=_UNREACHED + "it was tried again and again in vain",
        hint="run again later",
    ),
    Cause(
        kind=ConfigurationError,
        raised=("InvalidHeader",),
        reason=_UNREACHED + "a token, a key or an id that is sent has a character that HTTP cannot",
        hint="check the credentials for line ends and for characters other than ASCII",
    ),
    Cause(
        kind=ConfigurationError,
        raised=(
            *("InvalidURL", "LocationValueError", "MissingSchema", "InvalidSchema"),
            *("URLRequired", "URLSchemeUnknown", "LocationParseError"),
        ),
        reason=_UNREACHED + "a URL on the way to it is not valid",
        hint="check {where} and HTTPS_PROXY",
    ),
)

NETWORK = (*PROXIES, *CERTIFICATES, *CUT, *UNREACHED_PROXY, *UNVERIFIED, *ROUTES)

# For an exception that says only that there was no answer.
UNANSWERED = Cause(
    kind=TransientError,
    reason=_UNREACHED + "no answer ({class_name})",
    hint="check {where}, network, proxy and {ca}, and run again",
    link=_TIMEOUTS,
)

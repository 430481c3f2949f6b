# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificate authorities a client trusts.

Libraries read a bundle's path in different ways: an empty one has switched verification off in
several, a wrong one ends as an error of theirs in the middle of a request. So the choice is made
and checked here, and they are given either a good file or True. There is no way to say False.
"""

from __future__ import annotations

import os
import ssl
import stat
from collections.abc import Iterable

from .errors import ConfigurationError

# https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification
REQUESTS_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CURE = "give the path of a PEM file with certificates; verification cannot be switched off"


def trusted_authorities(ca_bundle: str | None, variables: Iterable[str]) -> str | None:
    """The path of the bundle to use, None for the library's own authorities.

    ca_bundle: the option; empty is not given. variables: those of the environment that the library
    reads, the first of them that is set counts. Raises ConfigurationError for a bundle that cannot
    be used.
    """
    if ca_bundle:
        check_bundle("Option ca_bundle", ca_bundle)
        return ca_bundle
    for name in variables:
        if path := os.environ.get(name):
            check_bundle(f"Environment variable {name}", path)
            return path
    return None


def check_bundle(subject: str, path: str) -> None:
    """Raises ConfigurationError if the file is not one with certificates."""
    try:
        # Looked at before it is read: a pipe would be waited for.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise ConfigurationError(subject, f"'{path}' is not a file", _CURE)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
        certificates = context.cert_store_stats()["x509"]
    except FileNotFoundError:
        raise ConfigurationError(subject, f"there is no file '{path}'", _CURE) from None
    except ssl.SSLError:
        certificates = 0
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise ConfigurationError(
            subject, f"'{path}' cannot be read ({type(error).__name__})", _CURE
        ) from None
    if not certificates:
        raise ConfigurationError(subject, f"'{path}' holds no certificates", _CURE)

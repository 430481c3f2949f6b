# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tokens of Entra ID come from, in the user's words.

https://learn.microsoft.com/python/api/overview/azure/identity-readme
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

_MARK = "maia_stripe_query_source"
_Token = TypeVar("_Token")


def source_of(error: BaseException) -> str | None:
    """The credential that raised it; None if it was none of ours."""
    name: str | None = getattr(error, _MARK, None)
    return name


def caller_of(response: object) -> str:
    """Whose token the request had that was answered like this."""
    return str(getattr(response, _MARK, "the identity"))


def name_of(
    kind: str, *, client_id: str | None, tenant_id: str | None, token_file: str | None
) -> str:
    """A credential as messages call it; kind: the option credential, "auto" resolved."""
    client = f" {client_id}" if client_id else ""
    tenant = f" in tenant {tenant_id}" if tenant_id else ""
    return {
        "service_principal": f"the service principal{client}{tenant}",
        "certificate": f"the service principal{client}{tenant} with its certificate",
        "workload_identity": f"workload identity{client}{tenant} (token file {token_file})",
        "managed_identity": f"the managed identity{client} of this machine",
        "cli": f"az login{tenant}",
    }.get(kind, "DefaultAzureCredential")


class NamedCredential:
    """A credential of azure-identity that signs what it raises, for source_of()."""

    def __init__(self, credential: Any, name: str) -> None:
        self._credential = credential
        self._name = name

    def get_token(self, *scopes: str, **options: Any) -> Any:
        return self._signed(lambda: self._credential.get_token(*scopes, **options))

    def close(self) -> None:
        if close := getattr(self._credential, "close", None):
            close()

    def _signed(self, get: Callable[[], _Token]) -> _Token:
        try:
            return get()
        except Exception as error:
            setattr(error, _MARK, self._name)
            raise


class _WithTokenInfo(NamedCredential):
    """The same for versions of azure-identity that give more than a token."""

    def get_token_info(self, *scopes: str, **options: Any) -> Any:
        return self._signed(lambda: self._credential.get_token_info(*scopes, **options))


def named(credential: Any, name: str) -> NamedCredential:
    """The credential, signing what it raises."""
    has_info = hasattr(credential, "get_token_info")
    return (_WithTokenInfo if has_info else NamedCredential)(credential, name)


# A missing library is reported as such before anything here is used.
with suppress(ImportError):
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class CallerPolicy(SansIOHTTPPolicy[Any, Any]):
        """Signs each answer with the name of the credential, for caller_of()."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self._name = name

        def on_response(self, request: Any, response: Any) -> None:  # noqa: ARG002
            setattr(response.http_response, _MARK, self._name)

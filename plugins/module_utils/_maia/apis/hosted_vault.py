# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matillion's own vault (Full SaaS), in which secrets can be made and nothing else.

https://docs.maia.ai/docs/api-reference/provisioning-a-project has "Create Secret - Full SaaS only".
No call is published to list, change or delete one. So each value is a secret of its own, whose name
tells which value it is.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from ..._core.argspec import ArgumentSpec
from ..._core.errors import ApiError, CollectionError, ConfigurationError, ConflictError
from ..._core.operation import Params
from ..._core.wording import listed
from ..._secret.fingerprint import Fingerprint
from ..projects.projects import Project, customers_vaults
from ..reach.client import MaiaClient
from ..unverified import HOSTED_SECRET_TYPE, HOSTED_SECRETS_PATH, HOSTED_VALUE_FIELD

_ATTEMPT = "storing its value in Matillion's vault"
HOSTED_SPEC = ArgumentSpec(
    options={
        "on_edited": {"type": "str", "choices": ["fail", "overwrite"], "default": "fail"},
        "secret_type": {"type": "str", "no_log": False, "default": HOSTED_SECRET_TYPE},
        "value_field": {"type": "str", "default": HOSTED_VALUE_FIELD},
        "secrets_path": {"type": "str", "no_log": False, "default": HOSTED_SECRETS_PATH},
    },
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,64}(?:/[A-Za-z0-9_-]{1,64}){0,5}")
_DIGITS = (
    r"(?P<key_id>[0-9a-f]{8})?(?P<salt>[0-9a-f]{16})(?P<digest>[0-9a-f]{32})(?P<place>[0-9a-f]{8})"
    r"(?P<random>[0-9a-f]{8})"
)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What Maia answers to a request that it does not understand.
_NOT_UNDERSTOOD = (400, 404, 405, 410, 415, 422, 501)


@dataclass(frozen=True)
class HostedRequest:
    """What is not published of the request; see unverified.py."""

    secret_type: str = HOSTED_SECRET_TYPE
    value_field: str = HOSTED_VALUE_FIELD
    path: str = HOSTED_SECRETS_PATH

    @classmethod
    def from_params(cls, params: Params) -> HostedRequest:
        """Raises ConfigurationError."""
        request = cls(params["secret_type"], params["value_field"], params["secrets_path"])
        for option, value, pattern in (
            ("secret_type", request.secret_type, _WORD),
            ("value_field", request.value_field, _WORD),
            ("secrets_path", request.path, _PATH),
        ):
            if not pattern.fullmatch(value) or (option, value) in _TAKEN:
                raise ConfigurationError(
                    f"Option {option}",
                    f"it is '{value[:64]}'",
                    "give the word that Maia's API has for it",
                )
        return request


_TAKEN = {("value_field", "name"), ("value_field", "type")}


class HostedVault:
    """The vault of one Full SaaS project."""

    def __init__(self, client: MaiaClient, project: Project, request: HostedRequest) -> None:
        self._client = client
        self._project = project
        self._path = f"/projects/{project.id}/{request.path}"
        self._request = request

    def check(self, *, subject: str) -> None:
        """Raise ConflictError for a project that is known to be Hybrid, without such a vault.

        subject: the definition's, for errors.
        """
        if vaults := customers_vaults(self._client, self._project, subject):
            raise ConflictError(
                subject,
                "its project is Hybrid, without a vault of Matillion's, and its runners read"
                f" {listed(vaults)}",
                "store the key in their vault, and give secret_name in place of the key",
            )

    def store(self, name: str, value: str, *, subject: str) -> None:
        """Make a secret of this name. subject: the definition's, for errors."""
        body = {
            "name": name,
            "type": self._request.secret_type,
            self._request.value_field: value,
        }
        try:
            self._client.call("POST", self._path, body=body, subject=subject, attempt=_ATTEMPT)
        except CollectionError as error:
            if error.status in _NOT_UNDERSTOOD:
                raise self._not_understood(subject, error) from None
            raise

    def _not_understood(self, subject: str, error: CollectionError) -> ApiError:
        request = self._request
        sent = f"type {request.secret_type}, value in {request.value_field}, path {request.path}"
        return ApiError(
            subject,
            f"{error.reason}. Which request it takes is not published; ours had {sent}",
            "check that it is a Full SaaS project, set secret_type, value_field or secrets_path to"
            " what your account takes, or make the secret in Maia's user interface and give its"
            " name to maia_secret_definition as secret_name",
            attempt=error.attempt,
            status=error.status,
        )


def name_for(definition: str, fingerprint: Fingerprint) -> str:
    """A name that no other secret has: <definition>-<fingerprint and something random, as hex>.

    A run that ends between the secret and its definition leaves a secret that nothing names.
    """
    it = fingerprint
    digits = f"{it.key_id}{it.salt}{it.digest}{it.place}"
    return f"{definition}-{digits}{secrets.token_hex(4)}"


def fingerprint_in(secret_name: str | None, definition: str) -> Fingerprint | None:
    """The fingerprint in a name that name_for() made for this definition, or None."""
    match = re.fullmatch(rf"{re.escape(definition)}-{_DIGITS}", secret_name or "")
    if match is None:
        return None
    return Fingerprint(match["salt"], match["digest"], match["key_id"] or "", match["place"])


def is_edited(secret_name: str | None, project_id: str, definition: str) -> bool:
    """Whether Maia's user interface created this secret when the definition was edited.

    https://docs.maia.ai/docs/guides/secrets-and-connections-overview: it is called
    <projectId>-<environment>-<connection name>-<random UUID>.
    """
    pattern = rf"{re.escape(project_id)}-.+-{re.escape(definition)}-{_UUID}"
    return re.fullmatch(pattern, secret_name or "", re.DOTALL | re.IGNORECASE) is not None


def check_hosted(secret_name: str | None, project_id: str, definition: str, subject: str) -> None:
    """Raise ConflictError for a definition that is to go, and does not name such a secret."""
    made_for_it = fingerprint_in(secret_name, definition) is not None
    if not made_for_it and not is_edited(secret_name, project_id, definition):
        hint = "delete it with maia_secret_definition, or point it at that secret again first"
        raise not_hosted(subject, hint)


def not_hosted(subject: str, hint: str) -> ConflictError:
    """Of a definition that points elsewhere."""
    return ConflictError(
        subject,
        "it exists and does not name a secret that was made for it in Matillion's vault",
        hint,
    )


def edited(subject: str) -> ConflictError:
    """For a definition that is_edited() and is to stay as it is."""
    return ConflictError(
        subject,
        "its value was changed in Maia's user interface, which created a new secret",
        "find out who and why; set on_edited to overwrite to point it back",
    )

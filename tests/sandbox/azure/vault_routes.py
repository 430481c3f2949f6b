# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets operations of Key Vault over HTTP: authentication, rights, paging, errors."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from sandbox.azure import hosts, payload
from sandbox.azure.credentials import Application
from sandbox.azure.entra import RESOURCE, InvalidToken
from sandbox.azure.rights import OPERATIONS, RIGHTS
from sandbox.azure.vault import Vault, VaultError
from sandbox.service import InjectedFault

if TYPE_CHECKING:
    from sandbox.azure.service import AzureService

API_VERSIONS = ("7.4", "7.5", "7.6", "2025-07-01", "2026-04-01")
STATUS = {"BadParameter": 400, "Forbidden": 403, "SecretNotFound": 404, "Conflict": 409}
FAULTS = {
    400: "BadParameter",
    401: "Unauthorized",
    403: "Forbidden",
    404: "SecretNotFound",
    409: "Conflict",
    429: "Throttled",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}


class Unauthorized(Exception):
    """A request without a valid access token; the text says why."""


@dataclass(frozen=True)
class Call:
    """An authorized request: the vault that it means and a writer for its answers."""

    vault: Vault
    writer: payload.Writer


Handler = Callable[..., ResponseReturnValue]


class VaultRoutes:
    def __init__(self, service: AzureService) -> None:
        self._service = service

    def blueprint(self) -> Blueprint:
        blueprint = Blueprint("vault", __name__)
        rules: list[tuple[str, str, str, Handler]] = [
            ("PUT", "/secrets/<name>/", "SetSecret", set_secret),
            ("GET", "/secrets/<name>/", "GetSecret", get_secret),
            ("GET", "/secrets/<name>/<version>/", "GetSecret", get_secret),
            ("PATCH", "/secrets/<name>/", "UpdateSecret", update_secret),
            ("PATCH", "/secrets/<name>/<version>/", "UpdateSecret", update_secret),
            ("DELETE", "/secrets/<name>/", "DeleteSecret", delete_secret),
            ("GET", "/secrets/<name>/versions/", "GetSecretVersions", get_secret_versions),
            ("GET", "/secrets/", "GetSecrets", get_secrets),
            ("GET", "/deletedsecrets/<name>/", "GetDeletedSecret", get_deleted_secret),
            ("GET", "/deletedsecrets/", "GetDeletedSecrets", get_deleted_secrets),
            ("POST", "/deletedsecrets/<name>/recover/", "RecoverDeletedSecret", recover),
            ("DELETE", "/deletedsecrets/<name>/", "PurgeDeletedSecret", purge),
        ]
        for method, rule, operation, handler in rules:
            blueprint.add_url_rule(
                rule,
                endpoint=f"{method} {rule}",
                view_func=partial(self._run, operation, handler),
                methods=[method],
                strict_slashes=False,
            )
        blueprint.register_error_handler(Unauthorized, self.challenge)
        blueprint.register_error_handler(VaultError, refusal)
        blueprint.register_error_handler(InjectedFault, self.fault)
        return blueprint

    def _run(self, operation: str, handler: Handler, **path: str) -> ResponseReturnValue:
        application = self._authenticate()
        name = path.get("name", "")
        vault = self._service.vaults[hosts.vault_name(request.host)]
        self._check_request(name)
        self._authorize(application, operation, vault, name)
        self._service.journal.enter(
            self._service.name, operation, write=OPERATIONS[operation].write
        )
        writer = payload.Writer(f"https://{request.host}", self._service)
        with self._service.lock:
            return handler(Call(vault, writer), **path)

    def _authenticate(self) -> Application:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthorized("AKV10000: Request is missing a Bearer or PoP token.")
        try:
            return self._service.entra.verify(token)
        except InvalidToken as error:
            raise Unauthorized(str(error)) from None

    def _check_request(self, name: str) -> None:
        version = request.args.get("api-version")
        if not version:
            raise VaultError("BadParameter", "api-version must be specified")
        if version not in API_VERSIONS:
            raise VaultError(
                "BadParameter",
                f"The specified version ({version}) is not recognized. Consider using the latest "
                f"supported version ({API_VERSIONS[-1]}).",
            )
        if name:
            payload.check_name(name)

    def _authorize(self, caller: Application, operation: str, vault: Vault, name: str) -> None:
        needed = OPERATIONS[operation]
        if needed.right in RIGHTS[caller.name]:
            return
        resource = (
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/sandbox"
            f"/providers/microsoft.keyvault/vaults/{vault.name}"
        )
        if name:
            resource += f"/secrets/{name}"
        raise VaultError(
            "Forbidden",
            "Caller is not authorized to perform action on resource.\r\n"
            "If role assignments, deny assignments or role definitions were changed recently, "
            "please observe propagation time.\r\n"
            f"Caller: appid={caller.client_id};oid={caller.object_id};"
            f"iss={self._service.entra.token_issuer}\r\n"
            f"Action: '{needed.action}'\r\n"
            f"Resource: '{resource}'\r\n"
            "Assignment: (not found)\r\n"
            "DenyAssignmentId: null\r\n"
            "DecisionReason: null \r\n"
            f"Vault: {vault.name};location=eastus\r\n",
            "ForbiddenByRbac",
        )

    def challenge(self, refused: Unauthorized) -> ResponseReturnValue:
        return self._with_challenge(_error(401, "Unauthorized", str(refused)))

    def fault(self, injected: InjectedFault) -> ResponseReturnValue:
        """The code of a fault may name an inner code too: "Conflict/ObjectIsBeingRecovered"."""
        fault = injected.fault
        code, _slash, inner = fault.code.partition("/")
        code = code or FAULTS.get(fault.status, "InternalServerError")
        answer = _error(fault.status, code, fault.message, inner)
        if fault.status == 401:
            answer = self._with_challenge(answer)
        response = make_response(answer)
        response.headers.update(fault.headers)
        return response

    def _with_challenge(self, answer: ResponseReturnValue) -> ResponseReturnValue:
        authority = f"{hosts.authority(request.host)}/{self._service.entra.tenant_id}"
        response = make_response(answer)
        response.headers["WWW-Authenticate"] = (
            f'Bearer authorization="{authority}", resource="{RESOURCE}"'
        )
        return response


def set_secret(call: Call, name: str) -> ResponseReturnValue:
    body = _body()
    value = payload.read_value(body)
    version = call.vault.set_secret(name, value, payload.read_properties(body))
    return jsonify(call.writer.bundle(call.vault.secret(name).name, version))


def get_secret(call: Call, name: str, version: str = "") -> ResponseReturnValue:
    found = call.vault.get_secret(name, version)
    return jsonify(call.writer.bundle(call.vault.secret(name).name, found))


def update_secret(call: Call, name: str, version: str = "") -> ResponseReturnValue:
    updated = call.vault.update_secret(name, version, payload.read_properties(_body()))
    return jsonify(call.writer.item(call.vault.secret(name).name, updated))


def delete_secret(call: Call, name: str) -> ResponseReturnValue:
    return jsonify(call.writer.deleted_bundle(call.vault.delete_secret(name)))


def get_secret_versions(call: Call, name: str) -> ResponseReturnValue:
    secret = call.vault.secret(name)
    # By identifier, which is random: the vendor promises no order either.
    items = {v.version: call.writer.item(secret.name, v) for v in secret.versions}
    return _page(call, items)


def get_secrets(call: Call) -> ResponseReturnValue:
    return _page(call, {s.name.lower(): call.writer.latest(s) for s in call.vault.secrets()})


def get_deleted_secret(call: Call, name: str) -> ResponseReturnValue:
    return jsonify(call.writer.deleted_bundle(call.vault.deleted_secret(name)))


def get_deleted_secrets(call: Call) -> ResponseReturnValue:
    deleted = call.vault.deleted_secrets()
    return _page(call, {d.secret.name.lower(): call.writer.deleted_item(d) for d in deleted})


def recover(call: Call, name: str) -> ResponseReturnValue:
    secret = call.vault.recover_deleted_secret(name)
    return jsonify(call.writer.item(secret.name, secret.latest))


def purge(call: Call, name: str) -> ResponseReturnValue:
    call.vault.purge_deleted_secret(name)
    return "", 204


def _page(call: Call, items: dict[str, dict[str, object]]) -> ResponseReturnValue:
    """One page of items in the order of their keys; the link carries the last key seen."""
    size = payload.read_page_size(request.args.get("maxresults"))
    try:
        after = base64.urlsafe_b64decode(request.args.get("$skiptoken", "")).decode()
    except ValueError:
        raise VaultError("BadParameter", "The skip token is not valid.") from None
    keys = sorted(key for key in items if key > after)
    next_link = None
    if len(keys) > size:
        query = {
            "api-version": request.args["api-version"],
            "$skiptoken": base64.urlsafe_b64encode(keys[size - 1].encode()).decode(),
            "maxresults": size,
        }
        next_link = f"{call.writer.base}{request.path}?{urlencode(query, safe='$')}"
    return jsonify({"value": [items[key] for key in keys[:size]], "nextLink": next_link})


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise VaultError("BadParameter", "The request body must be a JSON object.")
    return body


def refusal(error: VaultError) -> ResponseReturnValue:
    return _error(STATUS[error.code], error.code, error.message, error.inner)


def _error(status: int, code: str, message: str, inner: str = "") -> ResponseReturnValue:
    error: dict[str, object] = {"code": code, "message": message}
    if inner:
        error["innererror"] = {"code": inner}
    return {"error": error}, status

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI app: picks the part that the host means, and answers for what is nowhere."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox.azure import hosts
from sandbox.azure.token_routes import TokenRoutes
from sandbox.azure.vault_routes import VaultRoutes

if TYPE_CHECKING:
    from sandbox.azure.service import AzureService

NOWHERE = "<!DOCTYPE html><html><body><h1>404</h1><p>No such host.</p></body></html>"


def create_app(service: AzureService) -> Flask:
    app = Flask("sandbox.azure", static_folder=None)
    provider = DefaultJSONProvider(app)
    provider.sort_keys = False
    app.json = provider
    app.url_map.merge_slashes = False
    tokens = TokenRoutes(service)
    app.register_blueprint(tokens.entra_blueprint())
    app.register_blueprint(tokens.managed_blueprint())
    app.register_blueprint(VaultRoutes(service).blueprint())

    @app.before_request
    def pick() -> ResponseReturnValue | None:
        known = hosts.is_login(request.host) or hosts.vault_name(request.host) in service.vaults
        serves = request.blueprint is None or hosts.serves(request.host, request.blueprint)
        return None if known and serves else (NOWHERE, 404)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store, no-cache"
        response.headers["x-ms-request-id"] = str(uuid.uuid4())
        if request.blueprint == "vault":
            response.headers["x-ms-keyvault-region"] = "eastus"
        if client_request_id := request.headers.get("x-ms-client-request-id"):
            response.headers["x-ms-client-request-id"] = client_request_id
        return response

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        code = "BadParameter" if status < 500 else "InternalServerError"
        message = f"Method {request.method} does not allow this operation."
        return {"error": {"code": code, "message": message}}, status

    return app

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token endpoints over HTTP: Entra ID and the two services for managed identities."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from sandbox.azure.credentials import Application, TokenError
from sandbox.azure.entra import RESOURCE
from sandbox.service import Fault, InjectedFault

if TYPE_CHECKING:
    from sandbox.azure.service import AzureService

# What Entra ID says for a status: OAuth error code and AADSTS number.
FAULTS = {
    400: ("invalid_request", 90014),
    401: ("invalid_client", 7000215),
    429: ("temporarily_unavailable", 90055),
    500: ("server_error", 90020),
    503: ("temporarily_unavailable", 90033),
}


class TokenRoutes:
    def __init__(self, service: AzureService) -> None:
        self._service = service
        self._entra = service.entra

    def entra_blueprint(self) -> Blueprint:
        blueprint = Blueprint("entra", __name__)
        configuration = "/<tenant>/v2.0/.well-known/openid-configuration"
        blueprint.add_url_rule(configuration, view_func=self.openid_configuration)
        blueprint.add_url_rule("/common/discovery/instance", view_func=self.discovery)
        blueprint.add_url_rule(
            "/<tenant>/oauth2/v2.0/token", view_func=self.token, methods=["POST"]
        )
        blueprint.register_error_handler(TokenError, self.refusal)
        blueprint.register_error_handler(InjectedFault, self.fault)
        return blueprint

    def managed_blueprint(self) -> Blueprint:
        blueprint = Blueprint("managed", __name__)
        blueprint.add_url_rule("/msi/token", view_func=self.app_service_token)
        blueprint.register_error_handler(InjectedFault, self.fault)
        return blueprint

    def openid_configuration(self, tenant: str) -> ResponseReturnValue:
        self._entra.check_tenant(tenant)
        return jsonify(self._entra.openid_configuration(_base()))

    def discovery(self) -> ResponseReturnValue:
        tenant = self._entra.tenant_id
        return jsonify(
            {
                "tenant_discovery_endpoint": (
                    f"{_base()}/{tenant}/v2.0/.well-known/openid-configuration"
                ),
                "api-version": "1.1",
                "metadata": [
                    {
                        "preferred_network": request.host,
                        "preferred_cache": request.host,
                        "aliases": [request.host],
                    }
                ],
            }
        )

    def token(self, tenant: str) -> ResponseReturnValue:
        self._entra.check_tenant(tenant)
        application = self._entra.authenticate(request.form, request.base_url)
        self._service.journal.enter(self._service.name, "Token", write=False)
        seconds = self._entra.token_seconds
        return jsonify(
            {
                "token_type": "Bearer",
                "expires_in": seconds,
                "ext_expires_in": seconds,
                "access_token": self._entra.access_token(application),
            }
        )

    def app_service_token(self) -> ResponseReturnValue:
        """Managed identity as App Service and Functions offer it."""
        if request.headers.get("X-IDENTITY-HEADER") != self._entra.identity_header:
            return {"statusCode": 401, "message": "The identity header is missing or wrong."}, 401
        application = self._entra.managed_identity(request.args.get("client_id"))
        if application is None or request.args.get("resource") != RESOURCE:
            return {"statusCode": 400, "message": "No managed identity or resource found."}, 400
        return self._managed_token(application)

    def _managed_token(self, application: Application) -> ResponseReturnValue:
        self._service.journal.enter(self._service.name, "Token", write=False)
        seconds = self._entra.token_seconds
        return jsonify(
            {
                "access_token": self._entra.access_token(application),
                "client_id": application.client_id,
                "expires_in": str(seconds),
                "expires_on": str(int(time.time()) + seconds),
                "resource": RESOURCE,
                "token_type": "Bearer",
            }
        )

    def refusal(self, refusal: TokenError) -> ResponseReturnValue:
        return _refuse(refusal.status, refusal.error, refusal.number, refusal.message)

    def fault(self, injected: InjectedFault) -> ResponseReturnValue:
        fault: Fault = injected.fault
        error, number = FAULTS.get(fault.status, ("server_error", 90020))
        response = make_response(_refuse(fault.status, fault.code or error, number, fault.message))
        response.headers.update(fault.headers)
        return response


def _base() -> str:
    return f"https://{request.host}"


def _refuse(status: int, error: str, number: int, message: str) -> ResponseReturnValue:
    trace_id = str(uuid.uuid4())
    correlation_id = request.headers.get("client-request-id") or str(uuid.uuid4())
    timestamp = time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
    return {
        "error": error,
        "error_description": (
            f"AADSTS{number}: {message} Trace ID: {trace_id} "
            f"Correlation ID: {correlation_id} Timestamp: {timestamp}"
        ),
        "error_codes": [number],
        "timestamp": timestamp,
        "trace_id": trace_id,
        "correlation_id": correlation_id,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }, status

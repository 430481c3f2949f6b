# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The OAuth token endpoint: client credentials in a form."""

from __future__ import annotations

from flask import Flask, Response, jsonify, request

from sandbox.maia.contract import contract
from sandbox.maia.gate import SERVICE, Gate
from sandbox.service import InjectedFault

TOKEN = contract()["Token"]


class OAuthError(Exception):
    """A refusal in the form of RFC 6749, section 5.2."""

    def __init__(
        self, status: int, error: str, description: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description
        self.headers = headers or {}


def add_token_endpoint(app: Flask, gate: Gate) -> None:
    @app.post(TOKEN.route, endpoint=TOKEN.id)
    def token() -> Response:
        identity = _authenticate(gate)
        try:
            gate.journal.enter(SERVICE, TOKEN.id, write=False)
        except InjectedFault as injected:
            raise _from_fault(injected) from injected
        seconds = gate.switches.token_seconds
        with gate.lock:
            access_token = gate.tokens.issue(identity, seconds)
        answer = jsonify(
            access_token=access_token,
            token_type="Bearer",
            expires_in=int(seconds),
            scope="pipeline-execution",
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.errorhandler(OAuthError)
    def oauth_error(error: OAuthError) -> Response:
        answer = jsonify(error=error.error, error_description=error.description)
        answer.status_code = error.status
        answer.headers.update(error.headers)
        return answer


def _authenticate(gate: Gate) -> str:
    if not TOKEN.takes_media_type_of(request):
        raise OAuthError(400, "invalid_request", f"The body must be {TOKEN.media_type}.")
    if violations := TOKEN.request_violations(request):
        raise OAuthError(400, "invalid_request", "; ".join(violations))
    if request.form["grant_type"] != "client_credentials":
        raise OAuthError(400, "unsupported_grant_type", "Only client_credentials is supported.")
    client_id, client_secret = _credentials()
    with gate.lock:
        identity = gate.tokens.identity_of(client_id, client_secret)
    if identity is None:
        headers = {"WWW-Authenticate": "Basic"} if request.authorization else None
        raise OAuthError(401, "invalid_client", "Client authentication failed.", headers)
    return identity


def _credentials() -> tuple[str, str]:
    """From a Basic header or from the form."""
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    client_id, client_secret = request.form.get("client_id"), request.form.get("client_secret")
    if not client_id or not client_secret:
        raise OAuthError(400, "invalid_request", "client_id or client_secret is missing.")
    return client_id, client_secret


def _from_fault(injected: InjectedFault) -> OAuthError:
    fault = injected.fault
    usual = "invalid_client" if fault.status == 401 else "temporarily_unavailable"
    return OAuthError(fault.status, fault.code or usual, fault.message, dict(fault.headers))

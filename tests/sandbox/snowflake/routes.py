# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP face of the emulated Snowflake."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, jsonify, request

from ..service import InjectedFault
from .errors import SnowflakeError
from .login import OAuthError
from .names import ACCOUNT

if TYPE_CHECKING:
    from .service import SnowflakeService

_DOMAIN = ".snowflakecomputing.com"
_STATEMENTS = "/queries/v1/query-request"


def create_app(service: SnowflakeService) -> Flask:
    app = Flask(__name__)
    _add_login(app, service)
    _add_statements(app, service)
    _add_sessions(app, service)
    _add_oauth(app, service)

    @app.errorhandler(SnowflakeError)
    def refuse(error: SnowflakeError) -> Response:
        return _failure(error.code, error.sqlstate, error.message)

    @app.errorhandler(InjectedFault)
    def fail(error: InjectedFault) -> Response:
        fault = error.fault
        code = fault.code or ("000603" if fault.status < 400 else "")
        response = _failure(code, "XX000", fault.message)
        response.status_code = fault.status
        response.headers.update(fault.headers)
        return response

    return app


def _add_login(app: Flask, service: SnowflakeService) -> None:
    @app.post("/session/v1/login-request")
    def log_in() -> Response:
        data = _body().get("data")
        if not isinstance(data, dict):
            return _failure("390400", "08001", "Bad request.")
        if _account(data) != ACCOUNT.name[0]:
            # What the service answers for a host name that no account has.
            return Response(status=404)
        return _success(service.log_in(data, request.args))


def _add_statements(app: Flask, service: SnowflakeService) -> None:
    @app.post(_STATEMENTS)
    def run_statement() -> Response:
        body = _body()
        request_id = request.args.get("requestId") or str(uuid.uuid4())
        sql = str(body.get("sqlText") or "")
        sent = body.get("parameters")
        return _success(
            service.run(_token(), sql, request_id, sent if isinstance(sent, dict) else {})
        )

    @app.post("/queries/v1/abort-request")
    def abort() -> Response:
        service.enter_session(_token(), "Abort statement")
        return _success(None)

    @app.get("/monitoring/queries/<query_id>")
    def monitor(query_id: str) -> Response:
        """Statements finish at once, so any that a client knows of has succeeded."""
        service.enter_session(_token(), "Monitor statement")
        return _success({"queries": [{"id": query_id, "status": "SUCCESS"}]})


def _add_sessions(app: Flask, service: SnowflakeService) -> None:
    @app.post("/session")
    def close() -> Response:
        if request.args.get("delete") == "true":
            service.close(_token())
        return _success(None)

    @app.post("/session/heartbeat")
    def heartbeat() -> Response:
        service.enter_session(_token(), "Heartbeat")
        return _success(None)

    @app.post("/session/token-request")
    def renew() -> Response:
        return _success(service.renew(_token()))

    @app.post("/telemetry/send")
    def telemetry() -> Response:
        return _success("Log Received")


def _add_oauth(app: Flask, service: SnowflakeService) -> None:
    """Stands for the identity provider of an External OAuth integration."""

    @app.post("/oauth/token-request")
    def issue_token() -> Response:
        client_id, client_secret = _client()
        form = request.form
        return jsonify(
            service.issue_oauth_token(
                client_id, client_secret, form.get("grant_type", ""), form.get("scope", "")
            )
        )

    @app.errorhandler(OAuthError)
    def refuse(error: OAuthError) -> Response:
        response = jsonify({"error": error.error})
        response.status_code = error.status
        return response


def _account(data: dict[str, object]) -> str:
    """The first label of the host; when called by address, what the client says."""
    host = request.host.partition(":")[0].lower()
    name = host.removesuffix(_DOMAIN) if host.endswith(_DOMAIN) else str(data.get("ACCOUNT_NAME"))
    return name.partition(".")[0].upper()


def _body() -> dict[str, object]:
    raw = request.get_data()
    try:
        if request.headers.get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        body = json.loads(raw or b"{}")
    except (OSError, EOFError, ValueError):
        body = None
    if not isinstance(body, dict):
        raise SnowflakeError("390400", "08001", "Bad request.")
    return body


def _token() -> str | None:
    match = re.fullmatch(r'Snowflake Token="(.*)"', request.headers.get("Authorization", ""))
    return match.group(1) if match else None


def _client() -> tuple[str, str]:
    """Client id and secret, from the Authorization header or from the form."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        client_id, _colon, client_secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError(401, "invalid_client") from None
    return client_id, client_secret


def _success(data: object) -> Response:
    return jsonify({"data": data, "code": None, "message": None, "success": True})


def _failure(code: str, sqlstate: str, message: str) -> Response:
    data: dict[str, object] = {"errorCode": code, "sqlState": sqlstate, "internalError": False}
    if request.path == _STATEMENTS:
        data |= {"queryId": str(uuid.uuid4()), "line": -1, "pos": -1, "type": "COMPILATION"}
    return jsonify({"data": data, "code": code, "message": message, "success": False})

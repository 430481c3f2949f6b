# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the Flask application together."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.maia.account_routes import account_routes
from sandbox.maia.connection_routes import connection_routes
from sandbox.maia.contract import contract
from sandbox.maia.gate import Gate
from sandbox.maia.override_routes import override_routes
from sandbox.maia.pipeline_routes import pipeline_routes
from sandbox.maia.problems import Problem
from sandbox.maia.secret_routes import secret_routes
from sandbox.maia.store import Store
from sandbox.maia.token_endpoint import TOKEN, add_token_endpoint
from sandbox.service import InjectedFault

_ROUTES = (account_routes, connection_routes, override_routes, pipeline_routes, secret_routes)
_LOG = logging.getLogger("sandbox")


def build_app(gate: Gate, store: Store) -> Flask:
    app = Flask("sandbox.maia", static_folder=None)
    add_token_endpoint(app, gate)
    for routes in (
        account_routes,
        connection_routes,
        override_routes,
        pipeline_routes,
        secret_routes,
    ):
        app.register_blueprint(routes(gate, store))
    _add_error_handlers(app, gate)

    @app.before_request
    def admit() -> None:
        if request.path != TOKEN.route:
            gate.admit()

    @app.after_request
    def check(answer: Response) -> Response:
        """Whoever calls it has to see at once that the service is wrong."""
        name = (request.endpoint or "").rpartition(".")[2]
        violations = contract()[name].answer_violations(answer) if name in contract() else ()
        if violations and request.method != "HEAD":
            _LOG.error("%s breaks the contract: %s", name, "; ".join(violations))
            gate.broken.extend(f"{name}: {violation}" for violation in violations)
            answer.status_code = 500
        return answer

    return app


def _add_error_handlers(app: Flask, gate: Gate) -> None:
    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        answer = jsonify(error.body(request.path))
        answer.status_code = error.status
        answer.mimetype = gate.variant.problem_type
        answer.headers.update(error.headers)
        return answer

    @app.errorhandler(InjectedFault)
    def injected(error: InjectedFault) -> Response:
        fault = error.fault
        return problem(
            Problem(fault.status, fault.message, type_=fault.code or None, headers=fault.headers)
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        return problem(Problem(error.code or 500, error.description or ""))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The readable part of the Stripe API as a Flask application."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.service import InjectedFault, Journal
from sandbox.stripe import errors
from sandbox.stripe.access import authenticate, authorize
from sandbox.stripe.endpoints import ACCOUNT, BALANCE, LISTS, Endpoint
from sandbox.stripe.errors import StripeError
from sandbox.stripe.keys import ApiKey

SERVICE = "stripe"
LATEST_VERSION = "2026-06-24.dahlia"

Json = dict[str, object]


def build_app(journal: Journal, find: Callable[[str], ApiKey | None]) -> Flask:
    app = Flask("sandbox.stripe", static_folder=None)

    def add(endpoint: Endpoint, answer: Callable[[ApiKey], Json]) -> None:
        def view() -> Json:
            key: ApiKey = g.key
            authorize(key, endpoint.permission)
            journal.enter(SERVICE, endpoint.operation, write=False)
            return answer(key)

        app.add_url_rule(endpoint.path, endpoint.operation, view, methods=["GET"])

    add(BALANCE, _balance)
    add(ACCOUNT, _account)
    for endpoint in LISTS:
        add(endpoint, _empty_list)

    @app.before_request
    def identify() -> None:
        g.request_id = "req_" + secrets.token_hex(7)
        g.key = authenticate(request, find)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Request-Id"] = g.request_id
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", LATEST_VERSION)
        return response

    _add_error_handlers(app)
    return app


def _balance(key: ApiKey) -> Json:
    nothing = [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    return {"object": "balance", "available": nothing, "livemode": key.livemode, "pending": nothing}


def _account(key: ApiKey) -> Json:
    return {"id": key.account, "object": "account", "country": "US", "type": "standard"}


def _empty_list(_key: ApiKey) -> Json:
    limit = request.args.get("limit", "10")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= 100):
        raise errors.invalid_limit()
    return {"object": "list", "data": [], "has_more": False, "url": request.path}


def _add_error_handlers(app: Flask) -> None:
    @app.errorhandler(StripeError)
    def stripe_error(error: StripeError) -> Response:
        answer = jsonify(error.body())
        answer.status_code = error.status
        answer.headers.update(error.headers)
        return answer

    @app.errorhandler(InjectedFault)
    def injected(error: InjectedFault) -> Response:
        return stripe_error(errors.from_fault(error.fault))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.code in (404, 405):
            return stripe_error(errors.unrecognized_url(request.method, request.path))
        return stripe_error(StripeError(error.code or 500, error.name, type_="api_error"))

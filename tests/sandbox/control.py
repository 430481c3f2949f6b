# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control interface: what tests and the demo ask of the sandbox itself."""

from __future__ import annotations

import fnmatch
import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox import wire
from sandbox.proxy import ConnectProxy
from sandbox.service import Fault, Journal, Service


def control_app(  # noqa: C901 (each route is a function)
    services: Mapping[str, Service],
    journal: Journal,
    proxy: ConnectProxy,
    rotate: Callable[[str], None],
    behave: Callable[[str], None],
    token: str,
) -> Flask:
    """A JSON interface for the holder of the token.

    rotate: replaces the Stripe key of a name. behave: lets Maia be the variant of a name.
    """
    app = Flask("sandbox.control")
    expected = f"Bearer {token}".encode()

    @app.before_request
    def authenticate() -> None:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
            abort(401)

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[Response, int]:
        return jsonify(error=error.description), error.code or 500

    @app.get("/ready")
    def ready() -> Response:
        return jsonify(ready=True, services=sorted(services))

    @app.get("/counts")
    def counts() -> Response:
        return jsonify(journal.counts() | {"refused": proxy.refused()})

    @app.post("/clear")
    def clear() -> Response:
        journal.clear()
        proxy.clear()
        return jsonify({})

    @app.post("/faults")
    def faults() -> Response:
        try:
            fault = Fault(**request.get_json())
        except TypeError as error:
            abort(400, str(error))
        if not fnmatch.filter(services, fault.service):
            abort(400, f"There is no service {fault.service!r}.")
        if fault.wire and fault.wire not in wire.KINDS:
            abort(400, f"There is no way {fault.wire!r} to break the wire.")
        journal.order(fault)
        return jsonify({})

    @app.get("/contents")
    def contents() -> Response:
        return jsonify([asdict(entry) for each in services.values() for entry in each.contents()])

    @app.post("/reset")
    def reset() -> Response:
        for service in services.values():
            service.reset()
        return jsonify({})

    @app.post("/next_second")
    def next_second() -> Response:
        journal.next_second()
        return jsonify({})

    @app.post("/rotate")
    def rotate_key() -> Response:
        try:
            rotate(request.get_json()["key"])
        except KeyError as error:
            abort(404, f"There is no key {error}.")
        return jsonify({})

    @app.post("/variant")
    def variant() -> Response:
        try:
            behave(request.get_json()["name"])
        except KeyError as error:
            abort(404, f"There is no variant {error}.")
        return jsonify({})

    return app

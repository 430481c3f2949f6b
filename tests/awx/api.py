# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's REST API over the objects of a Controller."""

from __future__ import annotations

from flask import Flask, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException

from awx.controller import Controller, Item, Refusal
from awx.resources import KINDS, UNIFIED

VERSION = "24.6.1"


def app_of(controller: Controller) -> Flask:  # noqa: C901, PLR0915 (each route is a function)
    app = Flask("awx")
    base = controller.base

    @app.before_request
    def authenticate() -> None:
        token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in controller.tokens:
            abort(401)
        g.who = controller.tokens[token]
        if request.method != "GET" and not _may_write(controller, g.who, request.path):
            abort(403)

    @app.after_request
    def introduce(response: Response) -> Response:
        response.headers["X-API-Product-Name"] = "AWX"
        response.headers["X-API-Product-Version"] = VERSION
        return response

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[Response, int]:
        return jsonify(refusal.body), refusal.status

    @app.errorhandler(KeyError)
    def not_found(_error: KeyError) -> tuple[Response, int]:
        return jsonify(detail="Not found."), 404

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[Response, int]:
        return jsonify(detail=error.name), error.code or 500

    @app.route(f"{base}<kind>/", methods=["GET", "POST"])
    def objects(kind: str) -> tuple[Response, int]:
        kinds = UNIFIED if kind == "unified_job_templates" else (kind,)
        if not set(kinds) <= KINDS.keys():
            abort(404)
        if request.method == "POST":
            return jsonify(controller.create(kind, request.get_json())), 201
        filters = request.args.to_dict()
        if kind == "unified_job_templates":
            # What not all kinds have is no filter of those.
            results = [
                item
                for each in kinds
                for item in controller.items[each].values()
                if all(str(item.get(name)) == value for name, value in filters.items())
            ]
        else:
            results = controller.find(kinds, **filters)
        return _page(results), 200

    @app.route(f"{base}<kind>/<int:number>/", methods=["GET", "PATCH", "DELETE"])
    def item(kind: str, number: int) -> tuple[Response | str, int]:
        if request.method == "DELETE":
            controller.delete(kind, number)
            return "", 204
        if request.method == "PATCH":
            controller.change(kind, number, request.get_json())
        return jsonify(controller.get(kind, number)), 200

    @app.route(f"{base}project_updates/<int:number>/")
    def project_update(number: int) -> tuple[Response, int]:
        return jsonify(controller.updates[number]), 200

    @app.route(f"{base}projects/<int:number>/update/", methods=["POST"])
    def update(number: int) -> tuple[Response, int]:
        return jsonify(controller.update_project(number)), 202

    @app.route(f"{base}job_templates/<int:number>/launch/", methods=["POST"])
    def launch(number: int) -> tuple[Response, int]:
        launched = controller.launch(number, request.get_json())
        return jsonify(ignored_fields=launched.ignored, extra_vars=launched.extra_vars), 201

    @app.route(f"{base}roles/<int:number>/teams/", methods=["GET", "POST"])
    def role_teams(number: int) -> tuple[Response | str, int]:
        if request.method == "POST":
            controller.give_role(number, request.get_json())
            return "", 204
        return _page([controller.get("teams", n) for n in controller.linked(number, "teams")]), 200

    @app.route(f"{base}<kind>/<int:number>/survey_spec/", methods=["GET", "POST"])
    def survey(kind: str, number: int) -> tuple[Response, int]:
        if "survey_spec" not in KINDS[kind].related:
            abort(404)
        if request.method == "POST":
            controller.survey(number, request.get_json())
            return jsonify({}), 200
        return jsonify(controller.survey_of(number)), 200

    @app.route(f"{base}<_kind>/<int:number>/create_approval_template/", methods=["POST"])
    def approval(_kind: str, number: int) -> tuple[Response, int]:
        return jsonify(controller.approval(number, request.get_json())), 201

    @app.route(f"{base}<kind>/<int:number>/<association>/", methods=["GET", "POST"])
    def association(kind: str, number: int, association: str) -> tuple[Response | str, int]:
        others = KINDS[kind].associations.get(association)
        if not others:
            abort(404)
        if request.method == "POST":
            controller.link(kind, number, association, request.get_json())
            return "", 204
        return _page(
            [controller.get(others, each) for each in controller.linked(number, association)]
        ), 200

    return app


def _page(results: list[Item]) -> Response:
    return jsonify(count=len(results), next=None, previous=None, results=results)


def _may_write(controller: Controller, who: str, path: str) -> bool:
    """An organization's administrator makes no credential types; others only launch."""
    if who == "system":
        return True
    if who == "organization":
        return "/credential_types/" not in path
    *_rest, kind, number, action, _end = path.split("/")
    return (kind, action) == ("job_templates", "launch") and controller.may_launch(who, int(number))

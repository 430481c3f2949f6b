# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's REST API, as far as the modules of awx.awx need it: objects in memory, and their rules."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from awx import credential_types, surveys
from awx.resources import KINDS, NODE_TARGETS, UNIFIED

VERSION = "24.6.1"
ENCRYPTED = "$encrypted$"
_PREFIX = "/api/v2/"
# Those that AWX brings along, and the variables that it sets for a credential of them.
# https://docs.ansible.com/projects/awx/en/latest/userguide/credentials.html
_MANAGED = {
    "Amazon Web Services": {
        "AWS_ACCESS_KEY_ID": "username",
        "AWS_SECRET_ACCESS_KEY": "password",
    },
    "Microsoft Azure Resource Manager": {
        "AZURE_CLIENT_ID": "client",
        "AZURE_SECRET": "secret",
        "AZURE_TENANT": "tenant",
    },
}
_SECRET_INPUTS = {"password", "secret"}

Item = dict[str, Any]


class Refusal(Exception):
    """A request that AWX answers with 400 and this body."""

    def __init__(self, **body: Any) -> None:
        super().__init__(str(body))
        self.body = body


class Controller:
    """checkouts: what is in the repository behind a project's scm_url. token: who may come in."""

    def __init__(self, token: str, checkouts: dict[str, Path]) -> None:
        self.token = token
        self.checkouts = checkouts
        self.writes: list[str] = []
        self.items: dict[str, dict[int, Item]] = {kind: {} for kind in KINDS}
        self._surveys: dict[int, Item] = {}
        self._links: dict[tuple[int, str], list[int]] = {}
        self._inputs: dict[int, dict[str, str]] = {}
        self._ids = itertools.count(1)
        self.create("organizations", {"name": "Default"})
        for name, variables in _MANAGED.items():
            fields = [
                {"id": each, "label": each, "secret": each in _SECRET_INPUTS}
                for each in variables.values()
            ]
            made = {"name": name, "kind": "cloud", "inputs": {"fields": fields}, "managed": True}
            self.create("credential_types", made)["managed_env"] = variables
        self.writes.clear()
        self.app = _app(self)

    def find(self, kinds: Iterable[str], **wanted: Any) -> list[Item]:
        """Raises Refusal for a filter that no object has."""
        found = []
        for kind in kinds:
            for item in self.items[kind].values():
                if unknown := [name for name in wanted if name not in item]:
                    raise Refusal(detail=f"{item['type']} has no field named {unknown[0]}")
                if all(str(item[name]) == str(value) for name, value in wanted.items()):
                    found.append(item)
        return found

    def one(self, kind: str, name: str) -> Item:
        (item,) = self.find([kind], name=name)
        return item

    def get(self, kind: str, number: int) -> Item:
        if number not in self.items[kind]:
            abort(404)
        return self.items[kind][number]

    def create(self, kind: str, given: Item) -> Item:
        number = next(self._ids)
        item = {
            **copy.deepcopy(dict(KINDS[kind].fields)),
            "id": number,
            "type": KINDS[kind].type,
            "url": f"{_PREFIX}{kind}/{number}/",
            "related": {},
            "summary_fields": {},
        }
        if KINDS[kind].survey:
            item["related"]["survey_spec"] = f"{item['url']}survey_spec/"
        if missing := [name for name in KINDS[kind].required if not given.get(name)]:
            raise Refusal(**{name: ["This field is required."] for name in missing})
        self._set(kind, item, given)
        self.items[kind][number] = item
        self.writes.append(f"create {kind} {item.get('name') or item.get('identifier')}")
        return item

    def change(self, kind: str, number: int, given: Item) -> Item:
        item = self.get(kind, number)
        self._set(kind, item, given)
        self.writes.append(f"change {kind} {item.get('name') or item.get('identifier')}")
        return item

    def linked(self, number: int, association: str) -> list[int]:
        return self._links.setdefault((number, association), [])

    def inputs_of(self, credential: int) -> dict[str, str]:
        """As they are, for a job."""
        return self._inputs[credential]

    def survey_of(self, number: int) -> Item:
        return self._surveys.get(number, {})

    def survey(self, number: int, given: Item) -> None:
        if problems := list(surveys.problems_of(given)):
            raise Refusal(error="; ".join(problems))
        self._surveys[number] = given
        self.writes.append(f"survey of {number}")

    def link(self, kind: str, number: int, association: str, given: Item) -> None:
        other = self.get(KINDS[kind].associations[association], given["id"])
        linked = self.linked(number, association)
        if given.get("disassociate"):
            linked.remove(other["id"])
        elif association == "credentials" and any(
            self.get("credentials", each)["credential_type"] == other["credential_type"]
            for each in linked
        ):
            raise Refusal(error="Cannot assign multiple credentials of one type.")
        else:
            linked.append(other["id"])
        self.writes.append(f"link {association} of {number}")

    def approval(self, node: int, given: Item) -> Item:
        template = self.create("workflow_approval_templates", given)
        self._point(self.get("workflow_job_template_nodes", node), template)
        return template

    def _set(self, kind: str, item: Item, given: Item) -> None:
        rules = KINDS[kind]
        changed = {**item, **{name: given[name] for name in given if name in rules.fields}}
        for name, others in rules.references.items():
            number = changed[name]
            known = NODE_TARGETS if others == "unified_job_templates" else (others,)
            if number is not None and not any(number in self.items[other] for other in known):
                raise Refusal(**{name: [f'Invalid pk "{number}" - object does not exist.']})
        same = {name: changed[name] for name in rules.unique}
        if same and any(other["id"] != item["id"] for other in self.find([kind], **same)):
            raise Refusal(__all__=[f"{rules.type} with this name already exists."])
        if check := getattr(self, f"_check_{rules.type}", None):
            check(changed)
        item.update(changed)
        if rules.type == "workflow_job_template_node" and item["unified_job_template"]:
            (target,) = self.find(NODE_TARGETS, id=item["unified_job_template"])
            self._point(item, target)

    @staticmethod
    def _point(node: Item, template: Item) -> None:
        node["unified_job_template"] = template["id"]
        node["related"]["unified_job_template"] = template["url"]

    @staticmethod
    def _check_credential_type(item: Item) -> None:
        if not item["managed"] and (problems := list(credential_types.problems_of(item))):
            raise Refusal(injectors=problems)

    def _check_credential(self, item: Item) -> None:
        fields = self.get("credential_types", item["credential_type"])["inputs"]["fields"]
        if unknown := item["inputs"].keys() - {each["id"] for each in fields}:
            raise Refusal(inputs={name: ["is not a field"] for name in unknown})
        kept = self._inputs.setdefault(item["id"], {})
        kept.update({name: text for name, text in item["inputs"].items() if text != ENCRYPTED})
        secret = {each["id"] for each in fields if each.get("secret")}
        item["inputs"] = {name: ENCRYPTED if name in secret else kept[name] for name in kept}

    def _check_project(self, item: Item) -> None:
        if item["scm_url"] not in self.checkouts:
            raise Refusal(scm_url=["Invalid SCM URL."])

    def _check_job_template(self, item: Item) -> None:
        project = self.get("projects", item["project"])
        if not (self.checkouts[project["scm_url"]] / item["playbook"]).is_file():
            raise Refusal(playbook=["Playbook not found for project."])
        if not item["inventory"] and not item["ask_inventory_on_launch"]:
            raise Refusal(inventory=["must be set or asked for"])

    def _check_workflow_job_template_node(self, item: Item) -> None:
        for template in self.find(["job_templates"], id=item["unified_job_template"]):
            for prompt in ("job_type", "limit", "diff_mode", "verbosity"):
                if item[prompt] and not template[f"ask_{prompt}_on_launch"]:
                    raise Refusal(**{prompt: ["Field is not configured to prompt on launch."]})


def _app(controller: Controller) -> Flask:  # noqa: C901 (each route is a function)
    app = Flask("awx")

    @app.before_request
    def authenticate() -> None:
        if request.headers.get("Authorization") != f"Bearer {controller.token}":
            abort(401)

    @app.after_request
    def introduce(response: Response) -> Response:
        response.headers["X-API-Product-Name"] = "AWX"
        response.headers["X-API-Product-Version"] = VERSION
        return response

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[Response, int]:
        return jsonify(refusal.body), 400

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[Response, int]:
        return jsonify(detail=error.name), error.code or 500

    @app.route(f"{_PREFIX}<kind>/", methods=["GET", "POST"])
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

    @app.route(f"{_PREFIX}<kind>/<int:number>/", methods=["GET", "PATCH"])
    def item(kind: str, number: int) -> tuple[Response, int]:
        if request.method == "PATCH":
            controller.change(kind, number, request.get_json())
        return jsonify(controller.get(kind, number)), 200

    @app.route(f"{_PREFIX}<kind>/<int:number>/survey_spec/", methods=["GET", "POST"])
    def survey(kind: str, number: int) -> tuple[Response, int]:
        if not KINDS[kind].survey:
            abort(404)
        if request.method == "POST":
            controller.survey(number, request.get_json())
            return jsonify({}), 200
        return jsonify(controller.survey_of(number)), 200

    @app.route(f"{_PREFIX}<_kind>/<int:number>/create_approval_template/", methods=["POST"])
    def approval(_kind: str, number: int) -> tuple[Response, int]:
        return jsonify(controller.approval(number, request.get_json())), 201

    @app.route(f"{_PREFIX}<kind>/<int:number>/<association>/", methods=["GET", "POST"])
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

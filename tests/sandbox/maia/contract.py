# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract with Maia, openapi.yaml: its operations, and what breaks their rules.

Unlike most servers this knows no tolerance: a query parameter that the contract does not have is
refused as well, so that a misspelled one shows.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from flask import Request, Response

FILE = Path(__file__).with_name("openapi.yaml")
_URI = "maia:contract"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_NUMBER = re.compile(r"[0-9]{1,18}")
_WORD_START = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Rule:
    """One schema of the contract."""

    def __init__(self, document: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
        registry = jsonschema_rs.Registry([(_URI, dict(document))])
        self._validator = jsonschema_rs.Draft202012Validator(
            _absolute(schema), registry=registry, mask="it"
        )

    def violations(self, data: Any, where: str) -> list[str]:
        """One text for each; it never quotes what was sent. where: what `data` is called."""
        errors = self._validator.iter_errors(data)
        return [_told(leaf, where) for error in errors for leaf in _leaves(error)]


@dataclass(frozen=True)
class Operation:
    """A method of a path.

    route: the path with the server's own, as Flask has it: <project_id> for {projectId}.
    arguments, query, headers: the rule for all such parameters together, as an object.
    header_names: the headers that are parameters.
    answers: by status; None for one without a body.
    """

    id: str
    method: str
    route: str
    arguments: Rule
    query: Rule
    query_schemas: Mapping[str, Mapping[str, Any]]
    headers: Rule
    header_names: tuple[str, ...]
    media_type: str | None
    body: Rule | None
    answers: Mapping[str, Rule | None]

    def request_violations(self, request: Request) -> list[str]:
        """What is wrong with a request."""
        found = self.arguments.violations(request.view_args or {}, "path")
        query = {name: self._parsed(name, text) for name, text in request.args.items()}
        found += self.query.violations(query, "query")
        sent = {
            name: request.headers[name] for name in self.header_names if name in request.headers
        }
        found += self.headers.violations(sent, "headers")
        if self.body is not None:
            found += self.body.violations(self._body(request), "body")
        return found

    def takes_media_type_of(self, request: Request) -> bool:
        return self.media_type in (None, request.mimetype)

    def answer_violations(self, response: Response) -> list[str]:
        """What is wrong with an answer to such a request."""
        status = str(response.status_code)
        rule = self.answers.get(status, self.answers.get("default"))
        if rule is None:
            return ["the answer has a body"] if response.get_data() else []
        return rule.violations(response.get_json(silent=True), "answer")

    def _parsed(self, name: str, text: str) -> Any:
        kind = self.query_schemas.get(name, {}).get("type")
        if kind == "array":
            return text.split(",")
        return int(text) if kind == "integer" and _NUMBER.fullmatch(text) else text

    def _body(self, request: Request) -> Any:
        if self.media_type == _MULTIPART:
            return {str(name): "" for name in (*request.form, *request.files)}
        return request.form.to_dict() if self.media_type == _FORM else request.get_json(silent=True)


class Contract:
    """All operations, by their ids."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        base = _path_of(document["servers"][0]["url"])
        self._operations = {
            operation.id: operation
            for path, item in document["paths"].items()
            for operation in self._of_path(base, path, item)
        }

    def __getitem__(self, operation_id: str) -> Operation:
        return self._operations[operation_id]

    def __contains__(self, operation_id: str) -> bool:
        return operation_id in self._operations

    def _of_path(self, base: str, path: str, item: Mapping[str, Any]) -> Iterator[Operation]:
        own = _path_of(item["servers"][0]["url"]) if "servers" in item else base
        for method in ("get", "post", "put", "delete"):
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield self._operation(method, own + path, parameters, item[method])

    def _operation(
        self, method: str, path: str, parameters: list[Any], told: Mapping[str, Any]
    ) -> Operation:
        listed = [self._resolved(parameter) for parameter in parameters]
        in_query = {p["name"]: self._resolved(p["schema"]) for p in listed if p["in"] == "query"}
        content = told.get("requestBody", {}).get("content", {})
        media_type, body = next(iter(content.items()), (None, None))
        return Operation(
            id=told["operationId"],
            method=method.upper(),
            route=re.sub(r"{(\w+)}", lambda found: f"<{_snake_case(found[1])}>", path),
            arguments=self._rule(_together(p for p in listed if p["in"] == "path")),
            query=self._rule(_together(p for p in listed if p["in"] == "query")),
            query_schemas=in_query,
            headers=self._rule(_together(p for p in listed if p["in"] == "header")),
            header_names=tuple(p["name"] for p in listed if p["in"] == "header"),
            media_type=media_type,
            body=self._rule(body["schema"]) if body else None,
            answers={
                status: self._answer(self._resolved(response))
                for status, response in told["responses"].items()
            },
        )

    def _answer(self, response: Mapping[str, Any]) -> Rule | None:
        content = response.get("content", {}).get(_JSON)
        return self._rule(content["schema"]) if content else None

    def _rule(self, schema: Mapping[str, Any]) -> Rule:
        return Rule(self.document, schema)

    def _resolved(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """The item that a reference in the same file stands for."""
        found: Any = item
        if "$ref" in item:
            found = self.document
            for name in item["$ref"].removeprefix("#/").split("/"):
                found = found[name]
        return dict(found)


@functools.cache
def contract() -> Contract:
    return Contract(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _path_of(url: str) -> str:
    """/dpc for https://{region}.api.matillion.com/dpc"""
    _scheme, _slashes, rest = url.partition("://")
    _host, slash, path = rest.partition("/")
    return slash + path


def _snake_case(name: str) -> str:
    return _WORD_START.sub("_", name).lower()


def _together(parameters: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A schema for all of them at once, as the properties of one object."""
    by_name = {
        _snake_case(each["name"]) if each["in"] == "path" else each["name"]: each
        for each in parameters
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, each in by_name.items() if each.get("required")],
        "properties": {name: each["schema"] for name, each in by_name.items()},
    }


def _absolute(schema: Any) -> Any:
    """The same, but its references say that they are into the contract."""
    if isinstance(schema, Mapping):
        return {
            name: f"{_URI}{value}" if name == "$ref" else _absolute(value)
            for name, value in schema.items()
        }
    return [_absolute(item) for item in schema] if isinstance(schema, list) else schema


def _leaves(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """Of several allowed forms, what is wrong by the one that comes closest."""
    context: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", [])
    if not context:
        return [error]
    return [leaf for each in min(context, key=len) for leaf in _leaves(each)]


def _told(error: jsonschema_rs.ValidationError, where: str) -> str:
    place = ".".join(str(part) for part in error.instance_path)
    return f"{place or where}: {error.message}"

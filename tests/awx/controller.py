# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's objects, in memory, and their rules, as far as modules of awx.awx and jobs meet them."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awx import credential_types, launches, surveys
from awx.projects import Projects
from awx.resources import KINDS, NODE_TARGETS

ENCRYPTED = "$encrypted$"
# Those that AWX brings along: the inputs that are required, and the variables that it sets of them.
# https://github.com/ansible/awx/blob/24.6.1/awx/main/models/credential/__init__.py
_MANAGED = {
    "Amazon Web Services": (
        ("username", "password"),
        {
            "AWS_ACCESS_KEY_ID": "username",
            "AWS_SECRET_ACCESS_KEY": "password",
            "AWS_SESSION_TOKEN": "security_token",
        },
    ),
    "Microsoft Azure Resource Manager": (
        ("subscription",),
        {
            "AZURE_SUBSCRIPTION_ID": "subscription",
            "AZURE_CLIENT_ID": "client",
            "AZURE_SECRET": "secret",
            "AZURE_TENANT": "tenant",
        },
    ),
}
_SECRET_INPUTS = {"password", "secret", "security_token"}

Item = dict[str, Any]


class Refusal(Exception):
    """A request that AWX answers with this status and body, or a job that it does not start."""

    status = 400

    def __init__(self, **body: Any) -> None:
        super().__init__(str(body))
        self.body = body


class Forbidden(Refusal):
    """Not even an administrator may."""

    status = 403


@dataclass(frozen=True)
class Launched:
    """What a job is started with. ignored: what of the launch was not used."""

    template: Item
    extra_vars: Mapping[str, Any]
    credentials: list[int]
    prompts: Mapping[str, Any]
    ignored: Mapping[str, Any]

    def prompt(self, name: str) -> Any:
        return self.prompts.get(name, self.template[name])


class Controller:
    """checkouts: what is in the repository behind a project's scm_url.

    tokens: whoever comes with one, by it: "system" and "organization" are administrators, and any
    other word is the name of a team of which this is the only member.
    prefix: where the API is; behind a gateway it is elsewhere, and says so in every object.
    """

    def __init__(
        self, tokens: Mapping[str, str], checkouts: dict[str, Path], *, prefix: str = "/api/"
    ) -> None:
        self.tokens = dict(tokens)
        self.base = f"{prefix}v2/"
        self.projects = Projects(checkouts)
        self.writes: list[str] = []
        self.items: dict[str, dict[int, Item]] = {kind: {} for kind in KINDS}
        self.updates: dict[int, Item] = {}
        self._surveys: dict[int, Item] = {}
        self._links: dict[tuple[int, str], list[int]] = {}
        self._inputs: dict[int, dict[str, str]] = {}
        self._ids = itertools.count(1)
        self.create("organizations", {"name": "Default"})
        for name, (required, variables) in _MANAGED.items():
            fields = [
                {"id": each, "label": each, "secret": each in _SECRET_INPUTS}
                for each in variables.values()
            ]
            inputs = {"fields": fields, "required": list(required)}
            made = {"name": name, "kind": "cloud", "inputs": inputs, "managed": True}
            self.create("credential_types", made)["managed_env"] = variables
        self.writes.clear()

    @property
    def token(self) -> str:
        """The system administrator's."""
        return next(token for token, who in self.tokens.items() if who == "system")

    def find(self, kinds: Iterable[str], **wanted: Any) -> list[Item]:
        """Of or__<field> one has to fit, of all others each.

        Raises Refusal for a filter that no object has.
        """
        either = {n.removeprefix("or__"): v for n, v in wanted.items() if n.startswith("or__")}
        each = {name: value for name, value in wanted.items() if not name.startswith("or__")}
        found = []
        for kind in kinds:
            for item in self.items[kind].values():
                if unknown := [name for name in (*each, *either) if name not in item]:
                    raise Refusal(detail=f"{item['type']} has no field named {unknown[0]}")
                fits = [_text(item[name]) == _text(value) for name, value in each.items()]
                fit_one = [_text(item[name]) == _text(value) for name, value in either.items()]
                if all(fits) and (any(fit_one) or not fit_one):
                    found.append(item)
        return found

    def one(self, kind: str, name: str) -> Item:
        (item,) = self.find([kind], name=name)
        return item

    def get(self, kind: str, number: int) -> Item:
        """Raises KeyError, which the API answers with 404."""
        return self.items[kind][number]

    def create(self, kind: str, given: Item) -> Item:
        number = next(self._ids)
        item = {
            **copy.deepcopy(dict(KINDS[kind].fields)),
            "id": number,
            "type": KINDS[kind].type,
            "url": f"{self.base}{kind}/{number}/",
            "related": {},
            "summary_fields": {},
        }
        for name in KINDS[kind].related:
            item["related"][name] = f"{item['url']}{name}/"
        if KINDS[kind].roles:
            # A role's id, from which its object is found again.
            roles = {name: {"id": number * 10 + n} for n, name in enumerate(KINDS[kind].roles)}
            item["summary_fields"]["object_roles"] = roles
        if missing := [name for name in KINDS[kind].required if not given.get(name)]:
            raise Refusal(**{name: ["This field is required."] for name in missing})
        self._set(kind, item, given)
        self.items[kind][number] = item
        if kind == "projects":
            self.update_project(number)
        self.writes.append(f"create {kind} {item.get('name') or item.get('identifier')}")
        return item

    def change(self, kind: str, number: int, given: Item) -> Item:
        item = self.get(kind, number)
        if kind == "credential_types" and given.get("inputs", item["inputs"]) != item["inputs"]:
            self._check_unused(number)
        self._set(kind, item, given)
        self.writes.append(f"change {kind} {item.get('name') or item.get('identifier')}")
        return item

    def delete(self, kind: str, number: int) -> None:
        """With what belongs to it. Raises Refusal for a credential type that is in use."""
        item = self.get(kind, number)
        if kind == "credential_types" and self.find(["credentials"], credential_type=number):
            raise Forbidden(detail="Credential types that are in use cannot be deleted")
        for other, name in KINDS[kind].owns.items():
            for each in self.find([other], **{name: number}):
                self.delete(other, each["id"])
        del self.items[kind][number]
        for linked in self._links.values():
            linked[:] = [each for each in linked if each != number]
        self.writes.append(f"delete {kind} {item.get('name') or item.get('identifier')}")

    def _check_unused(self, credential_type: int) -> None:
        """Raise Forbidden, as CredentialTypeSerializer does.

        https://github.com/ansible/awx/blob/24.6.1/awx/api/serializers.py
        """
        if self.find(["credentials"], credential_type=credential_type):
            what = "Modifications to inputs are not allowed"
            raise Forbidden(detail=f"{what} for credential types that are in use")

    def update_project(self, number: int) -> Item:
        """Which for a new project AWX does by itself. It is over at once here."""
        project = self.get("projects", number)
        problem = self.projects.update(number, project["scm_url"])
        update: Item = {
            "id": next(self._ids),
            "status": "failed" if problem else "successful",
            "failed": bool(problem),
            "finished": "2030-01-01T00:00:00Z",
            "elapsed": 0,
            "scm_revision": self.projects.revision(number),
        }
        update["url"] = f"{self.base}project_updates/{update['id']}/"
        self.updates[update["id"]] = update
        project |= {"scm_revision": update["scm_revision"], "status": update["status"]}
        return update

    def launch(self, number: int, given: Item) -> Launched:
        """The start of a job. Raises Refusal for what AWX refuses, or what ends in an error."""
        template = self.get("job_templates", number)
        accepted = launches.accept(template, self.survey_of(number), given)
        own = self.linked(number, "credentials")
        credentials = accepted.prompts.get("credentials") or own
        problems = launches.credential_problems(self._types(own), self._types(credentials))
        if problems:
            accepted.errors["credentials"] = problems
        if accepted.errors:
            raise Refusal(**accepted.errors)
        for credential in credentials:
            self.check_inputs(credential)
        project = self.get("projects", template["project"])
        if project["scm_update_on_launch"] and not self.projects.is_cached(project["id"]):
            self.update_project(project["id"])
        if project["status"] != "successful":
            raise Refusal(detail="Previous Task Failed: the project's update.")
        return Launched(
            template, accepted.extra_vars, credentials, accepted.prompts, accepted.ignored
        )

    def check_inputs(self, credential: int) -> None:
        """Defaults are for AWX's pages alone, which send them. Raises Refusal."""
        item = self.get("credentials", credential)
        inputs = self.get("credential_types", item["credential_type"])["inputs"]
        held = self._inputs[credential]
        if missing := [name for name in inputs.get("required", []) if not held.get(name)]:
            raise Refusal(detail=f"Credential {item['name']} lacks required inputs: {missing}.")

    def may_launch(self, who: str, number: int) -> bool:
        """Whether it is an administrator, or a team with the template's execute_role."""
        if who in ("system", "organization"):
            return True
        role = self.get("job_templates", number)["summary_fields"]["object_roles"]["execute_role"]
        teams = [self.get("teams", each)["name"] for each in self.linked(role["id"], "teams")]
        return who in teams

    def _types(self, credentials: Iterable[int]) -> list[int]:
        return [self.get("credentials", each)["credential_type"] for each in credentials]

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
        self._link(number, association, other, given)

    def give_role(self, number: int, given: Item) -> None:
        """A role to a team."""
        self._link(number, "teams", self.get("teams", given["id"]), given)

    def _link(self, number: int, association: str, other: Item, given: Item) -> None:
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
        for name, default in rules.fields.items():
            # No text is null: it counts as left out.
            if changed[name] is None and isinstance(default, str):
                changed[name] = item[name]
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

    def _check_job_template(self, item: Item) -> None:
        if not self.projects.has(item["project"], item["playbook"]):
            raise Refusal(playbook=["Playbook not found for project."])
        if not item["inventory"] and not item["ask_inventory_on_launch"]:
            raise Refusal(inventory=["must be set or asked for"])

    def _check_workflow_job_template_node(self, item: Item) -> None:
        errors = self._saved_launch(item)
        # A question without an answer gets its default in a workflow, required or not.
        errors.pop("variables_needed_to_start", None)
        if errors:
            raise Refusal(**errors)

    def _check_schedule(self, item: Item) -> None:
        if errors := self._saved_launch(item):
            raise Refusal(**errors)

    def _saved_launch(self, item: Item) -> dict[str, Any]:
        for template in self.find(["job_templates"], id=item["unified_job_template"]):
            survey = self.survey_of(template["id"])
            return launches.accept(template, survey, item, saved=True).errors
        return {}


def _text(value: object) -> str:
    """As a filter has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)

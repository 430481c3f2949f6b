# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which Maia may answer, where its documentation tells several or none.

The default is what the newest documentation says. VARIANTS has the others, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from flask import request

from sandbox.maia.problems import forbidden, invalid, not_found
from sandbox.maia.store import Agent
from sandbox.maia.views import Json

DEFAULT_SIZE = 25


@dataclass(frozen=True)
class Variant:
    """One Maia.

    ids: whether items of lists and answers to PUT have an id, as the answer to POST has.
    lists: whether a list of definitions is a page, a bare list, or, of one, the bare object.
    zero_counts: pages say size 0 and total 0, as the documentation's examples do.
    silent_counts: pages do not say size and total.
    paging: whether page and size count for lists of definitions, or are refused.
    filters: whether connectionNames counts.
    post_replaces: whether a POST of a connection that there is replaces it, instead of a 409.
    overrides_upsert: the older overrides: POST creates or updates, there is no PUT.
    created, updated, deleted: the status of success; 204 has no body.
    problem_type: the media type of refusals.
    wrapped: the execution of a pipeline comes as {"result": ...}.
    agents: whether they may be listed and looked at, looked at only, or neither.
    hosted_type, hosted_field: what a new secret of Matillion's vault needs to have.
    hosted_agents: how Matillion's own look: as told, not listed and then refused or not found,
        or like a customer's.
    """

    ids: bool = False
    lists: Literal["page", "list", "object"] = "page"
    zero_counts: bool = False
    silent_counts: bool = False
    paging: bool | Literal["refused"] = True
    filters: bool = True
    post_replaces: bool = False
    overrides_upsert: bool = False
    created: int = 201
    updated: int = 200
    deleted: int = 204
    problem_type: str = "application/problem+json"
    wrapped: bool = False
    agents: Literal["open", "unlisted", "forbidden"] = "open"
    hosted_type: str = "GENERIC_SECRET"
    hosted_field: str = "value"
    hosted_agents: Literal["told", "forbidden", "not_found", "disguised"] = "told"

    def execution(self, item: Json) -> Json:
        return {"result": item} if self.wrapped else item

    def written(self, item: Json, status: int) -> tuple[Any, int]:
        """The answer to a write."""
        return ("", 204) if status == 204 else (item, status)

    def shown(self, item: Json) -> Json:
        """An item of a list, or the answer to a PUT."""
        return item if self.ids else {name: value for name, value in item.items() if name != "id"}

    def page(self, items: Iterable[Any], show: Callable[[Any], Json]) -> Json:
        """The page that the request asks for; pages count from 0."""
        everything = list(items)
        page = request.args.get("page", 0, int)
        size = request.args.get("size", DEFAULT_SIZE, int)
        chosen = everything[page * size : (page + 1) * size]
        counts: Json = {"size": size, "total": len(everything)}
        if self.zero_counts:
            counts = {"size": 0, "total": 0}
        elif self.silent_counts:
            counts = {}
        return {"page": page, "results": [show(item) for item in chosen], **counts}

    def definitions(self, items: Iterable[Any], show: Callable[[Any], Json]) -> Any:
        """A list of connections, of overrides or of secret references."""
        everything = list(items)
        if self.paging == "refused" and request.args.keys() & {"page", "size"}:
            raise invalid("query: page and size are not known")
        if self.lists == "page" and self.paging is True:
            return self.page(everything, lambda item: self.shown(show(item)))
        if self.paging is True:
            page = request.args.get("page", 0, int)
            size = request.args.get("size", DEFAULT_SIZE, int)
            everything = everything[page * size : (page + 1) * size]
        shown = [self.shown(show(item)) for item in everything]
        if self.lists == "object" and len(shown) == 1:
            return shown[0]
        if self.lists != "page":
            return shown
        size = request.args.get("size", DEFAULT_SIZE, int)
        counts = {} if self.silent_counts else {"size": size, "total": len(shown)}
        return {"page": 0, "results": shown, **counts}

    def listed_agents(self, agents: Iterable[Agent]) -> list[Agent]:
        """Raises Problem if they may not be listed."""
        if self.agents != "open":
            raise forbidden("The role does not allow to manage agents.")
        hidden = self.hosted_agents in ("forbidden", "not_found")
        return [self._as_seen(agent) for agent in agents if not (agent.hosted and hidden)]

    def agent(self, agent: Agent) -> Agent:
        """Raises Problem if it may not be looked at."""
        if self.agents == "forbidden" or (agent.hosted and self.hosted_agents == "forbidden"):
            raise forbidden("The role does not allow to look at this agent.")
        if agent.hosted and self.hosted_agents == "not_found":
            raise not_found("Agent", agent.agent_id)
        return self._as_seen(agent)

    def _as_seen(self, agent: Agent) -> Agent:
        if agent.hosted and self.hosted_agents == "disguised":
            return Agent(agent.agent_id, agent.name, "aws", "fargate", agent.description)
        return agent


VARIANTS = {
    "documented": Variant(),
    "items with ids": Variant(ids=True),
    "bare lists": Variant(lists="list"),
    "bare lists without paging": Variant(lists="list", paging=False),
    "bare objects": Variant(lists="object"),
    "counts that are 0": Variant(zero_counts=True),
    "no counts": Variant(silent_counts=True),
    "no paging": Variant(paging=False),
    "paging refused": Variant(paging="refused", silent_counts=True),
    "no paging and no counts": Variant(paging=False, silent_counts=True),
    "no filters": Variant(filters=False),
    "POST replaces": Variant(post_replaces=True),
    "older overrides": Variant(overrides_upsert=True),
    "writes answer 200": Variant(created=200, updated=200, deleted=200),
    "writes answer 204": Variant(created=204, updated=204, deleted=204),
    "refusals as plain JSON": Variant(problem_type="application/json"),
    "wrapped results": Variant(wrapped=True),
    "agents unlisted": Variant(agents="unlisted"),
    "agents forbidden": Variant(agents="forbidden"),
    "hosted type renamed": Variant(hosted_type="API_KEY"),
    "hosted field renamed": Variant(hosted_field="secret"),
    "hosted agents forbidden": Variant(hosted_agents="forbidden"),
    "hosted agents not found": Variant(hosted_agents="not_found"),
    "hosted agents disguised": Variant(hosted_agents="disguised"),
}
# Between them these differ from the documentation in each point that has a right outcome.
SEVERAL_AT_ONCE = {
    "several at once": Variant(
        ids=True,
        lists="list",
        paging=False,
        filters=False,
        post_replaces=True,
        overrides_upsert=True,
        created=200,
        deleted=200,
        problem_type="application/json",
        wrapped=True,
    ),
    "several others at once": Variant(
        lists="object",
        zero_counts=True,
        created=204,
        updated=204,
        agents="unlisted",
    ),
}
VARIANTS |= SEVERAL_AT_ONCE
# Between them these differ in all points that the others have one of.
TELLING = {
    *("documented", "bare objects", "paging refused", "agents forbidden", "hosted type renamed"),
    *SEVERAL_AT_ONCE,
}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account shows of our assumptions about Maia's API. Only reads.

What is said of it has the API's own words alone: no name, id or URL of the account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..._core.errors import CollectionError
from ..._core.http import REQUESTS
from ..._core.operation import Operation, Outcome, Params, Runtime
from ..apis.connections_api import KIND
from ..apis.hosted_vault import is_edited
from ..projects.projects import Project, find_project
from ..reach.client import PAGE_SIZE, MaiaClient
from ..reach.connection import MaiaConnection
from ..unverified import ASSUMED, CUSTOMERS_VAULTS, DEFINITION_NAME, HOSTED
from .environment import SPEC

CONFIRMED, REFUTED, UNKNOWN = "confirmed", "refuted", "unknown"
_VERDICTS = (REFUTED, CONFIRMED, UNKNOWN)  # what counts first where several were found
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_NOT_THERE = (400, 404, 405, 410, 501)

Finding = tuple[str, str]
"""A verdict, and what was seen."""


def look(params: Params, runtime: Runtime) -> Outcome:
    """Once for each project of a run. A question that is refused leaves its answer unknown."""
    with MaiaConnection.from_params(params).open(runtime) as client:
        project = find_project(client, params["project"])
        found = client.remember(
            f"assumptions of {project.id}",
            lambda: _Account(client, project, params["environment"]).findings(),
            subject=f"Maia project '{project.name or project.id}'",
        )
    return Outcome(changed=False, values={"assumptions": found})


class _Account:
    """What one project shows; each list is asked for when the first finding needs it."""

    def __init__(self, client: MaiaClient, project: Project, environment: str) -> None:
        self._client = client
        self._project = project
        self._environment = environment
        self._answers: dict[str, Any] = {}

    def findings(self) -> list[list[str]]:
        """The assumption's name, the verdict and what was seen, for each that can be asked for."""
        here = self._environment
        questions: dict[str, Callable[[], Finding]] = {
            "deployments": self._deployments,
            "hosted_runners": self._hosted_runners,
            "definition_names": self._definition_names,
            "definition_pages": lambda: _paged(self._of_project("connections")),
            "edited_names": self._edited_names,
            "override_pages": lambda: _paged(
                self._of_project("connections/environment-overrides", environmentName=here)
            ),
            "secret_references": lambda: _paged(self._of_project("secret-references")),
            "published_pipelines": lambda: _paged(
                self._of_project("published-pipelines", environmentName=here)
            ),
        }
        return [[name, *_answered(ask)] for name, ask in questions.items()]

    def _get(self, path: str, **params: str) -> Any:
        if path not in self._answers:
            query = {"page": "0", "size": str(PAGE_SIZE), **params}
            self._answers[path] = self._client.call(
                "GET", path, params=query, subject="Maia", attempt="asking how it answers"
            )
        return self._answers[path]

    def _of_project(self, resource: str, **params: str) -> Any:
        return self._get(f"/projects/{self._project.id}/{resource}", **params)

    def _agents(self) -> list[Mapping[str, Any]]:
        return _items(self._get("/agents"))

    def _connections(self) -> list[Mapping[str, Any]]:
        return _items(self._of_project("connections"))

    def _deployments(self) -> Finding:
        kinds = {
            (str(each.get("cloudProvider")).lower(), str(each.get("deployment")).lower())
            for each in self._agents()
        }
        if not kinds:
            return UNKNOWN, "no runners are listed"
        strange = [kind for kind in kinds if not _is_known(*kind)]
        seen = ", ".join(sorted(f"{_word(cloud)}/{_word(how)}" for cloud, how in strange or kinds))
        return (REFUTED if strange else CONFIRMED), seen

    def _hosted_runners(self) -> Finding:
        words = {str(each.get("deployment")) for each in self._agents()}
        hosted = sorted(_word(word) for word in words if HOSTED.search(word))
        return (CONFIRMED, ", ".join(hosted)) if hosted else (UNKNOWN, "none is listed")

    def _definition_names(self) -> Finding:
        others = [
            each
            for each in self._connections()
            if not DEFINITION_NAME.fullmatch(str(each.get("name")))
        ]
        if others:
            return REFUTED, f"{len(others)} connections have other names"
        return UNKNOWN, "no connection has another name"

    def _edited_names(self) -> Finding:
        edited = [each for each in self._connections() if self._is_edited(each)]
        return (CONFIRMED, str(len(edited))) if edited else (UNKNOWN, "none is there")

    def _is_edited(self, item: Mapping[str, Any]) -> bool:
        details = item.get("connectionDetails") or {}
        secret = (details.get("connectionProperties") or {}).get("secretName")
        generic = all(item.get(name) == value for name, value in KIND.items())
        return generic and is_edited(secret, self._project.id, str(item.get("name")))


def _answered(ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except CollectionError as error:
        verdict = REFUTED if error.status in _NOT_THERE else UNKNOWN
        return verdict, f"HTTP {error.status}" if error.status else "no answer"
    except (AttributeError, TypeError, ValueError):
        return REFUTED, "an answer of another form"


def _is_known(cloud: str, deployment: str) -> bool:
    customers = CUSTOMERS_VAULTS.get(cloud)
    ours = customers is not None and customers.has(deployment)
    return ours or HOSTED.search(deployment) is not None


def _paged(answer: Any) -> Finding:
    """Whether a list is returned as a page. Of its items, only the structure is shown."""
    if not isinstance(answer, dict) or "results" not in answer:
        return REFUTED, "a bare list" if isinstance(answer, list) else "no page"
    items = _items(answer)
    told = sorted(_word(name) for name in answer)
    ids = f", items {'with' if 'id' in items[0] else 'without'} id" if items else ", no items"
    return CONFIRMED, f"{', '.join(told)}{ids}"


def _items(answer: Any) -> list[Mapping[str, Any]]:
    found = answer["results"] if isinstance(answer, dict) and "results" in answer else answer
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) for item in items):
        raise TypeError("no objects")
    return items


def _word(text: str) -> str:
    """A word of the API as it is, and of anything else nothing."""
    return text if _WORD.fullmatch(text) else "(other)"


def summarized(findings: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    """Of all projects: for each assumption one verdict, and what was seen for it."""
    seen: dict[str, dict[str, list[str]]] = {}
    for name, verdict, what in findings:
        texts = seen.setdefault(name, {}).setdefault(verdict, [])
        if what not in texts:
            texts.append(what)
    return [_summary(name, seen.get(name, {})) for name in ASSUMED]


def _summary(name: str, seen: Mapping[str, list[str]]) -> dict[str, str]:
    verdict = next((each for each in _VERDICTS if each in seen), UNKNOWN)
    what = "; ".join(seen.get(verdict, ["it cannot be checked without writing"]))
    text = f"{name} {verdict}: {ASSUMED[name]} Seen: {what}."
    return {"assumption": name, "verdict": verdict, "text": text}


ASSUMPTIONS = Operation("maia_environment_info", SPEC, look, (REQUESTS,), reads_only=True)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One target: runs the calls of a flow, without Ansible's tasks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._core.argspec import ArgumentSpec, RefusedOptions, Validate
from .._core.clients import ClientPool
from .._core.deadline import Deadline, limited
from .._core.errors import CollectionError
from .._core.operation import Outcome, Params, Runtime, in_check_mode, unexpected_failure
from .._core.redaction import Redactor
from .._core.shared import SharedState
from .flows import PROVE
from .in_variables import in_variables, refused_options
from .refused import check_variables
from .situation import KEY_NAMES, Call, Flow, Situation
from .steps import FIND_VAULT, KEEP_DEFINITION, LIST_DEFINITIONS, SET_COMPONENTS, Step
from .still_named import NOTHING, Going
from .variables import TARGET_SPEC, complete, with_defaults
from .vaults import Values


class TargetRuntime:
    """The Runtime of one of a task's targets: the task's own, apart from what is said."""

    def __init__(self, runtime: Runtime, shared: SharedState) -> None:
        self.check_mode = runtime.check_mode
        self.shared = shared
        self.clients: ClientPool = runtime.clients
        # All steps' options are checked before the first one is made with the same.
        self._checked: dict[ArgumentSpec, list[tuple[Params, dict[str, Any]]]] = {}
        self.warnings: list[str] = []
        self._secrets: set[str] = set()
        self._runtime = runtime

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def protect(self, secret: str) -> None:
        self._secrets.add(secret)
        self._runtime.protect(secret)

    def validated(self, module: str, spec: ArgumentSpec, options: Params, /) -> dict[str, Any]:
        """See Validate; what was validated once is so later."""
        checked = self._checked.setdefault(spec, [])
        for given, params in checked:
            if given == options:
                return params
        checked.append((options, self._runtime.validated(module, spec, options)))
        return checked[-1][1]

    def masked(self, failure: dict[str, Any]) -> dict[str, Any]:
        """The result of what failed, without this target's secrets."""
        redactor = Redactor()
        for secret in self._secrets:
            redactor.protect(secret)
        masked: dict[str, Any] = redactor.mask_data(failure)
        return masked

    def progress(self, text: str) -> None:
        """The rollout as a whole tells that."""


@dataclass
class Done:
    """What came of one target.

    result: like the role's fact authorize_result; for a failed target changed, failed, msg and
    perhaps error.
    """

    name: str
    result: dict[str, Any]
    diffs: list[Mapping[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return bool(self.result.get("failed"))

    @property
    def changed(self) -> bool:
        return bool(self.result["changed"])

    @property
    def outcome(self) -> str:
        """failed, not_started, changed or unchanged."""
        if self.failed:
            return "failed"
        if self.result.get("skipped"):
            return "not_started"
        return "changed" if self.changed else "unchanged"


@dataclass
class _Host:
    """Runs a flow for one target, call by call."""

    name: str
    runtime: TargetRuntime
    changed: bool = False
    changes: list[str] = field(default_factory=list)
    renamed: Mapping[str, str] = field(default_factory=dict)
    diffs: list[Mapping[str, object]] = field(default_factory=list)

    def go_through(self, flow: Flow, variables: Values, **sharing: Any) -> dict[str, Any]:
        """The flow's result. Raises CollectionError and RefusedOptions.

        sharing: what a Situation has of others with the same secret.
        """
        self.renamed = flow.renamed
        situation = Situation(
            self.name,
            flow.prepare(variables),
            self.runtime.check_mode,
            warn=self.runtime.warn,
            **sharing,
        )
        flow.check(situation, self.runtime.validated)
        for call in flow.calls:
            if call.when(situation):
                self._make(call, situation)
            call.check(situation, self.runtime.validated)
        return flow.outcome(situation)

    def _make(self, call: Call, situation: Situation) -> None:
        step = call.step_for(situation)
        if step is None:
            return
        if (known := call.known(situation)) is not None:
            situation.results[call.result] = known
            return
        for options in call.options(situation):
            try:
                outcome = self.run(step, situation.variables, options, reads=call.reads)
                failure = {"failed": True, **outcome.failure} if outcome.failure else {}
                result = {"changed": outcome.changed, **outcome.values, **failure}
                if outcome.key is not None:
                    situation.keys[call.result] = outcome.key
                if call.counts and not call.reads:
                    self._count(step, outcome)
            except Exception as error:
                result = self.runtime.masked(_failure(error))
                if not call.tolerates(result):
                    if isinstance(error, CollectionError):
                        raise call.told(situation, error) from None
                    raise
            situation.results[call.result] = result
            situation.every.setdefault(call.result, []).append(result)
            situation.changed = self.changed

    def run(
        self, step: Step, variables: Values, options: Values, *, reads: bool = False
    ) -> Outcome:
        """Raises CollectionError and RefusedOptions."""
        if missing := step.operation.missing_requirement():
            raise RefusedOptions(missing)
        try:
            params = step.params(variables, options, self.runtime.validated)
        except RefusedOptions as refused:
            raise refused_options(self.name, refused, step, variables, self.renamed) from None
        for secret in step.operation.spec.secrets(params):
            self.runtime.protect(secret)
        runtime = in_check_mode(self.runtime) if reads else self.runtime
        # One that ends in the middle tells what the steps before it did.
        with limited(Deadline(math.inf, earlier=tuple(self.changes))):
            try:
                return step.operation.perform(params, runtime)
            except CollectionError as error:
                raise in_variables(error, step, variables, self.renamed) from None

    def _count(self, step: Step, outcome: Outcome) -> None:
        if outcome.changed:
            self.changed = True
            self.changes.append(_object(step, outcome))
        self.diffs.extend(outcome.diffs)
        if outcome.before != outcome.after:
            header = f"{self.name} ({step.operation.name})"
            headers = {"before_header": header, "after_header": header}
            self.diffs.append({"before": outcome.before, "after": outcome.after, **headers})


def _object(step: Step, outcome: Outcome) -> str:
    """What a step is about, for a sentence."""
    kind = step.operation.name
    if kind == SET_COMPONENTS.operation.name:
        return "components"
    what = "secret definition" if kind == KEEP_DEFINITION.operation.name else "secret"
    name = outcome.values.get("name")
    return f"{what} '{name}'" if name else what


def _failure(error: Exception) -> dict[str, Any]:
    """The result of a task that raised it; still to be masked."""
    if isinstance(error, CollectionError):
        return {"failed": True, **error.to_result()}
    if isinstance(error, RefusedOptions):
        return {"failed": True, "msg": str(error)}
    return unexpected_failure(error)


class KnownVariables:
    """The variables of a task's targets, each target's checked once for all that uses them."""

    def __init__(self, validated: Validate) -> None:
        self._validated = validated
        # By the target's name; with what it was given, since that may be others later.
        self._known: dict[str, tuple[Values, frozenset[str], dict[str, Any]]] = {}

    def of(self, given: Values, flow: Flow) -> dict[str, Any]:
        """Those that the flow needs, checked. Raises ConfigurationError and RefusedOptions."""
        name, unused = given["name"], flow.unused(given)
        held = self._known.get(name)
        if held is not None and held[0] is given and held[1] == unused:
            return held[2]
        used = {name: held for name, held in given.items() if name not in unused}
        try:
            checked = check_variables(name, used, self._validated)
        except (CollectionError, RefusedOptions):
            if not flow.does_without_key(used):
                raise
            without = {name: held for name, held in used.items() if name not in KEY_NAMES}
            checked = check_variables(name, without, self._validated)
        self._known[name] = given, unused, checked
        return checked


def find_vault(given: Values, runtime: TargetRuntime) -> str | None:
    """The vault that a target's runner reads; None if that cannot be found out. Raises nothing."""
    for secret in TARGET_SPEC.secrets(given):
        runtime.protect(secret)
    try:
        found = (
            _Host(given["name"], runtime)
            .run(FIND_VAULT, complete(given, runtime.validated), {})
            .values["vault"]
        )
    except Exception:
        return None  # the target's own failure, if it gets that far
    return None if found is None else str(found)


def definitions_of(
    name: str, variables: Values, project: str, runtime: TargetRuntime
) -> Mapping[str, Any]:
    """All of a project that a target can reach, with all overrides. Raises CollectionError."""
    options = {"project": project, "environments": ["all"]}
    return _Host(name, runtime).run(LIST_DEFINITIONS, variables, options, reads=True).values


def go_through(
    given: Values,
    flow: Flow,
    runtime: TargetRuntime,
    collision: CollectionError | None = None,
    known: KnownVariables | None = None,
    gone: Going = NOTHING,
) -> Done:
    """Do for one target what the flow says. Raises nothing.

    given: its variables. collision: with other targets; nothing is contacted then. known: of all
    targets. gone: the definitions that are to be deleted for any of them.
    """
    runtime.check_mode = runtime.check_mode or flow.predicts
    host = _Host(given["name"], runtime)
    for secret in TARGET_SPEC.secrets(given):
        runtime.protect(secret)
    try:
        if given.get("refusal"):
            raise RefusedOptions(given["refusal"])
        variables = (known or KnownVariables(runtime.validated)).of(given, flow)
        if collision:
            raise collision
        taken_for_gone = gone if runtime.check_mode else NOTHING
        sharing = {"gone": taken_for_gone, "also_in": given.get("also_in") or ()}
        result = _result(host, variables, flow, **sharing)
    except Exception as error:
        result = _failure(error)
    if result.get("failed"):
        changed = host.changed or bool(result.get("changed"))
        result = runtime.masked({**place_of(given), **result, "changed": changed})
    return Done(host.name, result, host.diffs, runtime.warnings)


def place_of(given: Values) -> dict[str, Any]:
    """What a result says of a target of which nothing else is known."""
    known = with_defaults(given)
    names = ["project"]
    if known["authorize_environment"] is not None:  # which names the definition by default
        names += ["environment", "definition_name"]
    return {name: held for name in names if (held := known[f"authorize_{name}"]) is not None}


def _result(host: _Host, variables: Values, flow: Flow, **sharing: Any) -> dict[str, Any]:
    result = host.go_through(flow, variables, **sharing)
    # Not in check mode, in which nothing was done that could be read.
    proves = variables["authorize_prove"] and variables["authorize_state"] == "present"
    if flow.proves and proves and not host.runtime.check_mode:
        proven = host.go_through(PROVE, variables)
        result |= {name: proven[name] for name in ("proof", "failed", "msg") if name in proven}
    return result

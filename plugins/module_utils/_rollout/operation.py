# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authorize_targets module: what the role authorize does, for many targets in one task."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .._core.argspec import ArgumentSpec
from .._core.deadline import current, held
from .._core.errors import CollectionError, ConfigurationError
from .._core.http import REQUESTS
from .._core.operation import Operation, Outcome, Params, Runtime
from .._core.wording import listed
from .._flow.adopt import ADOPT
from .._flow.collisions import refused_targets
from .._flow.discover import discover_flow
from .._flow.flows import AUDIT, AUTHORIZE, PROVE
from .._flow.keepers import (
    Other,
    refused_deletions,
    refused_purges,
    refused_purges_of_entries,
    removes_entries,
    removes_overrides,
)
from .._flow.key_identity import key_identity
from .._flow.preflight import PREFLIGHT
from .._flow.refused import sendable
from .._flow.rollback import ROLLBACK
from .._flow.situation import Flow, is_absent
from .._flow.still_named import Going, definitions_of_all
from .._flow.target import Done, KnownVariables, TargetRuntime, find_vault, go_through
from .._flow.undoing import REVOKE
from .._flow.variables import COMMON_SPEC, TARGET_SPEC, with_defaults
from .._flow.vaults import VAULTS, Values
from .._maia.modules.assumptions import summarized
from .discovery import DISCOVER, discover
from .kept_secrets import delete_kept
from .rotation import ROTATE, Plan, rotate
from .state import TaskState
from .still_named import still_named
from .threads import Limits, Rollout, Work, counts_of
from .waves import option, wave_sizes

# Of discovery its first one, which a run makes with a salt of its own.
FLOWS = {
    "authorize": AUTHORIZE,
    "prove": PROVE,
    "audit": AUDIT,
    "rollback": ROLLBACK,
    "revoke": REVOKE,
    "preflight": PREFLIGHT,
    "discover": discover_flow(""),
    "adopt": ADOPT,
}

SPEC = ArgumentSpec(
    options={
        "hosts": {"type": "list", "elements": "str"},
        "targets": {"type": "list", "elements": "dict", "options": TARGET_SPEC.options},
        "defaults": {"type": "dict", "options": COMMON_SPEC.options},
        "threads": {"type": "int", "default": 16},
        "max_fail_percentage": {"type": "float", "default": 100.0},
        "progress": {"type": "bool", "default": True},
        "max_seconds": {"type": "int"},
        "action": {"type": "str", "default": "authorize", "choices": [*FLOWS, ROTATE]},
        "waves": {"type": "list", "elements": "str"},
        "canary": {"type": "list", "elements": "str"},
        "per_host": {"type": "bool", "default": False},
        "audit": {"type": "bool", "default": False},
        "collisions_only": {"type": "bool", "default": False},
    },
    mutually_exclusive=(("hosts", "targets"),),
    required_one_of=(("hosts", "targets"),),
    parts={"targets": TARGET_SPEC, "defaults": COMMON_SPEC},
    # What is wrong with one target must not stop the others.
    checked_apart=frozenset({"targets"}),
)
THREADS = range(1, 65)


def execute(params: Params, runtime: Runtime) -> Outcome:
    """Validate the whole, then do for each target what the action says."""
    targets = _targets(params)
    limits = _limits(params, len(targets))
    shared = TaskState(runtime.shared, len(targets))
    action = _action(params)
    flow = AUTHORIZE if action == ROTATE else FLOWS[action]
    known = KnownVariables(runtime.validated)
    gone = _definitions_of_absent(targets, flow)
    collisions = (
        {} if flow.reads else _collisions(targets, flow, runtime, shared, limits, known, gone)
    )
    if params["collisions_only"]:
        return _collisions_alone(targets, collisions, params["targets"], gone)

    def work(flow: Flow, refused: Mapping[str, CollectionError] | None = None) -> Work:
        errors = collisions if refused is None else refused
        return lambda target: go_through(
            target, flow, TargetRuntime(runtime, shared), errors.get(target["name"]), known, gone
        )

    say = runtime.progress if params["progress"] else lambda _text: None
    changed = "would change" if runtime.check_mode else "changed"
    looks = flow.reads or flow.predicts
    rollout = Rollout(limits, say, shared.waiting, "" if looks else changed)
    if action == ROTATE:
        done = rotate(targets, work, rollout, Plan(params["waves"] or (), params["canary"] or ()))
    elif action == DISCOVER:
        done = discover(targets, work, rollout)
    else:
        done = rollout.run(targets, work(flow))
        if not runtime.check_mode:
            done = delete_kept(targets, done, work(flow), rollout)
    if action == "audit":
        _tell_same_keys(targets, done)
    ordered = [done[target["name"]] for target in targets]
    for text in _warnings(ordered):
        runtime.warn(text)
    return _outcome(ordered, per_host=params["per_host"], predicted=flow.predicts)


def _action(params: Params) -> str:
    """Raises ConfigurationError."""
    if params["audit"] and params["action"] not in ("authorize", "audit"):
        raise ConfigurationError(
            "Option audit",
            f"it is given with action={params['action']}",
            "leave it out; action=audit does the same",
        )
    return "audit" if params["audit"] else str(params["action"])


def _outcome(done: Sequence[Done], *, per_host: bool, predicted: bool) -> Outcome:
    values: dict[str, object] = {
        "targets": {each.name: each.result for each in done},
        "counts": counts_of(done),
    }
    if found := [row for each in done for row in each.result.get("assumptions") or ()]:
        values["assumptions"] = summarized(found)
    if per_host:
        diffs = {each.name: each.diffs for each in done if each.diffs}
        return Outcome(changed=False, values=values, diffs_by_target=diffs)
    return Outcome(
        changed=not predicted and any(each.changed for each in done),
        values=values,
        diffs=tuple(diff for each in done for diff in each.diffs),
        failure=_failure(done),
    )


def _targets(params: Params) -> list[dict[str, Any]]:
    """Each with the variables that all have in common. Raises ConfigurationError."""
    if params["targets"] is None:
        raise ConfigurationError(
            "Option hosts",
            "only the controller knows the variables of hosts",
            "give targets, or run the task on the controller",
        )
    if not params["targets"] and not params["collisions_only"]:
        raise ConfigurationError(
            "Option targets",
            "it is empty, so that nothing would be done or looked at",
            "give at least one target, or skip the task",
        )
    common = _given(params["defaults"] or {})
    targets = [{**common, **_given(sendable(target))} for target in params["targets"]]
    times = Counter(target["name"] for target in targets)
    if twice := [name for name, count in times.items() if count > 1]:
        raise ConfigurationError(
            "Option targets",
            f"more than one is called '{twice[0]}'",
            "give each target a name of its own",
        )
    return targets


def _collisions(
    targets: Sequence[Values],
    flow: Flow,
    runtime: Runtime,
    shared: TaskState,
    limits: Limits,
    known: KnownVariables,
    gone: Going,
) -> Mapping[str, CollectionError]:
    """The error of each target that would undo what another one does. gone: what is to go."""
    given = {each["name"]: each for each in targets if not each.get("refusal")}

    def find_vaults(names: Sequence[str]) -> dict[str, str | None]:
        # What is looked up is remembered for the targets' own turn.
        whole = current()

        def look(name: str) -> str | None:
            with held(whole):
                return find_vault(given[name], TargetRuntime(runtime, shared))

        with ThreadPoolExecutor(limits.threads) as pool:
            found = pool.map(look, names)
            return dict(zip(names, found, strict=True))

    claiming = {}
    for name, target in given.items():
        with suppress(Exception):  # whatever it is, its own failure, before it does anything
            claiming[name] = flow.prepare(known.of(target, flow))
    guarded = not (flow.all_go or flow.predicts)
    refused = _taken_from_others(targets, claiming, runtime) if guarded else {}
    left = {name: variables for name, variables in claiming.items() if name not in refused}
    refused = {**refused_targets(left, find_vaults), **refused}
    if flow.predicts:
        return refused
    # Asks Maia, so only of what nothing else speaks against.
    going = {name: claiming[name] for name in _absent(claiming) if name not in refused}
    named = still_named(going, given, gone, runtime, shared, limits.threads)
    return {**named, **refused}


def _absent(claiming: Mapping[str, Values]) -> list[str]:
    return [name for name, each in claiming.items() if is_absent(each)]


def _definitions_of_absent(targets: Iterable[Values], flow: Flow) -> Going:
    """Those that are to be deleted."""
    return definitions_of_all(
        with_defaults(each) for each in targets if flow.all_go or is_absent(each)
    )


def _taken_from_others(
    targets: Sequence[Values], claiming: Mapping[str, Values], runtime: Runtime
) -> dict[str, CollectionError]:
    """The error of each target that would take away what another one keeps, which may be wrong."""
    gone = {name: claiming[name] for name in _absent(claiming)}
    purging = {name: each for name, each in claiming.items() if removes_overrides(each)}
    emptying = {name: each for name, each in claiming.items() if removes_entries(each)}
    taking = gone | purging | emptying
    if not taking:
        return {}
    # Of what was refused before it came here, the action plugin has told.
    others: dict[str, Other] = {
        each["name"]: ({name: held for name, held in each.items() if name != "name"}, {})
        for each in targets
        if not each.get("refusal")
    }
    wrong = {name: other for name, other in others.items() if name not in claiming}
    found: dict[str, CollectionError] = {}
    for refuse, some, kept in (
        (refused_purges_of_entries, emptying, wrong),
        (refused_purges, purging, wrong),
        (refused_deletions, gone, others),
    ):
        found |= refuse(some, kept, runtime.validated) if some else {}
    return {name: error for name, error in found.items() if name in taking}


def _tell_same_keys(targets: Iterable[Values], done: Mapping[str, Done]) -> None:
    """Add same_key to the result of each that did not fail: the names of the others.

    None where there is no key, or none that can be read.
    """
    users: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        # Nothing is known of the variables of one that failed; and what goes has no use for a key.
        if done[target["name"]].failed or is_absent(target):
            continue
        key = key_identity(with_defaults(target))
        # Otherwise it is only known where the key would come from.
        if isinstance(key, str):
            users[key].append(target["name"])
    for names in users.values():
        for name in names:
            done[name].result["same_key"] = [other for other in names if other != name]


def _collisions_alone(
    targets: Sequence[Values],
    collisions: Mapping[str, CollectionError],
    given: Iterable[Values],
    gone: Going,
) -> Outcome:
    """No failure of the task: it runs once for hosts of which others may go on.

    given: the targets as they came. Of these, what hosts outside of the play keep was refused.
    gone: the definitions that are to be deleted.
    """
    failures: dict[str, dict[str, Any]] = {
        each["name"]: {"changed": False, "failed": True, "msg": each["refusal"]}
        for each in given
        if each.get("refusal")
    }
    for name, error in collisions.items():
        failures[name] = {"changed": False, "failed": True, **error.to_result()}
    done = [Done(each["name"], failures.get(each["name"], {"changed": False})) for each in targets]
    also_in = {each["name"]: each["also_in"] for each in targets if each.get("also_in")}
    sharing = {"gone": gone, "also_in": also_in}
    values = {"targets": failures, "counts": counts_of(done), "sharing": sharing}
    return Outcome(changed=False, values=values)


def _given(variables: Values) -> dict[str, Any]:
    return {name: value for name, value in variables.items() if value is not None}


def _limits(params: Params, targets: int) -> Limits:
    """Raises ConfigurationError."""
    threads, percentage = params["threads"], params["max_fail_percentage"]
    if threads not in THREADS:
        raise ConfigurationError(
            option("threads"),
            f"it is {threads}",
            f"give a number from {THREADS[0]} to {THREADS[-1]}",
        )
    if not 0 <= percentage <= 100:
        raise ConfigurationError(
            option("max_fail_percentage"), f"it is {percentage:g}", "give a number from 0 to 100"
        )
    return Limits(threads, percentage, wave_sizes(params["waves"] or (), targets))


def _warnings(done: Iterable[Done]) -> list[str]:
    """Each text once, with the targets that it is about."""
    names: dict[str, list[str]] = {}
    for each in done:
        for text in dict.fromkeys(each.warnings):
            names.setdefault(text, []).append(each.name)
    return [f"{listed(about)}: {text}" for text, about in names.items()]


def _failure(done: Sequence[Done]) -> Mapping[str, object] | None:
    """One sentence about those that failed, and the details of the first one."""
    failed = [each for each in done if each.failed]
    if not failed:
        return None
    error = failed[0].result.get("error")
    details = {"error": error} if error else {}
    if len(done) == 1:
        return {"msg": failed[0].result["msg"], **details}
    reasons = [f"{each.name} ({str(each.result['msg']).rstrip('.')})" for each in failed]
    counts = counts_of(done)
    left = f"; {counts['not_started']} were not started" if counts["not_started"] else ""
    msg = f"{len(failed)} of {len(done)} targets failed: {listed(reasons)}{left}."
    return {"msg": msg, **details}


# What a vault needs that must not be imported too early, whether it is installed or not. The other
# libraries are asked for by the targets that need them.
_NOT_TO_BE_FORKED = (
    replace(requirement, error=None)
    for vault in VAULTS.values()
    for requirement in vault.operation.requirements
    if requirement.late_import is not None
)
OPERATION = Operation("authorize_targets", SPEC, execute, (REQUESTS, *_NOT_TO_BE_FORKED))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proof of one target, as roles/authorize/tasks/prove.yml has it; it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from .proof import Evidence, Link, prove, stopping
from .steps import (
    FIND_VAULT,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    RUN_PROBE,
    SET_COMPONENTS,
    Step,
)
from .variables import has_key
from .vaults import VAULTS

Values = Mapping[str, Any]

# What a proof compares with, whatever the variables say about when to write.
COMPARING = {
    "authorize_state": "present",
    "authorize_on_publishable_key": "allow",
    "authorize_on_secret_key": "allow",
    "authorize_on_foreign": "fail",
    "authorize_on_unknown": "keep",
}
# The families that say when a value is written, and those that say how it is compared: not where
# values are never shown.
WRITING = tuple(vault.family for vault in VAULTS.values())
COMPARED = tuple(
    vault.family for vault in VAULTS.values() if "compare" in vault.operation.spec.options
)


class Read(Protocol):
    def __call__(self, step: Step, **computed: Any) -> Values:
        """Run a step in check mode; an error is an answer as well."""


def comparing(variables: Values) -> dict[str, Any]:
    """The variables for the steps of a proof."""
    return {**comparing_values(variables), **COMPARING}


def comparing_values(variables: Values) -> dict[str, Any]:
    """The variables with which the stored value itself is compared, if there is a key for that.

    Without a key, all else is.
    A number for the value says when to write it, but nothing about the value.
    """
    found = {**variables, "authorize_update_value": "on_change" if has_key(variables) else "never"}
    if not has_key(variables):
        return found
    for family in WRITING:
        found[family] = {**variables[family], "value_version": None}
    for family in COMPARED if variables["authorize_prove_values"] else ():
        found[family]["compare"] = "prefer_value"
    return found


def prove_target(variables: Values, read: Read, run: Read | None) -> list[Link]:
    """Read every link of the chain anew, run the probe if there is one, and say what that proves.

    variables: as comparing() gives them, with which `read` runs its steps. run: the same, but not
    in check mode; None if nothing may be run. No probe is run where something is contradicted.
    """
    runner = read(FIND_VAULT)
    name, environment = variables["authorize_definition_name"], variables["authorize_environment"]
    # Before the next step, which in Full SaaS then finds this new reading.
    definitions = read(LIST_DEFINITIONS, names=[name], environments=[environment])
    vault = variables["authorize_vault"]
    if vault == "auto":
        vault = runner.get("vault") or "unknown"
    secret: Values = {}
    if vault != "unknown":
        secret = read(KEEP_SECRET[vault])
    evidence = Evidence(
        vault=vault,
        environment=environment,
        definition=name,
        secret=secret,
        runner=runner,
        definitions=definitions,
        components=read(SET_COMPONENTS) if variables["authorize_component"] else {},
    )
    probe, links = variables["authorize_probe_pipeline"], prove(evidence)
    if probe is None or run is None:
        return links
    pipeline = {} if stopping(links) else run(RUN_PROBE)
    return prove(replace(evidence, probe=probe, pipeline=pipeline))


def contradiction(variables: Values, links: Iterable[Link]) -> str | None:
    """A sentence for each link that stopping() has; None if there is none."""
    wrong = [f"The link '{link.link}' is {link.verdict}. {link.reason}" for link in stopping(links)]
    if not wrong:
        return None
    return (
        f"Stripe Query in environment '{variables['authorize_environment']}' of project"
        f" '{variables['authorize_project']}': {' '.join(wrong)}"
    )

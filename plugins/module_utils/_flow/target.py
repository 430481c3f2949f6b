# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One target: what the role authorize does for one host, without Ansible's tasks."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from .._core.clients import ClientPool
from .._core.errors import CollectionError, ConfigurationError
from .._core.misplaced import check_misplaced
from .._core.operation import Outcome, Runtime, unexpected_failure
from .._core.redaction import Redactor
from .._core.shared import SharedState
from .._core.validation import RefusedOptions
from .overruled import check_overruled
from .proof import Evidence, Link, prove
from .readings import comparing, comparing_values, contradiction, prove_target
from .steps import (
    CHECK_KEY,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    SET_COMPONENTS,
    Step,
)
from .variables import TARGET_SPEC, complete, has_key
from .vaults import VAULTS

Values = Mapping[str, Any]


# A kind of key that should not be is a finding, neither a warning nor a failure.
_AUDITING = {
    "authorize_on_unknown": "keep",
    "authorize_on_publishable_key": "allow",
    "authorize_on_secret_key": "allow",
}


class TargetRuntime:
    """The Runtime of one of a task's targets: the task's own, apart from what is said."""

    def __init__(self, runtime: Runtime, shared: SharedState, *, audit: bool = False) -> None:
        self.audit = audit
        self.check_mode = audit or runtime.check_mode
        self.shared = shared
        self.clients: ClientPool = runtime.clients
        self.warnings: list[str] = []
        self._secrets: set[str] = set()
        self._runtime = runtime

    def reading(self) -> TargetRuntime:
        """The same in check mode."""
        runtime = copy(self)
        runtime.check_mode = True
        return runtime

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def protect(self, secret: str) -> None:
        self._secrets.add(secret)
        self._runtime.protect(secret)

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


@dataclass
class _Host:
    """Runs the steps of one target one by one."""

    name: str
    variables: Values
    runtime: TargetRuntime
    changed: bool = False
    # What the vault's module returned.
    secret: Values = field(default_factory=dict)
    diffs: list[Mapping[str, object]] = field(default_factory=list)

    def run(self, step: Step, **computed: Any) -> Values:
        """What a task of the role would register. Raises CollectionError and RefusedOptions."""
        if missing := step.operation.missing_requirement():
            raise RefusedOptions(missing)
        params = step.params(self.variables, computed)
        for secret in step.operation.spec.secrets(params):
            self.runtime.protect(secret)
        outcome = step.operation.execute(params, self.runtime)
        self.changed = self.changed or outcome.changed
        self._note(step, outcome)
        return {"changed": outcome.changed, **outcome.values}

    def _note(self, step: Step, outcome: Outcome) -> None:
        self.diffs.extend(outcome.diffs)
        if outcome.before != outcome.after:
            header = f"{self.name} ({step.operation.name})"
            headers = {"before_header": header, "after_header": header}
            self.diffs.append({"before": outcome.before, "after": outcome.after, **headers})

    def authorize(self) -> dict[str, Any]:
        """The steps of the role, in its order."""
        given = self.variables
        present = given["authorize_state"] == "present"
        checked: Values = {}
        if present and given["authorize_verify"] != "never":
            checked = self.run(CHECK_KEY, verify=given["authorize_verify"] == "stripe")
        vault = VAULTS[self._vault()]
        if vault.in_definition:
            secret = definition = self.run(KEEP_SECRET[vault.id])
        elif present:
            # Who reads a definition should find the secret: it comes first and goes last.
            secret = self.run(KEEP_SECRET[vault.id])
            definition = self.run(
                KEEP_DEFINITION,
                # As the vault has them: Snowflake folds names, and plain text has no label, so that
                # the label of a secret that was named before is cleared.
                secret_name=secret["name"],
                secret_label=secret["label"] or "",
            )
        else:
            definition = self.run(KEEP_DEFINITION)
            secret = self.run(KEEP_SECRET[vault.id])
        self.secret = secret
        components: Values = {"changed": False}
        if present and given["authorize_component"]:
            components = self.run(SET_COMPONENTS)
        return {
            "project": given["authorize_project"],
            "environment": given["authorize_environment"],
            "vault": vault.id,
            "state": given["authorize_state"],
            "changed": secret["changed"] or definition["changed"] or components["changed"],
            "secret_name": None if vault.in_definition else secret["name"],
            "secret_changes": secret["changes"],
            "definition_name": given["authorize_definition_name"],
            "definition_changes": definition["changes"],
            "components": components.get("components"),
            "verification": checked.get("verification"),
            "permissions": checked.get("permissions"),
            "api_key": secret.get("api_key"),
            "fingerprint": secret.get("fingerprint"),
            "verified_by": secret.get("verified_by"),
            "verdict": secret.get("verdict"),
            "unread_because": secret.get("unread_because"),
            "created": secret.get("created"),
            "last_changed": secret.get("last_changed"),
            "version_before": secret.get("version_before"),
            "version": secret.get("version"),
            "proof": None,
        }

    def audit(self) -> dict[str, Any]:
        """What authorize() would change, and the project's definitions that are ours.

        What cannot be known would be kept. Without a key all but the value is looked at.
        """
        self.variables = {**comparing_values(self.variables), **_AUDITING}
        if not has_key(self.variables):
            self.variables["authorize_verify"] = "never"
        result = self.authorize()
        listed = self.run(LIST_DEFINITIONS)["definitions"]
        present = result["state"] == "present"
        return {
            **result,
            "unreadable_because": self.secret.get("unreadable_because"),
            "definitions": [each for each in listed if each["ours"]],
            "proof": [link.to_result() for link in self._pointer(result["vault"])]
            if present
            else None,
        }

    def _pointer(self, vault: str) -> list[Link]:
        """Where the definition leads in this environment, which others may have overridden."""
        name = self.variables["authorize_definition_name"]
        environment = self.variables["authorize_environment"]
        seen = self.read(LIST_DEFINITIONS, names=[name], environments=[environment])
        links = prove(
            Evidence(vault, environment, name, secret=self.secret, definitions=seen),
        )
        return [link for link in links if link.link in ("definition", "location")]

    def _vault(self) -> str:
        vault = str(self.variables["authorize_vault"])
        if vault != "auto":
            return vault
        found = self.run(FIND_VAULT)["vault"]
        if found is None:
            environment = self.variables["authorize_environment"]
            *others, last = VAULTS
            raise ConfigurationError(
                f"Maia environment '{environment}' of project"
                f" '{self.variables['authorize_project']}'",
                "its runner does not tell which vault it reads",
                f"set authorize_vault to {', '.join(others)} or {last}",
            )
        return str(found)

    def prove(self) -> dict[str, Any]:
        """What a proof adds to the result; nothing is proven unless that is asked for."""
        given = self.variables
        present = given["authorize_state"] == "present"
        # Not in check mode, in which nothing was done that could be read.
        if not given["authorize_prove"] or not present or self.runtime.check_mode:
            return {}
        reader = _Host(self.name, comparing(given), self.runtime.reading())
        links = prove_target(reader.variables, reader.read)
        proof = {"proof": [link.to_result() for link in links]}
        if msg := contradiction(given, links):
            return {**proof, "failed": True, "msg": msg}
        return proof

    def read(self, step: Step, **computed: Any) -> Values:
        """As run(), but an error is an answer as well."""
        try:
            return self.run(step, **computed)
        except Exception as error:
            return self.runtime.masked(_failure(error))


def _failure(error: Exception) -> dict[str, Any]:
    """The result of a task of the role that raised it; still to be masked."""
    if isinstance(error, CollectionError):
        return {"failed": True, **error.to_result()}
    if isinstance(error, RefusedOptions):
        return {"failed": True, "msg": str(error)}
    return unexpected_failure(error)


def find_vault(given: Values, runtime: TargetRuntime) -> str | None:
    """The vault that a target's runner reads; None if that cannot be found out. Raises nothing."""
    for secret in TARGET_SPEC.secrets(given):
        runtime.protect(secret)
    try:
        found = _Host(given["name"], complete(given), runtime).run(FIND_VAULT)["vault"]
    except Exception:
        return None  # the target's own failure, if it gets that far
    return None if found is None else str(found)


def authorize(
    given: Values, runtime: TargetRuntime, collision: CollectionError | None = None
) -> Done:
    """Bring one target to the state that its variables ask for. Raises nothing.

    collision: with other targets; nothing is contacted then.
    """
    host = _Host(given["name"], {}, runtime)
    for secret in TARGET_SPEC.secrets(given):
        runtime.protect(secret)
    try:
        if given.get("refusal"):
            raise RefusedOptions(given["refusal"])
        check_misplaced(TARGET_SPEC, given)
        check_overruled(given)
        host.variables = complete(given)
        if collision:
            raise collision
        result = host.audit() if runtime.audit else {**host.authorize(), **host.prove()}
    except Exception as error:
        result = _failure(error)
    if result.get("failed"):
        result = runtime.masked({**result, "changed": host.changed})
    return Done(host.name, result, host.diffs, runtime.warnings)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a flow is made of: calls of steps in order, and the target that goes through them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._core.argspec import Validate
from .._core.errors import CollectionError
from .._stripe.source import KEY_SOURCES
from .steps import Step
from .vaults import AUTO, Values, Vault, known_vault

UNKNOWN_VAULT = "unknown"
KEY_NAMES = frozenset(f"authorize_{source}" for source in KEY_SOURCES)


def is_absent(variables: Values) -> bool:
    """Whether the target is to be absent; not all of the variables are needed."""
    return bool(variables.get("authorize_state") == "absent")


@dataclass
class Situation:
    """A target on its way. results: what the calls returned so far, by the calls' names.

    every: the same of calls that are made several times, one after the other.
    keys: stored keys that calls read, by the calls' names.
    check_mode: nothing is written. warn: shows a warning about the target.
    gone: in check mode, the definitions that this run is to delete, by project. also_in: other
    projects whose definitions may name the target's secret.
    """

    name: str
    variables: Values
    check_mode: bool = False
    results: dict[str, Values] = field(default_factory=dict)
    every: dict[str, list[Values]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    changed: bool = False
    warn: Callable[[str], None] = lambda _text: None
    gone: Mapping[str, Collection[str]] = field(default_factory=dict)
    also_in: Sequence[str] = ()

    def __getitem__(self, name: str) -> Any:
        """The variable authorize_NAME."""
        return self.variables[f"authorize_{name}"]

    def result(self, name: str) -> Values:
        """{} of a call that was not made."""
        return self.results.get(name, {})

    @property
    def present(self) -> bool:
        return bool(self["state"] == "present")

    @property
    def finds_vault(self) -> bool:
        """Whether Maia says which vault it is."""
        return bool(self["vault"] == AUTO)

    @property
    def asks_maia(self) -> bool:
        """Whether the runner's vault is needed, or is to be compared with the one that is named.

        It is not compared for what is to be gone, whose environment may be gone as well.
        """
        return self.finds_vault or bool(self["check_runner"] and self.present)

    def expects(self, what: str) -> bool:
        """Whether a mode or account is expected of the key, by the variable or by its family."""
        given = (self[f"expected_{what}"], self["stripe"].get(f"expected_{what}"))
        return any(each is not None for each in given)

    @property
    def checks_key(self) -> bool:
        """What is expected of a key is checked, even if nothing else is."""
        checks = self["verify"] != "never" or self.expects("mode") or self.expects("account")
        return self.present and bool(checks)

    @property
    def asks_stripe(self) -> bool:
        """Only Stripe tells a key's account."""
        return bool(self["verify"] == "stripe" or self.expects("account"))

    @property
    def how_to_ask(self) -> dict[str, Any]:
        """How a key is checked. If Stripe tells nothing, it is refused by default."""
        on_unverified = self["stripe"].get("on_unverified") or "fail"
        return {"verify": self.asks_stripe, "on_unverified": on_unverified}

    @property
    def vault_id(self) -> str:
        """That of the variable, or what Maia said."""
        found = self.result("runner").get("vault") if self.finds_vault else self["vault"]
        return str(found or UNKNOWN_VAULT)

    @property
    def vault(self) -> Vault:
        """Raises ConfigurationError if Maia did not say which it is."""
        return known_vault(self.vault_id, self.variables)

    @property
    def place(self) -> dict[str, Any]:
        """What each result says of it."""
        names = ("project", "environment", "definition_name")
        return {"vault": self.vault_id, **{name: self[name] for name in names}}

    def failure(self, sentences: Iterable[str]) -> dict[str, Any]:
        """A failed result with these; {} if there are none."""
        text = " ".join(sentences)
        return {"failed": True, "msg": f"{self.target}: {text}"} if text else {}

    @property
    def target(self) -> str:
        """What an error about the whole of it names."""
        return f"Stripe Query in environment '{self['environment']}' of project '{self['project']}'"


def any_error(_failure: Values) -> bool:
    """An error is evidence as well: of a contradiction, or that something cannot be proven."""
    return True


@dataclass(frozen=True)
class Call:
    """A step in its place.

    result: what the result is called. step: or one for each vault that has it, by the vault's id.
    options: for each time that it is run, the options that no variable has as they are.
    reads: in check mode. counts: what it does is a change of the target.
    tolerates: whether a failure is a result too. known: the result if an earlier call shows it,
    which is not made then. told: an error of the step in the words of the flow. check: raises for
    what speaks against going on, whether the call was made or not.
    """

    result: str
    step: Step | Mapping[str, Step]
    when: Callable[[Situation], bool] = lambda _situation: True
    options: Callable[[Situation], Iterable[Values]] = lambda _situation: ({},)
    reads: bool = False
    counts: bool = True
    tolerates: Callable[[Values], bool] = lambda _failure: False
    known: Callable[[Situation], Values | None] = lambda _situation: None
    told: Callable[[Situation, CollectionError], CollectionError] = lambda _situation, error: error
    check: Callable[[Situation, Validate], None] = lambda _situation, _validated: None

    def step_for(self, situation: Situation) -> Step | None:
        if isinstance(self.step, Step):
            return self.step
        return self.step.get(situation.vault.id)


@dataclass(frozen=True)
class Flow:
    """All that an action does for a target.

    prepare: the variables that its steps have. outcome: the result. check: raises for what speaks
    against the first call.
    predicts: as in check mode; a change is what would be done.
    proves: what it has done is proven afterwards, if the target asks for that.
    all_go: whether no target of the task is left to keep what is deleted.
    reads: nothing is written, and so no target gets in the way of another.
    keyless: there is no use for the key that is to be stored. makes_present: whatever the target's
    own authorize_state is. does_without_key: whether there is no use for the key of a target with
    these variables, of which the key may be one that cannot be evaluated.
    renamed: by the variable that a step has, the one that prepare took its value from.
    """

    calls: tuple[Call, ...]
    outcome: Callable[[Situation], dict[str, Any]]
    prepare: Callable[[Values], Values] = dict
    check: Callable[[Situation, Validate], None] = lambda _situation, _validated: None
    predicts: bool = False
    proves: bool = False
    all_go: bool = False
    reads: bool = False
    keyless: bool = False
    makes_present: bool = False
    does_without_key: Callable[[Values], bool] = lambda _variables: False
    renamed: Mapping[str, str] = field(default_factory=dict)

    def unused(self, variables: Values) -> frozenset[str]:
        """Variables of a target that need not even have a value: its key may be gone before it."""
        goes = is_absent(variables) and not self.makes_present
        return KEY_NAMES if self.keyless or goes else frozenset()

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each action does for one target: its steps in order, as data, and the result. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from .._core.argspec import Validate
from .._maia.projects.runner import refuse_other_vault
from .needs import check_needs, check_vault
from .old_key import ASK as ASK_OLD_KEY
from .old_key import old_key_of
from .outcome import about_key, as_kept, result_of
from .proof import Evidence, Link, in_words, not_run, pointer_of, prove, refuted, stopping
from .proof_absent import prove_absent
from .situation import Call, Flow, Situation, any_error
from .steps import (
    CHECK_KEY,
    DELETE_SECRET,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    LOOK_AT_DEFINITION,
    RUN_PROBE,
    SET_COMPONENTS,
)
from .still_named import kept_because
from .variables import has_key
from .vaults import VAULTS, Values, environment_in_words


def beside_definition(situation: Situation) -> bool:
    return not situation.vault.in_definition


def has_components(situation: Situation) -> bool:
    return bool(situation["component"])


def here(situation: Situation) -> Iterable[Values]:
    """What narrows a list of definitions to what this target is about."""
    return ({"names": [situation["definition_name"]], "environments": [situation["environment"]]},)


FIND_VAULT_IF_ASKED = Call("runner", FIND_VAULT, when=lambda target: target.finds_vault)


# authorize


def _check(situation: Situation, validated: Validate) -> None:
    check_needs(situation, validated, partial(has_key, situation.variables))


def _check_runner(situation: Situation, validated: Validate) -> None:
    if situation.finds_vault:
        check_vault(situation, validated, partial(has_key, situation.variables))
    elif situation.asks_maia:
        found = situation.result("runner").get("vault")
        subject = environment_in_words(situation.variables)
        refuse_other_vault(subject, found and str(found), situation.vault_id)


def _writes(situation: Situation) -> bool:
    """What writes nothing needs no look at what would be refused later."""
    return situation.present and not situation.check_mode


def pointing(situation: Situation) -> Iterable[Values]:
    """As the vault has them: Snowflake folds names, and plain text has no label.

    An empty label clears that of a secret that was named before.
    """
    secret = situation.result("secret")
    return ({"secret_name": secret["name"], "secret_label": secret["label"] or ""},)


def pointed(situation: Situation) -> Iterable[Values]:
    """The secret that goes with the definition, as the vault has it."""
    secret = situation.result("looked_at_secret")
    return ({"secret_name": secret["name"], "secret_label": secret.get("label")},)


def deleting(situation: Situation) -> Iterable[Values]:
    """Where the definition itself has the key, only one that has it is deleted."""
    if beside_definition(situation):
        return ({},)
    runner = {"environment": situation["environment"], "vault": situation.vault_id}
    return ({"expected_runner": runner},)


def kept(situation: Situation) -> str | None:
    """Why the secret that was to be deleted is not."""
    listings = situation.every.get("still_named", ())
    if not listings:
        return None
    variables = {**situation.variables, "authorize_vault": situation.vault_id}
    changes = situation.result("looked_at_secret").get("changes") or ()
    return kept_because(variables, listings, whole="state" in changes, gone=situation.gone)


def not_deleted(situation: Situation) -> Values | None:
    """The result of a secret that is kept."""
    return as_kept(situation.result("looked_at_secret")) if kept(situation) else None


def _in_all_projects(situation: Situation) -> Iterable[Values]:
    """Of the definitions that may name its secret."""
    everywhere = {"environments": ["all"]}
    return (everywhere, *({**everywhere, "project": name} for name in situation.also_in))


# What is read now, after the definition is deleted: others may be gone, or not.
STILL_NAMED = Call(
    "still_named",
    LIST_DEFINITIONS,
    # What is gone already is not deleted.
    when=lambda target: (
        not target.present
        and beside_definition(target)
        and bool(target.result("looked_at_secret").get("changes"))
    ),
    options=_in_all_projects,
    reads=True,
)


def _as_looked_at(situation: Situation) -> Values | None:
    """The definition as it was before the key was stored, if it points where it should already."""
    looked = situation.result("looked_at_definition")
    if not looked or looked["changed"]:
        return None
    (wanted,) = pointing(situation)
    return looked if all((looked[name] or "") == wanted[name] for name in wanted) else None


def outcome(situation: Situation) -> dict[str, Any]:
    """What the role has in the fact authorize_result."""
    why = kept(situation)
    if why:
        situation.warn(why)
    return result_of(
        {**situation.place, "state": situation["state"]},
        changed=situation.changed,
        secret=situation.result("secret"),
        definition=situation.result("definition"),
        components=situation.result("components"),
        key=situation.result("key"),
        kept_because=why,
    )


AUTHORIZE = Flow(
    (
        Call(
            "key",
            CHECK_KEY,
            when=lambda target: target.checks_key,
            options=lambda target: (target.how_to_ask,),
        ),
        Call(
            "looked_at_components",
            SET_COMPONENTS,
            when=lambda target: _writes(target) and has_components(target),
            reads=True,
        ),
        Call("runner", FIND_VAULT, when=lambda target: target.asks_maia, check=_check_runner),
        # A secret that must not be deleted keeps its definition.
        Call(
            "looked_at_secret",
            DELETE_SECRET,
            when=lambda target: not target.present and beside_definition(target),
            reads=True,
        ),
        # What would be refused once the secret is stored.
        Call(
            "looked_at_definition",
            LOOK_AT_DEFINITION,
            when=lambda target: _writes(target) and beside_definition(target),
            # As it is after most runs: what seems to change would be read anew.
            options=lambda target: ({"secret_name": target["secret_name"]},),
            reads=True,
        ),
        # Create the secret before its definition; delete it after.
        Call("secret", KEEP_SECRET, when=lambda target: target.present),
        Call(
            "definition",
            KEEP_DEFINITION,
            when=beside_definition,
            options=lambda target: (pointing if target.present else pointed)(target),
            known=_as_looked_at,
        ),
        STILL_NAMED,
        Call(
            "secret",
            DELETE_SECRET,
            when=lambda target: not target.present,
            options=deleting,
            known=not_deleted,
        ),
        Call(
            "components",
            SET_COMPONENTS,
            when=lambda target: target.present and has_components(target),
        ),
    ),
    outcome,
    check=_check,
    proves=True,
)


# prove

# What is compared with, whatever the variables say about when to write.
_COMPARING = {
    "authorize_on_publishable_key": "allow",
    "authorize_on_secret_key": "allow",
    "authorize_on_foreign": "fail",
    "authorize_on_unknown": "keep",
}


@cache  # for each target it would be the same
def _families(option: str) -> list[str]:
    """The families of the vaults whose modules have this option."""
    vaults = VAULTS.values()
    return [vault.family for vault in vaults if option in vault.operation.spec.options]


def comparing_values(variables: Values) -> dict[str, Any]:
    """The variables with which the stored value itself is compared, if there is a key for that.

    Without a key, all else is.
    A number for the value says when to write it, but nothing about the value.
    """
    found = {**variables, "authorize_update_value": "on_change" if has_key(variables) else "never"}
    if not has_key(variables):
        return found
    for family in _families("value_version"):
        found[family] = {**variables[family], "value_version": None}
    for family in _families("compare") if variables["authorize_prove_values"] else ():
        found[family] = {**found[family], "compare": "prefer_value"}
    return found


def comparing(variables: Values) -> dict[str, Any]:
    """The variables for a proof, for which no value is one that must not be replaced."""
    if variables["authorize_state"] == "absent":
        return {**variables, "authorize_on_foreign": "fail"}
    found = {**comparing_values(variables), **_COMPARING}
    for family in _families("replace_value") if has_key(variables) else ():
        found[family] = {**found[family], "replace_value": True}
    return found


def evidence(situation: Situation) -> Evidence:
    """What was seen but for the probe."""
    return Evidence(
        situation.vault_id,
        situation["environment"],
        situation["definition_name"],
        secret=situation.result("secret"),
        runner=situation.result("runner"),
        definitions=situation.result("definitions"),
        components=situation.result("components"),
        key=situation.result("key"),
    )


def _expects_of_key(situation: Situation) -> bool:
    """What is expected of a key can be checked where there is one."""
    expected = situation.expects("mode") or situation.expects("account")
    return situation.present and expected and has_key(situation.variables)


def _probe(situation: Situation) -> str | None:
    """The pipeline to run, where there is something to prove by that."""
    pipeline: str | None = situation["probe_pipeline"] if situation.present else None
    return pipeline


def _links(situation: Situation) -> list[Link]:
    seen = evidence(situation)
    if not situation.present:
        return prove_absent(seen)
    return prove(
        replace(
            seen,
            probe=None if situation.check_mode else _probe(situation),
            probe_component=situation["probe_component"],
            pipeline=situation.result("pipeline"),
        )
    )


def _proven(situation: Situation) -> dict[str, Any]:
    hosted = situation.vault_id in VAULTS and situation.vault.in_definition
    secret = situation.result("secret")
    links, probe = _links(situation), _probe(situation)
    left_out = [not_run(probe)] if probe is not None and situation.check_mode else []
    return {
        **situation.place,
        "changed": False,
        "secret_name": None if hosted else secret.get("name"),
        **about_key(secret),
        "proof": [link.to_result() for link in (*links, *left_out)],
        **situation.failure(in_words(stopping(links))),
    }


def _probes(situation: Situation) -> bool:
    """Not where something is wrong already, and nothing is run in check mode."""
    asked = _probe(situation) is not None and not situation.check_mode
    return asked and not refuted(prove(evidence(situation)))


PROVE = Flow(
    (
        Call(
            "key",
            CHECK_KEY,
            when=_expects_of_key,
            options=lambda target: (
                {"verify": target.expects("account"), "on_unverified": "fail"},
            ),
            reads=True,
            tolerates=any_error,
        ),
        Call("runner", FIND_VAULT, reads=True, tolerates=any_error),
        # Before the next call, which in Full SaaS then finds this new reading.
        Call("definitions", LIST_DEFINITIONS, options=here, reads=True, tolerates=any_error),
        Call(
            "secret",
            KEEP_SECRET,
            when=lambda target: target.vault_id in VAULTS,
            reads=True,
            tolerates=any_error,
        ),
        Call("components", SET_COMPONENTS, when=has_components, reads=True, tolerates=any_error),
        # What it loads is no change of the authorization.
        Call("pipeline", RUN_PROBE, when=_probes, counts=False, tolerates=any_error),
    ),
    _proven,
    comparing,
    reads=True,
)


# audit


def _unchecked_key(variables: Values) -> dict[str, Any]:
    """Without a key nothing is asked or expected of it."""
    stripe = variables["authorize_stripe"]
    expected = ("expected_mode", "expected_account")
    return {
        "authorize_verify": "never",
        **{f"authorize_{name}": None for name in expected},
        "authorize_stripe": {name: stripe[name] for name in stripe if name not in expected},
    }


def _auditing(variables: Values) -> dict[str, Any]:
    """A kind of key that should not be is a finding. What cannot be known is kept."""
    found = {
        **comparing_values(variables),
        "authorize_on_unknown": "keep",
        "authorize_on_publishable_key": "allow",
        "authorize_on_secret_key": "allow",
    }
    for family in _families("with_age"):
        found[family] = {**found[family], "with_age": True}
    # What was edited in Maia is a finding among others, and no reason to look no further.
    found["authorize_definition"] = {**found["authorize_definition"], "on_edited": "overwrite"}
    return found if has_key(found) else {**found, **_unchecked_key(found)}


def _audited(situation: Situation) -> dict[str, Any]:
    """What would change, the definitions that are ours, and where this target's leads."""
    listed = situation.result("listed")["definitions"]
    found = {
        **outcome(situation),
        "unreadable_because": situation.result("secret").get("unreadable_because"),
        "expires_on": situation.result("secret").get("expires_on"),
        "definitions": [each for each in listed if each["ours"]],
        "old_key": old_key_of(situation),
    }
    if situation.present:
        seen = evidence(situation)
        links = [link for link in prove(seen) if link.link in ("definition", "location")]
        found["proof"] = [link.to_result() for link in links]
        found["edited_in_maia"] = (pointer_of(seen) or {}).get("edited_in_maia", False)
    return found


AUDIT = Flow(
    (
        # Whatever keeps a secret that is not to be there, that it is there is a finding.
        *(call for call in AUTHORIZE.calls if call is not STILL_NAMED),
        Call("listed", LIST_DEFINITIONS),
        # Others may have overridden it in this environment.
        Call(
            "definitions",
            LIST_DEFINITIONS,
            when=lambda target: target.present,
            options=here,
            tolerates=any_error,
        ),
        ASK_OLD_KEY,
    ),
    _audited,
    _auditing,
    check=_check,
    predicts=True,
)

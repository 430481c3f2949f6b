# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each action does for one target: its steps in order, as data, and the result. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .._core.errors import ConfigurationError
from .._stripe.source import KEY_SOURCES
from .proof import Evidence, contradicted, pointer_of, prove, stopping
from .situation import AUTO, Call, Flow, Situation, Values
from .steps import (
    CHECK_KEY,
    FIND_VAULT,
    KEEP_DEFINITION,
    KEEP_SECRET,
    LIST_DEFINITIONS,
    REVOKE_GRANTS,
    ROLL_BACK,
    RUN_PROBE,
    SET_COMPONENTS,
)
from .variables import has_key
from .vaults import VAULTS


def _in_definition(situation: Situation) -> bool:
    return situation.vault.in_definition


def beside_definition(situation: Situation) -> bool:
    return not situation.vault.in_definition


def has_components(situation: Situation) -> bool:
    return bool(situation["component"])


def here(situation: Situation) -> Iterable[Values]:
    """What narrows a list of definitions to what this target is about."""
    return ({"names": [situation["definition_name"]], "environments": [situation["environment"]]},)


_FIND_VAULT = Call("runner", FIND_VAULT, when=lambda target: bool(target["vault"] == AUTO))


# authorize


def _checks_key(situation: Situation) -> bool:
    """What is expected of a key is checked, even if nothing else is."""
    names = ("expected_mode", "expected_account")
    expected = [situation[name] for name in names]
    expected += [situation["stripe"].get(name) for name in names]
    return situation.present and (situation["verify"] != "never" or any(expected))


def pointing(situation: Situation) -> Iterable[Values]:
    """As the vault has them: Snowflake folds names, and plain text has no label.

    An empty label clears that of a secret that was named before.
    """
    secret = situation.result("secret")
    if not situation.present:
        return ({},)
    return ({"secret_name": secret["name"], "secret_label": secret["label"] or ""},)


def outcome(situation: Situation) -> dict[str, Any]:
    """What the role has in the fact authorize_result."""
    secret, checked = situation.result("secret"), situation.result("key")
    hosted = situation.vault.in_definition
    definition = secret if hosted else situation.result("definition")
    return {
        "project": situation["project"],
        "environment": situation["environment"],
        "vault": situation.vault.id,
        "state": situation["state"],
        "changed": situation.changed,
        "secret_name": None if hosted else secret["name"],
        "secret_changes": secret["changes"],
        "definition_name": situation["definition_name"],
        "definition_changes": definition.get("changes", []),
        "components": situation.result("components").get("components"),
        "verification": checked.get("verification"),
        "permissions": checked.get("permissions"),
        **_about_key(secret),
        "version_before": secret.get("version_before"),
        "version": secret.get("version"),
        "proof": None,
    }


def _about_key(secret: Values) -> dict[str, Any]:
    names = ("api_key", "fingerprint", "verified_by", "verdict", "unread_because")
    return {name: secret.get(name) for name in (*names, "created", "last_changed")}


AUTHORIZE = Flow(
    (
        Call(
            "key",
            CHECK_KEY,
            when=_checks_key,
            options=lambda target: ({"verify": target["verify"] == "stripe"},),
        ),
        _FIND_VAULT,
        # Create the secret before its definition; delete it after.
        Call("secret", KEEP_SECRET, when=lambda target: target.present or _in_definition(target)),
        Call("definition", KEEP_DEFINITION, when=beside_definition, options=pointing),
        Call(
            "secret",
            KEEP_SECRET,
            when=lambda target: not target.present and beside_definition(target),
        ),
        Call(
            "components",
            SET_COMPONENTS,
            when=lambda target: target.present and has_components(target),
        ),
    ),
    outcome,
)


# prove

# What is compared with, whatever the variables say about when to write.
_COMPARING = {
    "authorize_state": "present",
    "authorize_on_publishable_key": "allow",
    "authorize_on_secret_key": "allow",
    "authorize_on_foreign": "fail",
    "authorize_on_unknown": "keep",
}
# The families that say when a value is written, and those that say how it is compared: not where
# values are never shown.
_WRITING = tuple(vault.family for vault in VAULTS.values())
_COMPARED = tuple(
    vault.family for vault in VAULTS.values() if "compare" in vault.operation.spec.options
)


def comparing_values(variables: Values) -> dict[str, Any]:
    """The variables with which the stored value itself is compared, if there is a key for that.

    Without a key, all else is.
    A number for the value says when to write it, but nothing about the value.
    """
    found = {**variables, "authorize_update_value": "on_change" if has_key(variables) else "never"}
    if not has_key(variables):
        return found
    for family in _WRITING:
        found[family] = {**variables[family], "value_version": None}
    for family in _COMPARED if variables["authorize_prove_values"] else ():
        found[family]["compare"] = "prefer_value"
    return found


def comparing(variables: Values) -> dict[str, Any]:
    """The variables for a proof."""
    return {**comparing_values(variables), **_COMPARING}


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
    )


def _proven(situation: Situation) -> dict[str, Any]:
    hosted = situation.vault_id in VAULTS and situation.vault.in_definition
    secret = situation.result("secret")
    probe = None if situation.check_mode else situation["probe_pipeline"]
    pipeline = situation.result("pipeline")
    links = prove(replace(evidence(situation), probe=probe, pipeline=pipeline))
    wrong = [f"The link '{link.link}' is {link.verdict}. {link.reason}" for link in stopping(links)]
    failure = {"failed": True, "msg": f"{situation.target}: {' '.join(wrong)}"}
    return {
        "project": situation["project"],
        "environment": situation["environment"],
        "vault": situation.vault_id,
        "changed": False,
        "secret_name": None if hosted else secret.get("name"),
        "definition_name": situation["definition_name"],
        **_about_key(secret),
        "proof": [link.to_result() for link in links],
        **(failure if wrong else {}),
    }


def _probes(situation: Situation) -> bool:
    """Not where something is wrong already, and nothing is run in check mode."""
    asked = situation["probe_pipeline"] is not None and not situation.check_mode
    return asked and not contradicted(prove(evidence(situation)))


def any_error(_failure: Values) -> bool:
    """An error is evidence as well: of a contradiction, or that something cannot be proven."""
    return True


PROVE = Flow(
    (
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


def _auditing(variables: Values) -> dict[str, Any]:
    """A kind of key that should not be is a finding. What cannot be known is kept."""
    found = {
        **comparing_values(variables),
        "authorize_on_unknown": "keep",
        "authorize_on_publishable_key": "allow",
        "authorize_on_secret_key": "allow",
    }
    # What was edited in Maia is a finding among others, and no reason to look no further.
    found["authorize_definition"] = {**found["authorize_definition"], "on_edited": "overwrite"}
    if not has_key(found):
        found["authorize_verify"] = "never"
    return found


def _audited(situation: Situation) -> dict[str, Any]:
    """What would change, the definitions that are ours, and where this target's leads."""
    listed = situation.result("listed")["definitions"]
    found = {
        **outcome(situation),
        "unreadable_because": situation.result("secret").get("unreadable_because"),
        "definitions": [each for each in listed if each["ours"]],
    }
    if situation.present:
        seen = evidence(situation)
        links = [link for link in prove(seen) if link.link in ("definition", "location")]
        found["proof"] = [link.to_result() for link in links]
        found["edited_in_maia"] = (pointer_of(seen) or {}).get("edited_in_maia", False)
    return found


AUDIT = Flow(
    (
        *AUTHORIZE.calls,
        Call("listed", LIST_DEFINITIONS),
        # Others may have overridden it in this environment.
        Call(
            "definitions",
            LIST_DEFINITIONS,
            when=lambda target: target.present,
            options=here,
            tolerates=any_error,
        ),
    ),
    _audited,
    _auditing,
    predicts=True,
)


# rollback


def _with_old_key(variables: Values) -> dict[str, Any]:
    """The old key in the place of the new one."""
    old = {f"authorize_{source}": variables[f"authorize_old_{source}"] for source in KEY_SOURCES}
    return {**variables, **old, "authorize_state": "present"}


def _back(situation: Situation) -> Iterable[Values]:
    """Raises ConfigurationError if the old key is nowhere."""
    if not situation.vault.keeps_versions and not has_key(situation.variables):
        *others, last = (f"authorize_old_{source}" for source in (*KEY_SOURCES[1:], KEY_SOURCES[0]))
        raise ConfigurationError(
            situation.target,
            f"{situation.vault.title} keeps no earlier version of a secret",
            f"give the old key in {', '.join(others)} or {last}",
        )
    return ({},)


ROLLBACK = Flow(
    (_FIND_VAULT, Call("secret", ROLL_BACK, options=_back)),
    outcome,
    _with_old_key,
    keyless=True,
)


# revoke


def _absent(variables: Values) -> dict[str, Any]:
    return {**variables, "authorize_state": "absent"}


def _references(situation: Situation) -> list[Values]:
    """The components that name the definition."""
    seen = situation.result("found").get("components") or ()
    name = situation["definition_name"]
    return [each for each in seen if each["points_at_before"] == name]


def _renamed(situation: Situation) -> Iterable[Values]:
    return [
        {
            "path": each["file"],
            "definition": situation["replacement_definition"],
            "component_names": [each["component"]],
        }
        for each in _references(situation)
    ]


def _revoked(situation: Situation) -> dict[str, Any]:
    name = situation["definition_name"]
    found = _references(situation)
    dangling = [] if situation["replacement_definition"] is not None else found
    return {
        **outcome(situation),
        "components": found,
        "drift": [
            f"Component '{each['component']}' names '{name}', which is not defined any more."
            for each in dangling
        ],
    }


def _is_missing(failure: Values) -> bool:
    return bool((failure.get("error") or {}).get("kind") == "not_found")


REVOKE = Flow(
    (
        _FIND_VAULT,
        Call("definition", KEEP_DEFINITION, when=beside_definition),
        Call("secret", KEEP_SECRET, when=_in_definition),
        Call(
            "found",
            SET_COMPONENTS,
            when=has_components,
            options=lambda _target: ({"on_missing": "ignore"},),
            reads=True,
        ),
        Call(
            "replaced",
            SET_COMPONENTS,
            when=lambda target: target["replacement_definition"] is not None,
            options=_renamed,
        ),
        # Before the secret is deleted: if that is refused, nobody can read it any more.
        Call(
            "grants",
            REVOKE_GRANTS,
            options=lambda _target: (
                {"update_value": "never", "grant_to": [], "purge_grants": True},
            ),
            tolerates=_is_missing,
        ),
        Call("secret", KEEP_SECRET, when=beside_definition),
    ),
    _revoked,
    _absent,
    keyless=True,
)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readings prove of each link, as tables: what differs from a sound chain, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
    ForeignObjectError,
    NotFoundError,
    NotPermittedError,
    NotVisibleError,
    TransientError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.verdicts import (
    CONTRADICTED,
    PROVEN,
    RECORDED,
    UNKNOWN,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.proof import (
    Evidence,
    in_words,
    prove,
    stopping,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from unit.proofs import (
    COMPONENT,
    HIDDEN,
    HOSTED,
    POINTER,
    SECRET,
    SOUND,
    UNUSABLE,
    failed,
    pointing,
    verdicts,
)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConflictError("Key", "it is a live key", "give the other"), CONTRADICTED),
        (TransientError("Key", "Stripe did not answer", "try again"), UNKNOWN),
    ],
)
def test_a_key_that_is_not_as_expected_is_not_the_right_one(
    error: CollectionError, verdict: str
) -> None:
    found = verdicts(replace(SOUND, key=failed(error)))
    assert found.pop("secret") == (verdict, f"Key: {error.reason}; {error.hint}.")
    assert found == {name: held for name, held in verdicts(SOUND).items() if name != "secret"}
    assert verdicts(replace(SOUND, key={"changed": False})) == verdicts(SOUND)


def test_what_may_only_be_hidden_is_unknown() -> None:
    assert prove(replace(SOUND, secret=HIDDEN))[0].verdict == UNKNOWN


@pytest.mark.parametrize("verdict", [PROVEN, RECORDED, UNKNOWN])
def test_a_secret_that_nobody_can_read_contradicts_the_proof(verdict: str) -> None:
    secret = {**SECRET, "verdict": verdict, "unreadable_because": UNUSABLE}
    link = prove(replace(SOUND, secret=secret))[0]
    assert (link.link, link.verdict, link.reason) == ("secret", CONTRADICTED, UNUSABLE)


def test_a_sound_chain() -> None:
    assert {link: verdict for link, (verdict, _reason) in verdicts(SOUND).items()} == {
        "secret": PROVEN,
        "vault": PROVEN,
        "location": UNKNOWN,
        "definition": PROVEN,
        "component": PROVEN,
    }


def test_a_sound_chain_of_full_saas_rests_on_our_note() -> None:
    found = {link: verdict for link, (verdict, _reason) in verdicts(HOSTED).items()}
    assert found.pop("secret") == RECORDED
    assert set(found.values()) == {PROVEN}


def test_nothing_read_proves_nothing() -> None:
    nothing = Evidence("aws", "production", "stripe_production")
    assert {verdict for verdict, _reason in verdicts(nothing).values()} == {UNKNOWN}


def test_an_unknown_vault_proves_nothing_of_itself() -> None:
    unknown = replace(SOUND, vault="unknown", secret={}, runner={"vault": None})
    found = verdicts(unknown)
    assert {found[link][0] for link in ("secret", "vault", "location", "definition")} == {UNKNOWN}
    assert verdicts(replace(unknown, runner={"vault": "aws"}))["vault"][0] == CONTRADICTED


@pytest.mark.parametrize("vault", VAULTS)
def test_a_fingerprint_says_where_it_is_and_whether_it_is_proof(vault: str) -> None:
    where = VAULTS[vault].fingerprint
    assert verdicts(replace(SOUND, vault=vault))["secret"] == (PROVEN, where)
    noted = {**SECRET, "verdict": RECORDED}
    assert verdicts(replace(SOUND, vault=vault, secret=noted))["secret"] == (
        RECORDED,
        f"{where} Its value was not read.",
    )


@pytest.mark.parametrize("verdict", [RECORDED, UNKNOWN])
def test_a_value_that_may_not_be_read_is_no_contradiction_and_has_a_reason(verdict: str) -> None:
    refused = {
        **SECRET,
        "verdict": verdict,
        "verified_by": "fingerprint" if verdict == RECORDED else "unknown",
        "unread_because": "the credentials lack get",
    }
    found = verdicts(replace(SOUND, vault="azure", secret=refused))["secret"]
    assert found[0] == verdict
    assert found[1].endswith("value was not read: the credentials lack get.")


@pytest.mark.parametrize("verdict", [CONTRADICTED, UNKNOWN])
def test_what_is_wrong_with_the_value_is_told_and_what_is_unclear_stops(verdict: str) -> None:
    odd = {**SECRET, "verdict": verdict, "verified_by": "value", "value_problem": "it is odd"}
    [link, *_others] = prove(replace(SOUND, secret=odd))
    assert (link.verdict, link.failed) == (verdict, verdict == UNKNOWN)
    assert link.reason.endswith(": it is odd.")
    assert stopping(prove(replace(SOUND, secret=odd))) == [link]


@pytest.mark.parametrize(
    ("changed", "verdict", "reason"),
    [
        ({"verified_by": "value"}, PROVEN, "The stored value is the given key."),
        # Other fields, our marker or the fingerprint may differ: the value is the key.
        (
            {"verified_by": "value", "changes": ["ownership", "tags"]},
            PROVEN,
            "The stored value is the given key.",
        ),
        (
            {"changes": ["value"], "verdict": CONTRADICTED},
            CONTRADICTED,
            "the given key, according to its fingerprint.",
        ),
        (
            {"changes": ["value"], "verified_by": "value", "verdict": CONTRADICTED},
            CONTRADICTED,
            "according to its value.",
        ),
        (
            {"changes": ["state", "value"]},
            CONTRADICTED,
            "AWS Secrets Manager, eu-west-1, has no secret 'stripe/shop', or it is deleted; check"
            " its name and authorize_aws.",
        ),
        ({"verified_by": "unknown", "verdict": UNKNOWN}, UNKNOWN, "no fingerprint of its current"),
        # A vault that replaces whole objects has to write an unknown value with anything else.
        (
            {"verified_by": "unknown", "verdict": UNKNOWN, "changes": ["value", "comment"]},
            UNKNOWN,
            "no fingerprint of its current value",
        ),
        (
            {"verified_by": "value_version", "verdict": UNKNOWN},
            UNKNOWN,
            "the value is not compared",
        ),
        # With its number another, the value would be written, but it was not compared either.
        (
            {"verified_by": "value_version", "verdict": UNKNOWN, "changes": ["value"]},
            UNKNOWN,
            "the value is not compared",
        ),
        ({"verified_by": None, "verdict": None}, UNKNOWN, "No key was given"),
    ],
)
def test_the_secret(changed: dict[str, Any], verdict: str, reason: str) -> None:
    found = verdicts(replace(SOUND, secret={**SECRET, **changed}))["secret"]
    assert found[0] == verdict
    assert reason in found[1]


@pytest.mark.parametrize(
    ("runner", "verdict", "reason"),
    [
        (
            "azure",
            CONTRADICTED,
            "The environment's runner reads Azure Key Vault, but the key is in AWS Secrets"
            " Manager.",
        ),
        (None, UNKNOWN, "Maia's API does not expose which vault the environment's runner reads."),
    ],
)
def test_the_vault(runner: str | None, verdict: str, reason: str) -> None:
    assert verdicts(replace(SOUND, runner={"vault": runner}))["vault"] == (verdict, reason)


@pytest.mark.parametrize(
    ("region", "verdict", "reason"),
    [
        ("eu-west-1", UNKNOWN, "names the right region, eu-west-1, but not the account."),
        ("us-east-1", CONTRADICTED, "names the region us-east-1, but the key is in eu-west-1."),
        (None, UNKNOWN, "Maia's API does not expose the account and region"),
    ],
)
def test_the_location(region: str | None, verdict: str, reason: str) -> None:
    found = verdicts(pointing(secrets_location={"region": region} if region else None))["location"]
    assert found[0] == verdict
    assert reason in found[1]


@pytest.mark.parametrize(
    ("vault", "verdict", "reason"),
    [
        (
            "azure",
            CONTRADICTED,
            "The definition names a location of the type AWS_SECRET_MANAGER, but the key is in"
            " Azure Key Vault.",
        ),
        ("unknown", UNKNOWN, "Maia's API does not expose the place of the runner's vault."),
    ],
)
def test_a_location_in_another_kind_of_vault(vault: str, verdict: str, reason: str) -> None:
    led = pointing(secrets_location={"type": "AWS_SECRET_MANAGER", "region": "us-east-1"})
    found = verdicts(replace(led, vault=vault, secret={"name": "stripe-shop"}))["location"]
    assert found == (verdict, reason)


OVERRIDE = {"secret_name": "stripe/other", "secret_label": None, "secrets_location": None}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"secret_name": "stripe/Shop"},
            "at secret 'stripe/Shop', label 'api_key', not at secret ",
        ),
        ({"secret_label": "API_KEY"}, "label 'API_KEY', not at secret 'stripe/shop', label 'api_k"),
        ({"secret_label": None}, "It points at secret 'stripe/shop', not at "),
        ({"secret_name": None, "secret_label": None}, "It points at its own value, not at "),
        ({"name": "Stripe_Production"}, "no definition of exactly the name 'stripe_production'"),
        (
            {"secret_name": "theirs", "edited_in_maia": True},
            "'api_key', which an edit in Maia's user interface made, not at secret 'stripe/shop'",
        ),
        (
            {"environment_overrides": {"production": OVERRIDE}},
            "It is overridden in this environment and points at secret 'stripe/other', not at ",
        ),
    ],
)
def test_a_definition_that_points_elsewhere(changed: dict[str, Any], reason: str) -> None:
    verdict, text = verdicts(pointing(**changed))["definition"]
    assert verdict == CONTRADICTED
    assert reason in text


def test_an_override_that_points_at_the_key_proves_what_the_default_does_not() -> None:
    evidence = pointing(secret_name="default", environment_overrides={"production": POINTER})
    assert verdicts(evidence)["definition"][0] == PROVEN


def test_an_override_of_another_environment_does_not_count() -> None:
    assert verdicts(pointing(environment_overrides={"test": OVERRIDE}))["definition"][0] == PROVEN


def test_a_label_where_there_is_none_contradicts() -> None:
    unlabelled = replace(SOUND, secret={**SECRET, "label": None})
    assert verdicts(unlabelled)["definition"][0] == CONTRADICTED


def test_a_definition_that_should_name_the_hosted_secret() -> None:
    verdict, text = verdicts(replace(HOSTED, definitions=SOUND.definitions))["definition"]
    assert verdict == CONTRADICTED
    assert text.endswith("not at secret 'stripe-3f9c'.")


def test_a_definition_cannot_be_compared_with_a_secret_that_was_not_seen() -> None:
    secret = failed(TransientError("AWS secret 'x'", "it timed out", "run again"))
    assert verdicts(replace(SOUND, secret=secret))["definition"][0] == UNKNOWN


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (
            "Stripe_production",
            "Component 'Load' in '/srv/a.orch.yaml' names 'Stripe_production', in which upper and"
            " lower case differ.",
        ),
        ("other", "Component 'Load' in '/srv/a.orch.yaml' names 'other'."),
        (None, "Component 'Load' in '/srv/a.orch.yaml' names no definition."),
    ],
)
def test_a_component_that_names_something_else(held: str | None, reason: str) -> None:
    # What it would be set to does not count.
    components = [COMPONENT, {**COMPONENT, "points_at_before": held}]
    evidence = replace(SOUND, components={"components": components})
    assert verdicts(evidence)["component"] == (CONTRADICTED, reason)


@pytest.mark.parametrize(
    ("components", "reason"),
    [
        ({"skipped": True, "changed": False}, "No pipeline files were given."),
        ({"components": []}, "No component matched."),
    ],
)
def test_no_components_prove_nothing(components: dict[str, Any], reason: str) -> None:
    evidence = replace(SOUND, components=components)
    assert verdicts(evidence)["component"] == (UNKNOWN, reason)


@pytest.mark.parametrize(
    ("reading", "link"),
    [
        ("secret", "secret"),
        ("runner", "vault"),
        ("definitions", "definition"),
        ("components", "component"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (ConflictError, CONTRADICTED),
        (ForeignObjectError, CONTRADICTED),
        (NotFoundError, CONTRADICTED),
        (NotVisibleError, UNKNOWN),
        (NotPermittedError, UNKNOWN),
        (TransientError, UNKNOWN),
        (ConfigurationError, UNKNOWN),
    ],
)
def test_an_error_is_a_finding_or_no_reading(
    reading: str, link: str, kind: type[CollectionError], verdict: str
) -> None:
    error = kind("The thing", "it is so", "do this", attempt="looking at it")
    results: dict[str, Any] = {reading: failed(error)}
    evidence = replace(SOUND, **results)
    said = "The thing: looking at it failed: it is so; do this."
    assert verdicts(evidence)[link] == (verdict, said)
    # What was refused is not what Maia does not expose: it is no proof either way.
    stopped = {each.link: each.failed for each in stopping(prove(evidence))}
    assert stopped[link] is (verdict == UNKNOWN)


def test_another_failure_is_no_reading() -> None:
    broken = {"failed": True, "msg": "Failed to import the required Python library"}
    evidence = replace(SOUND, secret=broken)
    assert verdicts(evidence)["secret"] == (UNKNOWN, f"{broken['msg']}.")
    assert [link.link for link in stopping(prove(evidence))] == ["secret"]


def test_what_several_links_have_in_common_is_said_once() -> None:
    closed = failed(TransientError("Maia", "it is closed", "open it"))
    evidence = replace(SOUND, vault="unknown", secret={}, runner=closed, definitions=closed)
    assert in_words(stopping(prove(evidence))) == [
        "The links 'vault', 'location', 'definition' could not be read. Maia: it is closed; open"
        " it."
    ]
    assert in_words(stopping(prove(Evidence("aws", "production", "x", components={}))))[0] == (
        "The links 'secret', 'vault', 'definition' are unknown. It was not looked at."
    )


def test_where_nothing_could_be_looked_at_nothing_is_proven() -> None:
    unseen = Evidence("aws", "production", "stripe_production")
    links = prove(unseen)
    assert {link.verdict for link in links} == {UNKNOWN}
    assert stopping(links) == links
    assert stopping(prove(SOUND)) == []

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a variable is said in one sentence, by the role and by a rollout alike."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.deadline import (
    Deadline,
    current,
    limited,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow import steps
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.flows import AUTHORIZE
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.playbook_names import (
    PLAYBOOK_NAMES,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.target import (
    TargetRuntime,
    _Host,
    go_through,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._flow.vaults import VAULTS
from tools.playbook_names import documented
from unit.fakes import FakeRuntime
from unit.keys import random_text
from unit.role_plans import LEAST, in_bulk, refusal_of

WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"authorize_environment": None},
        "the variable authorize_environment is not given; give it the name that it has in Maia.",
    ),
    (
        {"authorize_aws": "region=eu-west-1"},
        "in the variable authorize_aws it is no dictionary of options; write it with a line, or an"
        " entry, for each option.",
    ),
    (
        {"authorize_aws": {"regoin": "eu-west-1"}},
        "in the variable authorize_aws there is no option regoin; perhaps region is meant.",
    ),
    (
        {"authorize_maia": {"description": "x"}},
        "in the variable authorize_maia there is no option description; there are access_token,"
        " allow_unknown_api_host, allow_unknown_region and",
    ),
    # As of an environment variable that is not set: it is not taken for no probe.
    *(
        (
            {name: empty},
            f"in the variable {name} there is an empty text; give a value, or null for none.",
        )
        for name in ("authorize_probe_pipeline", "authorize_secret_name", "authorize_api_key_file")
        for empty in ("", " ")
    ),
    (
        {"authorize_vault": "awz"},
        f"in the variable authorize_vault 'awz' is none of auto, {', '.join(VAULTS)};"
        " perhaps aws is meant.",
    ),
    (
        {"authorize_prove": "perhaps"},
        "in the variable authorize_prove it is neither true nor false; give true or false.",
    ),
    (
        {"authorize_permissions": {"charges": True}},
        "in the variable authorize_permissions it is no list; write it as a list.",
    ),
    # Ansible would make texts of these.
    ({"authorize_label": ["x"]}, "in the variable authorize_label it is a list, and no text; "),
    (
        {"authorize_aws": {"kms_key_id": True}},
        "in the variable authorize_aws kms_key_id is wrong: it is true or false, and no text; ",
    ),
    (
        {"authorize_environment": "test "},
        "in the variable authorize_environment there is white space before or after the name; ",
    ),
    (
        {"authorize_secret_name": "None"},
        "in the variable authorize_secret_name it is the text of a value that is missing, ",
    ),
]


IN_AZURE = {
    **LEAST,
    "name": "shop",
    "authorize_vault": "azure",
    "authorize_secret_name": "s",
    "authorize_azure": {"vault_name": "shop"},
    "authorize_api_key_env": "KEY",
}


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_a_wrong_variable_is_named_with_its_host_in_both_lanes(
    given: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {**LEAST, **given}
    refusal = refusal_of(variables)
    assert refusal.startswith(f"Host 'shop': {message}")
    assert len(refusal) < 250
    assert in_bulk(variables, monkeypatch) == refusal


def test_a_value_that_could_be_secret_is_not_quoted() -> None:
    secret = random_text(24)
    for name in ("authorize_vault", "authorize_prove", "authorize_aws"):
        assert secret not in refusal_of({**LEAST, name: secret})
    assert refusal_of({**LEAST, "authorize_vault": secret}).startswith(
        "Host 'shop': in the variable authorize_vault what is given is none of"
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("authorize_verfy", "perhaps authorize_verify is meant"),
        ("authorize_expected_mod", "perhaps authorize_expected_mode is meant"),
        ("authorize_host", "perhaps authorize_hosts is meant"),
    ],
)
def test_a_name_with_the_prefix_that_there_is_not_is_refused(name: str, meant: str) -> None:
    refusal = refusal_of(LEAST, every=dict.fromkeys(["region", *LEAST, name]))
    assert refusal.startswith(
        f"Host 'shop': the role maia.stripe_query.authorize has no variable {name}, and would"
        f" ignore it; {meant},"
    )


def test_names_of_the_role_the_playbooks_and_others_are_taken() -> None:
    names = ["authorize_publishable_key", "authorize_threads", "authorize_result", "my_authorize_x"]
    assert refusal_of(LEAST, every=dict.fromkeys(names)) == ""


@pytest.mark.parametrize(
    ("playbook", "name", "meant"),
    [
        ("audit", "audit_max_age_day", "perhaps audit_max_age_days is meant"),
        ("component", "component_pubish", "perhaps component_publish is meant"),
        ("awx_remove", "awx_organisation", "perhaps awx_organization is meant"),
        ("revoke", "revoke_all", "there are revoke_targets"),
    ],
)
def test_so_is_one_that_begins_like_those_of_the_playbook(
    playbook: str, name: str, meant: str
) -> None:
    every = {**LEAST, name: 1, "__stripe_query_playbook": playbook}
    refusal = refusal_of(LEAST, every=every)
    assert refusal.startswith(
        f"Host 'shop': the playbook {playbook} has no variable {name}, and would ignore it;"
    )
    assert f" {meant}, or choose a name without the prefix {playbook.split('_')[0]}_ for" in refusal
    # In another playbook, and in one of somebody else, it may be anything.
    for other in ({"__stripe_query_playbook": "rollback"}, {"__stripe_query_playbook": "x"}, {}):
        assert refusal_of(LEAST, every={**LEAST, name: 1, **other}) == ""


def test_a_job_of_awx_has_variables_that_begin_like_those_of_the_playbook_for_it() -> None:
    every = {"awx_job_id": 1, "awx_user_name": "x", "__stripe_query_playbook": "awx"}
    assert refusal_of(LEAST, every=every) == ""


@pytest.mark.parametrize("playbook", PLAYBOOK_NAMES)
def test_all_documented_variables_of_a_playbook_are_known(playbook: str) -> None:
    own = {name for name in documented(playbook) if not name.startswith("authorize_")}
    assert own <= {*PLAYBOOK_NAMES[playbook]}
    every = {**dict.fromkeys(own), "__stripe_query_playbook": playbook}
    assert refusal_of(LEAST, every=every) == ""


@pytest.mark.parametrize(
    ("given", "found", "message"),
    [
        (
            {"authorize_vault": "auto"},
            None,
            "Maia environment 'test' of project 'Shop': its runner does not show which vault",
        ),
        (
            {"authorize_vault": "auto"},
            "azure",
            "Host 'shop': the variable authorize_secret_name is not given; give the name that the"
            " secret is to have in Azure Key Vault.",
        ),
        ({"authorize_vault": "auto", "authorize_secret_name": "s"}, "aws", ""),
        ({"authorize_vault": "auto"}, "maia", ""),
        # What the vault needs, and has not got.
        (
            {"authorize_vault": "auto", "authorize_secret_name": "s"},
            "azure",
            "Host 'shop': none of authorize_azure.vault_name, authorize_azure.vault_url is given;"
            " give one of them.",
        ),
        (
            {
                "authorize_vault": "auto",
                "authorize_secret_name": "s",
                "authorize_aws": {"access_key": "AKIA", "profile": "shop"},
            },
            "aws",
            "Host 'shop': authorize_aws.profile and authorize_aws.access_key are given, of which"
            " only one may be; leave all but one of them out.",
        ),
    ],
)
def test_what_a_vault_needs_has_to_be_given(
    given: dict[str, Any], found: str | None, message: str
) -> None:
    refusal = refusal_of({**LEAST, **given}, runner={"vault": found})
    assert refusal.startswith(message)
    assert bool(refusal) == bool(message)
    if found is not None:
        # Of one that is named it is known before Maia is asked.
        assert refusal_of({**LEAST, **given, "authorize_vault": found}) == refusal


@pytest.mark.parametrize(
    ("given", "asks", "verifies"),
    [
        ({"authorize_guards": True}, True, True),
        ({}, True, False),
        ({"authorize_guards": False}, False, False),
        ({"authorize_guards": False, "authorize_expected_account": "acct_1234"}, False, True),
        ({"authorize_guards": False, "authorize_verify": "stripe"}, False, True),
        ({"authorize_guards": True, "authorize_check_runner": False}, False, True),
    ],
)
def test_guards_are_what_is_asked_before_anything_is_written(
    given: dict[str, Any], asks: bool, verifies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Any]] = []

    def run(_self: object, step: steps.Step, _given: object, options: Any, **_how: Any) -> Outcome:
        made.append((step.operation.name, options))
        if step is steps.FIND_VAULT:
            return Outcome(changed=False, values={"vault": "azure"})
        return Outcome(changed=False, values={"name": "s", "label": None, "changes": []})

    monkeypatch.setattr(_Host, "run", run)
    runtime = FakeRuntime()
    runtime.check_mode = True
    variables = {
        **LEAST,
        "authorize_vault": "azure",
        "authorize_azure": {"vault_name": "shop"},
        "authorize_secret_name": "s",
        "authorize_api_key_env": "KEY",
        **given,
    }
    done = go_through(
        {"name": "shop", **variables}, AUTHORIZE, TargetRuntime(runtime, runtime.shared)
    )
    assert not done.failed, done.result
    asked = dict(made)
    assert ("maia_environment_info" in asked) == asks
    assert asked.get("stripe_api_key_info", {}) == (
        {"verify": True, "on_unverified": "fail"} if verifies else {}
    )
    writing = [name for name, _options in made if name.startswith("stripe_secret")]
    assert [name for name, _options in made][-2:] == [*writing, "maia_secret_definition"]


def test_what_is_cancelled_tells_of_the_steps_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the target, and not only of the step that was under way."""

    def execute(self: Operation, _params: object, runtime: FakeRuntime) -> Outcome:
        if self.name != "stripe_secret_azure" and not runtime.check_mode:
            whole.end("the run was cancelled")
            raise current().error("the answer").about("Secret definition 'd'", "looking for it")
        values = {"name": "s", "label": None, "changes": ["state"]}
        return Outcome(changed=True, values=values)

    monkeypatch.setattr(Operation, "perform", execute)
    monkeypatch.setattr(Operation, "missing_requirement", lambda _self: None)
    runtime = FakeRuntime()
    given = {**IN_AZURE, "authorize_guards": False}
    with limited(Deadline(60)) as whole:
        done = go_through(given, AUTHORIZE, TargetRuntime(runtime, runtime.shared))
    assert done.changed
    assert done.result["msg"] == (
        "Secret definition 'd': looking for it failed: the run was cancelled; until then 0 requests"
        " were answered and earlier secret 's' changed; run again, which goes on from there."
    )


def test_a_key_that_is_to_be_checked_has_to_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {**LEAST, "authorize_verify": "stripe"}
    refusal = refusal_of(variables, key=lambda: False)
    assert refusal == (
        "Host 'shop': there is no key to check; give authorize_api_key_file, authorize_api_key_env"
        " or authorize_api_key."
    )
    assert in_bulk(variables, monkeypatch) == refusal


def test_another_vault_than_the_runner_s_stops_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []

    def run(_self: object, step: steps.Step, *_rest: Any, **_how: Any) -> Outcome:
        made.append(step.operation.name)
        return Outcome(changed=False, values={"vault": "aws"})

    monkeypatch.setattr(_Host, "run", run)
    runtime = FakeRuntime()
    done = go_through(IN_AZURE, AUTHORIZE, TargetRuntime(runtime, runtime.shared))
    assert done.failed
    assert not done.changed
    assert done.result["msg"] == (
        "Maia environment 'test' of project 'Shop': its runner reads its secrets from the vault"
        " 'aws', and not from 'azure'; give the vault aws in place of azure, or correct the"
        " environment."
    )
    assert made == ["maia_environment_info"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {},
            "Host 'shop': there is no key to store; give authorize_api_key_file,"
            " authorize_api_key_env or authorize_api_key.",
        ),
        ({"authorize_state": "absent"}, ""),
        # Only metadata are to change.
        ({"authorize_update_value": "never"}, ""),
        ({"authorize_aws": {"update_value": "never"}}, ""),
        ({"authorize_api_key_file": "/keys/shop"}, ""),
    ],
)
def test_a_key_that_is_to_be_stored_has_to_be_given(given: dict[str, Any], message: str) -> None:
    variables = {**LEAST, "authorize_vault": "aws", "authorize_secret_name": "s", **given}
    refusal = refusal_of(variables, key=lambda: False)
    assert refusal == message


def test_no_refusal_quotes_a_secret() -> None:
    secret = random_text()
    variables = {
        **LEAST,
        "authorize_vault": "aws",
        "authorize_secret_name": "s",
        "authorize_aws": {"secret_key": secret, "max_attempts": secret},
    }
    refusal = refusal_of(variables)
    assert refusal.startswith("Host 'shop': in the variable authorize_aws.max_attempts it is no")
    assert secret not in refusal


CHECKED = {
    **LEAST,
    "authorize_vault": "aws",
    "authorize_secret_name": "s",
    "authorize_api_key_file": "/keys/shop",
    "authorize_verify": "stripe",
}
WRONG_KINDS = [
    (
        {"authorize_api_key_file": {"x": "y"}},
        "Host 'shop': in the variable authorize_api_key_file it is a dictionary, and no text;",
    ),
    (
        {"authorize_old_api_key_file": ["x"]},
        "Host 'shop': in the variable authorize_old_api_key_file it is a list, and no text; give",
    ),
    (
        {"authorize_component": {"path": ["x"]}},
        "Host 'shop': in the variable authorize_component path is wrong: it is a list, and no text",
    ),
    (
        {"authorize_label": "api\nkey"},
        "Host 'shop': in the variable authorize_label it has a control character, such as a line",
    ),
]


@pytest.mark.parametrize(("given", "message"), WRONG_KINDS)
def test_what_is_no_path_and_no_name_is_told(
    given: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal_of({**CHECKED, **given}).startswith(message)
    assert in_bulk({**CHECKED, **given}, monkeypatch).startswith(message)


BROKEN_RULES: list[tuple[dict[str, Any], str]] = [
    (
        {"authorize_api_key_env": "NOSUCH"},
        "Host 'shop': authorize_api_key_file and authorize_api_key_env are given, of which only one"
        " may be; leave all but one of them out.",
    ),
    (
        {"authorize_permissions": ["chargess"]},
        "Host 'shop': in the variable authorize_permissions 'chargess' is none of balance,"
        " balance_transactions, charges and 12 more; perhaps charges is meant.",
    ),
    (
        {"authorize_stripe": {"max_seconds": "soon"}},
        "Host 'shop': in the variable authorize_stripe.max_seconds it is no whole number; give a"
        " whole number.",
    ),
    (
        {"authorize_stripe": {"max_seconds": "soon"}, "authorize_aws": {"max_seconds": "soon"}},
        "Host 'shop': in the variable authorize_stripe.max_seconds it is no whole number; give a"
        " whole number.",
    ),
]


@pytest.mark.parametrize(("given", "message"), BROKEN_RULES)
def test_a_rule_of_a_step_is_told_in_variables_in_both_lanes(
    given: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {**CHECKED, **given}
    assert refusal_of(variables) == message
    assert in_bulk(variables, monkeypatch) == message

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A definition that contradicts what a target's other variables say is refused in both lanes."""

from __future__ import annotations

from typing import Any

import pytest

from unit.role_plans import LEAST, in_bulk, refusal_of

NAMED = {**LEAST, "authorize_secret_name": "s", "authorize_api_key_env": "KEY"}
AWS = {**NAMED, "authorize_vault": "aws", "authorize_aws": {"region": "eu-west-1"}}
AZURE = {**NAMED, "authorize_vault": "azure", "authorize_azure": {"vault_name": "shop"}}
HOSTED = {**LEAST, "authorize_vault": "maia", "authorize_api_key_env": "KEY"}
AT_AWS = {"type": "AWS_SECRET_MANAGER", "region": "us-east-1"}
OLDER = {"api": "secret_references"}
OF_AWS = "has the type AWS_SECRET_MANAGER, which is of the vault 'aws', and not of 'azure'"
ELSEWHERE = "has the region us-east-1, and authorize_aws leads to the region eu-west-1"
ROLE = "arn:aws:iam::111111111111:role/writer"


def override(**fields: Any) -> dict[str, Any]:
    return {"environment_overrides": {"test": {"secret_name": "s", **fields}}}


@pytest.mark.parametrize(
    ("variables", "definition", "says"),
    [
        (AWS, {**OLDER, "agent_type": "azure"}, "agent_type is azure, and such a runner reads"),
        (AZURE, {**OLDER, "agent_type": "hosted"}, "agent_type is hosted, and such a runner"),
        (HOSTED, {**OLDER, "agent_type": "aws"}, "agent_type is aws, and such a runner reads"),
        (AZURE, {"secrets_location": AT_AWS}, f"secrets_location {OF_AWS}; correct it, or auth"),
        # As JSON, which the module takes as well.
        (AZURE, {"secrets_location": '{"type": "AWS_SECRET_MANAGER"}'}, OF_AWS),
        (AZURE, override(secrets_location=AT_AWS), f"overrides for 'test' {OF_AWS}"),
        (AZURE, override(secret_label="x"), "is 'x', and secrets in the vault 'azure' have no"),
        (AWS, {"secrets_location": AT_AWS}, f"secrets_location {ELSEWHERE}; correct one of them."),
        (AWS, {"secrets_location": {"region": "us-east-1"}}, ELSEWHERE),
        (AWS, override(secrets_location=AT_AWS), f"overrides for 'test' {ELSEWHERE}"),
        (
            {**AWS, "authorize_aws": {"region": "eu-west-1", "assume_role_arn": ROLE}},
            {"secrets_location": {"account": 222222222222}},
            "has the account 222222222222, and authorize_aws leads to the account 111111111111",
        ),
    ],
)
@pytest.mark.parametrize("guards", [None, False])
def test_it_is_refused_before_anything_is_contacted(
    variables: dict[str, Any],
    definition: dict[str, Any],
    says: str,
    guards: bool | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {**variables, "authorize_definition": definition, "authorize_guards": guards}
    refusal = refusal_of(given)
    assert refusal.startswith("Host 'shop': ")
    assert says in refusal
    assert "authorize_definition" in refusal
    assert in_bulk(given, monkeypatch) == refusal


@pytest.mark.parametrize(
    ("variables", "definition"),
    [
        (AWS, {**OLDER, "agent_type": "aws"}),
        (AWS, {"secrets_location": {**AT_AWS, "region": "eu-west-1"}}),
        (AWS, {"secrets_location": {"type": None, "region": None}}),
        (AWS, {"secrets_location": {}}),
        # The region is that of the environment variable or the profile.
        ({**AWS, "authorize_aws": {}}, {"secrets_location": AT_AWS}),
        (AZURE, {"secrets_location": {"region": "us-east-1"}}),
        # Another secret, and the runner of another environment.
        (AWS, override(secret_name="other", secrets_location=AT_AWS)),
        (AZURE, {"environment_overrides": {"qa": {"secret_name": "s", "secret_label": "x"}}}),
        (AZURE, {"environment_overrides": {"test": None}}),
        # What is to be gone may have led anywhere.
        ({**AWS, "authorize_state": "absent"}, {"secrets_location": AT_AWS}),
        ({**AWS, "authorize_state": "absent"}, {**OLDER, "agent_type": "azure"}),
    ],
)
def test_what_may_be_right_is_not_refused(
    variables: dict[str, Any], definition: dict[str, Any]
) -> None:
    assert refusal_of({**variables, "authorize_definition": definition}) == ""


def test_of_a_vault_that_maia_tells_it_is_known_once_it_was_asked() -> None:
    given = {**AZURE, "authorize_vault": "auto", "authorize_definition": {"agent_type": "aws"}}
    assert refusal_of(given) == ""
    assert refusal_of(given, runner={"vault": "azure"}) == (
        "Host 'shop': authorize_definition.agent_type is aws, and such a runner reads the vault"
        " 'aws', and not 'azure'; correct it."
    )

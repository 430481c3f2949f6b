# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies that the API takes, read and checked.

GUESS, kept in `_read_properties` and `_read_vault` alone: how a Full SaaS project takes a value is
not published. Here connectionProperties then carries `secretValue` (write-only, required each
time) in place of secretName and secretKey, without a secretsLocation; a Hybrid project refuses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.maia.fields import Fields
from sandbox.maia.problems import invalid
from sandbox.maia.store import FULL_SAAS, GENERIC_SECRET, HYBRID, SecretTarget

LONGEST_DESCRIPTION = 256
LONGEST_NAME = 128
MATILLION_HOSTED = "Matillion hosted"
SECRET_REFERENCE_NAME = re.compile(r"[\w()-]{1,128}", re.ASCII)


@dataclass(frozen=True)
class ProjectDraft:
    name: str
    description: str
    deployment: str


@dataclass(frozen=True)
class EnvironmentDraft:
    name: str
    agent_id: str


@dataclass(frozen=True)
class Details:
    """A definition's replaceable part."""

    description: str | None
    target: SecretTarget


@dataclass(frozen=True)
class ConnectionDraft:
    name: str
    details: Details


@dataclass(frozen=True)
class OverrideDraft:
    environment: str
    connection: str
    auth_type: str
    target: SecretTarget


@dataclass(frozen=True)
class SecretReferenceDraft:
    details: Details
    agent_id: str | None


def read_project(body: Fields) -> ProjectDraft:
    name = body.name("name", longest=255)
    description = body.text("description") or ""
    body.choice("warehouse", ("SNOWFLAKE", "REDSHIFT"))
    deployment = body.choice("agentDeploymentType", (HYBRID, FULL_SAAS))
    body.finish()
    return ProjectDraft(name, description, deployment)


def read_environment(body: Fields) -> EnvironmentDraft:
    """The vendor's schema could not be read; these are the names that the list gives."""
    name = body.name("name", longest=255)
    agent_id = body.text("defaultAgentId", required=True) or ""
    body.finish()
    return EnvironmentDraft(name, agent_id)


def read_connection(body: Fields, *, hosted: bool) -> ConnectionDraft:
    name = body.name("name", longest=LONGEST_NAME)
    _read_kind(body)
    body.choice("authProvider", ("NONE",))
    details = _read_details(body, hosted=hosted, required=True)
    body.finish()
    return ConnectionDraft(name, details)


def read_replacement(body: Fields, *, hosted: bool) -> Details:
    """Without connectionDetails everything in them is unset; a hosted value cannot be."""
    _read_kind(body)
    details = _read_details(body, hosted=hosted, required=hosted)
    body.finish()
    return details


def read_override(body: Fields, *, hosted: bool) -> OverrideDraft:
    environment = body.text("environmentName", required=True) or ""
    connection = body.text("connectionName", required=True) or ""
    auth_type = body.text("authType", required=True) or ""
    overrides = body.child("connectionOverrides", required=True)
    target = _read_vault(overrides, hosted=hosted) if overrides else SecretTarget()
    body.finish()
    return OverrideDraft(environment, connection, auth_type, target)


def read_secret_reference(body: Fields, name: str, *, hosted: bool) -> SecretReferenceDraft:
    if not SECRET_REFERENCE_NAME.fullmatch(name):
        raise invalid("secretReferenceName must match ^[\\w()-]{1,128}$")
    agent_types = (MATILLION_HOSTED,) if hosted else ("AWS", "Azure")
    agent_type = body.choice("agentType", ("AWS", "Azure", MATILLION_HOSTED))
    if agent_type not in agent_types:
        body.refuse("agentType", f"must fit the project: {', '.join(agent_types)}")
    body.choice("secretReferenceType", ("PASSWORD",))
    description = body.text("description", longest=LONGEST_DESCRIPTION)
    agent_id = body.text("agentId")
    target = _read_properties(body, hosted=agent_type == MATILLION_HOSTED)
    body.finish()
    return SecretReferenceDraft(Details(description, target), agent_id)


def _read_kind(body: Fields) -> None:
    # The API knows more kinds of connection; nothing here creates them.
    body.choice("platformConnectionType", ("COMPONENT_BASIC",))
    body.choice("authType", (GENERIC_SECRET,))


def _read_details(body: Fields, *, hosted: bool, required: bool) -> Details:
    details = body.child("connectionDetails", required=required)
    if details is None:
        return Details(None, SecretTarget())
    description = details.text("description", longest=LONGEST_DESCRIPTION)
    return Details(description, _read_vault(details, hosted=hosted))


def _read_vault(parent: Fields, *, hosted: bool) -> SecretTarget:
    properties = parent.child("connectionProperties", required=True)
    target = _read_properties(properties, hosted=hosted) if properties else SecretTarget()
    if hosted:
        return target
    location = parent.texts("secretsLocation")
    if location is not None and _lacks_region(location):
        parent.refuse("secretsLocation.region", "must not be blank")
    return SecretTarget(target.secret_name, target.secret_key, location)


def _lacks_region(location: dict[str, str]) -> bool:
    # Only AWS's form is published; what other vaults need is unknown and passes as it is.
    aws = location.get("type", "AWS_SECRET_MANAGER") == "AWS_SECRET_MANAGER"
    return aws and not location.get("region", "").strip()


def _read_properties(properties: Fields, *, hosted: bool) -> SecretTarget:
    if hosted:
        return SecretTarget(value=properties.text("secretValue", required=True))
    return SecretTarget(
        secret_name=properties.text("secretName", required=True),
        secret_key=properties.text("secretKey"),
    )

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bodies that the API takes; what depends on the project is checked here, else by contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.maia.problems import invalid
from sandbox.maia.store import SecretTarget

MATILLION_HOSTED = "Matillion hosted"

Body = Mapping[str, Any]


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


def read_connection(body: Body, *, hosted: bool) -> ConnectionDraft:
    return ConnectionDraft(body["name"].strip(), _read_details(body, hosted=hosted))


def read_replacement(body: Body, *, hosted: bool) -> Details:
    """Without connectionDetails everything in them is unset."""
    if "connectionDetails" not in body:
        return Details(None, SecretTarget())
    return _read_details(body, hosted=hosted)


def read_override(body: Body, *, hosted: bool) -> OverrideDraft:
    return OverrideDraft(
        body["environmentName"],
        body["connectionName"],
        body["authType"],
        _read_vault(body["connectionOverrides"], hosted=hosted),
    )


def read_secret_reference(body: Body, *, hosted: bool) -> SecretReferenceDraft:
    if (body["agentType"] == MATILLION_HOSTED) != hosted:
        raise invalid("agentType: it does not fit the project")
    target = SecretTarget(body.get("secretName"), body.get("secretKey"))
    return SecretReferenceDraft(Details(body.get("description"), target), body.get("agentId"))


def _read_details(body: Body, *, hosted: bool) -> Details:
    details = body["connectionDetails"]
    return Details(details.get("description"), _read_vault(details, hosted=hosted))


def _read_vault(parent: Body, *, hosted: bool) -> SecretTarget:
    properties, location = parent["connectionProperties"], parent.get("secretsLocation")
    if hosted and location is not None:
        raise invalid("secretsLocation: there is none in a Full SaaS project")
    return SecretTarget(
        properties.get("secretName"),
        properties.get("secretKey"),
        location,
    )

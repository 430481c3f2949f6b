# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Matillion's own vault, in which secrets can only be made."""

from __future__ import annotations

from flask import Blueprint

from sandbox.maia.gate import Gate
from sandbox.maia.operations import Operations
from sandbox.maia.problems import invalid
from sandbox.maia.queries import json_body
from sandbox.maia.store import Store


def secret_routes(gate: Gate, store: Store) -> Blueprint:
    operation = Operations("secrets", gate)

    @operation("CreateSecret")
    def create_secret(project_id: str) -> tuple[str, int]:
        project, variant = store.project(project_id), gate.variant
        body = json_body()
        if not project.hosted:
            raise invalid("it is for Full SaaS projects only")
        if body["type"] != variant.hosted_type:
            raise invalid("type: it is not a known one")
        if set(body) != {"name", "type", variant.hosted_field}:
            raise invalid(f"{variant.hosted_field}: it is missing, or there is something else")
        project.add_secret(body["name"], body[variant.hosted_field])
        return "", variant.created

    return operation.blueprint

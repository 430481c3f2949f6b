# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of imaginary runs: for the same size always the same, but for the dates."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

Result = dict[str, Any]

ENVIRONMENTS = ("dev", "test", "production")
_SUBJECTS = ("Shop", "Billing", "Finance", "Marketing", "Partner", "Retail", "Travel", "Energy")
_THINGS = ("Analytics", "Insights", "Warehouse", "Reports", "Forecast", "Ledger", "Quality")
_VAULTS = ("aws", "azure", "snowflake", "maia")
# Subject, reason and hint.
_FAILURES = (
    (
        "AWS secret 'stripe/{name}' in eu-west-1",
        "the credentials lack secretsmanager:PutSecretValue",
        "grant it, or name another secret",
    ),
    ("Maia project '{project}'", "Maia has none of this name", "check authorize_project"),
    (
        "Key Vault secret 'stripe-{name}'",
        "it was not made by this collection",
        "set on_foreign to adopt if it may be overwritten",
    ),
)
_LINKS = ("secret", "vault", "location", "definition", "component")


def fleet(size: int, *, failures: float = 0.12) -> list[Result]:
    """As many results, three environments for each project."""
    chance = random.Random(size)
    results = []
    for number in range(size):
        subject, thing = divmod(number // len(ENVIRONMENTS), len(_THINGS))
        series, subject = divmod(subject, len(_SUBJECTS))
        project = f"{_SUBJECTS[subject]} {_THINGS[thing]}{f' {series + 1}' if series else ''}"
        environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
        results.append(_result(chance, project, environment, failures))
    return results


def _result(chance: random.Random, project: str, environment: str, failures: float) -> Result:
    name = f"{project.lower().replace(' ', '-')}-{environment}"
    place = {"target": name, "project": project, "environment": environment}
    if chance.random() < failures:
        subject, reason, hint = chance.choice(_FAILURES)
        about = subject.format(name=name, project=project)
        error = {"subject": about, "reason": reason, "hint": hint}
        return {**place, "failed": True, "msg": f"{about}: {reason}; {hint}.", "error": error}
    if chance.random() < failures / 3:
        return place
    now = datetime.now(UTC)
    vault = chance.choice(_VAULTS)
    changed = chance.random() < 0.15
    mode = "live" if environment == "production" else "test"
    # Test environments often share a key.
    end = chance.choice(("4242", "0077")) if mode == "test" and chance.random() < 0.4 else None
    proof = [{"link": link, "verdict": "proven", "reason": ""} for link in _LINKS]
    if vault in ("snowflake", "maia"):
        proof[0]["verdict"] = "recorded"
    result: Result = {
        **place,
        "vault": vault,
        "state": "present",
        "changed": changed,
        "secret_name": None if vault == "maia" else f"stripe/{name}",
        "secret_changes": ["value"] if changed else [],
        "definition_name": f"stripe_{environment}",
        "definition_changes": [],
        "verification": {"status": "valid", "reason": None, "account": None},
        "permissions": {"charges": "granted", "invoices": "missing"},
        "api_key": {
            "kind": "restricted",
            "mode": mode,
            "masked": f"rk_{mode}_...{end or f'{chance.randrange(10**4):04}'}",
        },
        "fingerprint": f"{chance.randrange(16**12):012x}",
        "verified_by": "fingerprint",
        "verdict": "recorded" if vault in ("snowflake", "maia") else "proven",
        "value_since": f"{now - timedelta(days=chance.randrange(120)):%Y-%m-%dT%H:%M:%SZ}",
        "proof": proof,
    }
    if vault == "snowflake" and chance.random() < failures:
        result["value_since"] = None
    if chance.random() < failures:
        result["drift"] = ["The definition names another secret."]
    if chance.random() < failures / 2:
        proof[-1] = {
            "link": _LINKS[-1],
            "verdict": "contradicted",
            "reason": "It names stripe_old.",
        }
    return result

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describes a stored secret without its value."""

from __future__ import annotations

import json
import re
from typing import Any

from moto.secretsmanager.models import FakeSecret

from sandbox.service import Entry

_STRIPE_KEY = re.compile(r"(?:sk|rk|pk)_(?:test|live|org)_?[A-Za-z0-9_]{10,}")


def describe(secret: FakeSecret) -> Entry:
    details: dict[str, object] = {
        "region": secret.region,
        "versions": [
            {"id": version_id, "stages": sorted(version["version_stages"])}
            for version_id, version in secret.versions.items()
        ],
        "tags": {tag["Key"]: tag.get("Value") for tag in secret.tags or []},
        "description": secret.description or "",
        "deleted": secret.is_deleted(),
        "kms_key": secret.kms_key_id or "",
        "replicas": {replica.region: replica.config["KmsKeyId"] for replica in secret.replicas},
        "policy": secret.policy or "",
    }
    details |= _about_value(secret)
    return Entry("aws", "secret", secret.name, details)


def _about_value(secret: FakeSecret) -> dict[str, object]:
    version = secret.versions.get(secret.default_version_id or "", {})
    text = version.get("secret_string")
    if text is None:
        return {}
    fields = _fields(text)
    about: dict[str, object] = {} if fields is None else {"labels": sorted(fields)}
    for value in [text] if fields is None else fields.values():
        if isinstance(value, str) and _STRIPE_KEY.fullmatch(value):
            about["key"] = f"{value[:8]}…{value[-4:]}"
            break
    return about


def _fields(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key Vault's JSON: reads what callers send and describes what a vault holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.azure.vault import (
    DeletedSecret,
    Properties,
    Secret,
    SecretVersion,
    VaultError,
    VaultSettings,
)

MAX_VALUE_BYTES = 25 * 1024
MAX_CONTENT_TYPE = 255
MAX_TAGS = 15
MAX_TAG_CHARACTERS = 512
MAX_PAGE = 25


def check_name(name: str) -> None:
    if not re.fullmatch(r"[0-9a-zA-Z-]{1,127}", name):
        raise _bad(f"The request URI contains an invalid name: {name}")


def read_value(body: dict[str, Any]) -> str:
    value = body.get("value")
    if not isinstance(value, str):
        raise _bad("Property value is required and must be a string.\r\n\r\nParameter: value")
    if len(value.encode()) > MAX_VALUE_BYTES:
        raise _bad(f"Property value has more than {MAX_VALUE_BYTES} bytes.\r\n\r\nParameter: value")
    return value


def read_properties(body: dict[str, Any]) -> Properties:
    attributes = body.get("attributes")
    if attributes is None:
        attributes = {}
    if not isinstance(attributes, dict):
        raise _bad("Property attributes must be an object.\r\n\r\nParameter: attributes")
    return Properties(
        content_type=_content_type(body.get("contentType")),
        tags=_tags(body.get("tags")),
        enabled=_enabled(attributes.get("enabled")),
        not_before=_unix_time("nbf", attributes.get("nbf")),
        expires=_unix_time("exp", attributes.get("exp")),
    )


def read_page_size(text: str | None) -> int:
    if text is None:
        return MAX_PAGE
    if not text.isdecimal() or not 1 <= int(text) <= MAX_PAGE:
        raise _bad(f"maxresults must be from 1 to {MAX_PAGE}.\r\n\r\nParameter: maxresults")
    return int(text)


def _content_type(given: object) -> str | None:
    if given is None or (isinstance(given, str) and len(given) <= MAX_CONTENT_TYPE):
        return given
    raise _bad(
        f"Property contentType must be a string of at most {MAX_CONTENT_TYPE} characters."
        "\r\n\r\nParameter: contentType"
    )


def _tags(given: object) -> dict[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) > MAX_TAGS:
        raise _bad(f"Property tags must hold at most {MAX_TAGS} tags.\r\n\r\nParameter: tags")
    for text in (*given.keys(), *given.values()):
        if not isinstance(text, str) or len(text) > MAX_TAG_CHARACTERS:
            raise _bad(
                f"A tag's name and value must be strings of at most {MAX_TAG_CHARACTERS} "
                "characters.\r\n\r\nParameter: tags"
            )
    return dict(given)


def _enabled(given: object) -> bool | None:
    if given is None or isinstance(given, bool):
        return given
    raise _bad("Property enabled must be a boolean.\r\n\r\nParameter: attributes.enabled")


def _unix_time(name: str, given: object) -> int | None:
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given
    raise _bad(f"Property {name} must be a unix time.\r\n\r\nParameter: attributes.{name}")


def _bad(message: str) -> VaultError:
    return VaultError("BadParameter", message)


@dataclass(frozen=True)
class Writer:
    """Describes the objects of one vault as the caller addressed it."""

    base: str
    settings: VaultSettings

    def bundle(self, name: str, version: SecretVersion) -> dict[str, object]:
        """A secret version with its value."""
        return {"value": version.value, **self.item(name, version)}

    def item(self, name: str, version: SecretVersion) -> dict[str, object]:
        """A secret version without its value."""
        identifier = f"{self.base}/secrets/{name}/{version.version}"
        return self._describe(identifier, version)

    def latest(self, secret: Secret) -> dict[str, object]:
        """A secret in a list: its identifier names no version."""
        return self._describe(f"{self.base}/secrets/{secret.name}", secret.latest)

    def deleted_bundle(self, deleted: DeletedSecret) -> dict[str, object]:
        return self._deleted(deleted, self.item(deleted.secret.name, deleted.secret.latest))

    def deleted_item(self, deleted: DeletedSecret) -> dict[str, object]:
        return self._deleted(deleted, self.latest(deleted.secret))

    def _deleted(self, deleted: DeletedSecret, described: dict[str, object]) -> dict[str, object]:
        return {
            "recoveryId": f"{self.base}/deletedsecrets/{deleted.secret.name}",
            "deletedDate": deleted.deleted_date,
            "scheduledPurgeDate": deleted.scheduled_purge_date,
            **described,
        }

    def _describe(self, identifier: str, version: SecretVersion) -> dict[str, object]:
        attributes: dict[str, object] = {"enabled": version.enabled}
        if version.not_before is not None:
            attributes["nbf"] = version.not_before
        if version.expires is not None:
            attributes["exp"] = version.expires
        attributes |= {
            "created": version.created,
            "updated": version.updated,
            "recoveryLevel": self.settings.recovery_level(),
            "recoverableDays": self.settings.recoverable_days,
        }
        described: dict[str, object] = {"id": identifier, "attributes": attributes}
        if version.content_type is not None:
            described["contentType"] = version.content_type
        if version.tags:
            described["tags"] = version.tags
        return described

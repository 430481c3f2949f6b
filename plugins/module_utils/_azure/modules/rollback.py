# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Going back to an earlier version.

Key Vault's current version is always the newest one, so that going back means writing the
earlier value again. https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from ..._core.errors import ConflictError, NotFoundError, NotPermittedError
from ..._core.operation import Outcome, Params, Runtime
from ..._secret.earlier import NoEarlierVersionError, Question, read
from ..._secret.model import Existence
from ..metadata.fields import refuse
from ..store.store import AzureStore

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretProperties

PREVIOUS = "previous"

_VERSION = re.compile(r"[0-9a-fA-F]{32}")


def check_choice(params: Params) -> None:
    """Raises ConfigurationError for what cannot be gone back to."""
    name, choice = params["name"], params["rolled_back_to"]
    if params["state"] == "absent":
        raise refuse(name, "rolled_back_to is given with state=absent", "leave out one")
    if choice != PREVIOUS and not _VERSION.fullmatch(choice):
        raise refuse(
            name,
            "rolled_back_to is not a version",
            "give a version's 32 hexadecimal characters, or previous",
        )


def find_version(store: AzureStore, choice: str) -> str:
    """The id of the version that is meant.

    Once the previous version is brought back, it is still the one that is meant by PREVIOUS.
    Raises NotFoundError, and ConflictError where PREVIOUS means no version or several.
    """
    observed = store.describe()
    if observed.existence is not Existence.LIVE:
        raise NotFoundError(
            store.subject,
            "it does not exist, so it cannot be rolled back",
            "give api_key to create it",
        )
    if not observed.certain:
        # Reading tells which of the versions of one second is the current one.
        store.read_value()
    versions = store.versions()
    if choice != PREVIOUS:
        return _existing(store, versions, choice.lower())
    source = store.rolled_back_to()
    return source or _before_current(store, versions)


def look_back(store: AzureStore, choice: str, question: Question, runtime: Runtime) -> Outcome:
    """What a rollback would write again; see _secret/earlier.py. It needs to be read anyhow."""
    version = find_version(store, choice)
    text = store.read_value(version).text or ""
    runtime.protect(text)
    in_effect = version in (store.current_version(), store.rolled_back_to())
    return read(store.subject, question, version, text, in_effect=in_effect)


def refuse_same_key(store: AzureStore, version: str, text: str, runtime: Runtime) -> None:
    """Raises ConflictError if going back would bring back the key that is there.

    text: the value of the version to go back to. What was rolled back already is no such case.
    """
    if version in (store.current_version(), store.rolled_back_to()):
        return
    current = ""
    # A disabled one shows no value, and is surely not what is wanted.
    with suppress(NotPermittedError):
        current = store.read_value().text or ""
        runtime.protect(current)
    if current == text:
        raise ConflictError(
            store.subject,
            "the version to go back to holds the same key as the current one",
            "give in rolled_back_to the id of a version that has another, or store the earlier key"
            " as a new one, with api_key",
            attempt="rolling it back",
        )


def _existing(store: AzureStore, versions: list[SecretProperties], wanted: str) -> str:
    if any(version.version == wanted for version in versions):
        return wanted
    raise NotFoundError(
        store.subject,
        f"it has no version {wanted}",
        "look up the ids with stripe_secret_azure_info",
    )


def _before_current(store: AzureStore, versions: list[SecretProperties]) -> str:
    earlier = [version for version in versions if version.version != store.current_version()]
    if not earlier:
        raise NoEarlierVersionError(
            store.subject, "it has no earlier version", "give api_key to write another value"
        )
    newest = [version for version in earlier if version.created_on == earlier[0].created_on]
    if len(newest) > 1:
        raise ConflictError(
            store.subject,
            "its previous version is one of several that were made in one second",
            "give the id of the version in rolled_back_to, as stripe_secret_azure_info shows it",
        )
    return str(newest[0].version)

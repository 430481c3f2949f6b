# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vaults: one row for each. Whatever else has to know a vault by its id asks the row.

Operations are loaded when one is asked for, so that facts can be had without any SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._aws import place as aws
from .._azure import place as azure
from .._core.errors import ConfigurationError
from .._core.operation import Operation
from .._maia.projects.projects import environment_subject
from .._secret.place import Place
from .._snowflake import place as snowflake

Values = Mapping[str, Any]
"""Variables of a target, a module's options or its result."""
Settings = Mapping[str, str | None]
"""Options that say what an object is like, each with the one that removes what it does not list."""
AUTO = "auto"
"""In place of a vault's id: Maia is asked which one the runner reads."""


@dataclass(frozen=True)
class Operations:
    """store: stores the key. info: looks at secrets, where there are some.

    rights: asks for the rights to the vault, if it can tell of any. earlier: looks at the version
    that a rollback would bring back, where the vault keeps it; see _secret/earlier.py.
    """

    store: Operation
    info: Operation | None = None
    rights: Operation | None = None
    earlier: Operation | None = None


@dataclass(frozen=True)
class Vault:
    """Facts about one vault.

    id: as authorize_vault and Maia's environment have it. title: as people call it.
    family: the variable with further options of its module.
    fingerprint: where the fingerprint is that is the given key's.
    location: what Maia does not say of the runner's vault, so that it cannot be compared.
    place: where options put the secret; None if they cannot, or if there is no secret.
    place_in_name: what the text by which a definition names a secret says of its place, as
    Place.known has it. replicated_over: of that, where the same secret may be as well.
    location_entries: of a definition's secrets_location, those that Place.known has by the same
    names, and spells alike. Maia's documentation has one for AWS alone.
    variables: of its step, beyond those that every vault takes, by option.
    settings: options of the secret itself. Of those with a name here, an option of this name says
    whether entries are removed that it does not list.
    in_definition: the key is stored by the definition itself; there is no secret to point at.
    keeps_versions: a rollback finds the old key in the vault; otherwise it has to be given.
    """

    id: str
    title: str
    family: str
    fingerprint: str
    location: str
    load: Callable[[], Operations] = field(repr=False)
    place: Callable[[Values], Place | None] = lambda _options: None
    place_in_name: Callable[[str], Mapping[str, str]] = lambda _text: {}
    replicated_over: tuple[str, ...] = ()
    location_entries: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=dict)
    in_definition: bool = False
    keeps_versions: bool = False

    @cached_property
    def operations(self) -> Operations:
        return self.load()

    @property
    def operation(self) -> Operation:
        """Of the module that stores the key."""
        return self.operations.store

    @property
    def info(self) -> Operation | None:
        """Of the module that looks at secrets."""
        return self.operations.info


def _aws() -> Operations:
    from .._aws.modules.info import OPERATION as INFO
    from .._aws.modules.secret import EARLIER, OPERATION
    from .._aws.rights import RIGHTS

    return Operations(OPERATION, INFO, RIGHTS, EARLIER)


def _azure() -> Operations:
    from .._azure.modules.info import OPERATION as INFO
    from .._azure.modules.secret import EARLIER, OPERATION
    from .._azure.rights import RIGHTS

    return Operations(OPERATION, INFO, RIGHTS, EARLIER)


def _snowflake() -> Operations:
    from .._snowflake.modules.info import OPERATION as INFO
    from .._snowflake.modules.secret import OPERATION
    from .._snowflake.rights import RIGHTS

    return Operations(OPERATION, INFO, RIGHTS)


def _maia() -> Operations:
    from .._maia.modules.definition import OPERATION

    return Operations(OPERATION)


# Of the value; beside it in the object that holds it.
_VALUE: Settings = {"value_version": None, "fingerprint_key": None}
OVERRIDES: Settings = {"environment_overrides": "purge_overrides"}
DEFINITION_SETTINGS: Settings = {
    **_VALUE,
    **dict.fromkeys(("secrets_location", "description", "agent_type", "agent_id")),
    **OVERRIDES,
}
"""Of a definition, whatever keeps its key."""

VAULTS = {
    vault.id: vault
    for vault in (
        Vault(
            "aws",
            "AWS Secrets Manager",
            family="authorize_aws",
            fingerprint="The fingerprint in the id of its current version matches the given key.",
            location="account and region",
            load=_aws,
            place=aws.place_of,
            place_in_name=aws.place_in_name,
            replicated_over=("region",),
            location_entries=("region", "account"),
            variables={"label": "authorize_label"},
            settings={
                **_VALUE,
                "description": None,
                "kms_key_id": None,
                "resource_policy": None,
                "tags": "purge_tags",
                "replica_regions": "purge_replicas",
            },
            keeps_versions=True,
        ),
        Vault(
            "azure",
            "Azure Key Vault",
            family="authorize_azure",
            fingerprint="The fingerprint in a tag of its current version matches the given key.",
            location="name",
            load=_azure,
            place=azure.place_of,
            place_in_name=azure.place_in_name,
            settings={
                **_VALUE,
                "content_type": None,
                "enabled": None,
                "expires_on": None,
                "not_before": None,
                "tags": "purge_tags",
            },
            keeps_versions=True,
        ),
        Vault(
            "snowflake",
            "Snowflake",
            family="authorize_snowflake",
            fingerprint="The fingerprint in its comment matches the given key.",
            location="account, database and schema",
            load=_snowflake,
            place=snowflake.place_of,
            place_in_name=snowflake.place_in_name,
            settings={**_VALUE, "comment": None, "grant_to": "purge_grants"},
        ),
        Vault(
            "maia",
            "Matillion's own vault",
            family="authorize_definition",
            fingerprint="The fingerprint in its name matches the given key.",
            location="",
            load=_maia,
            settings=DEFINITION_SETTINGS,
            in_definition=True,
        ),
    )
}


def environment_in_words(variables: Values) -> str:
    """What an error about a target's runner names."""
    return environment_subject(variables["authorize_environment"], variables["authorize_project"])


def known_vault(vault: str | None, variables: Values) -> Vault:
    """Raises ConfigurationError if it is not known which vault the target's runner reads."""
    if vault in VAULTS:
        return VAULTS[vault]
    *others, last = VAULTS
    raise ConfigurationError(
        environment_in_words(variables),
        "its runner does not show which vault it reads",
        f"set authorize_vault to {', '.join(others)} or {last}",
    )

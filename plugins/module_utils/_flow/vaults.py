# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vaults: one row for each. Whatever else has to know a vault by its id asks the row.

An Operation is loaded when it is asked for, so that facts can be had without any SDK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .._aws import place as aws
from .._azure import place as azure
from .._core.operation import Operation
from .._secret.place import Place
from .._snowflake import place as snowflake


@dataclass(frozen=True)
class Vault:
    """Facts about one vault.

    id: as authorize_vault and Maia's environment have it. title: as people call it.
    family: the variable with further options of its module.
    fingerprint: where the fingerprint is that is the given key's.
    location: what Maia does not say of the runner's vault, so that it cannot be compared.
    place: where options put the secret; None if they cannot, or if there is no secret.
    variables: of its step, beyond those that every vault takes, by option.
    in_definition: the key is stored by the definition itself; there is no secret to point at.
    keeps_versions: a rollback finds the old key in the vault; otherwise it has to be given.
    """

    id: str
    title: str
    family: str
    fingerprint: str
    location: str
    load: Callable[[], Operation] = field(repr=False)
    place: Callable[[Mapping[str, Any]], Place | None] = lambda _options: None
    variables: Mapping[str, str] = field(default_factory=dict)
    in_definition: bool = False
    keeps_versions: bool = False

    @cached_property
    def operation(self) -> Operation:
        """Of the module that stores the key."""
        return self.load()


def _aws() -> Operation:
    from .._aws.operation import OPERATION

    return OPERATION


def _azure() -> Operation:
    from .._azure.operation import OPERATION

    return OPERATION


def _snowflake() -> Operation:
    from .._snowflake.operation import OPERATION

    return OPERATION


def _maia() -> Operation:
    from .._maia.definition_operation import OPERATION

    return OPERATION


VAULTS = {
    vault.id: vault
    for vault in (
        Vault(
            "aws",
            "AWS Secrets Manager",
            family="authorize_aws",
            fingerprint="The id of its current version carries the fingerprint of the given key.",
            location="account and region",
            load=_aws,
            place=aws.place_of,
            variables={"label": "authorize_label"},
            keeps_versions=True,
        ),
        Vault(
            "azure",
            "Azure Key Vault",
            family="authorize_azure",
            fingerprint="A tag of its current version carries the fingerprint of the given key.",
            location="name",
            load=_azure,
            place=azure.place_of,
            keeps_versions=True,
        ),
        Vault(
            "snowflake",
            "Snowflake",
            family="authorize_snowflake",
            fingerprint="Its comment, which is written together with the value, carries the"
            " fingerprint of the given key; Snowflake shows no values.",
            location="account, database and schema",
            load=_snowflake,
            place=snowflake.place_of,
        ),
        Vault(
            "maia",
            "Matillion's own vault",
            family="authorize_definition",
            fingerprint="The name of its secret, which is another one for each value, carries the"
            " fingerprint of the given key; Maia shows no values.",
            location="",
            load=_maia,
            in_definition=True,
        ),
    )
}

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of the role authorize: what is run, and which variable each of its options has.

make generate writes roles/authorize/tasks from them, and tests/lanes compares what comes of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._core.argspec import Validate
from .._core.operation import Operation
from .._maia.modules.assumptions import ASSUMPTIONS
from .._maia.modules.definition import LOOK_AHEAD
from .._maia.modules.definition import OPERATION as DEFINITION
from .._maia.modules.environment import OPERATION as ENVIRONMENT_INFO
from .._maia.modules.info import OPERATION as DEFINITION_INFO
from .._maia.modules.pipeline import OPERATION as PIPELINE_RUN
from .._pipeline.operation import OPERATION as COMPONENT
from .._stripe.old_key import OPERATION as OLD_KEY_STATUS
from .._stripe.operation import EARLIER as EARLIER_KEY_INFO
from .._stripe.operation import OPERATION as KEY_INFO
from .._stripe.source import KEY_SOURCES
from .vaults import VAULTS, Vault

# Which key, which object, and where it points: never taken from a family.
VARIABLES_ONLY = frozenset({*KEY_SOURCES, "name", "secret_name", "secret_label"})
# For a rollback, which changes nothing but the key: of the vault's settings it has only those
# without which keys are not compared, or the older API of Maia is not asked.
_NEEDED = {"fingerprint_key", "agent_type", "agent_id"}
_WHEN_TO_WRITE = {"update_value", "retire_previous_after"}


@dataclass(frozen=True)
class Step:
    """families: variables with further options. The later one counts, and `variables` most.

    variables: by option. not_of_families: options that no family gives.
    """

    operation: Operation
    families: tuple[str, ...]
    variables: Mapping[str, str]
    not_of_families: frozenset[str] = VARIABLES_ONLY

    def params(
        self, variables: Mapping[str, Any], computed: Mapping[str, Any], validated: Validate
    ) -> dict[str, Any]:
        """The operation's validated options. Raises RefusedOptions.

        computed: options that no variable has as they are; None leaves an option out.
        """
        given = {option: variables[variable] for option, variable in self.variables.items()}
        own = {
            option: value for option, value in {**given, **computed}.items() if value is not None
        }
        further = {
            option: value
            for family in self.families
            for option, value in variables[family].items()
            if option not in self.not_of_families
        }
        module = f"maia.stripe_query.{self.operation.name}"
        return validated(module, self.operation.spec, {**further, **own})


_KEY = {
    "api_key": "authorize_api_key",
    "api_key_file": "authorize_api_key_file",
    "api_key_env": "authorize_api_key_env",
    "on_publishable_key": "authorize_on_publishable_key",
    "on_secret_key": "authorize_on_secret_key",
    "allow_unknown_key": "authorize_allow_unknown_key",
}
_OBJECT = {"state": "authorize_state", "on_foreign": "authorize_on_foreign"}
_SECRET = {**_OBJECT, "name": "authorize_secret_name"}
_DEFINITION = {
    **_OBJECT,
    "name": "authorize_definition_name",
    "project": "authorize_project",
}

_DEFINITION_FAMILIES = ("authorize_maia", "authorize_definition")

CHECK_KEY = Step(
    KEY_INFO,
    ("authorize_stripe",),
    {
        **_KEY,
        "expected_mode": "authorize_expected_mode",
        "expected_account": "authorize_expected_account",
        "permissions": "authorize_permissions",
    },
)
CHECK_EARLIER_KEY = replace(CHECK_KEY, operation=EARLIER_KEY_INFO)
# Of a key that is only asked about, nothing is expected.
CHECK_OLD_KEY = Step(
    OLD_KEY_STATUS,
    ("authorize_stripe",),
    {source: f"authorize_old_{source}" for source in KEY_SOURCES},
    frozenset(KEY_INFO.spec.names) - {"stripe_context", "api_url", "ca_bundle", "max_seconds"},
)
FIND_VAULT = Step(
    ENVIRONMENT_INFO,
    ("authorize_maia",),
    {"project": "authorize_project", "environment": "authorize_environment"},
)
CHECK_ASSUMPTIONS = replace(FIND_VAULT, operation=ASSUMPTIONS)
RUN_PROBE = Step(
    PIPELINE_RUN,
    ("authorize_maia", "authorize_probe"),
    {
        "project": "authorize_project",
        "environment": "authorize_environment",
        "pipeline": "authorize_probe_pipeline",
    },
)
KEEP_DEFINITION = Step(DEFINITION, _DEFINITION_FAMILIES, _DEFINITION)
LOOK_AT_DEFINITION = replace(KEEP_DEFINITION, operation=LOOK_AHEAD)


def _delete(vault: Vault) -> Step:
    """The step that deletes the secret, or the definition with the key in it; it takes no key."""
    if vault.in_definition:
        return KEEP_DEFINITION
    return Step(vault.operation, (vault.family,), {**_SECRET, **vault.variables})


def _keep_key(vault: Vault) -> Step:
    """The step that stores the key, in a secret or in the definition itself."""
    key = {**_KEY, "on_unknown": "authorize_on_unknown", "update_value": "authorize_update_value"}
    place = _delete(vault)
    return replace(place, variables={**place.variables, **key})


def _keep_key_alone(vault: Vault) -> Step:
    """The step that stores the key if the vault has another, and changes nothing else."""
    keep = KEEP_SECRET[vault.id]
    given = {name: held for name, held in keep.variables.items() if name != "update_value"}
    purges = filter(None, vault.settings.values())
    left_out = {*vault.settings, *purges, *_WHEN_TO_WRITE} - _NEEDED
    return replace(keep, variables=given, not_of_families=VARIABLES_ONLY | left_out)


def _roll_back(vault: Vault) -> Step:
    """The step that brings the previous version back, or stores the old key where none is kept."""
    keep = KEEP_KEY_ALONE[vault.id]
    if not vault.keeps_versions:
        return keep
    back = {"name": "authorize_secret_name", "rolled_back_to": "authorize_rolled_back_to"}
    return replace(keep, variables={**back, **vault.variables})


def _look_back(vault: Vault, earlier: Operation) -> Step:
    """The step that looks at what a rollback would bring back. It takes no key by itself."""
    return replace(ROLL_BACK[vault.id], operation=earlier)


DELETE_SECRET = {vault.id: _delete(vault) for vault in VAULTS.values()}
KEEP_SECRET = {vault.id: _keep_key(vault) for vault in VAULTS.values()}
KEEP_KEY_ALONE = {vault.id: _keep_key_alone(vault) for vault in VAULTS.values()}
ROLL_BACK = {vault.id: _roll_back(vault) for vault in VAULTS.values()}
# Where the vault keeps earlier versions.
LOOK_BACK = {
    vault.id: _look_back(vault, earlier)
    for vault in VAULTS.values()
    for earlier in [vault.operations.earlier]
    if earlier
}
# Where a vault has grants of its own.
ASK_RIGHTS = {
    vault.id: replace(KEEP_SECRET[vault.id], operation=rights)
    for vault in VAULTS.values()
    for rights in [vault.operations.rights]
    if rights
}
REVOKE_GRANTS = {
    vault.id: Step(
        vault.operation,
        (vault.family,),
        {"name": _SECRET["name"], "on_foreign": _SECRET["on_foreign"]},
    )
    for vault in VAULTS.values()
    if "purge_grants" in vault.operation.spec.options
}


def _look(vault: Vault, info: Operation) -> Step:
    """The step that looks at secrets: with what says where they are, and nothing else."""
    others = vault.operation.spec.options.keys() - info.spec.options.keys()
    return Step(info, (vault.family,), {}, not_of_families=VARIABLES_ONLY | others)


LOOK = {vault.id: _look(vault, vault.info) for vault in VAULTS.values() if vault.info}
SET_COMPONENTS = Step(
    COMPONENT, ("authorize_component",), {"definition": "authorize_definition_name"}
)
LIST_DEFINITIONS = Step(DEFINITION_INFO, ("authorize_maia",), {"project": "authorize_project"})

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: maia_projects
short_description: Environments of Maia projects as hosts
version_added: 1.0.0
description:
  - Creates a host for each environment of each Maia project. The host's variables have the
    project, environment and vault for the role P(maia.stripe_query.authorize#role).
  - The name of a host is C(<project>-<environment>), in lower case, with hyphens in place of all
    characters except letters and digits. If two of the environments in Maia would have the same
    name, selected or not, each name gets eight more characters, so that all names are unique. So a
    name changes when a project or environment of the same name is added or removed, and another
    project can later get the old name. If that matters, for example for C(host_vars), use
    C(maia_project_id) in O(hostname).
  - All hosts are in the group C(maia_projects). Its variable C(authorize_maia) has the connection
    options for the role, without credentials.
  - A host has the variables C(maia_project), C(maia_project_id), C(maia_environment), C(maia_agent)
    (C(id) and C(name) of the environment's runner, or null), C(maia_cloud_provider) (such as
    V(aws)), C(maia_deployment) (such as V(fargate)) and C(maia_vault), which is V(aws), V(azure),
    V(snowflake), V(maia) for Full SaaS, or null if Maia does not show the vault, or not to these
    credentials.
  - For the role it has C(authorize_project), which is the project's name, or its id if several
    projects have this name; C(authorize_environment); C(authorize_vault), if Maia shows the vault;
    and C(ansible_connection=local), so that all work is done on the controller.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [maia.stripe_query.maia_projects]
  projects:
    description:
      - Include only projects with these names. Shell patterns such as V(Shop *) are allowed. Names
        are case-sensitive.
    type: list
    elements: str
    default: []
  exclude_projects:
    description: Exclude projects with these names. Shell patterns are allowed.
    type: list
    elements: str
    default: []
  environments:
    description: Include only environments with these names. Shell patterns are allowed.
    type: list
    elements: str
    default: []
  exclude_environments:
    description: Exclude environments with these names. Shell patterns are allowed.
    type: list
    elements: str
    default: []
  on_empty:
    description:
      - What to do if there are no hosts, or if a name or pattern in O(projects),
        O(exclude_projects), O(environments) or O(exclude_environments) matches nothing, for example
        because it is mistyped.
      - With V(fail), the inventory source fails, and so do all tasks of this collection in the run.
    type: str
    choices: [fail, warn, ignore]
    default: warn
    version_added: 2.0.0
  hostname:
    description:
      - A Jinja2 expression that computes the name of a host from its variables.
        It is an error if two hosts have the same name, or if a name contains braces, which Ansible
        could evaluate as a template, or unprintable characters, or is C(all), C(ungrouped) or
        C(localhost).
    type: str
notes:
  - Unknown options are refused, because the inventory would have other hosts than intended.
  - If an inventory source fails, for example because Maia does not respond, Ansible only warns and
    continues with the hosts of other sources. Because hosts may be missing, all tasks of this
    collection then fail, and the playbook C(maia.stripe_query.audit) fails without hosts. To stop
    earlier, set E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED).
  - If two files of one inventory give two environments the same name, or set the group's
    C(authorize_maia) differently, the second file fails. The duplicate name is then not a host.
  - The file's name must end in C(maia_projects.yml) or C(maia_projects.yaml).
  - Names from Maia are data. They are never evaluated as templates or expressions.
  - The credentials need permission to read projects and environments. Projects that they cannot
    read have no hosts, without an error. Maia does not document which project roles are sufficient.
    The account role I(Super Admin) is.
  - Without the account role I(Admin) or I(Super Admin), they cannot read agents. The hosts of such
    agents are then listed without C(authorize_vault), with a warning.
  - Set credentials with E(MAIA_CLIENT_ID) and E(MAIA_CLIENT_SECRET), which a credential type of AWX
    can inject. Options can contain templates, such as lookups.
  - It makes one request for a token, one for each 100 projects of the account, one for each
    selected project and each project with a similar name (which could have the same host names),
    one for each 100 agents of the account, and one for each agent of an environment that is not
    in this list. For 500 projects with three environments each and 20 agents, these are 507
    requests. With O(cache=true) there are none while the cache is valid. Tasks of the same run
    use the results.
  - C(authorize_vault) is not set for an environment without a runner, or if Maia does not show the
    runner's vault. Set it with O(compose) or in a group.
extends_documentation_fragment:
  - maia.stripe_query.maia
  - maia.stripe_query.maia.plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
  - maia.stripe_query.time_limit
"""

EXAMPLES = r"""
# fleet.maia_projects.yml: all environments of all projects
plugin: maia.stripe_query.maia_projects
region: eu1
---
# Production only, without sandboxes, with the other variables of the role
plugin: maia.stripe_query.maia_projects
region: eu1
environments: [production, "prod-*"]
exclude_projects: ["Sandbox *"]
compose:
  authorize_secret_name: "'stripe/' ~ inventory_hostname"
  authorize_aws: "{'region': 'eu-west-1'}"
keyed_groups:
  - key: maia_vault
    prefix: vault
  - key: maia_environment
    prefix: env
groups:
  hybrid: maia_vault != 'maia'
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/maia
---
# With your own host names
plugin: maia.stripe_query.maia_projects
region: us1
hostname: maia_project_id ~ '/' ~ maia_environment
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display

from ..module_utils._core.credentials import check_credentials
from ..module_utils._core.endpoint import keep_loopback_off_proxies
from ..module_utils._core.errors import CollectionError, ConfigurationError, without_keys
from ..module_utils._core.http import REQUESTS
from ..module_utils._core.limits import time_limit
from ..module_utils._core.misplaced import check_misplaced
from ..module_utils._core.module_face import FaceRuntime, new_redactor
from ..module_utils._core.operation import unexpected_failure
from ..module_utils._core.redaction import Redactor
from ..module_utils._core.sdk_logs import silence_sdk_logs
from ..module_utils._core.wording import listed, nearest
from ..module_utils._maia.projects.targets import (
    Listed,
    Selection,
    Target,
    host_names,
    list_targets,
)
from ..module_utils._maia.reach.connection import CONNECTION_SPEC, MaiaConnection
from ..plugin_utils._inventory_data import as_data, as_plain_where_plain, fault_of_host_name
from ..plugin_utils._inventory_sources import note_failed_source
from ..plugin_utils._run_state import run_state

GROUP = "maia_projects"
_FILTERS = ("projects", "exclude_projects", "environments", "exclude_environments")
_SECRETS = ("client_secret", "access_token")
# What the role's modules need to know as well; credentials come to them from the environment.
_PASSED_ON = (
    "region",
    "allow_unknown_region",
    "api_url",
    "token_url",
    "allow_unknown_api_host",
    "ca_bundle",
    "requests_per_minute",
)

Variables = dict[str, Any]


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "maia.stripe_query.maia_projects"
    inventory: Any
    templar: Any
    _given: Mapping[str, Any]

    def verify_file(self, path: str) -> bool:
        """Whether the file is one of ours, by its name."""
        readable: bool = BaseInventoryPlugin.verify_file(self, path)
        return readable and path.endswith((f"{GROUP}.yml", f"{GROUP}.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        try:
            self._parse(path, cache=cache)
        except AnsibleError as error:
            note_failed_source(path)
            # Whatever it quotes of the file; without what Ansible adds to it.
            raise AnsibleParserError(without_keys(error.message)) from None

    def _parse(self, path: str, *, cache: bool) -> None:
        self._given = self._read_config_data(path)
        self._refuse_unknown(self._given)
        options = {name: self._option(name) for name in CONNECTION_SPEC.options}
        redactor = new_redactor()
        for name in _SECRETS:
            redactor.protect(str(options[name] or ""))
        try:
            self._check_misplaced(options)
            check_credentials(CONNECTION_SPEC, options)
            hosts = self._hosts(path, options, redactor, from_cache=cache)
        except AnsibleError:
            raise
        except CollectionError as error:
            raise AnsibleParserError(redactor.mask(str(error))) from None
        except Exception as error:
            message = redactor.mask(unexpected_failure(error)["msg"])
            raise AnsibleParserError(message) from None
        self._fill(hosts, options)

    def _refuse_unknown(self, config: Mapping[str, Any]) -> None:
        """Raise AnsibleParserError for an option that there is not, which Ansible ignores."""
        known = constants.config.get_configuration_definitions("inventory", self._load_name)
        names = {*known, *(each for rules in known.values() for each in rules.get("aliases") or ())}
        if unknown := sorted(str(name) for name in config if name not in names):
            raise AnsibleParserError(
                f"There is no option '{unknown[0][:64]}', and hosts would be chosen without it;"
                f" {nearest(unknown[0], names)}."
            )

    def _option(self, name: str) -> Any:
        """Of a list the file's own: a template is a text, which Ansible cuts at its commas."""
        value = self.get_option(name)
        if isinstance(value, list):
            value = self._given.get(name, value)
        return self.templar.template(value) if isinstance(value, str | list) else value

    def _names(self, name: str) -> list[str]:
        """Those of a filter. Raises AnsibleParserError for what a template made of it."""
        given = self._option(name)
        if isinstance(given, str):
            given = [each.strip() for each in given.split(",")]
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise AnsibleParserError(f"Option {name} is no list of names; give names or patterns.")
        return given

    def _check_misplaced(self, options: Mapping[str, Any]) -> None:
        """Raise ConfigurationError for a Stripe key: no option here is for one."""
        names = (*_FILTERS, "hostname")
        others = {name: self._option(name) for name in names}
        check_misplaced(CONNECTION_SPEC, {**options, **others})

    def _hosts(
        self, path: str, options: Mapping[str, Any], redactor: Redactor, *, from_cache: bool
    ) -> dict[str, Variables]:
        """Variables by the usual name, from the cache if that is allowed and possible."""
        caching = self.get_option("cache")
        key = self._cache_key(path, options)
        if caching and from_cache and key in self._cache:
            return dict(self._cache[key])
        if REQUESTS.error:
            raise ConfigurationError(
                f"Inventory source {path}",
                f"the Python library requests is missing from {sys.executable}",
                "install it there, or in AWX in the source's execution environment, see"
                f" {REQUESTS.url}",
            )
        silence_sdk_logs()
        connection = MaiaConnection.from_params(options)
        keep_loopback_off_proxies()
        # The run's own state, which its tasks go on to share.
        show = Display()
        runtime = FaceRuntime(False, run_state(), redactor, show.warning, show.vvv)
        with (
            time_limit(options),
            closing(runtime.clients),
            connection.open(runtime) as client,
        ):
            projects, environments = (
                Selection(self._names(what), self._names(f"exclude_{what}"))
                for what in ("projects", "environments")
            )
            found = list_targets(client, projects, environments)
        self._tell_empty(found)
        names = host_names(found.targets, found.others)
        hosts = {name: variables_of(each) for name, each in zip(names, found.targets, strict=True)}
        if caching:
            self._cache[key] = hosts
        return hosts

    def _tell_empty(self, found: Listed) -> None:
        """Raise AnsibleParserError, or warn, if there is no host or a filter does nothing."""
        if self.get_option("on_empty") == "ignore":
            return
        unused = listed([f"'{pattern}'" for pattern in found.unused])
        wrong = [] if found.targets else ["no environment is chosen, so that there are no hosts"]
        wrong += [f"nothing is called as the options say that choose hosts: {unused}"] * bool(
            unused
        )
        if not wrong:
            return
        text = (
            f"Inventory plugin maia_projects: {', and '.join(wrong)}; correct the options, or see"
        )
        text += " what the credentials may look at."
        if self.get_option("on_empty") == "fail":
            raise AnsibleParserError(text)
        Display().warning(text)

    def _cache_key(self, path: str, options: Mapping[str, Any]) -> str:
        """Another selection, or another account, in the same file is another inventory."""
        what = [self._names(name) for name in _FILTERS]
        where = [options[name] for name in ("region", "api_url", "client_id")]
        digest = hashlib.sha256(json.dumps([what, where]).encode()).hexdigest()
        return f"{self.get_cache_key(path)}_{digest[:16]}"

    def _fill(self, hosts: Mapping[str, Variables], options: Mapping[str, Any]) -> None:
        """All is looked at before anything is added: Ansible keeps what a failed source added."""
        named: dict[str, Variables] = {}
        for usual_name, texts in hosts.items():
            # They are not marked before, since the cache would not keep the marks.
            variables = as_data(texts)
            name = self._name(usual_name, variables)
            if name in named:
                raise AnsibleParserError(
                    f"Option hostname gives '{name}' to two hosts: {_place(named[name])} and"
                    f" {_place(variables)}; use maia_project_id and maia_environment in it."
                )
            named[name] = variables
        given = {
            name: options[name]
            for name in _PASSED_ON
            if options[name] not in (None, CONNECTION_SPEC.options[name].get("default"))
        }
        self._check_other_sources(named, given)
        self.inventory.add_group(GROUP)
        self.inventory.set_variable(GROUP, "authorize_maia", given)
        for name, variables in named.items():
            self._add(name, variables)

    def _check_other_sources(
        self, named: Mapping[str, Variables], given: Mapping[str, Any]
    ) -> None:
        """Refuse what another source of the same inventory made something else of.

        Ansible only warns of a failed source, so that the host is taken out: it would have the
        host_vars, and with them the key, of either.
        """
        for name, variables in named.items():
            host = self.inventory.get_host(name)
            other = host.get_vars() if host else {}
            if "maia_project_id" in other and any(
                other.get(each) != variables[each]
                for each in ("maia_project_id", "maia_environment")
            ):
                self.inventory.remove_host(host)
                raise AnsibleParserError(
                    f"Two inventory sources give the name '{name}' to two hosts: {_place(other)}"
                    f" and {_place(variables)}; neither is a host now; use maia_project_id and"
                    " maia_environment in the option hostname of both."
                )
        group = self.inventory.groups.get(GROUP)
        before = group.get_vars().get("authorize_maia") if group else None
        if before not in (None, given):
            raise AnsibleParserError(
                f"Another inventory source gives the group {GROUP} another authorize_maia, with"
                " which the hosts of both would be looked for in one place of Maia; use one"
                " inventory for each region and address."
            )

    def _name(self, usual_name: str, variables: Variables) -> str:
        expression = self.get_option("hostname")
        if not expression:
            return usual_name
        try:
            name = str(self._compose(expression, variables))
        except Exception as error:
            raise AnsibleParserError(f"Option hostname cannot be evaluated: {error}") from error
        if fault := fault_of_host_name(name):
            place = f"'{variables['maia_project']}', '{variables['maia_environment']}'"
            raise AnsibleParserError(
                f"Option hostname gives {name!r} to the host of {place}: {fault}; use the usual"
                " name, another expression, or exclude_projects or exclude_environments."
            )
        return name

    def _add(self, host: str, variables: Variables) -> None:
        self.inventory.add_host(host, group=GROUP)
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        strict = self.get_option("strict")
        known = self.inventory.get_host(host).get_vars()
        compose = self.get_option("compose")
        self._set_composite_vars(compose, known, host, strict=strict)
        for name, value in self.inventory.get_host(host).get_vars().items():
            if name in compose:
                self.inventory.set_variable(host, name, as_plain_where_plain(value))
        self._add_host_to_composed_groups(self.get_option("groups"), {}, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), {}, host, strict=strict)


def _place(variables: Mapping[str, Any]) -> str:
    project, id_ = variables.get("maia_project"), variables["maia_project_id"]
    return f"'{project}' ({id_}), '{variables.get('maia_environment')}'"


def variables_of(target: Target) -> Variables:
    """A host's variables; those of the role have the role's names."""
    agent = target.agent
    vault = agent.vault if agent else None
    variables = {
        "maia_project": target.project.name,
        "maia_project_id": target.project.id,
        "maia_environment": target.environment.name,
        "maia_agent": {"id": agent.id, "name": agent.name} if agent else None,
        "maia_cloud_provider": agent.cloud_provider if agent else None,
        "maia_deployment": agent.deployment if agent else None,
        "maia_vault": vault,
        "authorize_project": target.reference,
        "authorize_environment": target.environment.name,
        # It is no machine: whatever is done to it is done from here.
        "ansible_connection": "local",
    }
    return {**variables, "authorize_vault": vault} if vault else variables

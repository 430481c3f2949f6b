# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: maia_projects
short_description: Environments of Maia projects as hosts
version_added: 1.0.0
description:
  - Makes one host of each environment of each Maia project, which is what the role
    P(maia.stripe_query.authorize#role) works on. The role finds its project, environment and vault
    in the host's variables.
  - A host is called C(<project>-<environment>), in lower case and with hyphens for everything but
    letters and digits. If of all that Maia lists, chosen or not, two would get the same name, each
    of them gets eight more characters that belong to it, so that no two hosts have one name. A name
    changes when another project or environment of the same name comes or goes, and a name that is
    free again can go to another project. Where that matters, as for C(host_vars), use
    C(maia_project_id) in O(hostname).
  - All hosts are in the group C(maia_projects). Its variable C(authorize_maia) tells the role how
    to connect, apart from credentials.
  - A host has the variables C(maia_project), C(maia_project_id), C(maia_environment), C(maia_agent)
    (C(id) and C(name) of the environment's runner, or null), C(maia_cloud_provider) (such as
    V(aws)), C(maia_deployment) (such as V(fargate)) and C(maia_vault), which is V(aws), V(azure),
    V(snowflake), V(maia) for Full SaaS, or null if the runner does not tell, or the credentials may
    not look at it.
  - For the role it has C(authorize_project), which is the project's name, or its id if several have
    the name, C(authorize_environment), and C(authorize_vault) if the runner tells the vault. With
    C(ansible_connection=local) all work is done on the controller.
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
      - Only projects of these names. They may be shell patterns such as V(Shop *). Upper and lower
        case matter.
    type: list
    elements: str
    default: []
  exclude_projects:
    description: No projects of these names, which may be shell patterns.
    type: list
    elements: str
    default: []
  environments:
    description: Only environments of these names, which may be shell patterns.
    type: list
    elements: str
    default: []
  exclude_environments:
    description: No environments of these names, which may be shell patterns.
    type: list
    elements: str
    default: []
  hostname:
    description:
      - A Jinja2 expression over a host's variables that gives its name, instead of the usual one.
        Two hosts of one name are an error, and so is a name with a brace, which Ansible could take
        for a template, with characters that cannot be printed, or that is C(all), C(ungrouped) or
        C(localhost).
    type: str
notes:
  - If two files of one inventory give one name to two environments, or set the group's
    C(authorize_maia) differently, the second fails. Ansible only warns of that, and goes on with
    what the others gave, unless E(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED) is set, which is
    advised. The name that two would have is no host then.
  - The file's name has to end in C(maia_projects.yml) or C(maia_projects.yaml).
  - Names that others gave in Maia are data. None is run as a template or expression.
  - The credentials need to see projects and environments. Projects that they may not see are no
    hosts, and no error. Which project roles are enough is not documented by the vendor; the account
    role I(Super Admin) is.
  - Without the account role I(Admin) or I(Super Admin) they may not see agents. Then all hosts are
    listed, those of unseen agents without C(authorize_vault), and a warning says so.
  - Credentials are best left to E(MAIA_CLIENT_ID) and E(MAIA_CLIENT_SECRET), which a credential
    type of AWX can inject. Options may hold templates, such as lookups.
  - Requests are one for a token, one for each 100 projects of the account, one for each chosen
    project and each whose name begins alike (which could have the same host names), one for each
    100 agents of the account, and one for each agent that an environment has and Maia does not
    list. For 500 projects of three environments and 20 agents these are 507. With O(cache=true)
    there are none while the cache is good. The tasks of the same run know what was looked up.
  - A runner that does not tell its vault leaves C(authorize_vault) out, and so does an environment
    without a runner. Set it with O(compose) or in a group.
extends_documentation_fragment:
  - maia.stripe_query.maia
  - maia.stripe_query.maia.plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
"""

EXAMPLES = r"""
# fleet.maia_projects.yml: all environments of all projects
plugin: maia.stripe_query.maia_projects
region: eu1
---
# Production only, without sandboxes, and with what else the role needs
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
# Under names of your own
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

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display

from ..module_utils._core.clients import ClientPool
from ..module_utils._core.endpoint import keep_loopback_off_proxies
from ..module_utils._core.errors import CollectionError, ConfigurationError
from ..module_utils._core.http import REQUESTS
from ..module_utils._core.misplaced import check_misplaced
from ..module_utils._core.module_face import new_redactor, validated
from ..module_utils._core.operation import unexpected_failure
from ..module_utils._core.redaction import Redactor
from ..module_utils._core.sdk_logs import silence_sdk_logs
from ..module_utils._maia.connection import CONNECTION_SPEC, MaiaConnection
from ..module_utils._maia.targets import Selection, Target, host_names, list_targets
from ..plugin_utils._inventory_data import as_data, as_plain_where_plain, fault_of_host_name
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

    def verify_file(self, path: str) -> bool:
        """Whether the file is one of ours, by its name."""
        readable: bool = BaseInventoryPlugin.verify_file(self, path)
        return readable and path.endswith((f"{GROUP}.yml", f"{GROUP}.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        options = {name: self._option(name) for name in CONNECTION_SPEC.options}
        redactor = new_redactor()
        for name in _SECRETS:
            redactor.protect(str(options[name] or ""))
        try:
            self._check_misplaced(options)
            hosts = self._hosts(path, options, redactor, from_cache=cache)
        except CollectionError as error:
            raise AnsibleParserError(redactor.mask(str(error))) from None
        except Exception as error:
            message = redactor.mask(unexpected_failure(error)["msg"])
            raise AnsibleParserError(message) from None
        self._fill(hosts, options)

    def _option(self, name: str) -> Any:
        value = self.get_option(name)
        return self.templar.template(value) if isinstance(value, str) else value

    def _check_misplaced(self, options: Mapping[str, Any]) -> None:
        """Raise ConfigurationError for a Stripe key: no option here is for one."""
        names = (*_FILTERS, "hostname")
        others = {name: self.get_option(name) for name in names}
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
        runtime = _InventoryRuntime(redactor)
        with closing(runtime.clients), connection.open(runtime) as client:
            listed = list_targets(
                client,
                Selection(self.get_option("projects"), self.get_option("exclude_projects")),
                Selection(self.get_option("environments"), self.get_option("exclude_environments")),
            )
        names = host_names(listed.targets, listed.others)
        hosts = {name: variables_of(each) for name, each in zip(names, listed.targets, strict=True)}
        if caching:
            self._cache[key] = hosts
        return hosts

    def _cache_key(self, path: str, options: Mapping[str, Any]) -> str:
        """Another selection, or another account, in the same file is another inventory."""
        what = [self.get_option(name) for name in _FILTERS]
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


class _InventoryRuntime:
    """The Runtime of an inventory plugin: the run's own, which its tasks go on to share."""

    def __init__(self, redactor: Redactor) -> None:
        self.check_mode = False
        self.shared = run_state()
        self.clients = ClientPool()
        self.validated = validated
        self.protect = redactor.protect

    def warn(self, text: str) -> None:
        Display().warning(text)

    def progress(self, text: str) -> None:
        Display().vvv(text)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor: a script for this one job, with the same calls in the same number of threads.

python -m bench.floor INVENTORY VAULT THREADS. It checks nothing, explains nothing and survives
nothing; it shows what the calls alone cost.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests


class Maia:
    """A session for each thread; projects and definitions are listed once."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._local = threading.local()
        self._locks: dict[str, threading.Lock] = {}
        self._lists: dict[str, list[dict[str, Any]]] = {}
        form = {
            "grant_type": "client_credentials",
            "client_id": options["client_id"],
            "client_secret": options["client_secret"],
            "audience": "https://api.matillion.com",
        }
        answer = self._session().post(options["token_url"], data=form)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self._projects = {item["name"]: item["id"] for item in self._list("/projects")}

    def point(self, project: str, name: str, secret_name: str) -> None:
        path = f"/projects/{self._projects[project]}/connections"
        with self._locks.setdefault(path, threading.Lock()):
            if path not in self._lists:
                self._lists[path] = self._list(path)
        if any(item["name"] == name for item in self._lists[path]):
            return
        self._list(path, connectionNames=name)  # read right before the write, as we do
        body = {
            "name": name,
            "platformConnectionType": "COMPONENT_BASIC",
            "authProvider": "NONE",
            "authType": "GENERIC_SECRET",
            "connectionDetails": {"connectionProperties": {"secretName": secret_name}},
        }
        url = f"{self._options['api_url']}/v1{path}"
        self._session().post(url, json=body, headers=self._headers).raise_for_status()

    def _list(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = 0
        while True:
            answer = self._session().get(
                f"{self._options['api_url']}/v1{path}",
                params={"page": str(page), "size": "100", **query},
                headers=self._headers,
            )
            answer.raise_for_status()
            content = answer.json()
            found += content["results"]
            page += 1
            if len(found) >= content["total"] or not content["results"]:
                return found

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.verify = self._options["ca_bundle"]
            self._local.session.trust_env = False
        session: requests.Session = self._local.session
        return session


Keep = Callable[[str, str], None]
"""Takes the secret's name and the key."""


def aws(options: dict[str, Any]) -> Keep:
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "secretsmanager",
        region_name=options["region"],
        endpoint_url=options["endpoint_url"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
        verify=options["ca_bundle"],
        config=Config(max_pool_connections=64),
    )
    missing = client.exceptions.ResourceNotFoundException

    def keep(name: str, key: str) -> None:
        try:
            client.describe_secret(SecretId=name)
        except missing:
            client.create_secret(Name=name, SecretString=key)

    return keep


def azure(options: dict[str, Any]) -> Keep:
    from azure.core.exceptions import ResourceNotFoundError
    from azure.identity import ClientSecretCredential
    from azure.keyvault.secrets import SecretClient

    local = threading.local()

    def client() -> SecretClient:
        if not hasattr(local, "client"):
            credential = ClientSecretCredential(
                options["tenant_id"],
                options["client_id"],
                options["client_secret"],
                authority=options["authority_host"],
                disable_instance_discovery=True,
                connection_verify=options["ca_bundle"],
            )
            local.client = SecretClient(
                options["vault_url"],
                credential,
                verify_challenge_resource=False,
                connection_verify=options["ca_bundle"],
            )
        found: SecretClient = local.client
        return found

    def keep(name: str, key: str) -> None:
        try:
            list(client().list_properties_of_secret_versions(name))
        except ResourceNotFoundError:
            client().set_secret(name, key)

    return keep


def snowflake(options: dict[str, Any]) -> Keep:
    import snowflake.connector

    local = threading.local()
    schema = "MATILLION_DATA_PRODUCTIVITY_CLOUD.SECRETS"

    def execute(statement: str) -> list[Any]:
        if not hasattr(local, "connection"):
            local.connection = snowflake.connector.connect(**options)
        with local.connection.cursor() as cursor:
            return list(cursor.execute(statement).fetchall())

    def keep(name: str, key: str) -> None:
        if not execute(f"SHOW SECRETS LIKE '{name}' IN SCHEMA {schema}"):
            execute(f"CREATE SECRET {schema}.{name} TYPE = GENERIC_STRING SECRET_STRING = '{key}'")

    return keep


def main() -> None:
    inventory, vault, threads = sys.argv[1:]
    with open(inventory, encoding="utf-8") as file:
        everything = json.load(file)["all"]
    common = everything["vars"]
    maia = Maia(common["authorize_maia"])
    keep = {"aws": aws, "azure": azure, "snowflake": snowflake}[vault](common[f"authorize_{vault}"])

    def authorize(given: dict[str, str]) -> None:
        keep(given["authorize_secret_name"], given["authorize_api_key"])
        maia.point(
            given["authorize_project"],
            given["authorize_definition_name"],
            given["authorize_secret_name"],
        )

    with ThreadPoolExecutor(int(threads)) as pool:
        for done in [pool.submit(authorize, given) for given in everything["hosts"].values()]:
            done.result()


if __name__ == "__main__":
    main()

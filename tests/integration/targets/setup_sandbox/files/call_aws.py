# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls Secrets Manager as somebody else would; reads what to do from standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

import boto3


def main() -> None:
    task = json.load(sys.stdin)
    options = task["connection"]
    client = connect(options, options["region"])
    answers = []
    for call, arguments in task["calls"]:
        if call == "promote":
            region = arguments.pop("region")
            answers.append(promote(client, connect(options, region), **arguments))
        else:
            answers.append(getattr(client, call)(**arguments))
    print(json.dumps(answers, default=str))


def connect(options: dict[str, str], region: str) -> Any:
    return boto3.client(
        "secretsmanager",
        region_name=region,
        endpoint_url=options["endpoint_url"],
        verify=options["ca_bundle"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
    )


def promote(source: Any, target: Any, name: str) -> Any:
    """What a replica is that was made a secret of its own: value, version id and tags are copied.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/standalone-secret.html
    """
    found, value = source.describe_secret(SecretId=name), source.get_secret_value(SecretId=name)
    return target.create_secret(
        Name=name,
        ClientRequestToken=value["VersionId"],
        SecretString=value["SecretString"],
        Tags=found["Tags"],
    )


if __name__ == "__main__":
    main()

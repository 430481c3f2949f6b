# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls Secrets Manager as somebody else would; reads what to do from standard input."""

from __future__ import annotations

import json
import sys

import boto3


def main() -> None:
    task = json.load(sys.stdin)
    options = task["connection"]
    client = boto3.client(
        "secretsmanager",
        region_name=options["region"],
        endpoint_url=options["endpoint_url"],
        verify=options["ca_bundle"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
    )
    answers = [getattr(client, call)(**arguments) for call, arguments in task["calls"]]
    print(json.dumps(answers, default=str))


if __name__ == "__main__":
    main()

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs SQL statements as somebody else would; reads them from standard input."""

from __future__ import annotations

import json
import sys

import snowflake.connector


def main() -> None:
    task = json.load(sys.stdin)
    with snowflake.connector.connect(**task["connection"]) as connection:
        answers = [connection.cursor().execute(call).fetchall() for call in task["calls"]]
    print(json.dumps(answers, default=str))


if __name__ == "__main__":
    main()

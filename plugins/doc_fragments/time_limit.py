# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option for how long a task may take; see plugins/module_utils/_core/limits.py."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  max_seconds:
    description:
      - The maximum number of seconds for the whole task, from 1 to 86400. It includes all waiting -
        for name resolution, connections, the request limit, pauses that a service asks for,
        responses, pages and retries. A pause that would exceed it is not begun.
      - The error says what the task was waiting for and what it had done. A second run continues.
      - Single calls have shorter limits. An attempt to connect takes at most 10 seconds, a response
        ends after 60 seconds without data, and calls to AWS, Azure and Snowflake are not retried
        after 60 seconds.
      - Responses that are larger than 4 MiB, compressed or uncompressed, and lists with too many or
        repeated pages (1000 for Maia) are refused. Versions 3 to 5 of Snowflake's connector read
        responses themselves, so that only the time is limited.
    type: int
    default: 600
"""

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""stripe_secret_aws_info in process, where possible; see plugin_utils/_in_process.py."""

from __future__ import annotations

from ..module_utils._aws.modules.info import OPERATION
from ..module_utils._aws.reach.connection import prime
from ..module_utils._core.module_face import check_options
from ..plugin_utils._in_process import InProcessAction

prime()


class ActionModule(InProcessAction):
    operation = OPERATION


def main() -> None:
    check_options(OPERATION)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity on a clean copy of the checkout; arguments go to ansible-test."""

from __future__ import annotations

import sys

from tools.workspace import fresh_copy, run_ansible_test

if __name__ == "__main__":
    copy = fresh_copy("sanity")
    sys.exit(run_ansible_test(copy, "sanity", *sys.argv[1:]))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity on a clean copy of the checkout; arguments go to ansible-test.

--all-cores: with every version of ansible-core that we support, each in an environment of its own.
"""

from __future__ import annotations

import sys

from leak.cores import CORES, installed_core
from tools.workspace import fresh_copy, run_ansible_test

_ALL = "--all-cores"


def all_cores(arguments: list[str]) -> int:
    """The exit status: 1 if a test fails, or if there is no Python for a version."""
    outcomes = {}
    for version in CORES:
        core = installed_core(version)
        if core is None:
            outcomes[version] = "no Python for it; name their directories in TEST_PYTHONS"
            continue
        copy = fresh_copy("sanity")
        failed = run_ansible_test(copy, "sanity", *arguments, prefix=core.programs.parent)
        outcomes[version] = "failed" if failed else "passed"
    for version, outcome in outcomes.items():
        print(f"ansible-core {version}: {outcome}")
    return int(set(outcomes.values()) != {"passed"})


if __name__ == "__main__":
    given = sys.argv[1:]
    if _ALL in given:
        sys.exit(all_cores([each for each in given if each != _ALL]))
    sys.exit(run_ansible_test(fresh_copy("sanity"), "sanity", *given))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-test sanity on a clean copy of the checkout; arguments go to ansible-test.

Without any, only over what is released, and without the tests of style, for which "make lint types"
has more: pylint over the tests took half of the time. --whole: all tests, over all files.
--all-cores: with every version of ansible-core that we support, each in an environment of its own.
"""

from __future__ import annotations

import sys

from leak.cores import CORES, installed_core
from tools.workspace import fresh_copy, run_ansible_test

_ALL = "--all-cores"
_WHOLE = "--whole"
# Each has an environment of its own, which is made first.
_STYLE = ("pep8", "pylint", "yamllint")
_SHORT = ("--exclude", "tests/", *(part for name in _STYLE for part in ("--skip-test", name)))


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
    given = [each for each in sys.argv[1:] if each not in (_ALL, _WHOLE)]
    options = given if _WHOLE in sys.argv or "--test" in given else [*_SHORT, *given]
    if _ALL in sys.argv:
        sys.exit(all_cores(options))
    sys.exit(run_ansible_test(fresh_copy("sanity"), "sanity", *options))

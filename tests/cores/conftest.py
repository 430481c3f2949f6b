# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each version of ansible-core."""

from __future__ import annotations

import pytest

from leak.cores import CORES, installed_core
from leak.run import Core


@pytest.fixture(scope="session", params=CORES)
def core(request: pytest.FixtureRequest) -> Core:
    found = installed_core(request.param)
    assert found, "there is no Python for it; name directories of Pythons in TEST_PYTHONS"
    return found

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access tokens: fetched once in a run, renewed before their end, replaced when refused."""

from __future__ import annotations

from integration.python.maia_world import maia_world
from unit.fakes import FakeRuntime
from unit.plugins.module_utils._maia.reach.test_token import call


def test_a_run_outlives_its_tokens() -> None:
    """Against the sandbox, which ends all of them."""
    with maia_world() as world, world.client(FakeRuntime()) as client:
        for _turn in range(2):
            call(client)
        world.service.expire_tokens()
        call(client)
        # The refused request was not counted: it never got past the gate.
        assert world.requests() == {"Token": 2, "ListProjects": 3}

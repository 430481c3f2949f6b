# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Situations: what a service says, what the reader has to learn from our error, and the error.

They are in the files beside this one, to be read by people; each vendor's tests inject them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import CollectionError

Situation = dict[str, Any]

SUBJECT, ATTEMPT = "It", "trying it"


def situations(vendor: str) -> list[Any]:
    """Those of the file, as parameters for a test."""
    file = Path(__file__).parent / f"{vendor}.yml"
    found: list[Situation] = yaml.safe_load(file.read_text("utf-8"))
    return [pytest.param(each, id=each["learns"]) for each in found]


def check_translated(
    situation: Situation, translation: AbstractContextManager[None], raised: Exception
) -> None:
    """What is raised inside becomes an error that says what the situation's file says."""
    with pytest.raises(CollectionError) as failure:  # noqa: SIM117 - pylint takes one for a tuple
        with translation:
            raise raised
    check(situation, failure.value)


def check(situation: Situation, error: CollectionError) -> None:
    assert f"{error.kind}: {error}" == situation["says"]
    assert error.link
    # A traceback would show what the service said.
    assert error.__suppress_context__ or error.__context__ is None

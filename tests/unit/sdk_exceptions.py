# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception classes of a library, so that a new one in a new version is noticed."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from importlib import import_module
from types import ModuleType

from ansible_collections.maia.stripe_query.plugins.module_utils._core.causes import Cause

LAST_ROW = "the last row, which says the class's name"
BY_TEXT = "the rows that look at the text, and the last row"
NOT_OURS = "no call of ours raises it"
WRAPPED = "the library itself wraps it"


def exceptions_of(*modules: str) -> list[type[Exception]]:
    """Those that these modules define, by name; warnings are none."""
    found = {kind.__qualname__: kind for name in modules for kind in _of(import_module(name))}
    return [found[name] for name in sorted(found)]


def _of(module: ModuleType) -> Iterator[type[Exception]]:
    for name in dir(module):
        with warnings.catch_warnings():
            # Some are there in name only, for older programs.
            warnings.simplefilter("ignore")
            kind = getattr(module, name)
        if not inspect.isclass(kind) or not issubclass(kind, Exception):
            continue
        own = kind.__module__.partition(".")[0] == module.__name__.partition(".")[0]
        if own and not issubclass(kind, Warning):
            yield kind


def untold(
    kinds: Iterable[type[Exception]], table: Iterable[Cause], known: Mapping[str, str]
) -> set[str]:
    """The names that no row has, and that are not known to need none."""
    patterns = [pattern for cause in table for pattern in cause.raised]
    return {
        kind.__name__
        for kind in kinds
        if kind.__name__ not in known and not any(fnmatchcase(kind.__name__, p) for p in patterns)
    }


def instance_of(kind: type[Exception]) -> Exception:
    """One that was not initialized, as an SDK's class may want anything for that."""
    made = kind.__new__(kind)
    made.args = ()
    return made

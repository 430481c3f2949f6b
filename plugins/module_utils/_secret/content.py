# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a stored value, with all of it kept out of what is shown."""

from __future__ import annotations

from .._core.operation import Runtime
from .._stripe.key import MIN_LENGTH
from .._stripe.recognize import holds_key
from .store import Store
from .value import Content, take_apart


def read_content(
    store: Store, label: str | None, runtime: Runtime, version: str | None = None
) -> Content:
    """What the value is made of. version: its id; None for the current one.

    Raises what Store.read_value does.
    """
    content = take_apart(store.read_value(version), label)
    if content.text:
        runtime.protect(content.text)
    for name, value in content.labels.items():
        # Shorter ones may be ordinary words, which results are full of.
        if isinstance(value, str) and len(value) >= MIN_LENGTH:
            runtime.protect(value)
        if holds_key(name):
            runtime.protect(name)
    return content

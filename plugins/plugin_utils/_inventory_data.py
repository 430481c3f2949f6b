# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that others wrote, as data in an inventory: whatever they look like, Ansible runs none.

Up to ansible-core 2.18 every text is a template that is not marked as unsafe, and a host's name
cannot be marked. From 2.19 on only texts that are marked as trusted are templates. Of groups' names
Ansible leaves letters, digits and underscores only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible import constants

Mark = Callable[[Any], Any]


def _unchanged(text: Any) -> Any:
    return text


# To make data of a text that looks like code, and to have others listed as plain text.
mark_data: Mark = _unchanged
mark_plain: Mark = _unchanged
try:
    from ansible.template import trust_as_template

    mark_plain = trust_as_template
except ImportError:  # ansible-core < 2.19
    from ansible.utils.unsafe_proxy import wrap_var

    mark_data = wrap_var

# Neither a template nor a part of one (braces, percent signs), nor an expression that does
# anything: without parentheses and bars nothing is called, without brackets nothing looked up.
_PLAIN = re.compile(r"[^{}%()|\[\]\\]*")
# Any template has one of them; in a name it could be put together with another name's.
_IN_TEMPLATES = re.compile(r"[{}]")
# What these mean to Ansible they would mean no more if a host had the name.
_TAKEN = frozenset({"all", "ungrouped", *constants.LOCALHOST})


def as_data(value: Any, *, data: Mark = mark_data, plain: Mark = mark_plain) -> Any:
    """The same texts, in lists and dictionaries too, that no template is made of."""
    if isinstance(value, str):
        return plain(value) if is_plain(value) else data(value)
    if isinstance(value, dict):
        return {key: as_data(item, data=data, plain=plain) for key, item in value.items()}
    if isinstance(value, list):
        return [as_data(item, data=data, plain=plain) for item in value]
    return value


def is_plain(text: str) -> bool:
    """Whether no version of Ansible could take it for more than a text."""
    return text.isprintable() and _PLAIN.fullmatch(text) is not None


def as_plain_where_plain(value: Any) -> Any:
    """What an expression made: plain texts in it are listed as such, all else stays as it is.

    From ansible-core 2.19 on no result of a template is trusted, and so ansible-inventory would
    list each as a dict, which is what AWX then keeps and compares with.
    """
    return as_data(value, data=_unchanged)


def fault_of_host_name(name: str) -> str | None:
    """Why a host must not have that name, or None."""
    if not name or name != name.strip():
        return "it is empty, or begins or ends with a blank"
    if _IN_TEMPLATES.search(name):
        return "it has a brace, and Ansible would take it for a template"
    if not name.isprintable():
        return "it has characters that cannot be printed"
    if name in _TAKEN:
        return "it has a meaning of its own in Ansible"
    return None

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's parent makes once before it forks, and each worker would make anew."""

from __future__ import annotations

from contextlib import suppress

from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import filter_loader, test_loader
from ansible.template import Templar

from ..module_utils._stripe.not_a_key import recognized_as

try:
    from ansible.template import trust_as_template
except ImportError:  # ansible-core before 2.19 trusts every text

    def trust_as_template(value: str) -> str:  # type: ignore[misc]  # as far as it is used here
        return value


def prime_templates() -> None:
    """Jinja's lexer, and what lies between the names of filters and tests and their plugins."""
    with suppress(KeyError):  # in tests, which are no run of Ansible
        test_loader.get("ansible.builtin.defined")
        filter_loader.get("ansible.builtin.default")
    Templar(loader=DataLoader(), variables={}).template(trust_as_template("{{ 1 }}"))


def prime_keys() -> None:
    """The regular expressions with which a key is read, which Python keeps."""
    recognized_as("")

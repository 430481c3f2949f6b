# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings; "make docs" puts the sources together and runs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from docutils.nodes import Element, TextElement
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "maia.stripe_query"
# Sphinx gives the setting the name of a built-in.
copyright = "Contributors to the maia.stripe_query collection"  # noqa: A001
extensions = ["myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
include_patterns = [
    "index.rst",
    "collection/**",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/*.md",
    "roles/*/README.md",
    "tests/bench/README.md",
]
html_theme = "furo"
html_title = "maia.stripe_query"
html_copy_source = False
html_show_sphinx = False
highlight_language = "yaml"
nitpicky = True
myst_heading_anchors = 3
# What is typed, not what is printed.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_line_continuation_character = "\\"
# The modules of others that examples mention.
nitpick_ignore_regex = [("ansible-option", r"(?!maia\.stripe_query\.).*")]

_ANSIBLE = "https://docs.ansible.com/ansible/latest"
# What the modules' manuals refer to in Ansible's own documentation, which is not asked for it.
_LABELS = {
    "action_plugins": f"{_ANSIBLE}/plugins/action.html",
    "ansible_configuration_settings": f"{_ANSIBLE}/reference_appendices/config.html",
    "common_return_values": f"{_ANSIBLE}/reference_appendices/common_return_values.html",
}
_PLUGIN = re.compile(r"ansible_collections\.(\w+)\.(\w+)\.(\w+)")


def _ansible_page(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, content: TextElement
) -> Element | None:
    target = str(node.get("reftarget"))
    url = _LABELS.get(target)
    if node.get("reftype") == "envvar":
        url = _LABELS["ansible_configuration_settings"]
    if found := _PLUGIN.match(target):
        url = f"{_ANSIBLE}/collections/{found[1]}/{found[2]}/{found[3]}.html"
    if url is None or target.startswith(("ansible_collections.maia.", "MAIA_")):
        return None
    return nodes.reference("", "", content, internal=False, refuri=url)


def setup(app: Sphinx) -> None:
    app.connect("missing-reference", _ansible_page)

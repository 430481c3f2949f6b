# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directories that look like checkouts of a project's repository, with one pipeline each."""

from __future__ import annotations

from pathlib import Path

import yaml

_FILE = "Load Stripe.orch.yaml"
_PIPELINE = """\
type: "orchestration"
version: "1.0"
pipeline:
  components:
    Start:
      type: "start"
      parameters:
        componentName: "Start"
    Load Charges:
      type: "stripe-query"
      parameters:
        componentName: "Load Charges"
        basicAdvancedMode: "Basic"
        authenticationMethod: "API Key"
        apiKey:
        connectionOptions:
        dataSource: "Charges"  # all of them
"""


def check_out(directory: Path) -> None:
    directory.mkdir()
    (directory / _FILE).write_text(_PIPELINE, encoding="utf-8")


def definition_named(directory: Path) -> str | None:
    """By the Stripe Query component of the pipeline."""
    pipeline = yaml.safe_load((directory / _FILE).read_text(encoding="utf-8"))["pipeline"]
    name: str | None = pipeline["components"]["Load Charges"]["parameters"]["apiKey"]
    return name

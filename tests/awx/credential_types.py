# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX asks of a credential type, and what it makes of a credential of it when a job starts.

https://docs.ansible.com/projects/awx/en/latest/userguide/credential_types.html
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_FIELD_KEYS = {
    *("id", "type", "label", "help_text", "secret", "multiline", "format"),
    *("choices", "default", "ask_at_runtime"),
}
_TYPES = ("string", "boolean")
_FIELD_ID = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_FILE_LABEL = re.compile(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?")
_VARIABLE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
# AWX keeps these, and all that configure Ansible, to itself.
_ITS_OWN = {"PATH", "PYTHONPATH", "VIRTUAL_ENV", "JOB_ID", "INVENTORY_ID", "REST_API_URL", "CACHE"}


def problems_of(credential_type: Mapping[str, Any]) -> Iterator[str]:
    """Why AWX would refuse to save it; nothing if it would not."""
    inputs, injectors = credential_type.get("inputs", {}), credential_type.get("injectors", {})
    fields = inputs.get("fields", [])
    ids = [each.get("id", "") for each in fields]
    for each in fields:
        if each.keys() - _FIELD_KEYS or not {"id", "label"} <= each.keys():
            yield f"field {each}: keys"
        if each.get("type", "string") not in _TYPES:
            yield f"field {each}: type"
        if not _FIELD_ID.fullmatch(each.get("id", "")) or each["id"] == "tower":
            yield f"field {each}: id"
        if "choices" in each and (each.get("secret") or each.get("default") not in each["choices"]):
            yield f"field {each}: choices"
    if len(set(ids)) < len(ids):
        yield "fields of the same id"
    if missing := set(inputs.get("required", [])) - set(ids):
        yield f"required, but no field: {missing}"
    if unknown := injectors.keys() - {"file", "env", "extra_vars"}:
        yield f"injectors {unknown}"
    yield from _injector_problems(ids, injectors)


def _injector_problems(ids: list[str], injectors: Mapping[str, Any]) -> Iterator[str]:
    labels = list(injectors.get("file", {}))
    if "template" in labels and len(labels) > 1:
        yield "must use multi-file syntax when injecting multiple files"
    names: Any = "EXAMPLE" if labels == ["template"] else SimpleNamespace()
    for label in labels:
        if not _FILE_LABEL.fullmatch(label):
            yield f"file {label}"
        elif "." in label:
            setattr(names, label.split(".")[1], "EXAMPLE")
    for name in injectors.get("env", {}):
        if not _VARIABLE.fullmatch(name) or name in _ITS_OWN or name.startswith("ANSIBLE_"):
            yield f"env {name}"
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    known = {**dict.fromkeys(ids, "EXAMPLE"), "tower": SimpleNamespace(filename=names)}
    for kind, templates in injectors.items():
        for name, template in templates.items():
            try:
                environment.from_string(template).render(**known)
            except TemplateError as error:
                yield f"{kind} {name} uses an undefined field ({error})"


@dataclass
class Injected:
    """What one job gets by its credentials. recorded: what AWX shows of the environment."""

    env: dict[str, str] = field(default_factory=dict)
    recorded: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)

    def add(
        self,
        credential_type: Mapping[str, Any],
        inputs: Mapping[str, str],
        private_data_dir: Path,
        *,
        inventory_update: bool = False,
    ) -> None:
        """An inventory update gets no extra variables."""
        if managed := credential_type.get("managed_env"):
            self.env |= {name: inputs.get(source, "") for name, source in managed.items()}
            return
        injectors = credential_type["injectors"]
        secret = {each["id"] for each in credential_type["inputs"]["fields"] if each.get("secret")}
        tower = SimpleNamespace(filename=SimpleNamespace())
        # A field that is empty is undefined.
        known = {**{name: text for name, text in inputs.items() if text}, "tower": tower}
        shown = {name: "*" * 10 if name in secret else value for name, value in known.items()}
        environment = ImmutableSandboxedEnvironment()
        for label, template in injectors.get("file", {}).items():
            path = _private_file(private_data_dir, environment.from_string(template).render(known))
            if "." in label:
                setattr(tower.filename, label.split(".")[1], path)
            else:
                tower.filename = path
        for name, template in injectors.get("env", {}).items():
            # What is behind the first line's end is lost in the container's file of variables.
            self.env[name] = environment.from_string(template).render(known).partition("\n")[0]
            self.recorded[name] = environment.from_string(template).render(shown)
        variables = {
            name: environment.from_string(template).render(known)
            for name, template in injectors.get("extra_vars", {}).items()
        }
        if variables and not inventory_update:
            path = _private_file(private_data_dir, yaml.safe_dump(variables))
            self.arguments += ["-e", f"@{path}"]


def _private_file(private_data_dir: Path, text: str) -> str:
    """mkstemp makes it for its owner alone, which is what AWX wants as well."""
    with tempfile.NamedTemporaryFile("w", dir=private_data_dir / "env", delete=False) as file:
        file.write(text)
    return file.name

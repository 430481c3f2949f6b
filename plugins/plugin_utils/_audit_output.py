# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings in groups for people, and as JUnit XML for CI. Pure.

GitHub actions, GitLab, Jenkins and Azure Pipelines read JUnit's format. It has no specification;
this follows GitLab's documentation:
https://docs.gitlab.com/ci/testing/unit_test_reports/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree as Xml

from ..module_utils._core.redaction import Redactor
from ..module_utils._core.wording import listed

# What each kind of finding means, whatever the target; in the order in which they are shown.
MEANINGS = {
    "failed": "the audit failed",
    "secret_missing": "the secret does not exist, or is deleted",
    "key_differs": "the secret holds another key than the given one",
    "key_not_proven": "the stored key was not read and compared",
    "secret_unusable": "the secret cannot be used",
    "secret_expires_soon": "the secret expires soon",
    "secret_differs": "the secret differs in something other than its value",
    "definition_missing": "the secret definition does not exist",
    "edited_in_maia": "the definition was edited in Maia",
    "definition_differs": "the definition differs, or points elsewhere",
    "component_differs": "a component names another definition",
    "not_revoked": "something that should be revoked still exists",
    "wrong_kind": "Stripe Query cannot use this kind of key",
    "secret_key_unrestricted": "the key may do anything in the Stripe account",
    "live_key_in_test": "a live key in a test environment",
    "key_too_old": "the key is older than allowed",
    "age_unknown": "it is not known when the key was stored",
    "key_shared": "other environments have the same key",
    "old_key_given": "the given key is the one that a rotation should replace",
    "old_key_works": "Stripe still accepts the old key, or this is not known",
    "orphaned_secret": "no definition points at the secret",
    "orphaned_definition": "no target uses the definition",
}


@dataclass(frozen=True)
class Finding:
    """target: the name of the one that it is about; text: one sentence."""

    target: str
    kind: str
    text: str

    def to_result(self) -> dict[str, str]:
        return asdict(self)


def groups_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """For each kind that was found what it means and all its targets, the most frequent first."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.kind, []).append(finding)
    groups = [
        {
            "kind": kind,
            "meaning": MEANINGS[kind],
            "targets": list(dict.fromkeys(each.target for each in own)),
            "texts": [each.text for each in own],
        }
        for kind, own in kinds.items()
    ]
    return sorted(groups, key=lambda group: -len(group["targets"]))


def group_lines(findings: Sequence[Finding]) -> list[str]:
    """A line for each group, with the names of its first targets."""
    return [
        f"{len(group['targets'])} {group['kind']} ({group['meaning']}): {listed(group['targets'])}"
        for group in groups_of(findings)
    ]


def junit_of(targets: Iterable[str], findings: Sequence[Finding], time: str) -> str:
    """A test case for each target, which fails by its findings, or is an error without an audit."""
    suite = Xml.Element("testsuite", name="maia.stripe_query.audit", timestamp=time)
    names = list(targets)
    failed = errors = 0
    for name in names:
        case = Xml.SubElement(suite, "testcase", name=_clean(name), classname="audit")
        own = [finding for finding in findings if finding.target == name]
        broken = [finding for finding in own if finding.kind == "failed"]
        if not own:
            continue
        failed, errors = failed + (not broken), errors + bool(broken)
        kinds = dict.fromkeys(finding.kind for finding in own)
        told = Xml.SubElement(
            case,
            "error" if broken else "failure",
            type=(broken or own)[0].kind,
            message=", ".join(kinds),
        )
        told.text = _clean("\n".join(f"{finding.kind}: {finding.text}" for finding in own))
    for attribute, count in (("tests", len(names)), ("failures", failed), ("errors", errors)):
        suite.set(attribute, str(count))
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    masked: str = Redactor().mask(Xml.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{masked}\n'


def _clean(text: str) -> str:
    """Without what XML has no way to write. https://www.w3.org/TR/xml/#charsets"""
    return "".join(each if each.isprintable() or each in "\n\t" else "?" for each in text)

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a discovery found to an inventory, and a plan of what adopting would change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..module_utils._core.errors import on_one_line
from ..module_utils._core.redaction import Redactor
from ..module_utils._core.wording import listed
from ..module_utils._flow.vaults import VAULTS
from ..module_utils._rollout.environments import SAME
from ._inventory_data import as_data, mark_data
from ._inventory_files import NAMES, inventory_files
from ._reasons import reasons
from ._report import Results, named
from ._table import wrapped

# As authorize_targets returns it for a discovery.
Result = Mapping[str, Any]
Host = Mapping[str, Any]

PLAN = "discovery.md"
PLAN_TITLE = "# What is there, and what adopting it would change"


def discovery(results: Results) -> dict[str, Any]:
    """See the filter of this name: files, lines, hosts, foreign and targets."""
    every = list(named(results))
    # One for each environment, however many hosts name it.
    found = [each for each in every if not each.get(SAME)]
    hosts = {str(host["host"]): host for each in found for host in _hosts(each) if host["host"]}
    foreign = sorted(name for name, host in hosts.items() if not host["ours"])
    plan = [on_one_line(line) for line in _plan(found)]
    files = inventory_files({n: h["variables"] for n, h in hosts.items()})
    # An inventory of what nobody could look at would replace one that may be right.
    looked = any(not each.get("failed") for each in found)
    masked: dict[str, Any] = Redactor().mask_data(
        {
            "files": {**files, PLAN: "\n".join(plan) + "\n"} if looked else {},
            "stale": [name for name in NAMES if name not in files] if looked else [],
            "lines": [on_one_line(line) for line in _summary(found, hosts, foreign)],
            "hosts": sorted(hosts),
            "foreign": foreign,
            "targets": {str(each["target"]): _outcome(each) for each in every},
        }
    )
    # Texts of others, of which Ansible is to make no template.
    marked: dict[str, Any] = as_data(masked, data=mark_data, plain=lambda text: text)
    return marked


def _hosts(result: Result) -> Sequence[Host]:
    return result.get("hosts") or ()


def _outcome(result: Result) -> dict[str, Any]:
    if result.get("failed"):
        return {"changed": False, "failed": True, "msg": str(result.get("msg"))}
    return {"changed": False}


def _summary(
    found: Sequence[Result], hosts: Mapping[str, Host], foreign: Sequence[str]
) -> Iterator[str]:
    looked = [each for each in found if not each.get("failed")]
    yield (
        f"{len(looked)} of {len(found)} environments looked at, {len(hosts)} hosts found:"
        f" {len(hosts) - len(foreign)} of this collection, {len(foreign)} made by others."
    )
    if looked and not hosts:
        yield "No host was found."
    for result in looked:
        for host in _hosts(result):
            if host["host"]:
                yield f"{host['host']}: {_short(host, _definition(result, host))}"
    yield from _refusals(hosts)
    for result in looked:
        for host in _hosts(result):
            if not host["host"]:
                yield f"no host for definition '{host['definition']}' of {_place(result)}"


def _short(host: Host, definition: Mapping[str, Any]) -> str:
    parts = ["ours" if host["ours"] else "foreign"]
    if not host["ours"] and _is_unread(definition["secret"]):
        parts.append("value not read")
    if not host["refusal"] and not host["ours"]:
        parts.append(f"adopting changes {_changes(host) or 'nothing'}")
    if host["refusal"]:
        parts.append("cannot be adopted, see below")
    if host["warnings"]:
        parts.append(f"needs a look, see {PLAN}")
    return "; ".join(parts)


def _is_unread(secret: Mapping[str, Any] | None) -> bool:
    """Whether there is a value of which nothing is known."""
    return bool(secret and secret["state"] == "present" and secret["stripe_keys"] is None)


def _refusals(hosts: Mapping[str, Host]) -> Iterator[str]:
    """Why hosts cannot be adopted, each reason once."""
    refused = (
        {"target": name, "failed": True, "msg": host["refusal"], "error": host["error"]}
        for name, host in hosts.items()
        if host["refusal"]
    )
    yield from wrapped(text for text, _about in reasons(refused, "cannot be adopted"))


def _changes(host: Host) -> str:
    parts = (
        f"{name} ({', '.join(map(str, host[key]))})"
        for name, key in (("secret", "secret_changes"), ("definition", "definition_changes"))
        if host[key]
    )
    return " and ".join(parts)


def _place(result: Result) -> str:
    return f"project '{result['project']}', environment '{result['environment']}'"


def _plan(found: Sequence[Result]) -> Iterator[str]:
    looked = [each for each in found if not each.get("failed")]
    yield PLAN_TITLE
    yield ""
    yield "Nothing was changed. No host is taken over unless it is named:"
    yield "`ansible-playbook maia.stripe_query.adopt -i INVENTORY -e adopt_hosts=HOST,HOST`."
    for title, lines in (
        ("Hosts made by others", _of_hosts(looked, ours=False)),
        ("Hosts of this collection", _of_hosts(looked, ours=True)),
        ("Definitions that cannot be hosts", _no_hosts(looked)),
        ("One key in several places", _same_keys(looked)),
        ("Definitions that lead nowhere", _nowhere(looked)),
        ("Secrets of this collection that no definition leads to", _orphans(looked)),
        ("Components", _components(looked)),
        ("Other definitions, left alone", _others(looked)),
        ("Not seen", _not_seen(found)),
    ):
        told = list(lines)
        if told:
            yield from ("", f"## {title}", "", *told)


def _of_hosts(found: Sequence[Result], *, ours: bool) -> Iterator[str]:
    for result in found:
        for host in _hosts(result):
            if host["host"] and host["ours"] is ours:
                yield from _of_host(host, _definition(result, host), result)


def _definition(result: Result, host: Host) -> Mapping[str, Any]:
    name = host["definition"]
    return next(each for each in result["definitions"] if each["name"] == name)


def _of_host(host: Host, definition: Mapping[str, Any], result: Result) -> Iterator[str]:
    yield f"* **{host['host']}** ({_place(result)})"
    yield f"  * definition `{definition['name']}`, since {listed(definition['because'])}"
    vault = VAULTS[result["vault"]].title
    yield f"  * secret `{definition['secret_name']}` in {vault}: {_stored(definition)}"
    if definition["edited_in_maia"]:
        yield "  * edited in Maia's user interface, which made this secret"
    if host["refusal"]:
        yield f"  * cannot be adopted: {host['refusal']}"
    elif changes := _changes(host):
        yield f"  * adopting would change: {changes}; the value stays as it is"
    else:
        yield "  * nothing to adopt"
    for warning in host["warnings"]:
        yield f"  * needs a look: {warning}"


def _stored(definition: Mapping[str, Any]) -> str:
    """How the secret is stored, as far as that was seen."""
    secret = definition["secret"]
    if secret is None:
        return (
            definition["not_seen_because"] or "not looked at; Maia shows nothing of its own vault"
        )
    if secret["state"] != "present":
        similar = "; ".join(f"there is {name}" for name in secret["similar_names"])
        differing = f"; {similar}, in which upper and lower case differ" if similar else ""
        return f"{secret['state']}{differing}"
    parts = ["of this collection" if secret["ours"] else "made by others"]
    if secret["format"]:
        labels = secret["labels"]
        parts.append(f"{secret['format']}{f' with {listed(labels)}' if labels else ''}")
    for key in secret["stripe_keys"] or ():
        under = f" under {key['label']}" if key["label"] else ""
        around = " with white space around it" if key["padded"] else ""
        parts.append(f"a {key['kind']} {key['mode']} key{around}{under}")
    if repeated := secret["repeated_labels"]:
        parts.append(f"**more than once** the label {listed(repeated)}")
    label = definition["secret_label"]
    if label and secret["labels"] is not None and label not in secret["labels"]:
        parts.append(f"**no label {label}**, which the definition names")
    return " ".join([f"{'; '.join(parts)}.", *_about_stored(secret)]).rstrip(".")


def _about_stored(secret: Mapping[str, Any]) -> Iterator[str]:
    """In sentences."""
    if _is_unread(secret):
        why = secret["unread_because"] or "authorize_prove_values is false."
        yield f"The value was not read: {why}"
    if secret["left_alone_because"]:
        yield f"It cannot be changed: {secret['left_alone_because']}"
    if secret["unreadable_because"]:
        yield secret["unreadable_because"]


def _no_hosts(found: Sequence[Result]) -> Iterator[str]:
    for result in found:
        for host in _hosts(result):
            if not host["host"]:
                yield f"* `{host['definition']}` ({_place(result)}): {host['refusal']}"


def _same_keys(found: Sequence[Result]) -> Iterator[str]:
    """A line for each key, with every place that has it, and who uses the place."""
    hosts = {
        str(host["host"]): (result, host)
        for result in found
        for host in _hosts(result)
        if host["host"]
    }
    told: set[str] = set()
    for name, (_result, host) in hosts.items():
        if not host["same_key"] or name in told:
            continue
        # Those of its own place are among those of the others.
        users = {name, *host["same_key"], *hosts[host["same_key"][0]][1]["same_key"]}
        told |= users
        places: dict[str, list[str]] = {}
        for user in sorted(users):
            result, held = hosts[user]
            places.setdefault(_key_place(result, _definition(result, held)), []).append(user)
        yield "* " + "; ".join(f"{place}: {', '.join(names)}" for place, names in places.items())


def _key_place(result: Result, definition: Mapping[str, Any]) -> str:
    label, where = definition["secret_label"], definition["secret"]["place"].get("region")
    under = f", label `{label}`" if label else ""
    vault = f"{VAULTS[result['vault']].title}{f' in {where}' if where else ''}"
    return f"secret `{definition['secret_name']}`{under} in {vault}"


def _nowhere(found: Sequence[Result]) -> Iterator[str]:
    for result in found:
        for each in result["definitions"]:
            if each["secret"] and each["secret"]["state"] != "present":
                yield (
                    f"* `{each['name']}` ({_place(result)}): secret `{each['secret_name']}` is"
                    f" {each['secret']['state']}."
                )


def _orphans(found: Sequence[Result]) -> Iterator[str]:
    """As far as the environments that were looked at tell."""
    used = {
        (each["secret"]["name"], *sorted(map(str, each["secret"]["place"].items())))
        for result in found
        for each in result["definitions"]
        if each["secret"]
    }
    for result in found:
        for secret in result["secrets_of_ours"]:
            if (secret["name"], *sorted(map(str, secret["place"].items()))) not in used:
                yield f"* `{secret['name']}` in {VAULTS[result['vault']].title} ({secret['state']})"


def _components(found: Sequence[Result]) -> Iterator[str]:
    for result in found:
        known = {each["name"] for each in result["definitions"]}
        for each in result["components"]:
            name = each["points_at_before"]
            missing = "" if name in known else " **There is no such definition.**"
            told = f"names `{name}`.{missing}" if name else "names no definition."
            yield f"* {_place(result)}: component '{each['component']}' in `{each['file']}` {told}"


def _others(found: Sequence[Result]) -> Iterator[str]:
    """Once for each project; nothing speaks for a Stripe key behind these."""
    told = set()
    for result in found:
        for each in result["definitions"]:
            if not each["because"] and (result["project"], each["name"]) not in told:
                told.add((result["project"], each["name"]))
                yield f"* `{each['name']}` of project '{result['project']}'"


def _not_seen(found: Sequence[Result]) -> Iterator[str]:
    for result in found:
        if result.get("failed"):
            yield f"* {result['target']}: {result.get('msg')}"
            continue
        for text in dict.fromkeys(
            (*result["not_seen"], *(e["not_seen_because"] for e in result["definitions"]))
        ):
            if text:
                yield f"* {_place(result)}: {text}"

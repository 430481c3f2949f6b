# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play has hosts, or it is refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader

from ansible_collections.maia.stripe_query.plugins.lookup.play_hosts import LookupModule
from unit.keys import make_key

GROUPS = {
    "all": ["shop-test", "shop-production", "travel-test"],
    "ungrouped": [],
    "shops": ["shop-test", "shop-production"],
}
EMPTY: dict[str, Any] = {"groups": {"all": [], "shops": []}}


def hosts_of(pattern: Any, variables: dict[str, Any], **options: Any) -> list[Any]:
    lookup = LookupModule(loader=DataLoader())
    return lookup.run([pattern], {"groups": GROUPS, **variables}, **options)


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("all", None),
        ("shops:!shop-test", None),
        (["travel-test", "shops"], None),
        ("~travel-.*,shop-*", None),
        ("all:!shops[1]", None),
        (" travel-test , shops ", None),
        ("!shops", None),
        ("localhost,shops", None),
        ("shops", "shop-test,travel-test"),
        ("all", "travel-*"),
    ],
)
def test_a_pattern_with_hosts_is_given_back(pattern: Any, limit: str | None) -> None:
    variables = {} if limit is None else {"ansible_limit": limit}
    assert hosts_of(pattern, variables) == [pattern]


@pytest.mark.parametrize(
    ("pattern", "variables", "reason"),
    [
        ("all", EMPTY, "There is no host in the inventory; "),
        ("shpos", {}, "names 'shpos' that the inventory does not have; correct it, or"),
        ("sh*pos", {}, "its part 'sh*pos' matches no host; correct it, or the inventory"),
        ("all:!sh*pos", {}, "its part '!sh*pos' matches no host"),
        ("shops:&~tarvel", {}, "its part '&~tarvel' matches no host"),
        ("ungrouped", {}, "no host of the inventory matches 'ungrouped'; correct it or the inv"),
        (
            "shops",
            {"ansible_limit": "travel-test"},
            "matches 'shops' within the limit 'travel-test'; correct it, --limit or the inventory",
        ),
        ("shops:&travel-test", {}, "no host of the inventory matches 'shops, &travel-test'"),
        (["shops", "&travel-test"], {}, "no host of the inventory matches 'shops, &travel-test'"),
        # Ansible would leave these names out, with a warning.
        ("shop-test,nowhere", {}, "names 'nowhere' that"),
        ("all:!canarys", {}, "names 'canarys' that"),
        (["all", "!canarys"], {}, "names 'canarys' that"),
        # Ansible would take all hosts.
        *((empty, {}, "has an empty part") for empty in ("", " ", ",", ",,", ":", "shops,", [""])),
        *(
            (empty, {}, "has an empty part")
            for empty in ("!", "all:!", "shops,&", "~", ["all", " "])
        ),
        *((other, {}, "is no pattern") for other in (None, {}, {"a": 1}, [], [None], 1, [["all"]])),
    ],
)
def test_one_without_is_refused(pattern: str, variables: dict[str, Any], reason: str) -> None:
    with pytest.raises(AnsibleError) as caught:
        hosts_of(pattern, variables)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("all:!shop-tset", "names 'shop-tset' that the inventory does not have"),
        ("shop-test,shop-tset", "names 'shop-tset' that"),
        ("shops:!*-prodution", "its part '!*-prodution' matches no host"),
        # Ansible would take all hosts.
        (",", "has an empty part"),
        ("@retry", "names 'gone' that"),
    ],
)
def test_a_limit_that_ansible_would_not_keep_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("retry").write_text("shop-test\ngone\n")
    with pytest.raises(AnsibleError, match=r"^Option --limit: ") as caught:
        hosts_of("all", {"ansible_limit": limit})
    assert reason in str(caught.value)


@pytest.mark.parametrize("option", ["syntax", "listtasks"])
def test_what_only_looks_at_a_playbook_needs_no_inventory(
    monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setattr("ansible.context.CLIARGS", {option: True})
    assert hosts_of("all", EMPTY) == ["all"]


def test_a_limit_may_be_in_a_file(tmp_path: Path) -> None:
    limit = tmp_path / "retry"
    limit.write_text("shop-test\n")
    within = {"ansible_limit": f"@{limit}"}
    assert hosts_of("shops", within) == ["shops"]
    with pytest.raises(AnsibleError, match="within the limit"):
        hosts_of("travel-test", within)


SLICE = {"awx_workflow_job_name": "Prove", "awx_job_template_name": "Prove"}
NO_SLICES: list[dict[str, Any]] = [
    {},
    {"awx_job_template_name": "Prove"},
    {**SLICE, "awx_workflow_job_name": "Rotation"},
]


def test_a_slice_of_awx_may_have_none_of_the_chosen_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_ID", "7")
    assert hosts_of("nowhere", SLICE, sliced=True) == ["nowhere"]
    # An empty inventory is never a slice, and an empty answer is no pattern there either.
    for pattern, variables in (("nowhere", {**SLICE, **EMPTY}), (",", SLICE)):
        with pytest.raises(AnsibleError):
            hosts_of(pattern, variables, sliced=True)
    # What is not sliced has no excuse.
    with pytest.raises(AnsibleError):
        hosts_of("nowhere", SLICE)


@pytest.mark.parametrize("variables", NO_SLICES)
def test_other_jobs_of_awx_need_hosts(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any]
) -> None:
    monkeypatch.setenv("JOB_ID", "7")
    with pytest.raises(AnsibleError):
        hosts_of("nowhere", variables, sliced=True)


def test_elsewhere_there_are_no_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOB_ID", raising=False)
    with pytest.raises(AnsibleError):
        hosts_of("nowhere", SLICE, sliced=True)


@pytest.mark.parametrize("pattern", ["secret", "secret-*"])
def test_an_answer_in_awx_is_not_shown(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.setenv("JOB_ID", "7")
    with pytest.raises(AnsibleError) as caught:
        hosts_of(pattern, {})
    assert "secret" not in str(caught.value)
    assert "authorize_hosts" in str(caught.value)


@pytest.mark.parametrize("group", [False, True])
def test_what_is_called_like_a_key_is_refused_without_its_name(group: bool) -> None:
    key = make_key()
    groups = {"all": ["shop-test"], key: []} if group else {"all": ["shop-test", key]}
    with pytest.raises(AnsibleError) as failure:
        hosts_of("all", {"groups": groups})
    assert "name of a host or group in the inventory holds" in str(failure.value)
    assert key not in str(failure.value)

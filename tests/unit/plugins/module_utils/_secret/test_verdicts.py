# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the stored value is known: by looking, by our own note, or not at all. As tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    NotPermittedError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.verdicts import (
    CONTRADICTED,
    PROVEN,
    RECORDED,
    UNKNOWN,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.fingerprint import (
    Fingerprint,
    new_salt,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.model import (
    VALUE_VERSION,
    Capabilities,
    Desired,
    Existence,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.plan import Plan, make_plan
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.steps import (
    NOT_READ,
    Reading,
    Step,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.value import (
    Content,
    Form,
)
from unit.fakes import LIKE_AWS, LIKE_AZURE, LIKE_HOSTED, LIKE_SNOWFLAKE
from unit.keys import new_key

HERE, ELSEWHERE = "fake:shop", "fake:shop in another place"
SALT = new_salt()
NEW, OLD = new_key(), new_key()
WANTED = Desired(Payload(NEW))
DENIED = Reading(tried=True, refusal=NotPermittedError("s", "r", "c"))
READ_SAME, READ_OLD = (
    Reading(tried=True, content=Content(Form.KEY, text=key.value)) for key in (NEW, OLD)
)
ALL = [LIKE_AWS, LIKE_AZURE, LIKE_SNOWFLAKE, LIKE_HOSTED]
READABLE = [LIKE_AWS, LIKE_AZURE]
UNREADABLE = [LIKE_SNOWFLAKE, LIKE_HOSTED]


def holding(key: Payload, *, place: str = HERE, of_1_0_0: bool = False) -> Observed:
    """A secret with our note for this key in that place."""
    made = Fingerprint.of(key.text, resource=place, salt=SALT)
    fingerprint = replace(made, place="") if of_1_0_0 else made
    return Observed(Existence.LIVE, True, SALT, fingerprint, sole_label=True)


SAME, DIFFERENT = holding(Payload(NEW)), holding(Payload(OLD))
UNBOUND = replace(holding(Payload(NEW), of_1_0_0=True), bound=False)


def plan(
    observed: Observed,
    capabilities: Capabilities,
    reading: Reading = NOT_READ,
    **wanted: object,
) -> Plan:
    desired = replace(WANTED, **wanted)  # type: ignore[arg-type]
    return make_plan(desired, observed, capabilities, resource=HERE, reading=reading)


@pytest.mark.parametrize(
    ("capabilities", "verdict"),
    [(LIKE_AWS, PROVEN), *((each, RECORDED) for each in (LIKE_AZURE, *UNREADABLE))],
)
def test_a_note_beside_a_value_is_recorded_and_one_in_an_immutable_id_is_proven(
    capabilities: Capabilities, verdict: str
) -> None:
    made = plan(SAME, capabilities)
    assert (made.step, made.verified_by, made.verdict) == (Step.NOTHING, "fingerprint", verdict)


@pytest.mark.parametrize("capabilities", READABLE)
@pytest.mark.parametrize(("reading", "verdict"), [(READ_SAME, PROVEN), (READ_OLD, CONTRADICTED)])
def test_a_value_that_was_read_is_proven_or_contradicted(
    capabilities: Capabilities, reading: Reading, verdict: str
) -> None:
    made = plan(SAME, capabilities, reading, compare="value")
    assert (made.verified_by, made.verdict) == ("value", verdict)


@pytest.mark.parametrize("capabilities", ALL)
def test_a_note_of_this_place_for_another_value_contradicts(capabilities: Capabilities) -> None:
    made = plan(DIFFERENT, capabilities)
    assert (made.verdict, made.writes_value) == (CONTRADICTED, True)


@pytest.mark.parametrize("capabilities", ALL)
@pytest.mark.parametrize("key", [NEW, OLD])
@pytest.mark.parametrize("on_unknown", ["write", "keep", "fail"])
def test_a_fingerprint_of_another_place_is_unknown_and_not_different(
    capabilities: Capabilities, key: object, on_unknown: str
) -> None:
    copied = holding(Payload(key), place=ELSEWHERE)  # type: ignore[arg-type]
    made = plan(copied, capabilities, on_unknown=on_unknown)
    if capabilities.value_readable:
        assert made.step is Step.READ_VALUE
        made = plan(copied, capabilities, DENIED, on_unknown=on_unknown)
    assert made.verdict == UNKNOWN
    assert made.writes_value == (on_unknown == "write")
    assert (made.step is Step.REFUSE_UNKNOWN) == (on_unknown == "fail")


@pytest.mark.parametrize("capabilities", READABLE)
def test_the_same_value_in_another_place_is_not_written_again(capabilities: Capabilities) -> None:
    copied = holding(Payload(NEW), place=ELSEWHERE)
    made = plan(copied, capabilities, READ_SAME)
    assert (made.verdict, made.writes_value) == (PROVEN, False)
    assert made.changes == (("fingerprint",) if capabilities.stamp_without_write else ())


@pytest.mark.parametrize("capabilities", READABLE)
def test_a_mismatch_of_release_1_0_0_may_be_of_another_place_and_so_is_read(
    capabilities: Capabilities,
) -> None:
    assert plan(holding(Payload(OLD), of_1_0_0=True), capabilities).step is Step.READ_VALUE


@pytest.mark.parametrize("capabilities", ALL)
def test_a_match_of_release_1_0_0_is_of_this_place(capabilities: Capabilities) -> None:
    made = plan(holding(Payload(NEW), of_1_0_0=True), capabilities)
    assert (made.step, made.verified_by) == (Step.NOTHING, "fingerprint")


@pytest.mark.parametrize("capabilities", UNREADABLE)
@pytest.mark.parametrize(("on_unknown", "writes"), [("write", True), ("keep", False)])
def test_a_mismatch_of_release_1_0_0_follows_on_unknown_where_nothing_can_be_read(
    capabilities: Capabilities, on_unknown: str, writes: bool
) -> None:
    made = plan(holding(Payload(OLD), of_1_0_0=True), capabilities, on_unknown=on_unknown)
    assert (made.verdict, made.writes_value) == (UNKNOWN, writes)


@pytest.mark.parametrize(
    ("compare", "reading", "step", "verdict"),
    [
        pytest.param("auto", NOT_READ, Step.READ_VALUE, None, id="it is read"),
        pytest.param("auto", READ_SAME, Step.NOTHING, PROVEN, id="and is the same"),
        pytest.param("auto", READ_OLD, Step.UPDATE, CONTRADICTED, id="and is another"),
        pytest.param("auto", DENIED, Step.NOTHING, RECORDED, id="it may not be read"),
        pytest.param("fingerprint", NOT_READ, Step.NOTHING, RECORDED, id="it is not to be read"),
    ],
)
def test_a_note_that_is_bound_to_no_version_counts_only_if_the_value_cannot_be_read(
    compare: str, reading: Reading, step: Step, verdict: str | None
) -> None:
    made = plan(UNBOUND, LIKE_AZURE, reading, compare=compare)
    assert (made.step, made.verdict) == (step, verdict)


@pytest.mark.parametrize(
    ("observed", "reading", "step", "verdict"),
    [
        pytest.param(SAME, NOT_READ, Step.READ_VALUE, None, id="it reads all the same"),
        pytest.param(SAME, READ_OLD, Step.UPDATE, CONTRADICTED, id="and finds another value"),
        pytest.param(SAME, READ_SAME, Step.NOTHING, PROVEN, id="and finds the same"),
        pytest.param(SAME, DENIED, Step.NOTHING, RECORDED, id="it falls back to our note"),
        pytest.param(DIFFERENT, DENIED, Step.UPDATE, CONTRADICTED, id="which may contradict"),
        pytest.param(
            replace(SAME, fingerprint=None), DENIED, Step.UPDATE, UNKNOWN, id="or not be there"
        ),
        pytest.param(
            replace(SAME, existence=Existence.DELETED),
            NOT_READ,
            Step.RESTORE,
            RECORDED,
            id="of a deleted secret there is only our note",
        ),
    ],
)
def test_prefer_value_reads_where_that_is_permitted(
    observed: Observed, reading: Reading, step: Step, verdict: str | None
) -> None:
    made = plan(observed, LIKE_AZURE, reading, compare="prefer_value")
    assert (made.step, made.verdict) == (step, verdict)


@pytest.mark.parametrize("capabilities", UNREADABLE)
def test_prefer_value_goes_by_our_note_where_no_vault_shows_values(
    capabilities: Capabilities,
) -> None:
    made = plan(SAME, capabilities, compare="prefer_value")
    assert (made.step, made.verdict) == (Step.NOTHING, RECORDED)


@pytest.mark.parametrize("capabilities", ALL)
@pytest.mark.parametrize("held", [7, 8])
def test_the_user_s_own_number_says_nothing_about_the_value(
    capabilities: Capabilities, held: int
) -> None:
    observed = replace(SAME, fields={VALUE_VERSION: held})
    made = plan(observed, capabilities, fields={VALUE_VERSION: 7})
    assert (made.verified_by, made.verdict) == ("value_version", UNKNOWN)


@pytest.mark.parametrize("update_value", ["always", "never"])
def test_without_a_comparison_there_is_no_verdict(update_value: str) -> None:
    assert plan(SAME, LIKE_AZURE, update_value=update_value).verdict is None

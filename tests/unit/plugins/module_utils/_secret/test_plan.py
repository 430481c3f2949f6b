# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan, as tables: what is wanted, what is there, what is to be done."""

from __future__ import annotations

import json
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
    Capabilities,
    Desired,
    Existence,
    FieldKind,
    Observed,
    Payload,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.plan import (
    Plan,
    changed_fields,
    make_plan,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.steps import (
    NOT_READ,
    Reading,
    Step,
)
from unit.fakes import FIELDS, LIKE_AWS, LIKE_AZURE, LIKE_HOSTED, LIKE_SNOWFLAKE, reading
from unit.keys import make_key, new_key

PLACE = "fake:shop"
SALT = new_salt()
NEW, OLD = new_key(), new_key()
PLAIN = Payload(NEW)
LABELLED = Payload(NEW, "api_key")
DENIED = Reading(tried=True, refusal=NotPermittedError("s", "r", "c"))


def stamp(payload: Payload) -> Fingerprint:
    return Fingerprint.of(payload.text, resource=PLACE, salt=SALT)


ABSENT = Observed(Existence.ABSENT)
SAME = Observed(Existence.LIVE, True, SALT, stamp(PLAIN), sole_label=True)
DIFFERENT = replace(SAME, fingerprint=stamp(Payload(OLD)))
UNSTAMPED = replace(SAME, fingerprint=None)
FOREIGN = Observed(Existence.LIVE, sole_label=True)
# In a vault that knows labels, nothing is known of what others put beside ours.
FOREIGN_LABELS = Observed(Existence.LIVE)
SHARED_SAME = replace(SAME, fingerprint=stamp(LABELLED), sole_label=False)
SHARED_DIFFERENT = replace(DIFFERENT, sole_label=False)
SHARED_UNSTAMPED = replace(UNSTAMPED, sole_label=False)

WANTED = Desired(PLAIN)
WANTED_LABEL = Desired(LABELLED, "api_key")
GONE = Desired(None)
GONE_LABEL = Desired(None, "api_key")
READ_SAME = reading(NEW.value)
READ_OLD = reading(OLD.value)
READ_NOTHING = reading(None)


def reading_of(**labels: object) -> Reading:
    return reading(json.dumps(labels))


def deleted(observed: Observed) -> Observed:
    return replace(observed, existence=Existence.DELETED)


def plan(
    desired: Desired,
    observed: Observed,
    capabilities: Capabilities = LIKE_AZURE,
    reading: Reading = NOT_READ,
) -> Plan:
    return make_plan(desired, observed, capabilities, resource=PLACE, reading=reading)


def expect(made: Plan, step: Step, changes: tuple[str, ...], verified_by: str | None) -> None:
    assert (made.step, made.changes, made.verified_by) == (step, changes, verified_by)


@pytest.mark.parametrize(
    ("desired", "observed", "step"),
    [
        pytest.param(GONE, ABSENT, Step.NOTHING, id="absent, and it is"),
        pytest.param(GONE, deleted(SAME), Step.NOTHING, id="absent, and it is deleted"),
        pytest.param(GONE, deleted(FOREIGN), Step.NOTHING, id="absent, and a foreign one is"),
        pytest.param(GONE, SAME, Step.DELETE, id="absent, and ours is there"),
        pytest.param(GONE, UNSTAMPED, Step.DELETE, id="absent, and ours is unstamped"),
        pytest.param(GONE, FOREIGN, Step.REFUSE_FOREIGN, id="a foreign one is not deleted"),
        pytest.param(
            replace(GONE, on_foreign="adopt"), FOREIGN, Step.DELETE, id="unless it is adopted"
        ),
        pytest.param(GONE_LABEL, SAME, Step.DELETE, id="only our label is in it"),
        pytest.param(GONE_LABEL, SHARED_SAME, Step.READ_VALUE, id="other labels may be in it"),
        pytest.param(GONE, SHARED_SAME, Step.READ_VALUE, id="others may have made labels of it"),
        pytest.param(
            GONE_LABEL, FOREIGN_LABELS, Step.REFUSE_FOREIGN, id="a foreign one with labels"
        ),
    ],
)
def test_absent_without_reading(desired: Desired, observed: Observed, step: Step) -> None:
    made = plan(desired, observed)
    expect(made, step, ("state",) if step is Step.DELETE else (), None)


@pytest.mark.parametrize(
    ("reading", "step", "changes"),
    [
        pytest.param(DENIED, Step.REFUSE_UNREADABLE, (), id="it cannot be read"),
        pytest.param(reading_of(api_key=make_key()), Step.DELETE, ("state",), id="ours alone"),
        pytest.param(
            reading_of(api_key=make_key(), b=2), Step.REMOVE_LABEL, ("value",), id="two labels"
        ),
        pytest.param(reading_of(b=2), Step.NOTHING, (), id="ours is gone already"),
        pytest.param(reading_of(), Step.DELETE, ("state",), id="no label at all"),
        pytest.param(READ_NOTHING, Step.DELETE, ("state",), id="no value"),
        pytest.param(READ_OLD, Step.DELETE, ("state",), id="a plain text"),
    ],
)
def test_absent_keeps_the_labels_of_others(
    reading: Reading, step: Step, changes: tuple[str, ...]
) -> None:
    expect(plan(GONE_LABEL, SHARED_SAME, reading=reading), step, changes, None)


def test_a_secret_that_is_not_there_is_created_with_its_fields() -> None:
    made = plan(replace(WANTED, fields={"description": "Shop"}), ABSENT)
    expect(made, Step.CREATE, ("state", "value", "description"), None)
    assert made.fields == {"description": "Shop"}
    assert made.writes_value


# compare x what is there, in a vault that shows values to those who may read them
@pytest.mark.parametrize(
    ("compare", "observed", "step", "changes", "verified_by"),
    [
        pytest.param("auto", SAME, Step.NOTHING, (), "fingerprint", id="auto, same"),
        pytest.param(
            "auto", DIFFERENT, Step.UPDATE, ("value",), "fingerprint", id="auto, different"
        ),
        pytest.param("auto", UNSTAMPED, Step.READ_VALUE, (), None, id="auto, unstamped"),
        pytest.param("value", SAME, Step.READ_VALUE, (), None, id="value, same"),
        pytest.param("value", DIFFERENT, Step.READ_VALUE, (), None, id="value, different"),
        pytest.param("value", UNSTAMPED, Step.READ_VALUE, (), None, id="value, unstamped"),
        pytest.param("fingerprint", SAME, Step.NOTHING, (), "fingerprint", id="fingerprint, same"),
        pytest.param(
            "fingerprint", DIFFERENT, Step.UPDATE, ("value",), "fingerprint", id="f., different"
        ),
        pytest.param(
            "fingerprint", UNSTAMPED, Step.UPDATE, ("value",), "unknown", id="f., unstamped"
        ),
    ],
)
def test_compare(
    compare: str, observed: Observed, step: Step, changes: tuple[str, ...], verified_by: str | None
) -> None:
    for capabilities in (LIKE_AWS, LIKE_AZURE):
        made = plan(replace(WANTED, compare=compare), observed, capabilities)
        expect(made, step, changes, verified_by)


@pytest.mark.parametrize("compare", ["auto", "value"])
@pytest.mark.parametrize(
    ("observed", "reading", "on_azure", "on_aws"),
    [
        pytest.param(SAME, READ_SAME, (), (), id="the value is the same"),
        pytest.param(SAME, READ_OLD, ("value",), ("value",), id="changed behind our back"),
        pytest.param(UNSTAMPED, READ_SAME, ("fingerprint",), (), id="the same, and unstamped"),
        pytest.param(DIFFERENT, READ_SAME, ("fingerprint",), (), id="the same, stamp is wrong"),
        pytest.param(UNSTAMPED, READ_OLD, ("value",), ("value",), id="another, and unstamped"),
        pytest.param(UNSTAMPED, READ_NOTHING, ("value",), ("value",), id="no value"),
    ],
)
def test_a_value_that_was_read_decides(
    compare: str,
    observed: Observed,
    reading: Reading,
    on_azure: tuple[str, ...],
    on_aws: tuple[str, ...],
) -> None:
    for capabilities, changes in ((LIKE_AZURE, on_azure), (LIKE_AWS, on_aws)):
        made = plan(replace(WANTED, compare=compare), observed, capabilities, reading)
        expect(made, Step.UPDATE if changes else Step.NOTHING, changes, "value")


@pytest.mark.parametrize(
    ("on_unknown", "step", "changes"),
    [
        pytest.param("write", Step.UPDATE, ("value",), id="write"),
        pytest.param("keep", Step.NOTHING, (), id="keep"),
        pytest.param("fail", Step.REFUSE_UNKNOWN, (), id="fail"),
    ],
)
@pytest.mark.parametrize(
    ("capabilities", "reading"),
    [
        pytest.param(LIKE_AZURE, DENIED, id="no right to read"),
        pytest.param(LIKE_AWS, DENIED, id="no right to read on AWS"),
        pytest.param(LIKE_SNOWFLAKE, NOT_READ, id="never readable"),
        pytest.param(LIKE_HOSTED, NOT_READ, id="never readable in Full SaaS"),
    ],
)
def test_on_unknown(
    capabilities: Capabilities,
    reading: Reading,
    on_unknown: str,
    step: Step,
    changes: tuple[str, ...],
) -> None:
    made = plan(replace(WANTED, on_unknown=on_unknown), UNSTAMPED, capabilities, reading)
    expect(made, step, changes, "unknown")


def test_on_unknown_does_not_matter_where_a_fingerprint_tells() -> None:
    for on_unknown in ("write", "keep", "fail"):
        desired = replace(WANTED, on_unknown=on_unknown)
        assert plan(desired, SAME, LIKE_SNOWFLAKE).step is Step.NOTHING
        assert plan(desired, DIFFERENT, LIKE_SNOWFLAKE).step is Step.UPDATE


def test_compare_value_without_the_right_to_read_is_refused() -> None:
    for observed in (SAME, DIFFERENT, UNSTAMPED):
        made = plan(replace(WANTED, compare="value"), observed, LIKE_AZURE, DENIED)
        assert made.step is Step.REFUSE_UNREADABLE


@pytest.mark.parametrize("capabilities", [LIKE_AWS, LIKE_AZURE, LIKE_SNOWFLAKE, LIKE_HOSTED])
@pytest.mark.parametrize("existence", [Existence.LIVE, Existence.DELETED])
def test_a_foreign_secret_is_refused(capabilities: Capabilities, existence: Existence) -> None:
    for observed in (FOREIGN, FOREIGN_LABELS):
        made = plan(WANTED, replace(observed, existence=existence), capabilities)
        expect(made, Step.REFUSE_FOREIGN, (), None)


@pytest.mark.parametrize(
    ("observed", "capabilities", "reading", "on_unknown", "changes"),
    [
        pytest.param(FOREIGN, LIKE_AZURE, READ_SAME, "write", ("ownership",), id="same value"),
        pytest.param(
            FOREIGN, LIKE_AZURE, READ_OLD, "write", ("value", "ownership"), id="another value"
        ),
        pytest.param(
            FOREIGN, LIKE_SNOWFLAKE, NOT_READ, "write", ("value", "ownership"), id="unknown: write"
        ),
        pytest.param(FOREIGN, LIKE_SNOWFLAKE, NOT_READ, "keep", ("ownership",), id="unknown: keep"),
        pytest.param(
            FOREIGN, LIKE_HOSTED, NOT_READ, "keep", ("value", "ownership"), id="keep is impossible"
        ),
        pytest.param(FOREIGN_LABELS, LIKE_AWS, READ_SAME, "fail", ("ownership",), id="on AWS"),
    ],
)
def test_adopting(
    observed: Observed,
    capabilities: Capabilities,
    reading: Reading,
    on_unknown: str,
    changes: tuple[str, ...],
) -> None:
    desired = replace(WANTED, on_foreign="adopt", on_unknown=on_unknown)
    made = plan(desired, observed, capabilities, reading)
    assert (made.step, made.changes) == (Step.UPDATE, changes)


@pytest.mark.parametrize(
    ("observed", "reading", "step", "changes"),
    [
        pytest.param(SHARED_SAME, NOT_READ, Step.NOTHING, (), id="same: no need to read"),
        pytest.param(SHARED_DIFFERENT, NOT_READ, Step.READ_VALUE, (), id="to be merged: read"),
        pytest.param(SHARED_DIFFERENT, DENIED, Step.REFUSE_UNREADABLE, (), id="not readable"),
        pytest.param(
            SHARED_DIFFERENT, reading_of(b=1), Step.UPDATE, ("value",), id="ours is missing"
        ),
        pytest.param(
            SHARED_DIFFERENT,
            reading_of(b=1, api_key=NEW.value),
            Step.NOTHING,
            (),
            id="somebody has set it already",
        ),
        pytest.param(SHARED_UNSTAMPED, NOT_READ, Step.READ_VALUE, (), id="unstamped: read"),
        pytest.param(
            SHARED_UNSTAMPED, DENIED, Step.REFUSE_UNREADABLE, (), id="unstamped and not readable"
        ),
    ],
)
def test_a_value_with_other_labels_is_read_before_it_is_written(
    observed: Observed, reading: Reading, step: Step, changes: tuple[str, ...]
) -> None:
    made = plan(WANTED_LABEL, observed, LIKE_AWS, reading)
    assert (made.step, made.changes) == (step, changes)


def test_a_plain_text_does_not_replace_several_labels() -> None:
    reading = reading_of(a=1, b=2)
    assert plan(WANTED, SHARED_DIFFERENT, LIKE_AWS, reading).step is Step.REFUSE_OTHER_LABELS
    one_key = reading_of(a=OLD.value)
    assert plan(WANTED, SHARED_DIFFERENT, LIKE_AWS, one_key).step is Step.REFUSE_OTHER_LABELS
    asked = replace(WANTED, format_given=True)
    assert plan(asked, SHARED_DIFFERENT, LIKE_AWS, one_key).step is Step.UPDATE
    for others in (reading_of(a=1), reading_of(a=OLD.value, b=2)):
        assert plan(asked, SHARED_DIFFERENT, LIKE_AWS, others).step is Step.REFUSE_OTHER_LABELS


def test_compare_fingerprint_reads_only_to_keep_other_labels() -> None:
    desired = replace(WANTED_LABEL, compare="fingerprint")
    assert plan(desired, SHARED_SAME, LIKE_AWS).step is Step.NOTHING
    assert plan(desired, SHARED_DIFFERENT, LIKE_AWS).step is Step.READ_VALUE


@pytest.mark.parametrize(
    ("observed", "changes", "verdict"),
    [
        pytest.param(deleted(SAME), ("state",), None, id="the same value"),
        pytest.param(deleted(DIFFERENT), ("state", "value"), CONTRADICTED, id="another value"),
        pytest.param(deleted(UNSTAMPED), ("state", "value"), UNKNOWN, id="an unknown value"),
    ],
)
def test_a_deleted_secret_is_restored(
    observed: Observed, changes: tuple[str, ...], verdict: str | None
) -> None:
    """The verdict is about the value that comes back, as that of a secret that was never gone."""
    for capabilities in (LIKE_AWS, LIKE_AZURE):
        made = plan(WANTED, observed, capabilities)
        assert (made.step, made.changes) == (Step.RESTORE, changes)
        same = PROVEN if capabilities.fingerprint_proves else RECORDED
        assert made.verdict == (verdict or same)


def test_metadata_alone_changes_without_the_value() -> None:
    desired = replace(WANTED, fields={"description": "New", "tags": {"a": "1"}})
    made = plan(desired, replace(SAME, fields={"description": "Old", "tags": {"a": "1"}}))
    expect(made, Step.UPDATE, ("description",), "fingerprint")
    assert made.fields == {"description": "New"}
    assert not made.writes_value


@pytest.mark.parametrize(
    ("desired", "observed", "changed"),
    [
        pytest.param({}, {"description": "Old"}, {}, id="left out stays"),
        pytest.param({"description": "Old"}, {"description": "Old"}, {}, id="same text"),
        pytest.param(
            {"description": ""}, {"description": "Old"}, {"description": ""}, id="empty clears"
        ),
        pytest.param(
            {"tags": {"a": "2"}},
            {"tags": {"a": "1", "b": "1"}},
            {"tags": {"a": "2", "b": "1"}},
            id="one tag of two",
        ),
        pytest.param({"tags": {}}, {"tags": {"b": "1"}}, {}, id="no tags asked for"),
        pytest.param({"tags": {"a": "1"}}, {}, {"tags": {"a": "1"}}, id="none held"),
        pytest.param({"tags": {"a": "1"}}, {"tags": {"a": "1", "b": "1"}}, {}, id="already set"),
        pytest.param(
            {"grants": frozenset("a")},
            {"grants": frozenset("b")},
            {"grants": frozenset("ab")},
            id="one more grant",
        ),
        pytest.param(
            {"grants": frozenset("a")}, {"grants": frozenset("ab")}, {}, id="granted already"
        ),
        pytest.param({"grants": frozenset()}, {"grants": frozenset("b")}, {}, id="no grants"),
    ],
)
def test_changed_fields(
    desired: dict[str, object], observed: dict[str, object], changed: dict[str, object]
) -> None:
    assert changed_fields(desired, observed, FIELDS) == changed


def test_a_scalar_may_be_anything_that_compares() -> None:
    kinds = {"days": FieldKind.SCALAR}
    assert changed_fields({"days": 7}, {"days": 30}, kinds) == {"days": 7}


def test_a_plain_text_that_became_labels_of_others_is_not_deleted() -> None:
    made = plan(GONE, SHARED_SAME, reading=reading_of(a=1, b=2))
    expect(made, Step.REFUSE_OTHER_LABELS, (), None)
    expect(plan(GONE, SHARED_SAME, reading=READ_OLD), Step.DELETE, ("state",), None)


ALWAYS = replace(WANTED, update_value="always")
NEVER = replace(WANTED, update_value="never")
NUMBERED = replace(WANTED, fields={"value_version": 2})


def numbered(observed: Observed, number: int | None) -> Observed:
    return replace(observed, fields={"value_version": number})


@pytest.mark.parametrize(
    ("desired", "observed", "step", "changes", "verified_by"),
    [
        pytest.param(ALWAYS, SAME, Step.UPDATE, ("value",), None, id="always, though the same"),
        pytest.param(NEVER, DIFFERENT, Step.NOTHING, (), None, id="never, though different"),
        pytest.param(NEVER, UNSTAMPED, Step.NOTHING, (), None, id="never, and it is not read"),
        pytest.param(
            NEVER, ABSENT, Step.CREATE, ("state", "value"), None, id="never, but it is missing"
        ),
        pytest.param(
            NEVER, deleted(DIFFERENT), Step.RESTORE, ("state",), None, id="never, and it is deleted"
        ),
        pytest.param(
            NUMBERED,
            numbered(DIFFERENT, 2),
            Step.NOTHING,
            (),
            "value_version",
            id="the number is the same, whatever the value",
        ),
        pytest.param(
            NUMBERED,
            numbered(SAME, 1),
            Step.UPDATE,
            ("value", "value_version"),
            "value_version",
            id="the number is another one",
        ),
        pytest.param(
            NUMBERED,
            numbered(UNSTAMPED, None),
            Step.UPDATE,
            ("value", "value_version"),
            "value_version",
            id="there is no number yet",
        ),
    ],
)
def test_when_the_user_decides_the_value_is_not_compared(
    desired: Desired,
    observed: Observed,
    step: Step,
    changes: tuple[str, ...],
    verified_by: str | None,
) -> None:
    expect(plan(desired, observed), step, changes, verified_by)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        pytest.param("k" * 16, "k" * 16, "fingerprint", id="the same key"),
        pytest.param("k" * 16, "x" * 16, "unknown", id="another key"),
        pytest.param("k" * 16, "", "unknown", id="none when it was made"),
        pytest.param("", "x" * 16, "unknown", id="none now"),
    ],
)
def test_a_fingerprint_says_nothing_without_its_key(ours: str, theirs: str, verdict: str) -> None:
    made_with = Fingerprint.of(PLAIN.text, resource=PLACE, salt=SALT, key=theirs)
    desired = replace(WANTED, compare="fingerprint", on_unknown="keep", fingerprint_key=ours)
    made = plan(desired, replace(SAME, fingerprint=made_with))
    expect(made, Step.NOTHING, (), verdict)

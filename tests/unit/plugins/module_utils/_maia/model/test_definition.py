# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret definitions: the plan as a table, names and descriptions."""

from __future__ import annotations

import pytest

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    CollectionError,
    ConfigurationError,
    ConflictError,
    ForeignObjectError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.model.definition import (
    MAX_DESCRIPTION,
    Definition,
    Reference,
    changes_to,
    check_description,
    check_name,
    check_ours,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._secret.marker import (
    OWNER,
    MarkedText,
)

LOCATION = {"type": "AWS_SECRET_MANAGER", "region": "eu-west-1"}
OURS = MarkedText("Shop")
THEIRS = MarkedText("Shop", ours=False)


def wanted(**given: object) -> Reference:
    return Reference(**{"name": "stripe", "secret_name": "shop/key", **given})  # type: ignore[arg-type]


def held(description: MarkedText = OURS, **given: object) -> Definition:
    fields = {"secret_name": "shop/key", "secret_label": "api_key", **given}
    return Definition("stripe", description, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reference", "observed", "on_foreign", "expected"),
    [
        pytest.param(None, None, "fail", (), id="absent, and it is"),
        pytest.param(None, held(), "fail", ("state",), id="absent, and ours is there"),
        pytest.param(None, held(THEIRS), "fail", ForeignObjectError, id="not deleted"),
        pytest.param(None, held(THEIRS), "adopt", ("state",), id="adopted to delete"),
        pytest.param(
            None, held(generic=False), "adopt", ConflictError, id="another kind to delete"
        ),
        pytest.param(wanted(), held(generic=False), "adopt", ConflictError, id="another kind"),
        pytest.param(
            wanted(secret_label="api_key"),
            None,
            "fail",
            ("state", "secret_name", "secret_label"),
            id="created",
        ),
        pytest.param(wanted(), held(), "fail", (), id="what is left out stays"),
        pytest.param(
            wanted(secret_name="other"),
            held(),
            "fail",
            ("secret_name",),
            id="another secret",
        ),
        pytest.param(wanted(secret_label=""), held(), "fail", ("secret_label",), id="no label"),
        pytest.param(
            wanted(secret_label=""),
            held(secret_label=None),
            "fail",
            (),
            id="no label, and there is none",
        ),
        pytest.param(
            wanted(secrets_location=LOCATION),
            held(),
            "fail",
            ("secrets_location",),
            id="a location",
        ),
        pytest.param(
            wanted(secrets_location=dict(LOCATION)),
            held(secrets_location=LOCATION),
            "fail",
            (),
            id="the same location",
        ),
        pytest.param(
            wanted(secrets_location={}),
            held(secrets_location=LOCATION),
            "fail",
            ("secrets_location",),
            id="no location any more",
        ),
        pytest.param(wanted(description=""), held(), "fail", ("description",), id="no text"),
        pytest.param(wanted(), held(THEIRS), "fail", ForeignObjectError, id="foreign"),
        pytest.param(wanted(), held(THEIRS), "adopt", ("ownership",), id="adopted as it is"),
        pytest.param(
            wanted(secret_label="other", description="New"),
            held(THEIRS),
            "adopt",
            ("description", "secret_label", "ownership"),
            id="adopted and changed",
        ),
    ],
)
def test_plan(
    reference: Reference | None,
    observed: Definition | None,
    on_foreign: str,
    expected: tuple[str, ...] | type[CollectionError],
) -> None:
    if isinstance(expected, tuple):
        check_ours(observed, on_foreign, "it")
        assert changes_to(reference, observed) == expected
    else:
        with pytest.raises(expected):
            check_ours(observed, on_foreign, "it")


@pytest.mark.parametrize("name", ["stripe", "Stripe_(live)-1", "x" * 128])
def test_names_that_maia_takes(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "x" * 129, "a b", "a/b", "a.b", "stripe\n", "str\xefpe"])
def test_names_that_maia_does_not_take(name: str) -> None:
    with pytest.raises(ConfigurationError, match="name is not one that Maia allows"):
        check_name(name)


def test_the_description_leaves_room_for_the_marker() -> None:
    room = MAX_DESCRIPTION - len(f" [{OWNER}]")
    check_description("stripe", MarkedText("x" * room))
    with pytest.raises(ConfigurationError, match=f"at most {room},"):
        check_description("stripe", MarkedText("x" * (room + 1)))


def test_the_description_may_not_hold_a_marker() -> None:
    with pytest.raises(ConfigurationError, match="contains our marker"):
        check_description("stripe", MarkedText(f"Shop [{OWNER}]"))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is changed in one pipeline file, and what is told of it."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.document import (
    Component,
    Desired,
    Plan,
    Selection,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.edit import quoted
from unit.pipeline_plans import (
    GROUPED,
    HEAD,
    METHOD,
    NESTED,
    STRIPE,
    TAIL,
    WANTED,
    changed,
    parameters,
    plan,
)

pytestmark = pytest.mark.usefixtures("both_loaders")

OLD = 'apiKey: "old"'
NEW = 'apiKey: "new_name"'


@pytest.mark.parametrize(
    ("desired", "before", "after"),
    [
        pytest.param(WANTED, [OLD], [NEW], id="double quotes"),
        pytest.param(WANTED, ["apiKey: 'o''ld'"], [NEW], id="single quotes"),
        pytest.param(WANTED, ["apiKey: old"], [NEW], id="plain"),
        pytest.param(WANTED, ["apiKey: 12"], [NEW], id="a number"),
        pytest.param(WANTED, ["apiKey: ~"], [NEW], id="a tilde"),
        pytest.param(WANTED, ["apiKey:"], [NEW], id="empty"),
        pytest.param(WANTED, ["apiKey:  "], ['apiKey: "new_name"  '], id="empty with blanks"),
        pytest.param(WANTED, ['apiKey: ""'], [NEW], id="an empty text"),
        pytest.param(
            WANTED, ["apiKey: # which?"], ['apiKey: "new_name" # which?'], id="empty with comment"
        ),
        pytest.param(
            WANTED, ['apiKey :  "old"  # c'], ['apiKey :  "new_name"  # c'], id="odd blanks"
        ),
        pytest.param(WANTED, ['"apiKey": "old"'], ['"apiKey": "new_name"'], id="a quoted key"),
        pytest.param(WANTED, ["apiKey:", '  "old"'], ["apiKey:", '  "new_name"'], id="next line"),
        pytest.param(
            WANTED,
            ['apiKey: "o\\', '  \\ ld"', "b: 1"],
            [NEW, "b: 1"],
            id="folded",
        ),
        pytest.param(
            WANTED,
            ["apiKey: o", "  ld", "b: 1"],
            [NEW, "b: 1"],
            id="plain, folded",
        ),
        pytest.param(
            WANTED,
            ["apiKey: |-", "  old", "", "# c", "b: 1"],
            [NEW, "", "# c", "b: 1"],
            id="a block",
        ),
        pytest.param(
            WANTED, ['apiKey: &a "old"'], ['apiKey: &a "new_name"'], id="an anchor without aliases"
        ),
        pytest.param(WANTED, ["apiKey: &a"], ['apiKey: &a "new_name"'], id="an empty anchor"),
        pytest.param(
            WANTED, ["apiKey: !!str 1"], ['apiKey: !!str "new_name"'], id="a harmless tag"
        ),
        pytest.param(WANTED, ["apiKey: new_name"], ["apiKey: new_name"], id="right already"),
        pytest.param(WANTED, ["{apiKey: old}"], ['{apiKey: "new_name"}'], id="in braces"),
        pytest.param(
            WANTED, ["{apiKey: , b: 1}"], ['{apiKey: "new_name" , b: 1}'], id="none there"
        ),
        pytest.param(
            NESTED,
            ["apiKey:", "  secretReferenceNameId: old # c", "", "# d", "b: 1"],
            ['apiKey: "new_name" # c', "", "# d", "b: 1"],
            id="nested",
        ),
        pytest.param(
            NESTED,
            ["apiKey: {secretReferenceNameId: old}"],
            [NEW],
            id="nested in braces",
        ),
        pytest.param(
            NESTED,
            ["apiKey:", "  secretReferenceNameId:"],
            [NEW],
            id="nested null",
        ),
        pytest.param(
            GROUPED,
            ["apiKey: other", "stripe:", "  auth:", "    apiKey: old"],
            ["apiKey: other", "stripe:", "  auth:", '    apiKey: "new_name"'],
            id="in a group",
        ),
        pytest.param(
            METHOD,
            ["authenticationMethod: OAuth # c", OLD],
            ['authenticationMethod: "API Key" # c', NEW],
            id="the method, too",
        ),
        pytest.param(
            METHOD,
            ["authenticationMethod:"],
            ['authenticationMethod: "API Key"', NEW],
            id="the method, and the key is new",
        ),
        pytest.param(METHOD, [OLD], [NEW], id="there is no method"),
        pytest.param(
            WANTED,
            ["basicAdvancedMode: Basic", "authenticationMethod: x # c", "# d", "limit: 1"],
            [
                "basicAdvancedMode: Basic",
                "authenticationMethod: x # c",
                NEW,
                "# d",
                "limit: 1",
            ],
            id="added after the method",
        ),
        pytest.param(
            WANTED,
            ["componentName: |", "  Load", "", "limit: 1"],
            ["componentName: |", "  Load", NEW, "", "limit: 1"],
            id="added after the name, a block",
        ),
        pytest.param(WANTED, ["# c", "limit: 1"], ["# c", NEW, "limit: 1"], id="added first"),
        pytest.param(WANTED, ["{}"], ['{apiKey: "new_name"}'], id="added to empty braces"),
        pytest.param(WANTED, ["{a: 1}"], ['{apiKey: "new_name", a: 1}'], id="added in braces"),
        pytest.param(
            Desired("new_name", ("y",)),
            ["limit: 1"],
            ['"y": "new_name"', "limit: 1"],
            id="an odd key",
        ),
    ],
)
def test_just_the_property_is_changed(
    desired: Desired, before: list[str], after: list[str]
) -> None:
    assert changed(parameters(*before), desired) == parameters(*after)
    # In a file of another system, without a final newline and with a mark at its start.
    text, expected = (
        "\ufeff" + parameters(*lines).replace("\n", "\r\n").removesuffix("\r\n")
        for lines in (before, after)
    )
    assert changed(text, desired) == expected


def test_a_property_is_added_at_the_end_of_a_file_without_a_final_newline() -> None:
    text = HEAD + '        componentName: "Load"'
    assert changed(text) == text + '\n        apiKey: "new_name"'


def test_only_the_components_that_match_are_changed() -> None:
    """A literal text that looks like the property stays, and so does another component's."""
    text = parameters('apiKey: "old"', "sql: |", '  apiKey: "old"', "other:", "  apiKey: old")
    text = text.replace(
        "    Load:\n",
        '    Other:\n      type: x\n      parameters:\n        apiKey: "old"\n    Load:\n',
        1,
    )
    place = text.index('"old"', text.index("stripe-query"))
    assert changed(text) == text[:place] + '"new_name"' + text[place + len('"old"') :]


SEVERAL = """\
pipeline:
  components:
    One: {type: stripe-query, parameters: {apiKey: a}}
    Two: {type: stripe-query, parameters: {apiKey: new_name}}
    Three: {type: other, parameters: {}}
    Four: {parameters: {apiKey: ''}}
"""


@pytest.mark.parametrize(
    ("selection", "matched"),
    [
        pytest.param(STRIPE, {"One": ("a", True), "Two": ("new_name", False)}, id="by type"),
        pytest.param(
            Selection(names=frozenset({"Two", "Four"})),
            {"Two": ("new_name", False), "Four": (None, True)},
            id="by name",
        ),
        pytest.param(
            Selection(frozenset({"One", "Three"}), STRIPE.types), {"One": ("a", True)}, id="by both"
        ),
        pytest.param(Selection(frozenset({"Nobody"})), {}, id="nothing"),
    ],
)
def test_components_are_told(
    selection: Selection, matched: dict[str, tuple[str | None, bool]]
) -> None:
    made = plan(SEVERAL, selection=selection)
    found = {c.name: (c.pointed_at, c.changed) for c in made.components if c.matched}
    assert found == matched
    kinds = {component.name: component.kind for component in made.components}
    assert kinds == {"One": "stripe-query", "Two": "stripe-query", "Three": "other", "Four": None}
    assert (made.data.decode() == SEVERAL) is not any(
        change for _before, change in matched.values()
    )


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "a: 1", "[a]", "pipeline:", "pipeline: {a: 1}"]
)
def test_other_files_have_no_components(text: str) -> None:
    assert plan(text) == Plan((), text.encode())


def test_an_alias_bomb_takes_no_time() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = "\n".join(["a0: &a0 x", *levels, HEAD + "        apiKey: old"])
    assert changed(text) == text.removesuffix("old") + '"new_name"'


def test_ten_thousand_lines() -> None:
    rest = '      type: "x"\n      parameters:\n        a: "b\\\n          \\ c"\n        d:\n'
    many = "".join(f"    C{number}:\n{rest}" for number in range(1700))
    text = HEAD + "        apiKey: old\n" + many + TAIL
    assert text.count("\n") > 10_000
    assert changed(text) == text.replace("old", '"new_name"')


@pytest.mark.parametrize(
    "value",
    ["", "plain", 'a "b" \\ c', "tab\tnew\nline", "\x00\x1b\x7f\x85\u2028\ufeff", "ä漢\U0001f600"],
)
def test_quoted_values_read_as_they_were(value: str) -> None:
    assert yaml.safe_load(quoted(value)) == value
    assert quoted(value).isprintable()


def test_a_name_of_digits_is_not_a_number() -> None:
    text = parameters("apiKey: 12")
    assert changed(text, Desired("12", ("apiKey",))) == text.replace("12", '"12"')


def test_nothing_of_the_content_shows() -> None:
    component = Component("n", "t", True, "held-text")
    assert "held-text" not in repr(Plan((component,), b"held-text"))

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline files as they are found in repositories, made by hypothesis.

Each comes with what it has to become, put together from the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

KEY = "apiKey"
NAME = "stripe_new"
WRITTEN = f'{KEY}: "{NAME}"'
KIND = "stripe-query"

Lines = tuple[str, ...]

_WORD = st.text(st.sampled_from("abzXYZ019_-"), min_size=1, max_size=12).map(
    lambda word: f"x{word}"
)
# With what is special in YAML, in other scripts, and outside of the first plane.
_TEXT = st.text(st.sampled_from("ab 09:#&*!|>-?{}[],'%@`~=\tßé漢\u00a0\U0001f600"), max_size=30)
_COMMENT = st.sampled_from(["", "", "  # mind: this"])


@dataclass(frozen=True)
class Part:
    """Lines of a component: as they are, and as they have to be if it is one of ours."""

    before: Lines
    after: Lines

    @classmethod
    def kept(cls, *lines: str) -> Part:
        return cls(lines, lines)


@dataclass(frozen=True)
class PipelineFile:
    """Its bytes, and whether each of the components of our kind changes, in their order."""

    before: bytes
    after: bytes
    changed: tuple[bool, ...]


def _folded(words: list[str]) -> Lines:
    """A text in double quotes over several lines, as Maia writes long ones."""
    return ('"\\', *(f'  \\ {word}\\t: # \\"\\\\ \\' for word in words), f'  {words[0]}"')


def _block(header: str, texts: list[str]) -> Lines:
    """A literal or folded block, in which the property seems to stand."""
    return (header, *(f"  x{text}" for text in texts), f"  {KEY}: decoy", "", "  # no comment")


# A long text, such as a query, now and then.
_WORDS = st.builds(
    lambda words, times: words * times,
    st.lists(_WORD, min_size=1, max_size=4),
    st.sampled_from([1, 1, 1, 80]),
)
_BLOCK = st.builds(
    _block, st.sampled_from(["|", "|-", "|+", ">", ">-"]), st.lists(_TEXT, min_size=1, max_size=4)
)
# A value from behind the blank after the colon; further lines indented from the key.
_VALUE: st.SearchStrategy[Lines] = st.one_of(
    _TEXT.map(lambda text: ('"' + text + '\\"\\\\"',)),
    _TEXT.map(lambda text: ("'" + text.replace("'", "''") + "'",)),
    _WORD.map(lambda word: (f"{word}  # a 'comment'",)),
    _WORD.map(lambda word: (word, "  and", "", "  more")),
    st.sampled_from(["", "12", "~", "{}", "[a, 'b', \"c\"]", f"{{{KEY}: decoy}}", "*all"]).map(
        lambda text: (text,)
    ),
    st.just(("", "- a", '- "b"', "# between", "-")),
    st.just(("", f"  {KEY}: decoy", '  "n": 1', "  'y':")),
    _WORDS.map(_folded),
    _BLOCK,
)


@st.composite
def _siblings(draw: st.DrawFn, names: str) -> list[Part]:
    """Some other properties; names: a letter for each that there may be."""
    parts = []
    for name in names[: draw(st.integers(0, len(names)))]:
        key = draw(st.sampled_from([name, f'"{name}"', f"'{name}'", f"limit{name}"]))
        first, *more = draw(_VALUE)
        above = draw(st.sampled_from([(), (), (f"# {KEY}: decoy",), ("",)]))
        parts.append(Part.kept(*above, f"{key}: {first}".rstrip(" "), *more))
    return parts


@st.composite
def _property(draw: st.DrawFn, number: int) -> Part:
    """The property itself, in one of the ways in which it may stand there."""
    comment = draw(_COMMENT)
    word = draw(_WORD)
    old = draw(st.sampled_from([word, f'"{word}"', f"'{word}'", "12", "~", '""']))
    several = draw(
        st.one_of(_WORDS.map(_folded), st.just(("|-", "  one")), st.just((">", "  one")))
    )
    nested = f"  secretReferenceNameId: {old}"
    method = f"authenticationMethod: {word}{comment}"
    return draw(
        st.sampled_from(
            [
                Part.kept(f"{KEY}: {NAME}{comment}"),
                Part.kept(f"{KEY}:", f"  '{NAME}'{comment}"),
                Part((f"{KEY}: {old}{comment}",), (f"{WRITTEN}{comment}",)),
                Part((f"{KEY}:{comment}",), (f"{WRITTEN}{comment}",)),
                Part((f"{KEY}: {several[0]}", *several[1:]), (WRITTEN,)),
                Part((f"{KEY}:{comment}", f"  {old}"), (f"{KEY}:{comment}", f'  "{NAME}"')),
                Part((f"{KEY}: &own{number} {old}",), (f'{KEY}: &own{number} "{NAME}"',)),
                Part((f"{KEY}:", f"{nested}{comment}"), (f"{WRITTEN}{comment}",)),
                Part((method,), (method, WRITTEN)),
            ]
        )
    )


@st.composite
def _component(draw: st.DrawFn, number: int) -> tuple[Part, bool]:
    """All lines of a component, indented from its name by one blank for each level."""
    ours = draw(st.sampled_from([True, True, False]))
    kind = f'"{KIND}"' if ours else draw(st.sampled_from(["Stripe-Query", "other"]))
    head = Part.kept(f"Load {number}:", f" type: {kind}", " parameters:")
    own = draw(_property(number))
    own = own if ours else Part.kept(*own.before)
    body = [*draw(_siblings("abcd")), own, *draw(_siblings("ny"))]
    before = (*head.before, *(f"  {line}" for part in body for line in part.before))
    after = (*head.after, *(f"  {line}" for part in body for line in part.after))
    return Part(before, after), ours


def _indented(line: str, step: int) -> str:
    """With two more levels, and so many blanks for each level."""
    levels = min(len(line) - len(line.lstrip(" ")), 2) if line.strip() else 0
    return " " * step * (levels + 2) + line[levels:] if line.strip() else ""


@st.composite
def pipeline_files(draw: st.DrawFn) -> PipelineFile:
    step = draw(st.sampled_from([2, 2, 3, 4]))
    components = [draw(_component(number)) for number in range(draw(st.integers(1, 4)))]
    head = [
        *draw(st.sampled_from([[], ["# head"], ["---"]])),
        'type: "orchestration"',
        f"shared: &all {{{KEY}: decoy}}",
        "pipeline:",
        f"{' ' * step}components:",
    ]
    tail = draw(st.sampled_from([[], ["design:", "  again: *all"], ["# the end"], ["..."]]))
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    end = draw(st.sampled_from([line_break, line_break * 2, ""]))

    def text(sides: list[Lines]) -> bytes:
        lines = [_indented(line, step) for side in sides for line in side]
        return (mark + line_break.join([*head, *lines, *tail]) + end).encode()

    return PipelineFile(
        text([part.before for part, _ours in components]),
        text([part.after for part, _ours in components]),
        tuple(part.before != part.after for part, ours in components if ours),
    )


def lengthened(data: bytes) -> bytes:
    """The file with thousands of lines of other components before its own."""
    line_break = b"\r\n" if b"\r\n" in data else b"\n"
    head, components, rest = data.partition(b"components:" + line_break)
    step = (len(head) - len(head.rstrip(b" "))) * b" "
    other = [b"%sC%d:", b"%s type: other", b"%s parameters:", b"%s  apiKey: decoy %d", b"%s  a:"]
    lines = [
        line.replace(b"%s", step * 2).replace(b"%d", b"%d" % number)
        for number in range(2001)
        for line in other
    ]
    return head + components + line_break.join(lines) + line_break + rest

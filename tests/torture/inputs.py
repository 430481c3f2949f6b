# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile names, labels, tags, descriptions and comments, which are data and nothing else.

Each is refused with one sentence, or stored exactly as it was given, in one object of that name;
a second run then finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from torture.cases import KEY, Args
from torture.tally import Tally
from torture.world import Result, World, one_sentence

NASTY = [
    "{{ 7 * 7 }}",
    "{% raw %}{{ lookup('pipe', 'id') }}",
    "'; DROP SECRET X; --",
    "' SECRET_STRING = 'x",
    'a" b',
    "a\\'b\\",
    "${x}$(id)`id`",
    "../../secrets/other?api-version=7#x",
    "%2e%2e%2f%00",
    "a\r\nX-Injected: 1",
    "a\0b",
    "\ud800",
    "\u202egnp.exe",
    "\ufeffa\u200bb",
    '{"a": 1}',
    "null",
    " a ",
    "",
    "x" * 10_000,
    "ü🔑",
]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(), max_size=40))
_TAGS = st.dictionaries(TEXTS, TEXTS, max_size=3)


@dataclass(frozen=True)
class Target:
    """plain: what is innocent, over which the hostile options are laid. as_given: those of them
    that the vault shows as they were given."""

    module: str
    plain: Args
    hostile: Mapping[str, SearchStrategy[Any]]
    as_given: tuple[str, ...] = ()
    before: str = ""  # what the vault shows in front of our marker


TARGETS: Mapping[str, Target] = {
    "aws": Target(
        "stripe_secret_aws",
        {"api_key": KEY, "name": "stripe/shop", "format": "key_value"},
        {"name": TEXTS, "label": TEXTS, "description": TEXTS, "tags": _TAGS},
        ("description",),
    ),
    "azure": Target(
        "stripe_secret_azure",
        {"api_key": KEY, "name": "stripe-shop"},
        {"name": TEXTS, "content_type": TEXTS, "tags": _TAGS},
        ("content_type",),
    ),
    "snowflake": Target(
        "stripe_secret_snowflake",
        {"api_key": KEY, "name": "STRIPE_SHOP", "database": "PLATFORM", "schema": "SECRETS"},
        {"name": TEXTS, "schema": TEXTS, "comment": TEXTS},
        before="comment",
    ),
    "hosted": Target(
        "maia_secret_definition",
        {"api_key": KEY, "name": "stripe_shop", "project": "Marketing Reports"},
        {"name": TEXTS, "project": TEXTS, "description": TEXTS},
        before="description",
    ),
    "reference": Target(
        "maia_secret_definition",
        {"secret_name": "stripe/shop", "name": "stripe_shop", "project": "Shop Analytics"},
        {"name": TEXTS, "secret_name": TEXTS, "secret_label": TEXTS, "description": TEXTS},
        before="description",
    ),
}


def torture(world: World, examples: int, chance: int, only: str = "") -> Tally:
    """examples: for each target."""
    tally = Tally("Hostile input", "tasks")
    for name, target in TARGETS.items():
        if only in name:
            _target(world, examples, chance, name, target, tally)
    return tally


def _target(
    world: World, examples: int, chance: int, name: str, target: Target, tally: Tally
) -> None:
    @seed(chance)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # what is found is told as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(st.fixed_dictionaries({}, optional=dict(target.hostile)))
    def example(options: Args) -> None:
        world.sandbox.reset()
        args = {**target.plain, **options}
        result = world.run(target.module, args)
        tally.tried[name] += 1
        tally.outcomes["refused" if result.get("failed") else "stored"] += 1
        tally.note(f"{name}: {options!r}", _wrong(world, target, args, result))

    example()


def _wrong(world: World, target: Target, args: Args, result: Result) -> Iterator[str]:
    if world.leaks(result):
        yield "shows a secret"
    if result.get("failed"):
        if not one_sentence(result):
            yield f"says {str(result.get('msg'))[:300]!r}"
        return
    made = [entry for entry in world.sandbox.contents() if entry.kind in ("secret", "definition")]
    if len(made) != 1:
        yield f"makes {[entry.name for entry in made]}"
        return
    details = made[0].details
    if not made[0].name.strip('"').upper().endswith(str(args["name"]).strip('"').upper()):
        yield f"is called {made[0].name!r}"
    for option in target.as_given:
        # A vault may have no empty text.
        if option in args and (details[option] or "") != args[option]:
            yield f"{option} became {details[option]!r}"
    if target.before in args and not str(details[target.before]).startswith(args[target.before]):
        yield f"{target.before} became {details[target.before]!r}"
    again = world.run(target.module, args)
    if again.get("failed") or again.get("changed"):
        yield f"a second run says {again.get('msg')!r} or changes {again.get('changes')}"

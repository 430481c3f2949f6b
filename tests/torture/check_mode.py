# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For random starts and wishes: check mode writes nothing, and the run does what it predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from torture.cases import KEY, OTHER, Args
from torture.tally import Tally
from torture.world import HOSTED_NAME, Result, World

_TEXTS = st.sampled_from(["", "One", "{{ 7 * 7 }}", 'it\'s "Ü" \\ ; --', "x" * 200])
_TAGS = st.dictionaries(st.sampled_from(["team", "cost"]), st.sampled_from(["a", "b"]))
_NAMES = st.sampled_from(["stripe/a", "stripe/b"])
# What may differ between a prediction and what was done: what the server makes up, and this.
_UNFORESEEN = (
    *("version", "fingerprint", "created", "last_changed", "request_id", "id", "arn"),
    *("check_mode", "unreadable_because"),  # of what is there, which a proof asks for
)


def _wishes(**fields: SearchStrategy[Any]) -> SearchStrategy[Args]:
    """Present with some fields and either key, or absent."""
    present = st.fixed_dictionaries({"api_key": st.sampled_from([KEY, OTHER])}, optional=fields)
    return st.one_of(present, present, st.just({"state": "absent"}))


_OVERRIDE = st.one_of(st.none(), st.fixed_dictionaries({"secret_name": _NAMES}))
# Vault -> module, what all wishes have in common, and the wishes.
TARGETS: Mapping[str, tuple[str, Args, SearchStrategy[Args]]] = {
    "aws": (
        "stripe_secret_aws",
        {"name": "stripe/shop"},
        _wishes(
            description=_TEXTS,
            tags=_TAGS,
            purge_tags=st.booleans(),
            compare=st.sampled_from(["auto", "value", "prefer_value", "fingerprint"]),
            update_value=st.sampled_from(["on_change", "always", "never"]),
            replica_regions=st.sampled_from([["eu-central-1"], ["us-east-1"]]),
            purge_replicas=st.booleans(),
        ),
    ),
    "azure": (
        "stripe_secret_azure",
        {"name": "stripe-shop"},
        _wishes(
            content_type=_TEXTS,
            tags=_TAGS,
            purge_tags=st.booleans(),
            enabled=st.booleans(),
            compare=st.sampled_from(["auto", "value", "prefer_value", "fingerprint"]),
        ),
    ),
    "snowflake": (
        "stripe_secret_snowflake",
        {"name": "STRIPE_SHOP", "database": "PLATFORM", "schema": "SECRETS"},
        _wishes(comment=_TEXTS, update_value=st.sampled_from(["on_change", "always", "never"])),
    ),
    "hosted": (
        "maia_secret_definition",
        {"name": "stripe_shop", "project": "Marketing Reports"},
        _wishes(description=_TEXTS),
    ),
    "reference": (
        "maia_secret_definition",
        {"name": "stripe_shop", "project": "Shop Analytics"},
        st.one_of(
            st.fixed_dictionaries(
                {"secret_name": _NAMES},
                optional={
                    "description": _TEXTS,
                    "secret_label": st.just("api_key"),
                    "environment_overrides": st.fixed_dictionaries({"test": _OVERRIDE}),
                },
            ),
            st.just({"state": "absent"}),
        ),
    ),
}


def torture(world: World, checks: int, chance: int, only: str = "") -> Tally:
    """checks: for each vault, how many chains of three wishes."""
    tally = Tally("Check mode", "predictions")
    for vault, (module, common, wishes) in TARGETS.items():
        if only in vault:
            _vault(world, checks, chance, vault, module, common, wishes, tally)
    return tally


def _vault(
    world: World,
    checks: int,
    chance: int,
    vault: str,
    module: str,
    common: Args,
    wishes: SearchStrategy[Args],
    tally: Tally,
) -> None:
    @seed(chance)
    @settings(
        max_examples=checks,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # what is found is told as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(wishes, min_size=2, max_size=3))
    def chain(steps: list[Args]) -> None:
        world.sandbox.reset()
        for number, wish in enumerate(steps):
            before = world.contents()
            world.sandbox.clear()
            predicted = world.run(module, {**common, **wish}, check=True)
            wrote, untouched = world.writes(), world.contents() == before
            world.sandbox.clear()
            done = world.run(module, {**common, **wish})
            problem = _problem(predicted, done, wrote, untouched=untouched, writes=world.writes())
            tally.tried[vault] += 1
            tally.outcomes[_outcome(done)] += 1
            if problem:
                tally.problems.append(f"{vault}: after {steps[:number]}, {wish}: {problem}")
                return

    chain()


def _outcome(done: Result) -> str:
    return "failed" if done.get("failed") else "changed" if done["changed"] else "unchanged"


def _problem(predicted: Result, done: Result, wrote: int, *, untouched: bool, writes: int) -> str:
    if wrote or not untouched:
        return f"check mode wrote {wrote} times"
    one, two = _foreseeable(predicted), _foreseeable(done)
    different = sorted(name for name in one | two if one.get(name) != two.get(name))
    if different:
        told = {name: (one.get(name), two.get(name)) for name in different}
        return f"predicted and done differ: {told}"
    return "it says unchanged and wrote" if writes and not done.get("changed") else ""


def _foreseeable(result: Result) -> dict[str, Any]:
    known = {name: value for name, value in result.items() if name not in _UNFORESEEN}
    # That of a hosted secret ends in a salt, and is null before there is one.
    if HOSTED_NAME.search(known.get("secret_name") or "") or known.get("secret_name") is None:
        known.pop("secret_name", None)
    if isinstance(error := known.get("error"), dict):
        known["error"] = {n: v for n, v in error.items() if n not in _UNFORESEEN}
    diff = known.get("diff")
    if isinstance(diff, dict):
        known["diff"] = {
            side: {n: v for n, v in dict(diff[side]).items() if n not in _UNFORESEEN}
            for side in ("before", "after")
        }
    return known

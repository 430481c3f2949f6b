# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of every module, and every variable of the role, with values of any type and size.

Whatever it is, the task ends, and says why if it fails: never with "report this as a bug", a
traceback or a secret. Nothing but the sandbox is reached.
"""

from __future__ import annotations

import datetime
import random
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    ConfigurationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.text import check_values
from torture.cases import KEY
from torture.inputs import NASTY, TARGETS
from torture.tally import Tally
from torture.world import FACES, Result, World, operation

_ACTIONS = Path(__file__).resolve().parents[2] / "plugins" / "action"
_MODULES = sorted({path.stem for path in _ACTIONS.glob("*.py")} - {"target_outcome"})
_FLEET = "authorize_targets"
_LOOPBACK = ("127.", "::1", "localhost")
_DEEP = 500
# What a module needs to get anywhere.
_PLAIN: Mapping[str, Mapping[str, Any]] = {
    **{target.module: target.plain for target in TARGETS.values()},
    "maia_environment_info": {"project": "Shop Analytics", "environment": "test"},
    "maia_secret_definition_info": {"project": "Shop Analytics"},
    "maia_pipeline_run": {"project": "Shop Analytics", "environment": "test", "pipeline": "load"},
    "stripe_api_key_info": {"api_key": KEY},
    "maia_hosted_secret": {"project": "Marketing Reports", "name": "stripe_shop", "api_key": KEY},
}
_TARGET = {
    "name": "shop",
    "authorize_project": "Shop Analytics",
    "authorize_environment": "test",
    "authorize_vault": "aws",
    "authorize_secret_name": "stripe/shop",
    "authorize_api_key": KEY,
}


def torture(world: World, cases: int, seed: int, only: str = "") -> Tally:
    """cases: shared out among the modules; the role's variables are those of authorize_targets."""
    tally = Tally("Options", "tasks")
    chance = random.Random(seed)
    modules = [name for name in _MODULES if only in name]
    with _nothing_else_is_reached():
        for number in range(cases):
            module = modules[number % len(modules)]
            args = _args(world, module, chance)
            face = chance.choices(FACES, (9, 1))[0] if _can_be_passed_on(module, args) else "action"
            try:
                result = world.run(module, args, face=face, check=chance.random() < 0.3)
            except BaseException as error:
                result = {"failed": True, "msg": f"raises {type(error).__name__}: {error}"[:500]}
                where = traceback.extract_tb(error.__traceback__)[-1]
                problem = f"{result['msg']} ({where.filename}:{where.lineno}); {_shown(args)}"
                tally.note(f"{module}, case {number}, {face}", [problem])
            else:
                problems = [f"{problem}; {_shown(args)}" for problem in _wrong(world, result)]
                tally.note(f"{module}, case {number}, {face}", problems)
            tally.tried[module] += 1
            tally.outcomes["refused" if result.get("failed") else "done"] += 1
            if not result.get("failed"):
                world.sandbox.reset()
    return tally


def _can_be_passed_on(module: str, args: Mapping[str, Any]) -> bool:
    """Whether the action plugin, which there is for each module, would run a module with them."""
    try:
        check_values(args, operation(module).spec.options)
    except ConfigurationError:
        return False
    return True


def _wrong(world: World, result: Result) -> Iterator[str]:
    text = str(result)
    for phrase in ("report this as a bug", "Traceback", "'unexpected'"):
        if phrase in text:
            yield f"says {text[:400]}"
            break
    if world.leaks(result):
        yield "shows a secret"
    if result.get("failed") and not str(result.get("msg", "")).strip():
        yield "fails and says nothing"


def _shown(args: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}"[:120] for name, value in args.items())


def _args(world: World, module: str, chance: random.Random) -> dict[str, Any]:
    """Plain options of which some are replaced, one to three at a time."""
    spec = operation(module).spec.options
    if module == _FLEET:
        return _fleet(world, chance)
    plain = dict(_PLAIN.get(module, {}))
    return plain | _some(spec, chance)


def _fleet(world: World, chance: random.Random) -> dict[str, Any]:
    spec = operation(_FLEET).spec.options
    target = {
        **_TARGET,
        "authorize_aws": world.connection("stripe_secret_aws"),
        "authorize_maia": world.connection("maia_secret_definition"),
        "authorize_stripe": {
            name: held
            for name, held in world.connection("stripe_api_key_info").items()
            if name != "on_unverified"
        },
    }
    variables = _some(spec["targets"]["options"], chance)
    own = _some({name: each for name, each in spec.items() if name != "hosts"}, chance)
    return {
        "targets": [target | variables],
        "progress": False,
        **(own if chance.random() < 0.2 else {}),
    }


def _some(spec: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    names = chance.sample(sorted(spec), min(len(spec), chance.randint(1, 3)))
    return {name: _value(spec[name], chance) for name in names}


def _value(option: Mapping[str, Any], chance: random.Random) -> Any:
    """Of the option's type in two of three cases."""
    kind = str(option.get("type", "str")) if chance.random() < 0.66 else chance.choice([*_KINDS])
    if option.get("choices") and chance.random() < 0.5:
        return chance.choice(list(option["choices"]))
    if kind == "dict" and option.get("options"):
        return _some(option["options"], chance)
    if kind == "list":
        each = {"type": option.get("elements", "str"), "options": option.get("options")}
        return [_value(each, chance) for _number in range(chance.choice([0, 1, 2, 60]))]
    return _KINDS.get(kind, _text)(chance)


def _text(chance: random.Random) -> Any:
    return chance.choice([*NASTY, *_TEXTS])


def _nested(chance: random.Random) -> Any:
    found: Any = _text(chance)
    for _level in range(chance.choice([1, 3, _DEEP])):
        found = [found] if chance.random() < 0.5 else {"a": found}
    return found


def _mapping(chance: random.Random) -> Any:
    return {
        chance.choice([*NASTY, 1, None, True]): chance.choice([_text, _number, _nested])(chance)
        for _number_of_items in range(chance.choice([0, 1, 3, 60]))
    }


def _number(chance: random.Random) -> Any:
    return chance.choice(_NUMBERS)


_NUMBERS: Sequence[Any] = (
    *(0, -1, 1, 59, 2**31, 2**63, -(2**63), 10**400, 0.1, -0.0, 1e308, 1e-308),
    *(float("inf"), float("-inf"), float("nan"), "1", "1.5", "0x10", "1e9", "\u0663", "2_0"),
)
_TEXTS = (
    *("/dev/zero", "/dev/null", "/", "~nobody/x", "~\0", "/proc/self/mem", "." * 5000, "$HOME"),
    *("https://[", "http://[::1]:1", "https://127.0.0.1:1", "http://127.0.0.1:99999", "//x", "x:y"),
    *("https://a@127.0.0.1", "file:///etc/passwd", "https://\u2100.example", "http://\ud800"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30", "9" * 5000, "-", "\t", "%s%n"),
    *("-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----", "a" * 200_000, "\ufdd0"),
)
_KINDS: Mapping[str, Callable[[random.Random], Any]] = {
    "str": _text,
    "path": _text,
    "int": _number,
    "float": _number,
    "bool": lambda chance: chance.choice([True, False, "yes", "off", "ja", 2, None]),
    "dict": _mapping,
    "list": _nested,
    "raw": _nested,
    "none": lambda _chance: None,
    "date": lambda chance: chance.choice(
        [datetime.date(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59)]
    ),
}


@contextmanager
def _nothing_else_is_reached() -> Iterator[None]:
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connect_here(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise ConnectionRefusedError(111, "only the sandbox is reached")
        connect(self, address)

    def look_up_here(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None and not str(host).startswith(_LOOPBACK):
            raise socket.gaierror(socket.EAI_NONAME, "only the sandbox is found")
        return look_up(host, *args, **options)

    with (
        mock.patch.object(socket.socket, "connect", connect_here),
        mock.patch.object(socket, "getaddrinfo", look_up_here),
    ):
        yield

# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same task gives the same result whichever face does it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import (
    OPERATION as AWS,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._azure.modules.secret import (
    OPERATION as AZURE,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.maia.stripe_query.plugins.module_utils._core.errors import (
    AuthenticationError,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._core.operation import (
    Operation,
    Outcome,
    Params,
    Runtime,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.definition import (
    OPERATION as DEFINITION,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.environment import (
    OPERATION as ENVIRONMENT,
)
from unit.faces import run_action, run_module
from unit.keys import make_key, random_text

SECRET = random_text(32)
MET = random_text(32)  # not an option: found on the way
SPEC = ArgumentSpec(
    options={
        "what": {"type": "str", "required": True},
        "secret": {"type": "str", "no_log": True},
        "number": {"type": "int"},
        "choice": {"type": "str", "choices": ["a", "b"], "default": "a"},
        "many": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {}, "inner": {"type": "dict", "options": {"colour": {}}}},
        },
    },
    mutually_exclusive=(("number", "choice"),),
)


def execute(params: Params, runtime: Runtime) -> Outcome:
    what, secret = params["what"], params["secret"]
    runtime.protect(MET)
    if what == "error":
        raise AuthenticationError("It", f"no {secret} {MET}", "say so", code="X", status=401)
    if what == "crash":
        raise ValueError(f"boom {secret} {MET}")
    if what == "warn":
        runtime.warn("Take care.")
    if what == "leak":
        return Outcome(True, {"oops": {f"k{secret}": [MET]}})
    values = {"what": what, "check": runtime.check_mode, "choice": params["choice"]}
    return Outcome(not runtime.check_mode, values, {"a": 1}, {"a": 2})


PROBE = Operation("probe", SPEC, execute)


def both(
    operation: Operation,
    args: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    *,
    check_mode: bool = False,
    diff: bool = False,
) -> dict[str, Any]:
    """The one result that both faces give."""
    module = run_module(operation, args, capsys, check_mode=check_mode, diff=diff)
    action = run_action(operation, args, check_mode=check_mode, diff=diff)
    # Ansible adds it to whatever a module returns.
    module.setdefault("changed", False)
    assert action == module
    return module


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("diff", [False, True])
def test_success(capsys: pytest.CaptureFixture[str], check_mode: bool, diff: bool) -> None:
    args = {"what": "do", "secret": SECRET}
    result = both(PROBE, args, capsys, check_mode=check_mode, diff=diff)
    assert result["changed"] is not check_mode
    assert result["check"] is check_mode
    assert ("diff" in result) is diff
    assert result["choice"] == "a"


def test_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    assert both(PROBE, {"what": "warn"}, capsys)["warnings"] == ["Take care."]


@pytest.mark.parametrize("what", ["error", "crash", "leak"])
def test_secrets_never_get_out(capsys: pytest.CaptureFixture[str], what: str) -> None:
    result = both(PROBE, {"what": what, "secret": SECRET}, capsys)
    text = json.dumps(result)
    assert SECRET not in text
    assert MET not in text
    # Of what was not foreseen the text is not shown at all.
    assert ("********" in text) == (what != "crash")
    assert bool(result.get("failed")) is (what != "leak")


@pytest.mark.parametrize(
    ("args", "text"),
    [
        pytest.param({}, "missing required arguments: what", id="required"),
        pytest.param({"what": "do", "number": "x"}, "number", id="a wrong type"),
        pytest.param({"what": "do", "choice": "z"}, "value of choice must be one of", id="choice"),
        pytest.param({"what": "do", "number": 1, "choice": "a"}, "mutually exclusive", id="both"),
        pytest.param(
            {"what": "do", "secret": SECRET, "number": SECRET}, "number", id="a secret, wrong type"
        ),
        pytest.param(
            {"what": "do", "secret": SECRET, "choice": f"x{SECRET}"},
            "choice",
            id="a secret, quoted",
        ),
    ],
)
def test_refused_arguments(
    capsys: pytest.CaptureFixture[str], args: dict[str, Any], text: str
) -> None:
    result = both(PROBE, args, capsys)
    assert result["failed"] is True
    assert text in result["msg"]
    assert SECRET not in json.dumps(result)


@pytest.mark.parametrize(
    "args",
    [
        pytest.param({"what": "do", "colour": "red"}, id="an unknown option"),
        pytest.param({"number": "x"}, id="several mistakes"),
    ],
)
def test_refused_arguments_read_the_same(
    capsys: pytest.CaptureFixture[str], args: dict[str, Any]
) -> None:
    both(PROBE, args, capsys)


@pytest.mark.parametrize(
    ("entry", "msg"),
    [
        ({"nmae": SECRET}, "Option many has no nmae; perhaps name is meant."),
        ({"inner": {"x": 1}}, "Option many.inner has no x; there are colour."),
        # Of several the first one by its name.
        ({"x": 1, "aname": 1}, "Option many has no aname; perhaps name is meant."),
    ],
)
def test_an_unknown_entry_of_an_option_is_told_without_all_that_there_are(
    capsys: pytest.CaptureFixture[str], entry: dict[str, Any], msg: str
) -> None:
    assert both(PROBE, {"what": "do", "many": [{"name": "a"}, entry]}, capsys)["msg"] == msg


REAL = {
    "stripe_secret_aws": (AWS, {"name": "shop", "region": "eu-west-1"}),
    "stripe_secret_azure": (
        AZURE,
        {
            "name": "shop",
            "vault_name": "demo-vault",
            "tenant_id": "t",
            "client_id": "c",
            "client_secret": SECRET,
        },
    ),
    "maia_secret_definition": (
        DEFINITION,
        {"name": "shop", "project": "p", "region": "eu1", "access_token": SECRET},
    ),
}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize(
    "key",
    ["", "whsec_" + random_text(), "rk_live_****"],
    ids=["empty", "webhook secret", "redacted"],
)
def test_a_bad_key_is_refused_alike(
    capsys: pytest.CaptureFixture[str], name: str, key: str
) -> None:
    operation, args = REAL[name]
    result = both(operation, {**args, "api_key": key}, capsys)
    assert result["error"]["kind"] == "configuration"
    assert SECRET not in json.dumps(result)


def test_missing_options_are_refused_alike(capsys: pytest.CaptureFixture[str]) -> None:
    result = both(ENVIRONMENT, {"project": "p", "region": "eu1"}, capsys)
    assert "missing required arguments: environment" in result["msg"]


def test_no_option_gets_into_the_system_s_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, msg, **_more: logged.append(msg))
    # A key in the wrong place: AnsibleModule knows no secret there.
    assert run_module(PROBE, {"what": make_key()}, capsys)["failed"]
    assert logged == []


@pytest.mark.parametrize("choice", ["a", "z"], ids=["succeeds", "is refused"])
def test_no_key_gets_into_the_options_that_a_module_shows(
    capsys: pytest.CaptureFixture[str], choice: str
) -> None:
    key, secret = make_key(), random_text() + "'\\\""
    args = {"what": key, "choice": choice, "number": None, "secret": secret}
    shown = run_module(PROBE, args, capsys, invocation=True)["invocation"]["module_args"]
    assert shown["choice"] == choice
    assert key not in json.dumps(shown)
    assert secret not in shown.values()


def test_a_key_as_a_wrong_choice_is_not_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    key = make_key()
    result = both(PROBE, {"what": "do", "choice": key}, capsys)
    assert key not in json.dumps(result)

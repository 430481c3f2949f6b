# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where boto3 has its credentials from, or looks for them, in the user's words.

boto3 tells the name of a provider once it has credentials, and little when it has none; so the
order in which its providers look is followed here.
https://docs.aws.amazon.com/boto3/latest/guide/credentials.html
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_KEY = "AWS_ACCESS_KEY_ID"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_LONG_TERM = "AKIA"
_SESSION_TOKENS = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
_TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE"
_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
_PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_ANEW = "get new credentials for it"


class MfaPromptError(Exception):
    """A profile asks for a code of multi-factor authentication, which a task cannot enter."""


@dataclass(frozen=True)
class CredentialSource:
    """One source of credentials. method: botocore's name of its provider, None if none is set up.

    name: as messages call it. renew: what to do when what it gives is not good any more.
    right: the IAM action that it needs itself; empty if none.
    """

    method: str | None
    name: str
    renew: str = _ANEW
    right: str = ""

    @property
    def words(self) -> Mapping[str, str]:
        """What tables of causes are filled with; see causes.py."""
        credentials = f"the credentials from {self.name}" if self.method else "the credentials"
        return {"credentials": credentials, "source": self.name, "renew": self.renew}


UNKNOWN = CredentialSource(None, "boto3's source of credentials")


def source_of(
    core: Any, *, profile: str | None, explicit: bool, method: str | None = None
) -> CredentialSource:
    """The source that counts. core: a session of botocore's.

    profile: the option of this name. explicit: access_key is given. method: botocore's name of the
    provider that gave credentials, if one did.
    """
    if explicit:
        return CredentialSource(
            "explicit",
            "the options access_key and secret_key",
            "give new ones, with session_token if they are temporary",
        )
    name, named = _profile(profile)
    entries: Mapping[str, Any] = core.full_config.get("profiles", {}).get(name, {})
    found = method or next(
        (each for each, is_set in _ORDER if is_set(entries, profile is not None)), None
    )
    if found is None:
        return named_profile(profile)
    told = _told(name, named or f"profile '{name}'", entries)
    return CredentialSource(found, *told.get(found, (f"boto3's provider {found}",)))


def named_profile(option: str | None) -> CredentialSource:
    """The profile that is chosen, where no more can be known of it."""
    _name, named = _profile(option)
    return CredentialSource(None, named) if named else UNKNOWN


def _profile(option: str | None) -> tuple[str, str]:
    """Its name, and how messages call it: with what chose it, or empty if it is the default one."""
    if option:
        return option, f"profile '{option}' (option profile)"
    for variable in _PROFILE_VARIABLES:
        if name := os.environ.get(variable):
            return name, f"profile '{name}' ({variable})"
    return "default", ""


def _stray_token() -> str:
    """The variable of a session token that stands beside a long-term key, which has none."""
    if not os.environ.get(_KEY, "").startswith(_LONG_TERM):
        return ""
    return next((name for name in _SESSION_TOKENS if os.environ.get(name)), "")


def _told(name: str, named: str, entries: Mapping[str, Any]) -> Mapping[str, tuple[str, str, str]]:
    """By botocore's names of its providers: name, renew and right as CredentialSource has them.

    name, named: of the profile, and how messages call it. entries: of it.
    """
    stray = _stray_token()
    role = str(entries.get("role_arn", "a role"))[:256]
    token_file = os.environ.get(_TOKEN_FILE)
    path = token_file or str(entries.get("web_identity_token_file", ""))
    session = entries.get("sso_session")
    credentials = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    config = os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config"
    container = next((each for each in _CONTAINER if os.environ.get(each)), _CONTAINER[0])
    before = f"--profile {name} as the user who runs the task, before the play"
    return {
        "env": (
            f"the environment ({_KEY}, a long-term key, beside {stray})",
            f"unset {stray}, since a long-term key has none, or set all of them to new ones",
            "",
        )
        if stray
        else (
            f"the environment ({_KEY})",
            f"set {_KEY}, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to new ones, or unset them",
            "",
        ),
        "assume-role": (f"role {role} of {named}", f"renew those of {named}", "sts:AssumeRole"),
        "assume-role-with-web-identity": (
            f"the web identity token file {path[:256]} (of {_TOKEN_FILE if token_file else named})",
            "see that the token's file is renewed",
            "sts:AssumeRoleWithWebIdentity",
        ),
        "sso": (
            f"SSO session '{session}' of {named}" if session else f"single sign-on of {named}",
            f"run aws sso login {before}",
            "sso:GetRoleCredentials",
        ),
        "login": (
            f"the aws login session of {named}",
            f"run aws login {before}",
            "signin:CreateOAuth2Token",
        ),
        "shared-credentials-file": (
            f"{named} in {credentials}",
            f"put new ones into {credentials}",
            "",
        ),
        "config-file": (f"{named} in {config}", f"put new ones into {config}", ""),
        "custom-process": (
            f"the credential_process of {named}",
            "run its command by hand, and see what it prints",
            "",
        ),
        "container-role": (
            f"the container's role ({container})",
            "check the ECS task role or the EKS Pod Identity association, and run again",
            "",
        ),
        "iam-role": (
            "the role of this EC2 instance",
            "check the instance profile and its role, and run again",
            "",
        ),
    }


# botocore's order; whether it is set up, by the profile's entries and whether the option names it.
_ORDER: tuple[tuple[str, Callable[[Mapping[str, Any], bool], bool]], ...] = (
    ("env", lambda _entries, given: not given and bool(os.environ.get(_KEY))),
    ("assume-role", lambda e, _: "role_arn" in e and "web_identity_token_file" not in e),
    (
        "assume-role-with-web-identity",
        lambda e, given: (
            (not given and bool(os.environ.get(_TOKEN_FILE))) or "web_identity_token_file" in e
        ),
    ),
    ("sso", lambda e, _: "sso_account_id" in e or "sso_role_name" in e or "sso_session" in e),
    ("shared-credentials-file", lambda e, _: "aws_access_key_id" in e),
    ("login", lambda e, _: "login_session" in e),
    ("custom-process", lambda e, _: "credential_process" in e),
    ("container-role", lambda _entries, _given: any(os.environ.get(n) for n in _CONTAINER)),
)

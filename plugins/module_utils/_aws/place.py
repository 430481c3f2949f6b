# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an AWS secret is, as far as the options of stripe_secret_aws say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._secret.place import Place

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
REGION = re.compile(r"([a-z]+-)+\d+")
_ACCOUNT = re.compile(r"arn:[^:]*:iam::(\d{12}):")
_ARN = re.compile(r"arn:[^:]*:secretsmanager:([^:]*):([^:]*):secret:", re.I)


def place_of(options: Mapping[str, Any]) -> Place | None:
    """None with a name that AWS does not allow. Names are exact.

    What is no name of a region is not known. Neither an endpoint nor an access key says which
    account it is: an account has many of both.
    """
    name = str(options["name"])
    if not NAME.fullmatch(name.strip()):
        return None
    known = {}
    if REGION.fullmatch(str(options.get("region"))):
        known["region"] = str(options["region"])
    # One of them, and the account first: two profiles may have roles in one account.
    if account := _ACCOUNT.match(str(options.get("assume_role_arn"))):
        known["account"] = account[1]
    elif options.get("profile"):
        known["profile"] = str(options["profile"])
    label = None if options.get("format") == "plaintext" else str(options["label"])
    return Place(name, name, label, known)


def place_in_name(text: str) -> dict[str, str]:
    """What the text by which a definition names a secret says of its place: that of an ARN."""
    arn = _ARN.match(text)
    return {"region": arn[1], "account": arn[2]} if arn else {}

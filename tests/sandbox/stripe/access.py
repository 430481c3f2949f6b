# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides whether a request's key may read an endpoint."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Request

from sandbox.stripe import errors
from sandbox.stripe.keys import ApiKey

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.\w+)?")


def authenticate(request: Request, find: Callable[[str], ApiKey | None]) -> ApiKey:
    """The active secret key behind a request, whatever it may read."""
    value = _presented(request)
    if not value:
        raise errors.no_key()
    key = find(value)
    if key is None:
        raise errors.invalid_key(value)
    if key.status == "expired":
        raise errors.expired_key(value)
    if key.kind == "pk":
        raise errors.secret_key_required()
    if key.status == "blocked":
        raise errors.blocked_by_policy(value)
    _check_headers(request, key)
    return key


def authorize(key: ApiKey, permission: str) -> None:
    if key.kind == "rk" and permission not in key.permissions:
        raise errors.missing_permission(key, permission)


def _presented(request: Request) -> str:
    """From Bearer, or from Basic with the key as the user name."""
    authorization = request.authorization
    if authorization is None:
        return ""
    if authorization.type == "bearer":
        return (authorization.token or "").strip()
    return authorization.username or "" if authorization.type == "basic" else ""


def _check_headers(request: Request, key: ApiKey) -> None:
    version = request.headers.get("Stripe-Version")
    if version is not None and not _VERSION.fullmatch(version):
        raise errors.invalid_version()
    if key.kind == "sk_org":
        for name in ("Stripe-Context", "Stripe-Version"):
            if not request.headers.get(name):
                raise errors.missing_header(name)
    for name in ("Stripe-Account", "Stripe-Context"):
        if request.headers.get(name, key.account) != key.account:
            raise errors.no_access_to_account(key)

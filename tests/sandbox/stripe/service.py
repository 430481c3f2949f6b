# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stripe, as far as keys can be tried on it, as a sandbox service."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sandbox.service import Entry, Journal
from sandbox.stripe.endpoints import ACCOUNT, READ_PERMISSIONS
from sandbox.stripe.keys import ApiKey, KeyTable, mask, new_account_part
from sandbox.stripe.routes import SERVICE, build_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

# One account per demo project, with one key for each of its environments.
DEMO_PROJECTS = ("shop-analytics", "billing-insights", "finance-warehouse", "marketing-reports")
DEMO_MODES = {"test": "test", "production": "live"}


class StripeService:
    """`keys` holds the current value of each named key."""

    name = SERVICE
    hosts = ("api.stripe.com",)

    def __init__(self, journal: Journal) -> None:
        self._lock = threading.RLock()
        self._table = KeyTable()
        self.keys: dict[str, str] = {}
        for project in DEMO_PROJECTS:
            account_part = new_account_part()
            for environment, mode in DEMO_MODES.items():
                self._keep(
                    self._table.add(
                        f"{project}-{environment}",
                        "rk",
                        mode,
                        account_part=account_part,
                        permissions=READ_PERMISSIONS,
                    )
                )
        self.identities = self._make_identities()
        self.app: WSGIApplication = build_app(journal, self._find)

    def add_key(
        self,
        name: str,
        kind: str = "rk",
        mode: str = "test",
        permissions: Iterable[str] = READ_PERMISSIONS,
        status: str = "active",
    ) -> str:
        """A key of an account of its own; permissions such as balance_read are for kind rk."""
        with self._lock:
            return self._keep(
                self._table.add(
                    name,
                    kind,
                    mode,
                    account_part=new_account_part(),
                    permissions=permissions,
                    status=status,
                )
            )

    def rotate(self, name: str) -> str:
        """A new key under that name; the old one is expired from now on."""
        with self._lock:
            return self._keep(self._table.rotate(self.keys[name]))

    def account_of(self, name: str) -> str:
        """The id of the account that a named key belongs to."""
        key = self._find(self.keys[name])
        assert key is not None
        return key.account

    def reset(self) -> None:
        """Nothing to forget: the keys are the credentials."""

    def contents(self) -> list[Entry]:
        with self._lock:
            return [
                Entry(
                    self.name,
                    "key",
                    key.name,
                    {"key": mask(key.value), "mode": key.mode, "status": key.status},
                )
                for key in self._table.all()
                if key.name in self.keys
            ]

    def _find(self, value: str) -> ApiKey | None:
        with self._lock:
            return self._table.find(value)

    def _keep(self, key: ApiKey) -> str:
        self.keys[key.name] = key.value
        return key.value

    def _make_identities(self) -> dict[str, dict[str, str]]:
        """Keys of one account in test mode, by what is right or wrong with them."""
        part = new_account_part()
        everything = {*READ_PERMISSIONS, ACCOUNT.permission}
        kinds: dict[str, tuple[str, Iterable[str], str]] = {
            "full": ("rk", everything, "active"),
            "reader": ("rk", READ_PERMISSIONS, "active"),
            "none": ("rk", (), "active"),
            "expired": ("rk", everything, "expired"),
            "publishable": ("pk", (), "active"),
        }
        return {
            name: {
                "api_key": self._table.add(
                    f"identity-{name}",
                    kind,
                    "test",
                    account_part=part,
                    permissions=permissions,
                    status=status,
                ).value
            }
            for name, (kind, permissions, status) in kinds.items()
        }

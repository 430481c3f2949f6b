# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Host header means: a vault, Entra ID, this machine (direct mode) or nothing."""

from __future__ import annotations

LOGIN = "login.microsoftonline.com"
VAULT_SUFFIX = ".vault.azure.net"
DIRECT = "direct"  # the one vault of direct mode
LOOPBACK = ("localhost", "127.0.0.1")


def _hostname(host: str) -> str:
    return host.partition(":")[0].lower()


def vault_name(host: str) -> str:
    """The vault that a host means; empty for a host that is none."""
    name = _hostname(host)
    if name in LOOPBACK:
        return DIRECT
    return name.removesuffix(VAULT_SUFFIX) if name.endswith(VAULT_SUFFIX) else ""


def is_login(host: str) -> bool:
    return _hostname(host) == LOGIN


def authority(host: str) -> str:
    """Where a vault at this host sends its callers for tokens."""
    return f"https://{host if _hostname(host) in LOOPBACK else LOGIN}"


def serves(host: str, blueprint: str) -> bool:
    """In direct mode one host answers for all; otherwise each only for its own part."""
    if _hostname(host) in LOOPBACK:
        return True
    return blueprint == ("entra" if is_login(host) else "vault")

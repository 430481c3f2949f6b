# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private key of key-pair authentication, in the one form that every connector takes."""

from __future__ import annotations

from ..._core.errors import ConfigurationError
from ..._core.private_file import read_private_file


def private_key_der(content: str | None, path: str | None, passphrase: str | None) -> bytes:
    """PKCS#8 in DER, not encrypted. content: in PEM; it comes before path.

    Raises ConfigurationError.
    """
    if content:
        subject, text = "Snowflake private key in private_key", content
    else:
        subject = f"Snowflake private key {path}"
        text = read_private_file(subject, path or "", shared=True)
    return _der(subject, text.strip(), passphrase)


def _der(subject: str, text: str, passphrase: str | None) -> bytes:
    # With the connector, which needs it, and no sooner: see there.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    encrypted = "ENCRYPTED" in text.partition("-----END")[0]
    if encrypted and not passphrase:
        raise ConfigurationError(
            subject, "it is encrypted and there is no passphrase", "set private_key_passphrase"
        )
    password = passphrase.encode() if passphrase and encrypted else None
    try:
        key = serialization.load_pem_private_key(text.encode(), password)
        return key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(
            subject,
            "it cannot be decrypted with this passphrase" if encrypted else "it is no key in PEM",
            "check private_key_passphrase" if encrypted else "give a PKCS#8 key in PEM",
        ) from None

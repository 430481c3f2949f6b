# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate authority for one run of the sandbox, and one certificate for all services."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_REGIONS = (
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "ap-southeast-2",
)
HOST_NAMES = (
    "localhost",
    "*.vault.azure.net",
    "login.microsoftonline.com",
    "*.snowflakecomputing.com",
    "*.amazonaws.com",
    *(f"*.{region}.amazonaws.com" for region in _REGIONS),
    "api.stripe.com",
    "id.core.matillion.com",
    "eu1.api.matillion.com",
    "us1.api.matillion.com",
    "au1.api.matillion.com",
)
_LIFETIME = datetime.timedelta(days=7)
_BACKDATED = datetime.timedelta(hours=1)  # for clients whose clock is a little behind


@dataclass(frozen=True)
class CertificateFiles:
    """What clients trust, and what the servers show."""

    ca: Path
    bundle: Path
    certificate: Path
    private_key: Path


def write_certificates(directory: Path) -> CertificateFiles:
    """Make a new CA and a certificate for every host name; the CA's private key is not kept."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _issue_ca(ca_key)
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    leaf = _issue_leaf(leaf_key, ca, ca_key)

    files = CertificateFiles(
        ca=directory / "ca.pem",
        bundle=directory / "bundle.pem",
        certificate=directory / "server.pem",
        private_key=directory / "server.key",
    )
    pem = serialization.Encoding.PEM
    files.ca.write_bytes(ca.public_bytes(pem))
    # Clients in the sandbox must trust nothing else, so the bundle holds our CA alone.
    files.bundle.write_bytes(ca.public_bytes(pem))
    files.certificate.write_bytes(leaf.public_bytes(pem))
    files.private_key.touch(mode=0o600)
    files.private_key.write_bytes(
        leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def _issue_ca(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Sandbox CA")
    builder = _builder(name, name, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(ca=True), critical=True)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    )
    return builder.sign(key, hashes.SHA256())


def _issue_leaf(
    key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in HOST_NAMES]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    builder = _builder(_name("Sandbox services"), ca.subject, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_key_usage(ca=False), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
    )
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
    )
    return builder.sign(ca_key, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )

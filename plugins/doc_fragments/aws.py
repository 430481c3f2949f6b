# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options for reaching AWS."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  region:
    description:
      - The AWS region. It must be the one that the runner reads its secrets from.
      - When left out, E(AWS_REGION), E(AWS_DEFAULT_REGION) or the profile decides.
    type: str
  profile:
    description:
      - A profile of the AWS configuration files, which may also assume a role.
      - When neither this nor O(access_key) is given, boto3's usual sources are searched.
    type: str
  access_key:
    description:
      - An access key id.
    type: str
  secret_key:
    description:
      - The secret access key that belongs to O(access_key).
    type: str
  session_token:
    description:
      - The session token of temporary credentials.
    type: str
  endpoint_url:
    description:
      - Another URL of Secrets Manager, for instance a VPC endpoint's.
    type: str
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
    type: path
requirements:
  - boto3
"""

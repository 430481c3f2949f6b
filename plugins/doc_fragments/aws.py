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
      - A profile of the AWS configuration files, which may also assume a role, or use a web
        identity or single sign-on. It comes before credentials in the environment.
      - When neither this nor O(access_key) is given, boto3's usual sources are searched. They are
        E(AWS_ACCESS_KEY_ID) and its like, a web identity
        (E(AWS_WEB_IDENTITY_TOKEN_FILE) with E(AWS_ROLE_ARN), which EKS sets for a pod), the
        configuration files with E(AWS_PROFILE), and the role of the container or instance.
    type: str
  access_key:
    description:
      - An access key id. It comes before every other source.
    type: str
  secret_key:
    description:
      - The secret access key that belongs to O(access_key).
    type: str
  session_token:
    description:
      - The session token of temporary credentials.
    type: str
  assume_role_arn:
    description:
      - A role to assume with the credentials found, by one call of STS in each task. The role's
        rights are then the ones that count.
      - In a long loop a O(profile) that assumes the role costs the same. To pay once, assume the
        role before the play and give O(access_key), O(secret_key) and O(session_token).
    type: str
  assume_role_external_id:
    description:
      - The external id that the role's trust policy asks for, if it does.
    type: str
  assume_role_session_name:
    description:
      - What CloudTrail shows as the name of the session, 2 to 64 characters.
    type: str
    default: maia.stripe_query
  assume_role_duration_seconds:
    description:
      - For how long the role's credentials are valid, 900 to 43200 seconds and no longer than the
        role allows. A task needs no more than the default.
    type: int
    default: 900
  endpoint_url:
    description:
      - Another URL of Secrets Manager, for instance a VPC endpoint's. Plain C(http) is for this
        machine only, also in E(AWS_ENDPOINT_URL) and the AWS configuration file.
    type: str
  kms_endpoint_url:
    description:
      - Another URL of KMS, which is asked only about aliases of keys.
    type: str
  sts_endpoint_url:
    description:
      - Another URL of STS, which is asked only for O(assume_role_arn), and by a preflight.
    type: str
  iam_endpoint_url:
    description:
      - Another URL of IAM, which only a preflight asks, and which rights the credentials have. With
        O(endpoint_url) it is asked only if this and O(sts_endpoint_url) are given.
    type: str
    version_added: 2.0.0
  ca_bundle:
    description:
      - A file with the certificate authorities to trust instead of the usual ones.
      - E(AWS_CA_BUNDLE), C(ca_bundle) of the AWS configuration file and E(REQUESTS_CA_BUNDLE) are
        used if it is omitted or empty.
      - Certificates are always verified.
    type: path
  max_attempts:
    description:
      - The maximum number of attempts for a call that is throttled or fails. boto3's C(standard)
        retry mode waits up to 20 seconds between attempts.
    type: int
    default: 5
requirements:
  - boto3
"""

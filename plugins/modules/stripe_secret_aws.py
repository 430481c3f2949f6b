#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_aws
short_description: Keep a Stripe API key in AWS Secrets Manager
version_added: 1.0.0
description:
  - Manages a Stripe API key in a secret that a Hybrid runner of Maia on AWS can read. A second run
    changes nothing.
  - The key becomes one label (key/value pair) of an I(Other type of secret), or the whole secret as
    plain text. Other labels in the same secret are not changed.
  - To detect a change of the value, only C(DescribeSecret) is called. The IDs of the versions
    contain a fingerprint of the value.
  - A secret that is scheduled for deletion is restored and brought to the desired state.
  - An earlier version can be made current again.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name, up to 512 of the characters C(A-Z a-z 0-9 / _ + = . @ -). Not an ARN.
    type: str
    required: true
  format:
    description:
      - V(key_value) stores a JSON object with the key under O(label), V(plaintext) the key alone.
      - If omitted, a new secret gets V(key_value), and a Stripe key that is stored as plain text
        stays plain text. Set it to change the format; all readers of the secret have to support the
        new format. With a O(label) other than V(api_key), a key that is stored as plain text is
        refused unless this is set, because another key may be meant. Before version 2.0.0 the
        default was V(key_value).
    type: str
    choices: [key_value, plaintext]
  label:
    description:
      - The label to store the key under. Maia's form calls it I(Secret key); give the same to
        O(maia.stripe_query.maia_secret_definition#module:secret_label).
      - The module manages only this label. With O(state=absent), only this label is removed from a
        secret with other labels. The other labels are kept unchanged, in text and in binary data.
      - An existing value of this label is replaced or removed only if it is a Stripe key or empty;
        any other value needs O(replace_value).
      - A Stripe key under a label that this collection never wrote is refused, unless
        O(on_foreign=adopt). With O(state=absent), the same applies to a key that this collection
        did not write. The versions of the secret show who wrote a label. If others changed the key
        under a label of this collection, it is corrected.
    type: str
    default: api_key
  description:
    description:
      - The description of the secret. An empty text removes it.
    type: str
  kms_key_id:
    description:
      - The KMS key that encrypts the secret, as a key id, a key's ARN, V(alias/<name>) or an
        alias's ARN. An empty text or V(alias/aws/secretsmanager) means the key that AWS manages for
        the account.
      - Different names of the same key are not a change. To compare an alias with a key, KMS is
        asked, which needs C(kms:DescribeKey). Without this permission the key is not changed, and
        there is a warning.
      - AWS encrypts the labelled versions again when the key changes; no new version is created.
        The runner then needs C(kms:Decrypt) on the new key.
    type: str
  tags:
    description:
      - Tags to set. Other tags are not changed, unless O(purge_tags=true).
      - AWS allows 50 tags. The collection uses one of them, and another one with O(value_version).
        Keys have 1 to 128 characters and values up to 256, which may be letters, digits, spaces and
        C(+-=._:/@).
      - Values are strings. Integers are converted, a tag that is null is ignored, and other types
        have to be quoted.
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). Our own and those of AWS (C(aws:)) always
        stay. With V({}) for O(tags) all others are removed. Without O(tags) no tag is removed.
    type: bool
    default: false
  replica_regions:
    description:
      - Regions to replicate the secret to, each by name or as a dictionary of C(region) and
        C(kms_key_id). Without a key AWS uses its own one, and a replica with another key is left
        as it is.
      - Replicas in other regions stay, unless O(purge_replicas=true).
      - A secret of the same name in another region is never overwritten. AWS then reports the
        replica as failed, and there is a warning.
      - With O(state=absent) all replicas are removed first, at once and for good.
    type: list
    elements: raw
  purge_replicas:
    description:
      - Whether to remove replicas that are not in O(replica_regions). Without O(replica_regions) no
        replica is removed.
      - Also allows the module to remove and recreate a replica to change its KMS key, which AWS
        cannot change.
    type: bool
    default: false
  resource_policy:
    description:
      - The secret's resource policy, as a dictionary or a JSON text. An empty policy deletes it; if
        omitted, the policy is neither read nor changed.
      - Policies are compared by meaning. The order of statements and lists, a single value in
        place of a list of one, and an account's number in place of its root's ARN make no
        difference.
      - It is always set with C(BlockPublicPolicy), so that AWS refuses a public policy.
    type: json
  allow_rotated:
    description:
      - Whether to write the value of a secret that AWS rotates with a Lambda function. The next
        rotation would replace it. Metadata is managed in either case.
    type: bool
    default: false
  retire_previous_after:
    description:
      - The number of days after which the previous version is retired. A task then removes its
        label C(AWSPREVIOUS), so that AWS deletes the version in time, and a rollback is no longer
        possible. With V(0), the next task does so.
      - If omitted, the label is not removed. It is not removed after a rollback either, which
        leaves it on the newer version.
      - It needs C(secretsmanager:ListSecretVersionIds) and
        C(secretsmanager:UpdateSecretVersionStage).
    type: int
    version_added: 2.0.0
  with_age:
    description:
      - Find out when the value was written (RV(value_since)) also if the value is not read. This
        needs one more request and C(secretsmanager:ListSecretVersionIds); without this permission
        it is unknown.
    type: bool
    default: false
    version_added: 2.0.0
  rolled_back_to:
    description:
      - Makes an earlier version current again, by moving the label C(AWSCURRENT). Give
        V(previous), or the id of a version (RV(version_before) of an earlier task, for instance).
      - V(previous) changes nothing if the previous version is newer than the current one, as after
        a rollback. So repeated runs roll back only once.
      - The ID of each version contains the fingerprint of its value, so that a later task with
        O(api_key) knows which value is current. A task with the newer key writes that key again, as
        a new version. To keep the rollback, change O(api_key) as well.
      - A number that O(value_version) stored is removed, because it belongs to the other value.
      - Nothing else of the secret is changed, and RV(api_key) is not returned. A version that
        differs from the current one in more than the key under O(label), or not even in that, is
        refused; what differs is named. Then give the id of another version, or the earlier key
        with O(api_key), which keeps all other labels.
      - If a version has other labels or was not written by this collection, this needs the
        permission to read values.
    type: str
  recovery_window_days:
    description:
      - The number of days, 7 to 30, for which a deleted secret can be restored.
    type: int
    default: 30
  force_delete:
    description:
      - Delete the secret immediately; it cannot be restored. A secret that is already scheduled for
        deletion stays so, with a warning.
    type: bool
    default: false
notes:
  - To create, compare and rotate, the credentials need C(secretsmanager:DescribeSecret),
    C(secretsmanager:CreateSecret), C(secretsmanager:PutSecretValue) and
    C(secretsmanager:TagResource).
  - C(secretsmanager:GetSecretValue) is needed only with O(compare=value), for a secret that others
    write to as well, and to take one over. A promoted replica is read as well, if that is
    permitted. A secret with other labels also needs
    C(secretsmanager:UpdateSecretVersionStage), so that AWS makes the new version current only if
    the secret was not changed at the same time. The version then also has the staging label
    C(maia.stripe_query).
    If neither the current nor the previous version shows which labels this collection wrote, or if
    there are concurrent changes, it also needs C(secretsmanager:ListSecretVersionIds).
  - In addition O(description) and O(kms_key_id) need C(secretsmanager:UpdateSecret);
    O(purge_tags) needs C(secretsmanager:UntagResource);
    O(replica_regions) needs C(secretsmanager:ReplicateSecretToRegions) and
    C(secretsmanager:RemoveRegionsFromReplication);
    O(resource_policy) needs C(secretsmanager:GetResourcePolicy),
    C(secretsmanager:PutResourcePolicy) and C(secretsmanager:DeleteResourcePolicy);
    O(rolled_back_to) needs C(secretsmanager:ListSecretVersionIds),
    C(secretsmanager:UpdateSecretVersionStage) and, to remove the number of O(value_version),
    C(secretsmanager:UntagResource), and C(secretsmanager:GetSecretValue) if others' labels are in
    the secret;
    O(state=absent) and coming back from it need C(secretsmanager:DeleteSecret) and
    C(secretsmanager:RestoreSecret).
  - A KMS key other than AWS's own needs C(kms:GenerateDataKey) and C(kms:Decrypt), and
    C(kms:Encrypt) to replicate with it or to change to it. Comparing an alias needs
    C(kms:DescribeKey).
  - The last example is a policy with all of these permissions except reading values, for all
    secrets below C(stripe/).
  - A secret that another AWS service owns, an externally managed one, and a replica are refused.
    Change a replica through its primary region.
  - This module does not set up rotation. Only a person can create Stripe keys.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.secret
  - maia.stripe_query.aws
  - maia.stripe_query.time_limit
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - name: AWS Secrets Manager in Maia's documentation
    description: What the runner needs in order to read the secret.
    link: https://docs.maia.ai/docs/administration/aws-secrets-manager
"""

EXAMPLES = r"""
# On a laptop or in a CI job: credentials are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or
# in a profile.
- name: Store the key under the label api_key
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    api_key_env: STRIPE_API_KEY
    region: eu-west-1
    description: Stripe API key for Maia's Stripe Query
    tags:
      team: data-platform

# On a runner or an AWX execution node: the role of its instance, container or pod is found by
# itself, so that no credentials are given.
- name: Store the key as plain text
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/test
    api_key: "{{ vaulted_stripe_test_key }}"
    format: plaintext
    region: eu-west-1

# Across accounts: a role in the account of the runner is assumed.
- name: Store the key with a KMS key, replicas and a policy
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    api_key_env: STRIPE_API_KEY
    region: eu-west-1
    assume_role_arn: arn:aws:iam::111122223333:role/stripe-keys
    assume_role_external_id: maia
    kms_key_id: alias/stripe
    replica_regions:
      - eu-central-1
      - region: us-east-1
        kms_key_id: alias/stripe
    resource_policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal:
            AWS: arn:aws:iam::111122223333:role/maia-runner
          Action: secretsmanager:GetSecretValue
          Resource: "*"

- name: Go back to the key before the last one
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    rolled_back_to: previous
    region: eu-west-1

- name: Bring tags to exactly these without the key, and leave the value alone
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    update_value: never
    tags:
      team: payments
    purge_tags: true
    region: eu-west-1

- name: Look at the secret, which takes no right to read its value
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    update_value: never
    region: eu-west-1
  check_mode: true
  register: secret

- name: Delete the secret, to be restored within a week if need be
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/test
    state: absent
    recovery_window_days: 7
    region: eu-west-1

# A policy to paste, for an account and a KMS key of yours. Leave out what is not used: the notes
# tell which right is for what.
- name: Write the policy with all rights that the module may need
  ansible.builtin.copy:
    dest: stripe-keys-policy.json
    mode: "0644"
    content: |
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Sid": "KeepStripeKeys",
            "Effect": "Allow",
            "Action": [
              "secretsmanager:DescribeSecret",
              "secretsmanager:CreateSecret",
              "secretsmanager:PutSecretValue",
              "secretsmanager:UpdateSecret",
              "secretsmanager:TagResource",
              "secretsmanager:UntagResource",
              "secretsmanager:DeleteSecret",
              "secretsmanager:RestoreSecret",
              "secretsmanager:ListSecretVersionIds",
              "secretsmanager:UpdateSecretVersionStage",
              "secretsmanager:GetResourcePolicy",
              "secretsmanager:PutResourcePolicy",
              "secretsmanager:DeleteResourcePolicy",
              "secretsmanager:ReplicateSecretToRegions",
              "secretsmanager:RemoveRegionsFromReplication"
            ],
            "Resource": "arn:aws:secretsmanager:*:111122223333:secret:stripe/*"
          },
          {
            "Sid": "OnlyWithAKeyOfYourOwn",
            "Effect": "Allow",
            "Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt", "kms:DescribeKey"],
            "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*"
          }
        ]
      }
"""

RETURN = r"""
name:
  description: The secret's name.
  returned: success
  type: str
  sample: stripe/shop/production
arn:
  description: The secret's ARN. Null if it does not exist.
  returned: success
  type: str
region:
  description: The region of the secret.
  returned: success
  type: str
  sample: eu-west-1
format:
  description:
    - How the value is stored, as in O(format). The requested format if that is unknown.
  returned: success
  type: str
  sample: key_value
  version_added: 2.0.0
label:
  description:
    - The label that the key is stored under. Null if the value is the key alone, as plain text.
  returned: success
  type: str
  sample: api_key
  version_added: 2.0.0
version:
  description:
    - The id of the version that is current after the task. Null in check mode if it would change.
  returned: success
  type: str
version_before:
  description:
    - The id of the version that was current before the task. Null if there was none.
  returned: success
  type: str
changes:
  description:
    - What changed, or in check mode would change, by name. V(value) (readers get another one, be it
      new or one that was rolled back to), V(state), V(ownership) (our marker was added),
      V(fingerprint) (it was refreshed), or the name of an option.
  returned: success
  type: list
  elements: str
  sample: [value]
verified_by:
  description:
    - How the stored value was compared with the desired one. V(fingerprint), V(value),
      V(value_version), or V(unknown) if it could not be compared. Null if the comparison was not
      needed.
  returned: success
  type: str
  sample: fingerprint
verdict:
  description:
    - Whether the value before this run was the desired one. V(proven) means that it was read or
      cannot have changed, V(recorded) that the recorded fingerprint matches, V(contradicted) that
      it differs, V(unknown) that it could not be compared. Null if the comparison was not needed.
  returned: success
  type: str
  sample: contradicted
  version_added: 2.0.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it was read, or was not needed.
  returned: success
  type: str
  sample: null
  version_added: 2.0.0
value_problem:
  description:
    - Why the stored value that was read is not the given key, if it is not just another key. For
      example, a label that is there more than once, or white space around the key. Null otherwise.
  returned: success
  type: str
  sample: null
  version_added: 2.0.0
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. It depends on the value and on
      the place of the secret.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: success
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - Information about the key to be stored. Never the key.
  returned: when O(state=present) and there is a key to be stored
  type: dict
  contains:
    kind:
      description: V(restricted), V(secret), V(publishable), V(organization) or another kind.
      type: str
      sample: restricted
    mode:
      description: V(live), V(test) or V(unknown).
      type: str
      sample: live
    masked:
      description: The prefix and the last four characters.
      type: str
      sample: rk_live_...4242
created:
  description:
    - When the secret was created, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret was last changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
value_since:
  description:
    - When the previous value was written, in UTC (ISO 8601). Null if unknown.
    - It is the date of its version, if the value was read or O(with_age) is set.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
retired:
  description: The ids of the versions that O(retire_previous_after) made unusable.
  returned: when there are any
  type: list
  elements: str
  sample: ['0b1e2d3c4a5f60718293a4b5c6d7e8f9']
check_mode:
  description: V(true); nothing was changed.
  returned: in check mode
  type: bool
error:
  description:
    - The parts of the error message, for programs.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible),
          V(foreign_object), V(conflict), V(transient), V(api) or V(unexpected).
      type: str
    subject:
      description: The object that the error is about.
      type: str
    attempt:
      description: The action that failed.
      type: str
    reason:
      description: Why it failed.
      type: str
    hint:
      description: What to do.
      type: str
    cure:
      description: An alias of RV(error.hint) until release 3.0.0.
      type: str
    code:
      description: The service's error code.
      type: str
    status:
      description: The HTTP status.
      type: int
    request_id:
      description: The service's id of the request, for its support.
      type: str
    link:
      description: The vendor's page about this error, where there is one.
      type: str
    unconfirmed:
      description:
        - V(true) if a change was requested that may have been made, since no answer tells.
        - Run again, which finds out.
      type: bool
"""

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.modules.secret import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)


def main() -> None:
    """What it does is in module_utils/_aws/modules/secret.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

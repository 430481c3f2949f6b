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
  - Stores a Stripe API key as a secret that a Hybrid runner of Maia on AWS can read, and keeps it
    there. A second run changes nothing.
  - The key becomes one label (key/value pair) of an I(Other type of secret), or the whole secret as
    plain text. Other labels in the same secret stay as they are.
  - To know whether the value has to be written only C(DescribeSecret) is called. The ids of the
    versions that we write carry a fingerprint of the value.
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
      - When it is left out, a new secret gets V(key_value), and a Stripe key that is stored as
        plain text stays plain text. Give it to change the format, for which all readers of the
        secret have to be ready. With a O(label) other than V(api_key), a key that is stored as
        plain text is refused until it is given, since another key may be meant. Before version
        1.1.0 the default was V(key_value).
    type: str
    choices: [key_value, plaintext]
  label:
    description:
      - The label to store the key under. Maia's form calls it I(Secret key); give the same to
        O(maia.stripe_query.maia_secret_definition#module:secret_label).
      - Only this label is ours. With O(state=absent) a secret with other labels loses only this
        one. The others stay as they are, to the character, in a text as well as in binary data.
      - What is under this label already is replaced or removed only if it is a Stripe key (or
        empty); anything else needs O(replace_value).
      - A Stripe key that others put under a label that was never ours is left alone, as is one that
        we did not write with O(state=absent), unless O(on_foreign=adopt). Whose it is is looked up
        in the secret's versions. Where others changed the key under our label, it is put right.
    type: str
    default: api_key
  description:
    description:
      - The secret's description. An empty one clears it.
    type: str
  kms_key_id:
    description:
      - The KMS key that encrypts the secret, as a key id, a key's ARN, V(alias/<name>) or an
        alias's ARN. An empty one, like V(alias/aws/secretsmanager), means AWS's own key for the
        account.
      - Different texts for the same key are no change. Where an alias is given and AWS shows a
        key, or the other way round, KMS is asked, which needs C(kms:DescribeKey). Without that
        right the key stays as it is, with a warning.
      - AWS encrypts the labelled versions anew when the key changes; no new version is made. The
        runner then needs C(kms:Decrypt) on the new key.
    type: str
  tags:
    description:
      - Tags to set. Tags of other names stay as they are, unless O(purge_tags=true).
      - AWS takes 50 tags, of which we use one, and another one with O(value_version). Keys have 1
        to 128 characters and values up to 256, which may be letters, digits, spaces and
        C(+-=._:/@).
      - Values are texts. Whole numbers become their digits, a tag that is null is left out, and
        anything else has to be written in quotes.
    type: dict
  purge_tags:
    description:
      - Whether to remove tags that are not in O(tags). Our own and those of AWS (C(aws:)) always
        stay. With V({}) for O(tags) all others are removed. Without O(tags) nothing is.
    type: bool
    default: false
  replica_regions:
    description:
      - Regions to replicate the secret to, each by name or as a dictionary of C(region) and
        C(kms_key_id). Without a key AWS uses its own one, and a replica with another key is left
        as it is.
      - Replicas in other regions stay, unless O(purge_replicas=true).
      - A secret of the same name in such a region is never overwritten. AWS then reports the
        replica as failed, and the task warns.
      - With O(state=absent) all replicas are removed first, at once and for good.
    type: list
    elements: raw
  purge_replicas:
    description:
      - Whether to remove replicas that are not in O(replica_regions). Without O(replica_regions)
        none is.
      - Also allows to remove a replica and make it anew when it is to have another KMS key, which
        AWS cannot change.
    type: bool
    default: false
  resource_policy:
    description:
      - The secret's resource policy, as a dictionary or a JSON text. An empty one deletes it; when
        left out, it is not even looked at.
      - Policies are compared by meaning. The order of statements and lists, a single value in
        place of a list of one, and an account's number in place of its root's ARN make no
        difference.
      - It is always set with C(BlockPublicPolicy), so that AWS refuses one that lets everybody in.
    type: json
  allow_rotated:
    description:
      - Whether to write the value of a secret that AWS rotates with a Lambda function. The next
        rotation would replace it. Metadata are managed whatever this says.
    type: bool
    default: false
  rolled_back_to:
    description:
      - Makes an earlier version current again, by moving the label C(AWSCURRENT). Give
        V(previous), or the id of a version (RV(version_before) of an earlier task, for instance).
      - V(previous) changes nothing when the previous version is younger than the current one,
        because that is what a rollback leaves behind. So it goes back once, however often it is
        run.
      - The id of each version that we wrote carries the fingerprint of its value, so that a later
        task with O(api_key) knows at once what is current. A task that still gives the newer key
        writes it again, as a new version. Change O(api_key) as well if the rollback is to stay.
      - A number stored by O(value_version) is removed, since it belonged to the other value.
      - Nothing else of the secret is changed, and RV(api_key) is not returned. A version that
        differs from the current one in more than the key under O(label), or not even in that, is
        refused; what differs is named. Then give the id of another version, or the earlier key
        with O(api_key), which keeps all other labels.
      - If a version has other labels or was written by others, this takes the right to read values.
    type: str
  recovery_window_days:
    description:
      - For how many days, 7 to 30, AWS keeps a deleted secret so that it can be restored.
    type: int
    default: 30
  force_delete:
    description:
      - Delete at once and for good instead.
    type: bool
    default: false
notes:
  - To create, compare and rotate, the credentials need C(secretsmanager:DescribeSecret),
    C(secretsmanager:CreateSecret), C(secretsmanager:PutSecretValue) and
    C(secretsmanager:TagResource).
  - C(secretsmanager:GetSecretValue) is needed only with O(compare=value), for a secret that others
    write to as well, and to take one over. A promoted replica is read as well, if that is
    permitted. A secret with other labels also needs
    C(secretsmanager:UpdateSecretVersionStage), by which AWS makes our version current only if
    nobody else wrote meanwhile. The version then has the staging label C(maia.stripe_query) too.
    Where neither the current nor the previous version tells which labels are ours, or others write
    at the same moment, it also needs C(secretsmanager:ListSecretVersionIds).
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
  - The last of the examples is a policy with all of these but the right to read values, for all
    secrets below C(stripe/), ready to be cut down and pasted.
  - A secret that another AWS service owns, an externally managed one, and a replica are refused.
    Change a replica through its primary region.
  - Rotation is not set up by this module. Stripe keys can be made by nobody but a person.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.secret
  - maia.stripe_query.aws
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
  description: The region that the secret is in, whichever source named it.
  returned: success
  type: str
  sample: eu-west-1
format:
  description:
    - How the value is stored, as O(format) names it. What was asked for if that is not known.
  returned: success
  type: str
  sample: key_value
  version_added: 1.1.0
label:
  description:
    - The label that the key is stored under. Null if the value is the key alone, as plain text.
  returned: success
  type: str
  sample: api_key
  version_added: 1.1.0
version:
  description:
    - The id of the version that is current after the task. Null in check mode when it would change.
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
      V(value_version), or V(unknown) if it could not be. Null if it did not matter.
  returned: success
  type: str
  sample: fingerprint
verdict:
  description:
    - Whether the value that was stored before this run is the desired one, and how that is known.
      V(proven) means that it was read or cannot have changed, V(recorded) that our own note says
      so, V(contradicted) that it is another, V(unknown) that it cannot be known. Null if it did not
      matter.
  returned: success
  type: str
  sample: contradicted
  version_added: 1.1.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it could, or did not have to be.
  returned: success
  type: str
  sample: null
  version_added: 1.1.0
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. The same value in the same
      place keeps it; the same value in another place has another.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: success
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - What the key to be stored says about itself. Never the key.
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
    - When the secret was made, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret had last been changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: success
  type: str
  sample: '2026-11-02T08:15:00+00:00'
check_mode:
  description: V(true), since the task only said what it would do.
  returned: in check mode
  type: bool
error:
  description:
    - The parts of the error message, for machines.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(not_visible) (it
          does not exist or may not be seen, and the service does not say which),
          V(foreign_object), V(conflict), V(transient), V(api) or V(unexpected).
      type: str
    subject:
      description: The object that the error is about.
      type: str
    attempt:
      description: What was being done.
      type: str
    reason:
      description: Why it failed.
      type: str
    cure:
      description: What to do.
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
"""

from ansible_collections.maia.stripe_query.plugins.module_utils._aws.operation import OPERATION
from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)


def main() -> None:
    """What it does is in module_utils/_aws/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

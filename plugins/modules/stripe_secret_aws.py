#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: stripe_secret_aws
short_description: Keep a Stripe API key in AWS Secrets Manager
version_added: 0.1.0
description:
  - Stores a Stripe API key as a secret that a Hybrid runner of Maia on AWS can read, and keeps it
    there. A second run changes nothing.
  - The key becomes one label (key/value pair) of an I(Other type of secret), or the whole secret as
    plain text. Other labels in the same secret stay as they are.
  - To know whether the value has to be written only C(DescribeSecret) is called. The ids of the
    versions that we write carry a fingerprint of the value.
  - A secret that is scheduled for deletion is restored and brought to the desired state.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  name:
    description:
      - The secret's name, up to 512 of the characters C(A-Z a-z 0-9 / _ + = . @ -).
    type: str
    required: true
  format:
    description:
      - V(key_value) stores a JSON object with the key under O(label), V(plaintext) the key alone.
    type: str
    choices: [key_value, plaintext]
    default: key_value
  label:
    description:
      - The label to store the key under. Maia's form calls it I(Secret key); give the same to
        O(maia.stripe_query.maia_secret_definition#module:secret_label).
      - Only this label is ours. With O(state=absent) a secret with other labels loses only this
        one.
    type: str
    default: api_key
  description:
    description:
      - The secret's description. An empty one clears it.
    type: str
  tags:
    description:
      - Tags to set. Tags of other names stay as they are.
    type: dict
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
  - The credentials need C(secretsmanager:DescribeSecret), C(CreateSecret), C(PutSecretValue) and
    C(TagResource); C(UpdateSecret) to change a description, C(DeleteSecret) and C(RestoreSecret)
    for O(state=absent) and for coming back from it. C(GetSecretValue) is needed only with
    O(compare=value), for a secret that others write to as well, and to take one over.
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
- name: Store the key under the label api_key
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/production
    api_key: "{{ lookup('ansible.builtin.env', 'STRIPE_API_KEY') }}"
    region: eu-west-1
    description: Stripe API key for Maia's Stripe Query
    tags:
      team: data-platform

- name: Store the key as plain text, with a profile that assumes a role
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/test
    api_key: "{{ vaulted_stripe_test_key }}"
    format: plaintext
    profile: data-platform-test

- name: Delete the secret, to be restored within a week if need be
  maia.stripe_query.stripe_secret_aws:
    name: stripe/shop/test
    state: absent
    recovery_window_days: 7
    region: eu-west-1
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
  description: The region that the secret is in.
  returned: success
  type: str
  sample: eu-west-1
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
    - What changed, or in check mode would change, by name. V(value), V(state), V(ownership) (our
      marker was added), V(fingerprint) (it was refreshed), or the name of an option.
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
    - What the given key says about itself. Never the key.
  returned: when O(state=present)
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
error:
  description:
    - The parts of the error message, for machines.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - V(configuration), V(authentication), V(not_permitted), V(not_found), V(foreign_object),
          V(conflict), V(transient), V(api) or V(unexpected).
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
from ansible_collections.maia.stripe_query.plugins.module_utils._operation import run_as_module


def main() -> None:
    """What it does is in module_utils/_aws/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

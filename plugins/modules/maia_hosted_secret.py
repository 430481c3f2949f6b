#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_hosted_secret
short_description: Keep a Stripe key in Matillion's own vault
version_added: 1.1.0
description:
  - For Full SaaS projects, whose vault is Matillion's. Makes a secret with the key, and then a
    secret definition that names it, which Stripe Query components name in turn.
  - Nothing in that vault can be read, listed, changed or deleted by Maia's API. So each value is
    a new secret, called C(<definition>-<digits>), as Maia's user interface makes a new one for
    each edit. The digits hold a fingerprint of the value, so that the definition alone tells
    which value it is. A second run with the same key changes nothing.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  api_key:
    type: str
    description:
      - This or another source of the key is needed with O(state=present).
  name:
    description:
      - The definition's name, up to 128 letters, digits, underscores, hyphens and parentheses.
        Upper and lower case matter. It cannot be changed later.
    type: str
    required: true
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  description:
    description:
      - The definition's description. Our marker is added to it, and both may have 256 characters.
    type: str
notes:
  - The request is not verified against the live service. If your account does not take it, the
    error says what was sent. Then set O(secret_type), O(value_field) or O(secrets_path), or make
    the secret in Maia's user interface and give its name to
    M(maia.stripe_query.maia_secret_definition) as
    O(maia.stripe_query.maia_secret_definition#module:secret_name).
  - That Maia took a value does not prove that the runner gets it.
    M(maia.stripe_query.maia_pipeline_run) proves it.
  - Old values stay in Matillion's vault, where nothing names them any more. So does the last one
    with O(state=absent), and one whose definition could not be written. Have keys revoked in
    Stripe.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.hosted
  - maia.stripe_query.maia
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - module: maia.stripe_query.maia_pipeline_run
  - name: Provisioning a project in Maia's documentation
    description: What is published of the request.
    link: https://docs.maia.ai/docs/api-reference/provisioning-a-project
"""

EXAMPLES = r"""
- name: Give a Full SaaS project its key
  maia.stripe_query.maia_hosted_secret:
    name: stripe_production
    project: Marketing Reports
    api_key: "{{ vaulted_stripe_key }}"
    region: eu1

- name: The same where the account has another word for the type
  maia.stripe_query.maia_hosted_secret:
    name: stripe_production
    project: Marketing Reports
    api_key: "{{ vaulted_stripe_key }}"
    secret_type: API_KEY
    region: eu1

- name: Delete the definition, and say that the value stays
  maia.stripe_query.maia_hosted_secret:
    name: stripe_production
    project: Marketing Reports
    state: absent
    region: eu1
"""

RETURN = r"""
name:
  description: The definition's name.
  returned: success
  type: str
  sample: stripe_production
project_id:
  description: The project's id.
  returned: success
  type: str
  sample: 7d1f3a52-6f0e-4c0b-9a55-0d4b7a7a3c11
id:
  description:
    - The definition's id. Null where Maia does not show it. In its lists, which this module reads,
      the vendor's documentation has none.
  returned: success
  type: str
secret_name:
  description:
    - The name of the secret in Matillion's vault. In check mode the one before. Null if there is
      none.
  returned: when O(state=present)
  type: str
  sample: stripe_production-3f9c0a71b2de4c553f9c0a71b2de4c553f9c0a71b2de4c5510ab32cd0f1e2d3c
changes:
  description:
    - What changed, or in check mode would change, by name. V(value), V(state), V(ownership) (our
      marker was added), V(fingerprint) (it was refreshed), or the name of an option.
  returned: success
  type: list
  elements: str
  sample: [value]
label:
  description: Always null, since the value that the definition holds is the key alone.
  returned: when O(state=present)
  type: str
  version_added: 1.1.0
verdict:
  description:
    - Whether the value that was stored before this run is the desired one, and how that is known.
      V(proven) means that it was read or cannot have changed, V(recorded) that our own note says
      so, V(contradicted) that it is another, V(unknown) that it cannot be known. Null if it did not
      matter.
  returned: when O(state=present)
  type: str
  sample: contradicted
  version_added: 1.1.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it could, or did not have to be.
  returned: when O(state=present)
  type: str
  sample: null
  version_added: 1.1.0
verified_by:
  description:
    - How the stored value was compared with the desired one. V(fingerprint), V(value),
      V(value_version), or V(unknown) if it could not be. Null if it did not matter.
  returned: when O(state=present)
  type: str
  sample: fingerprint
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. The same value in the same
      place keeps it; the same value in another place has another.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: when O(state=present)
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
  returned: when O(state=present)
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret had last been changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: when O(state=present)
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

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.hosted_operation import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/hosted_operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_hosted_secret
short_description: Keep a Stripe key in Matillion's own vault
version_added: 2.0.0
description:
  - For Full SaaS projects, which use Matillion's vault. Creates a secret with the key, and a secret
    definition that names the secret and that Stripe Query components use.
  - Maia's API cannot read, list, change or delete secrets in that vault. So each value is a new
    secret with the name C(<definition>-<digits>), just as Maia's user interface creates a new
    secret for each edit. The digits contain a fingerprint of the value, so that the definition
    shows which value it is. A second run with the same key changes nothing.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  api_key:
    type: str
    description:
      - This or another source of the key is required with O(state=present).
  name:
    description:
      - The definition's name, up to 128 letters, digits, underscores, hyphens and parentheses.
        It is case-sensitive. It cannot be changed later.
    type: str
    required: true
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  description:
    description:
      - The description of the definition. The collection adds its marker; both together may have
        256 characters.
    type: str
notes:
  - The request is not verified against the live service. If your account does not accept it, the
    error shows what was sent. Then set O(secret_type), O(value_field) or O(secrets_path), or make
    the secret in Maia's user interface and give its name to
    M(maia.stripe_query.maia_secret_definition) as
    O(maia.stripe_query.maia_secret_definition#module:secret_name).
  - A project whose runners all read another vault is Hybrid. A key for it is refused, in check mode
    as well, before anything is written. If Maia does not show the runners, it refuses the request.
  - A successful request does not prove that the runner can read the value. Use
    M(maia.stripe_query.maia_pipeline_run) to prove that.
  - Old values stay in Matillion's vault, but no definition names them. The same is true for the
    last value with O(state=absent), and for a value whose definition could not be written. Expire
    old keys in Stripe.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.stripe_key
  - maia.stripe_query.stored_value
  - maia.stripe_query.hosted
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
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
    - The definition's id. Null if Maia does not show it. According to the vendor's documentation,
      lists do not contain it.
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
  description: Always null, because the value is only the key.
  returned: when O(state=present)
  type: str
  version_added: 2.0.0
verdict:
  description:
    - Whether the value before this run was the desired one. V(proven) means that it was read or
      cannot have changed, V(recorded) that the recorded fingerprint matches, V(contradicted) that
      it differs, V(unknown) that it could not be compared. Null if the comparison was not needed.
  returned: when O(state=present)
  type: str
  sample: contradicted
  version_added: 2.0.0
unread_because:
  description:
    - Why the stored value could not be read. Null if it was read, or was not needed.
  returned: when O(state=present)
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
verified_by:
  description:
    - How the stored value was compared with the desired one. V(fingerprint), V(value),
      V(value_version), or V(unknown) if it could not be compared. Null if the comparison was not
      needed.
  returned: when O(state=present)
  type: str
  sample: fingerprint
fingerprint:
  description:
    - The first characters of the fingerprint of the stored value. It depends on the value and on
      the place of the secret.
    - Null if there is none, and in check mode for a secret that does not exist yet.
  returned: when O(state=present)
  type: str
  sample: 3f9c0a71b2de
api_key:
  description:
    - Information about the given key. Never the key.
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
    - When the secret was created, in UTC (ISO 8601). Null if it did not exist before this task.
  returned: when O(state=present)
  type: str
  sample: '2026-11-02T08:15:00+00:00'
last_changed:
  description:
    - When the secret was last changed before this task, in UTC (ISO 8601). Null if unknown.
  returned: when O(state=present)
  type: str
  sample: '2026-11-02T08:15:00+00:00'
value_since:
  description:
    - When the previous value was written, in UTC (ISO 8601). Null if unknown.
    - It is recorded in the description when the value is stored.
  returned: when O(state=present)
  type: str
  sample: '2026-11-02T08:15:00+00:00'
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

from ansible_collections.maia.stripe_query.plugins.module_utils._core.module_face import (
    run_as_module,
)
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.hosted import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/modules/hosted.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

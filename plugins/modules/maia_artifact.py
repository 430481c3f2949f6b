#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_artifact
short_description: Publish the pipelines of a checkout to a Maia environment
version_added: 2.0.0
description:
  - Sends files of a checkout to Maia, which publishes them as a new version to one environment.
    Then schedules and M(maia.stripe_query.maia_pipeline_run) run that version.
  - The vendor does not document this request. It is the same as in several public scripts, and not
    verified against the live service. Try it in a test environment first, and publish in Maia's
    user interface if it is refused.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
options:
  project:
    description:
      - The project's name or id. A name that several projects have is refused.
    type: str
    required: true
  environment:
    description:
      - The name of the environment. It is case-sensitive.
    type: str
    required: true
  version_name:
    description:
      - The name of the version. Each version needs a new name, such as one with the hash of the
        commit.
    type: str
    required: true
  path:
    description:
      - The directory of the checkout.
    type: path
    required: true
  files:
    description:
      - The files to publish, by their paths in the checkout. A version contains only these files,
        so list all pipelines of the project and the scripts that they use, not only changed files.
      - They end in C(.yaml), C(.yml), C(.py) or C(.sql). A file with text that looks like a Stripe
        API key is refused.
    type: list
    elements: str
    required: true
  branch:
    description:
      - The branch that the files are from.
    type: str
  commit:
    description:
      - The hash of the commit that the files are from.
    type: str
notes:
  - Custom and Flex connectors are not part of a checkout, and so not of such a version. Publish in
    Maia's user interface if pipelines use them.
  - Each run publishes and reports a change. If Maia has a version of this name, the task fails and
    nothing is published.
  - Maia keeps the previous version.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
attributes:
  diff_mode:
    support: none
    details: Maia does not tell what is published.
  idempotent:
    support: none
    details: Maia does not tell what is published.
seealso:
  - module: maia.stripe_query.maia_stripe_component
  - module: maia.stripe_query.maia_pipeline_run
"""

EXAMPLES = r"""
- name: List the files that Git has
  ansible.builtin.command:
    cmd: git -C /srv/shop ls-files -- '*.yaml' '*.yml' '*.py' '*.sql'
  register: tracked
  changed_when: false

- name: Publish them
  maia.stripe_query.maia_artifact:
    project: Shop Analytics
    environment: test
    version_name: "stripe-{{ lookup('ansible.builtin.pipe', 'git -C /srv/shop rev-parse HEAD') }}"
    path: /srv/shop
    files: "{{ tracked.stdout_lines }}"
    branch: main
    region: eu1
"""

RETURN = r"""
project:
  description: The project.
  returned: success
  type: dict
  contains:
    id:
      description: Its id.
      type: str
    name:
      description: Its name. Null if the id was given.
      type: str
environment:
  description: The environment's name.
  returned: success
  type: str
  sample: test
version_name:
  description: The name of the version.
  returned: success
  type: str
  sample: stripe-4b825dc642cb
files:
  description: The files that are in it.
  returned: success
  type: list
  elements: str
  sample: [shop/Load Charges.orch.yaml]
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.artifact import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/modules/artifact.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

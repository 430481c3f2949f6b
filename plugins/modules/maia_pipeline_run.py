#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_pipeline_run
short_description: Run a published pipeline in a Maia environment
version_added: 2.0.0
description:
  - Starts a published pipeline, waits until it has ended, and fails unless it succeeded.
  - Only a pipeline with a Stripe Query component proves that the runner can read the secret and
    that Stripe accepts the key.
  - A Stripe Query component empties its target table. Use a separate pipeline with its own table
    and a row limit for a probe.
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
  pipeline:
    description:
      - The name of the pipeline. It has to be published to the environment.
    type: str
    required: true
  agent_id:
    description:
      - The ID of the runner. The default is the environment's runner.
    type: str
  version_name:
    description:
      - The published version. The default is the environment's current version.
    type: str
  execution_tag:
    description:
      - A text of your choice. While an execution with this tag runs, Maia does not start another
        one, and the task fails. So two runs of the task do not run the pipeline twice at the same
        time.
    type: str
  variables:
    description:
      - Values of the pipeline's scalar variables. They are sent as strings.
    type: dict
  grid_variables:
    description:
      - Values of the pipeline's grid variables, in the form of the API.
    type: dict
  timeout_seconds:
    description:
      - How long to wait for the end of the execution, from 1 to 86400 seconds. After this time the
        task fails, but the execution continues in Maia.
    type: int
    default: 900
  show_messages:
    description:
      - Return the messages of the execution and its steps. They come from the components of the
        pipeline and may contain data. Text that looks like a Stripe key is masked, and each message
        is cut to 500 characters.
    type: bool
    default: false
notes:
  - Each run of this module runs the pipeline and reports a change. In check mode it only checks
    whether the pipeline is published to the environment, not whether the credentials can run it.
  - The credentials need the environment role I(Owner) or I(Contributor), or the account role
    I(Super Admin).
  - The status is requested after 2 seconds, and then at increasing intervals of up to 30 seconds.
    Temporary failures of Maia in the meantime are ignored.
  - The format of Maia's responses is taken from public clients and not verified against the live
    service.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
  - maia.stripe_query.time_limit
attributes:
  diff_mode:
    support: none
    details: There is nothing to compare.
  idempotent:
    support: none
    details: A second run runs the pipeline again.
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - module: maia.stripe_query.stripe_api_key_info
  - name: Pipeline execution in Maia's documentation
    description: The calls that are made.
    link: https://docs.maia.ai/api-reference/pipeline-execution
"""

EXAMPLES = r"""
- name: Prove that the runner reads the key and that Stripe takes it
  maia.stripe_query.maia_pipeline_run:
    project: Shop Analytics
    environment: production
    pipeline: Stripe probe
    execution_tag: stripe-probe-shop-production
    timeout_seconds: 600
    region: eu1
  register: probe

- name: Show how long each step took to succeed
  ansible.builtin.debug:
    var: probe.steps
"""

RETURN = r"""
project:
  description: The project.
  returned: when the pipeline was looked for or started
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
  returned: success, and failure once it was started
  type: str
  sample: production
pipeline:
  description: The pipeline's name.
  returned: success, and failure once it was started
  type: str
  sample: Stripe probe
execution_id:
  description: The id of the execution. Null in check mode.
  returned: success, and failure once it was started
  type: str
  sample: 0d9a3a0e-52a1-4c3d-a1a2-7d0f4a0f3b51
status:
  description:
    - The last known status of the execution, such as V(SUCCESS), V(FAILED), V(CANCELLED),
      V(SKIPPED) or, if the time was over, V(RUNNING). Null in check mode.
  returned: success, and failure once it was started
  type: str
  sample: SUCCESS
started_at:
  description: When it began, according to Maia.
  returned: success, and failure once it was started
  type: str
  sample: '2026-11-28T03:00:00Z'
finished_at:
  description: When it ended, according to Maia. Null if it has not.
  returned: success, and failure once it was started
  type: str
  sample: '2026-11-28T03:00:41Z'
duration_seconds:
  description: The seconds between the two. Null if Maia does not return both.
  returned: success, and failure once it was started
  type: float
  sample: 41.0
steps:
  description: The components that were run. Null if Maia did not show them; see RV(unread_because).
  returned: success, and failure once it was started
  type: list
  elements: dict
  contains:
    name:
      description: The component's name.
      type: str
      sample: Stripe Query
    status:
      description: Its status, as in RV(status).
      type: str
      sample: SUCCESS
    started_at:
      description: When it began.
      type: str
    finished_at:
      description: When it ended.
      type: str
    message:
      description: Its message, masked and cut.
      returned: with O(show_messages=true)
      type: str
unread_because:
  description: Why RV(steps) could not be read, in one sentence.
  returned: if they could not be read
  type: str
  version_added: 2.0.0
message:
  description: Maia's message about the execution, masked and cut.
  returned: with O(show_messages=true), once it was started
  type: str
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.modules.pipeline import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/modules/pipeline.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

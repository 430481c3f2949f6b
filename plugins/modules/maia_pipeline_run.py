#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_pipeline_run
short_description: Run a published pipeline in a Maia environment
version_added: 1.1.0
description:
  - Starts a published pipeline, waits until it has ended, and fails unless it succeeded.
  - A pipeline with a Stripe Query component of its own proves that the runner reads the secret
    and that Stripe takes the key. Nothing else does.
  - A Stripe Query component empties its target table. Give a probe a pipeline, a table and a row
    limit of its own.
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
      - The environment's name. Upper and lower case matter.
    type: str
    required: true
  pipeline:
    description:
      - The pipeline's name. It has to be published to the environment.
    type: str
    required: true
  agent_id:
    description:
      - The id of the runner, if not the environment's own.
    type: str
  version_name:
    description:
      - The published version, if not the environment's current one.
    type: str
  execution_tag:
    description:
      - A text of your own. Maia starts no second execution of a tag while one runs, so that a task
        that is run twice does not run the pipeline twice at a time. Then the task fails.
    type: str
  variables:
    description:
      - Values of the pipeline's scalar variables. Maia gets them as texts.
    type: dict
  grid_variables:
    description:
      - Values of the pipeline's grid variables, in the form of the API.
    type: dict
  timeout_seconds:
    description:
      - How long to wait for the end of the execution, from 1 to 86400 seconds. Then the task
        fails and the execution goes on in Maia.
    type: int
    default: 900
  show_messages:
    description:
      - Return the messages of the execution and its steps. They come from the pipeline's
        components and may hold data. What looks like a Stripe key is masked, and each is cut to
        500 characters.
    type: bool
    default: false
notes:
  - Each run of this module runs the pipeline and reports a change. In check mode it only looks
    whether the pipeline is published to the environment, and whether the credentials may run it
    is not known.
  - The credentials need the environment role I(Owner) or I(Contributor), or the account role
    I(Super Admin).
  - Whether it has ended is asked after 2 seconds, then less and less often, at last every 30
    seconds. That Maia is failing or out of reach meanwhile is waited for as well.
  - The forms of Maia's answers are taken from public clients and not verified against the live
    service.
extends_documentation_fragment:
  - maia.stripe_query.attributes
  - maia.stripe_query.maia
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
    - How the execution was found at last, such as V(SUCCESS), V(FAILED), V(CANCELLED), V(SKIPPED)
      or, if the time was over, V(RUNNING). Null in check mode.
  returned: success, and failure once it was started
  type: str
  sample: SUCCESS
started_at:
  description: When it began, as Maia tells it.
  returned: success, and failure once it was started
  type: str
  sample: '2026-11-28T03:00:00Z'
finished_at:
  description: When it ended, as Maia tells it. Null if it has not.
  returned: success, and failure once it was started
  type: str
  sample: '2026-11-28T03:00:41Z'
duration_seconds:
  description: The seconds between the two. Null if Maia does not tell both.
  returned: success, and failure once it was started
  type: float
  sample: 41.0
steps:
  description: The components that were run.
  returned: success, and failure once it was started
  type: list
  elements: dict
  contains:
    name:
      description: The component's name.
      type: str
      sample: Stripe Query
    status:
      description: How it ended, in the words of RV(status).
      type: str
      sample: SUCCESS
    started_at:
      description: When it began.
      type: str
    finished_at:
      description: When it ended.
      type: str
    message:
      description: What it said, masked and cut.
      returned: with O(show_messages=true)
      type: str
message:
  description: What Maia says of the execution, masked and cut.
  returned: with O(show_messages=true), once it was started
  type: str
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
from ansible_collections.maia.stripe_query.plugins.module_utils._maia.pipeline_operation import (
    OPERATION,
)


def main() -> None:
    """What it does is in module_utils/_maia/pipeline_operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

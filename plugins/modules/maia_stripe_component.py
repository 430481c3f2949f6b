#!/usr/bin/python
# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: maia_stripe_component
short_description: Point Stripe Query components in Maia pipeline files at a secret definition
version_added: 1.0.0
description:
  - Maia keeps pipelines as YAML files in a Git repository. This module sets the API Key property of
    the Stripe Query components in such files to the name of a secret definition.
  - Only the property's value is replaced. All other bytes stay as they are, such as comments,
    quoting, folded lines, line ends, a byte order mark and whether there is a final newline.
  - In check mode it tells where the components point and would point, see RV(components).
  - It works on files where the task runs, without Maia's API and without Git.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
requirements:
  - PyYAML, which ansible-core brings along, where the task runs
options:
  path:
    description:
      - A pipeline file, or a directory that is searched for them. It must be absolute.
      - A symbolic link to a file is followed, and stays, if it does not lead out of the directory;
        otherwise nothing is changed. Links to directories are not followed.
    type: path
    required: true
  definition:
    description:
      - The name of the secret definition. Upper and lower case matter to Maia, so give it exactly
        as M(maia.stripe_query.maia_secret_definition) got it.
      - That Maia has such a definition is not checked.
    type: str
    required: true
  patterns:
    description:
      - In a directory, the files whose names match one of these shell patterns are pipeline files.
        C(.git) is not searched.
    type: list
    elements: str
    default: ["*.orch.yaml"]
  recurse:
    description:
      - Whether directories in the directory are searched, too.
    type: bool
    default: true
  component_names:
    description:
      - The components of these names. By default they may have any name.
      - A component has to match this and O(component_types).
    type: list
    elements: str
    default: []
  component_types:
    description:
      - The components of these types. Set it to an empty list to go by O(component_names) alone.
      - The vendor has not published the type of Stripe Query. If the default is wrong, the message
        names the types with V(stripe) in them that were found.
    type: list
    elements: str
    default: [stripe-query]
  property_path:
    description:
      - Where a component has its API Key property, below its C(parameters), with dots between
        keys.
      - The vendor has not published it. Components that keep their properties in groups need a
        path, such as V(stripe.apiKey).
      - If only the last key is missing it is added after C(authenticationMethod),
        C(basicAdvancedMode) or C(componentName), whichever of these is there first, or else as the
        first one of its group.
    type: str
    default: apiKey
  authentication_method:
    description:
      - What to set C(authenticationMethod) to, in the components that have it, such as V(API Key).
      - By default it stays as it is.
    type: str
  replace_nested:
    description:
      - A migration from Matillion ETL leaves C(secretReferenceNameId) as a key below the property,
        which Maia saves but does not resolve when the pipeline runs.
      - Whether to replace it by the name. Otherwise nothing is changed, and the message names the
        file and the component.
    type: bool
    default: false
  on_missing:
    description:
      - What to do if no component matches, or if one of O(component_names) is in none of the files.
    type: str
    choices: [fail, warn, ignore]
    default: fail
attributes:
  diff_mode:
    details:
      - For each file that changes, the diff has the components that change, and of these the
        properties that change and nothing else. A value that is replaced is masked as in
        RV(components[].points_at_before).
notes:
  - The rights needed are to read the files, and to write to the directories of those that change,
    as each is replaced by a new file in one step. Their mode stays, and so do owner and group if
    the user may set them.
  - All files are read and planned before the first is changed. When one of them is not UTF-8, not
    valid YAML, larger than 5 MB or nested more than 100 levels deep, holds several documents or
    repeats a key, nothing is changed.
  - The value is written in double quotes, as Maia does. A value that is right already stays as it
    is, in whatever quotes.
  - A value that a YAML alias or merge key shares with another place is refused, as is every other
    layout where more than the one value would change. Each changed text is parsed again before it
    is written, and compared with what was there.
  - Tasks that edit the same O(path) at the same time wait for each other.
  - Commit and push are left to you, or to the playbook C(maia.stripe_query.component).
extends_documentation_fragment:
  - maia.stripe_query.attributes
seealso:
  - module: maia.stripe_query.maia_secret_definition
  - name: Stripe Query
    description: The component, in the vendor's documentation.
    link: https://docs.matillion.com/data-productivity-cloud/designer/docs/stripe-query/
"""

EXAMPLES = r"""
- name: Point all Stripe Query components of a repository at one definition
  maia.stripe_query.maia_stripe_component:
    path: "{{ playbook_dir }}/pipelines"
    definition: stripe_production

- name: Only look where they point
  maia.stripe_query.maia_stripe_component:
    path: "{{ playbook_dir }}/pipelines"
    definition: stripe_production
    on_missing: ignore
  check_mode: true
  register: stripe_components

- name: Show those that point elsewhere
  ansible.builtin.debug:
    msg: "{{ item.component }} in {{ item.file }} points at {{ item.points_at_before }}"
  loop: "{{ stripe_components.components | selectattr('changed') }}"
  loop_control:
    label: "{{ item.component }}"

- name: Point one component of one file at it, whatever its type, and repair what a migration left
  maia.stripe_query.maia_stripe_component:
    path: "{{ playbook_dir }}/pipelines/Load Shop.orch.yaml"
    definition: stripe_production
    component_names: [Stripe Charges]
    component_types: []
    authentication_method: API Key
    replace_nested: true
"""

RETURN = r"""
components:
  description: The components that matched, by file and in the order in which they are in it.
  returned: success
  type: list
  elements: dict
  contains:
    file:
      description: The path of the file.
      type: str
    component:
      description: The component's name.
      type: str
    type:
      description: The component's type. Null if it has none.
      type: str
    points_at:
      description: The definition that it points at now, or in check mode would point at.
      type: str
    points_at_before:
      description:
        - The definition that it pointed at. Null if the property was missing or empty.
        - Masked, here and everywhere else, unless it is O(definition) or plausible as a name, since
          a key may stand in its place. A name is made of words of up to 15 letters, with digits
          before or after them, separated by underscores, hyphens, dots, parentheses or spaces.
          Nothing like a Stripe API key is one. A value that is masked comes with a warning.
      type: str
    changed:
      description: Whether the component was changed, or in check mode would be.
      type: bool
  sample:
    - file: /srv/pipelines/Load Shop.orch.yaml
      component: Stripe Charges
      type: stripe-query
      points_at: stripe_production
      points_at_before: stripe_test
      changed: true
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
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.operation import OPERATION


def main() -> None:
    """What it does is in module_utils/_pipeline/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

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
  - Only the value of the property is replaced. All other bytes are kept, including comments,
    quotes, folded lines, line endings, a byte order mark and a final newline.
  - In check mode, RV(components) shows the current and the new definition of each component.
  - It works on files where the task runs, without Maia's API and without Git.
author:
  - Contributors to the maia.stripe_query collection (@maia-stripe-query)
requirements:
  - PyYAML, which ansible-core brings along, where the task runs
options:
  path:
    description:
      - A pipeline file, or a directory that is searched for them. It must be absolute.
      - A symbolic link to a file is followed and kept if it stays within the directory; otherwise
        nothing is changed. Links to directories are not followed.
    type: path
    required: true
  definition:
    description:
      - The name of the secret definition. It is case-sensitive. Use the same text as in
        M(maia.stripe_query.maia_secret_definition).
      - The module does not check whether the definition exists.
    type: str
    required: true
  patterns:
    description:
      - Shell patterns for the names of pipeline files in a directory.
        C(.git) is not searched.
    type: list
    elements: str
    default: ["*.orch.yaml"]
  recurse:
    description:
      - Whether to search subdirectories.
    type: bool
    default: true
  component_names:
    description:
      - The names of the components to change. By default, all names.
      - A component has to match both this and O(component_types).
    type: list
    elements: str
    default: []
  component_types:
    description:
      - The types of the components to change. With an empty list, only O(component_names) counts.
      - The vendor does not document the type of Stripe Query. If the default is wrong, the message
        lists the types that contain V(stripe).
    type: list
    elements: str
    default: [stripe-query]
  property_path:
    description:
      - The path of the API Key property below the C(parameters) of the component, with dots between
        keys.
      - The vendor does not document it. Components with groups of properties need a path, such as
        V(stripe.apiKey).
      - If only the last key is missing it is added after C(authenticationMethod),
        C(basicAdvancedMode) or C(componentName), or else as the first property of its group.
    type: str
    default: apiKey
  authentication_method:
    description:
      - The value for C(authenticationMethod) in components that have this property, such as V(API
        Key).
      - By default it is not changed.
    type: str
  replace_nested:
    description:
      - A migration from Matillion ETL leaves C(secretReferenceNameId) as a key below the property,
        which Maia saves but does not resolve when the pipeline runs.
      - Whether to replace it with the name. Otherwise nothing is changed, and the message names the
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
        properties that change and nothing else. A replaced value is masked as in
        RV(components[].points_at_before).
notes:
  - The user needs permission to read the files, and to write to the directories of files that
    change, because each file is replaced atomically. The mode is kept, and so are the owner and
    group if the user may set them.
  - All files are read and planned before the first is changed. When one of them is not UTF-8, not
    valid YAML, larger than 5 MB or nested more than 100 levels deep, holds several documents or
    repeats a key, nothing is changed.
  - The value is written in double quotes, as Maia does. A correct value is not changed, whatever
    its quotes.
  - A value that a YAML alias or merge key shares with another place is refused, as is any other
    layout where more than one value would change. Each changed file is parsed and compared with the
    previous content before it is written.
  - Tasks that edit the same O(path) at the same time wait for each other.
  - Components that were migrated from Matillion ETL and that Maia did not know have the type
    C(unknown-orchestration) and numbers as keys. They are not found; recreate them in Designer.
  - The module does not commit or push; see the playbook C(maia.stripe_query.component).
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
  connection: local

- name: Only look where they point
  maia.stripe_query.maia_stripe_component:
    path: "{{ playbook_dir }}/pipelines"
    definition: stripe_production
    on_missing: ignore
  connection: local
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
  connection: local
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
      description: The definition that it names now, or in check mode would name.
      type: str
    points_at_before:
      description:
        - The definition that it named before. Null if the property was missing or empty.
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
from ansible_collections.maia.stripe_query.plugins.module_utils._pipeline.operation import OPERATION


def main() -> None:
    """What it does is in module_utils/_pipeline/operation.py."""
    run_as_module(OPERATION)


if __name__ == "__main__":
    main()

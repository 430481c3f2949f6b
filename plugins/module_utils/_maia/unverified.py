# Copyright: Contributors to the maia.stripe_query collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the vendor has not published: our guesses, all of them here.

A wrong guess shows as a refusal by the server, and is corrected in this file alone. The README
lists them under "not verified against the live service".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Full SaaS: "Create Secret" of https://docs.maia.ai/docs/api-reference/provisioning-a-project. Only
# the path, `name` and that there is a `type` are published, and types for warehouses only. The
# options secret_type, value_field and secrets_path stand in for these where they are wrong.
HOSTED_SECRET_TYPE = "GENERIC_SECRET"
HOSTED_VALUE_FIELD = "value"
HOSTED_SECRETS_PATH = "secrets"  # below /v1/projects/{projectId}/

# How a Matillion-hosted agent (Full SaaS) shows in /v1/agents: by its deployment, we think. Maia's
# user interface calls it "Matillion Hosted".
HOSTED = re.compile(r"matillion|hosted|saas", re.IGNORECASE)


@dataclass(frozen=True)
class CustomersVault:
    """The vault that a customer's agents of one cloudProvider read.

    deployments: of which it is known that they are a customer's; empty: all are.
    """

    vault: str
    deployments: frozenset[str] = frozenset()

    def has(self, deployment: str) -> bool:
        return not self.deployments or deployment in self.deployments


# By cloudProvider. The deployments are those of the vendor's Terraform provider; any other may be
# Matillion's own. In Snowflake, we think, Matillion hosts no agents.
CUSTOMERS_VAULTS = {
    "aws": CustomersVault("aws", frozenset({"fargate", "eks"})),
    "azure": CustomersVault("azure", frozenset({"aci", "aks"})),
    "snowflake": CustomersVault("snowflake"),
}

# The names that the secret-references API accepts; nothing is published for connections.
DEFINITION_NAME = re.compile(r"[A-Za-z0-9_()-]{1,128}")

# The older API's words for the kinds of agent. It has none for Snowflake.
REFERENCE_AGENT_TYPES = {"aws": "AWS", "azure": "Azure", "hosted": "Matillion hosted"}
# The vaults that these read. Which word a runner in Snowflake would have there is unknown.
REFERENCE_AGENT_VAULTS = {"aws": "aws", "azure": "azure", "hosted": "maia"}

# The vaults that a location's type names by its first word; only AWS_SECRET_MANAGER is published.
# Which one Matillion's own vault would have is unknown: it is in AWS as well.
LOCATION_VAULTS = {
    "AWS": "aws",
    "AZURE": "azure",
    "GCP": "gcp",
    "GOOGLE": "gcp",
    "SNOWFLAKE": "snowflake",
}

# Publishing: the parts' media types, by the files' endings, as public clients send them.
ARTIFACT_TYPES = {
    ".yaml": "application/vnd.matillion.dpl+yaml",
    ".yml": "application/vnd.matillion.dpl+yaml",
    ".py": "text/plain",
    ".sql": "text/plain",
}

# Pipeline files: the type of the Stripe Query component, and its properties' keys, of which those
# that come before the API key in the form are listed from the last to the first.
COMPONENT_TYPE = "stripe-query"
API_KEY_PROPERTY = "apiKey"
AUTHENTICATION_PROPERTY = "authenticationMethod"
BEFORE_API_KEY = (AUTHENTICATION_PROPERTY, "basicAdvancedMode", "componentName")

# What a preflight says of them, by what it calls them. Those that only a write would tell of stay
# unknown there.
ASSUMED = {
    "deployments": "An agent's cloudProvider and deployment are among those that are known.",
    "hosted_runners": "The deployment of Matillion's own runners says matillion, hosted or saas.",
    "definition_names": "Names have 1 to 128 letters, digits and _()-.",
    "definition_pages": "Definitions are listed in pages.",
    "override_pages": "Overrides are listed in pages.",
    "edited_names": "An edit in Maia names a new secret after project, environment and definition.",
    "secret_references": "The older API lists secret references in pages.",
    "published_pipelines": "Published pipelines are listed in pages.",
    "component_keys": "The component's type is stripe-query, and its key's property apiKey.",
    "hosted_request": "A secret in Matillion's vault is created with name, type and value.",
    "overrides_deleted": "The overrides of a definition are deleted with it.",
    "pipeline_answers": "Responses about a pipeline run have the format that public clients read.",
    "publishing": "A version is published by its files, with its properties in headers.",
    "project_roles": "The credentials' project role can create definitions.",
}

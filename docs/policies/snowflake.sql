-- Copyright: Contributors to the maia.stripe_query collection
-- GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- The least that stripe_secret_snowflake needs for secrets in a schema of your own: it owns what
-- it makes. Database, schema, role and user are examples.
CREATE ROLE MAIA_SECRETS;
GRANT USAGE ON DATABASE PLATFORM TO ROLE MAIA_SECRETS;
GRANT USAGE, CREATE SECRET ON SCHEMA PLATFORM.SECRETS TO ROLE MAIA_SECRETS;
GRANT ROLE MAIA_SECRETS TO USER MAIA_ADMIN;

-- For the role of the runner, once, with grant_usage_on_schema: false.
GRANT USAGE ON DATABASE PLATFORM TO ROLE SHOP_RUNNER_ROLE;
GRANT USAGE ON SCHEMA PLATFORM.SECRETS TO ROLE SHOP_RUNNER_ROLE;

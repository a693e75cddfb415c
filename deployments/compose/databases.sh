#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: two databases, three roles.
# `termgate` uses the ledger and owns nothing of it; what it may do is granted when a cycle is opened.
set -euo pipefail

as_admin() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" "$@"; }

# Passwords reach psql by its environment, not on the command line, and are quoted by it.
as_admin --dbname postgres <<'SQL'
\getenv prefect_password PREFECT_DATABASE_PASSWORD
\getenv owner_password LEDGER_OWNER_PASSWORD
\getenv ledger_password LEDGER_PASSWORD
CREATE ROLE prefect LOGIN PASSWORD :'prefect_password';
CREATE ROLE ledger_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE termgate LOGIN PASSWORD :'ledger_password';
CREATE DATABASE prefect OWNER prefect ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE ledger OWNER ledger_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT, TEMPORARY ON DATABASE prefect, ledger FROM PUBLIC;
GRANT CONNECT ON DATABASE ledger TO termgate;
SQL

# Prefect's migrations need it, and only the administrator may add it for a role without rights.
as_admin --dbname prefect --command 'CREATE EXTENSION IF NOT EXISTS pg_trgm'
as_admin --dbname ledger <<'SQL'
ALTER SCHEMA public OWNER TO ledger_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL

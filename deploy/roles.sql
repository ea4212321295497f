-- Two roles of PostgreSQL: one owns the tables and is used for upgrades alone, one serves and may only add to the journal.
-- As PostgreSQL's own administrator, from a copy with passwords of your own: psql -v ON_ERROR_STOP=1 -f roles.sql
-- Then as the owner: carepool prepare, and carepool database grant carepool_serves (docs/how-to/deployment.md).
CREATE ROLE carepool_owns LOGIN PASSWORD 'CHANGE-ME';
CREATE ROLE carepool_serves LOGIN PASSWORD 'CHANGE-ME';
CREATE DATABASE carepool OWNER carepool_owns ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE carepool FROM PUBLIC;
GRANT CONNECT ON DATABASE carepool TO carepool_serves;

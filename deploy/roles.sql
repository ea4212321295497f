-- Two roles of PostgreSQL: one owns the tables and is used for upgrades alone, one serves and may only add to the journal.
-- psql -f deploy/roles.sql; then as the owner: carepool prepare, and carepool database grant carepool_serves.
CREATE ROLE carepool_owns LOGIN PASSWORD 'CHANGE-ME';
CREATE ROLE carepool_serves LOGIN PASSWORD 'CHANGE-ME';
CREATE DATABASE carepool OWNER carepool_owns ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE carepool FROM PUBLIC;
GRANT CONNECT ON DATABASE carepool TO carepool_serves;

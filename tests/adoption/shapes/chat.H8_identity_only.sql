CREATE TABLE users (id @UUID@ NOT NULL PRIMARY KEY, email VARCHAR(320) NOT NULL, first_name VARCHAR(120), last_name VARCHAR(120), password_hash VARCHAR(255),
  google_sub VARCHAR(128) UNIQUE, is_active BOOLEAN NOT NULL, email_verified_at @TZ@, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE UNIQUE INDEX ix_users_email ON users (email);
INSERT INTO users (id, email, is_active) VALUES ('00000000-0000-4000-8000-000000000001', 'ann@example.org', @TRUE@);
CREATE TABLE accounts (id @UUID@ NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, owner_user_id @UUID@ NOT NULL REFERENCES users (id),
  created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, CONSTRAINT uq_account_owner UNIQUE (owner_user_id));
INSERT INTO accounts (id, name, owner_user_id) VALUES ('00000000-0000-4000-8000-000000000002', 'Example', '00000000-0000-4000-8000-000000000001');
CREATE TABLE memberships (id @UUID@ NOT NULL PRIMARY KEY, account_id @UUID@ NOT NULL REFERENCES accounts (id), user_id @UUID@ NOT NULL REFERENCES users (id),
  role @ROLE@ NOT NULL, manage_schema_ids @JSON@, manage_agent_ids @JSON@, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, CONSTRAINT uq_membership UNIQUE (account_id, user_id));
INSERT INTO memberships (id, account_id, user_id, role) VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'OWNER');
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version (version_num) VALUES ('9c1f0a7b2d34');

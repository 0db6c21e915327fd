CREATE TABLE users (id @UUID@ NOT NULL PRIMARY KEY, email VARCHAR(320) NOT NULL, first_name VARCHAR(120), last_name VARCHAR(120), password_hash VARCHAR(255),
  google_sub VARCHAR(128) UNIQUE, is_active BOOLEAN NOT NULL, email_verified_at @TZ@, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE UNIQUE INDEX ix_users_email ON users (email);
INSERT INTO users (id, email, is_active) VALUES ('00000000-0000-4000-8000-000000000001', 'ann@example.org', @TRUE@);
CREATE TABLE accounts (id @UUID@ NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, owner_user_id @UUID@ NOT NULL REFERENCES users (id),
  created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, CONSTRAINT uq_account_owner UNIQUE (owner_user_id));
INSERT INTO accounts (id, name, owner_user_id) VALUES ('00000000-0000-4000-8000-000000000002', 'Example', '00000000-0000-4000-8000-000000000001');
CREATE TABLE memberships (id @UUID@ NOT NULL PRIMARY KEY, account_id @UUID@ NOT NULL REFERENCES accounts (id), user_id @UUID@ NOT NULL REFERENCES users (id),
  role @ROLE@ NOT NULL, manage_schema_ids @JSON@, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, CONSTRAINT uq_membership UNIQUE (account_id, user_id));
INSERT INTO memberships (id, account_id, user_id, role) VALUES ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'OWNER');
CREATE TABLE agents (id @UUID@ NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, description TEXT, status VARCHAR(50) NOT NULL, model_type VARCHAR(100), api_key VARCHAR(500),
  system_instructions TEXT, connection_type @CONNECTIONTYPE@ NOT NULL, connection_config @JSON@ NOT NULL, account_id @UUID@ NOT NULL REFERENCES accounts (id), created_by @UUID@ REFERENCES users (id),
  created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at @TZ@);
CREATE INDEX ix_agents_account_id ON agents (account_id);
CREATE INDEX ix_agents_created_by ON agents (created_by);
INSERT INTO agents (id, name, status, connection_type, connection_config, account_id) VALUES ('00000000-0000-4000-8000-000000000004', 'Sales', 'active', 'DB', '{}', '00000000-0000-4000-8000-000000000002');
CREATE TABLE chats (id @UUID@ NOT NULL PRIMARY KEY, title VARCHAR(255) NOT NULL, agent_id @UUID@ NOT NULL REFERENCES agents (id) ON DELETE CASCADE, user_id @UUID@ NOT NULL REFERENCES users (id) ON DELETE CASCADE, account_id @UUID@ NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE INDEX ix_chats_agent_id ON chats (agent_id);
CREATE INDEX ix_chats_user_id ON chats (user_id);
CREATE INDEX ix_chats_account_id ON chats (account_id);
CREATE TABLE chat_messages (id @UUID@ NOT NULL PRIMARY KEY, chat_id @UUID@ NOT NULL REFERENCES chats (id) ON DELETE CASCADE, role VARCHAR(20) NOT NULL, content TEXT NOT NULL, action VARCHAR(50), dax_attempts TEXT,
  final_dax TEXT, resolution_note TEXT, error TEXT, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE INDEX ix_chat_messages_chat_id ON chat_messages (chat_id);
INSERT INTO chats (id, title, agent_id, user_id, account_id) VALUES ('00000000-0000-4000-8000-000000000005', 'First', '00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002');
INSERT INTO chat_messages (id, chat_id, role, content, dax_attempts) VALUES ('00000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000005', 'user', 'How many?', '["EVALUATE x"]');
CREATE TABLE refresh_tokens (id @UUID@ NOT NULL PRIMARY KEY, user_id @UUID@ NOT NULL REFERENCES users (id), account_id @UUID@ NOT NULL REFERENCES accounts (id), jti VARCHAR(64) NOT NULL,
  token_hash VARCHAR(128) NOT NULL UNIQUE, user_agent VARCHAR(255), ip VARCHAR(64), expires_at @TZ@ NOT NULL, revoked_at @TZ@, created_at @TZ@ DEFAULT CURRENT_TIMESTAMP NOT NULL);
CREATE INDEX ix_refresh_tokens_jti ON refresh_tokens (jti);
CREATE TABLE agent_launch_tokens (id @UUID@ NOT NULL PRIMARY KEY, agent_id @UUID@ NOT NULL REFERENCES agents (id), token VARCHAR(200) NOT NULL, created_at @TZ@ NOT NULL);
INSERT INTO agent_launch_tokens VALUES ('00000000-0000-4000-8000-000000000020', '00000000-0000-4000-8000-000000000004', 'older', '2025-01-01 10:00:00');
INSERT INTO agent_launch_tokens VALUES ('00000000-0000-4000-8000-000000000021', '00000000-0000-4000-8000-000000000004', 'newest', '2025-01-02 10:00:00');
INSERT INTO agent_launch_tokens VALUES ('00000000-0000-4000-8000-00000000001f', '00000000-0000-4000-8000-000000000004', 'twin', '2025-01-02 10:00:00');
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version (version_num) VALUES ('f63e2e56f9b7');

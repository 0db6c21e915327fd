CREATE TABLE live_agent_sessions (
  id VARCHAR(36) NOT NULL PRIMARY KEY, tenant_domain VARCHAR(255) NOT NULL, user_account VARCHAR(255) NOT NULL,
  user_name VARCHAR(255), assigned_agent_id INTEGER, assigned_agent_name VARCHAR(255), status VARCHAR(20),
  created_at @DT@ NOT NULL, updated_at @DT@ NOT NULL,
  last_message_at @DT@, unread_count_user INTEGER, unread_count_agent INTEGER, metadata @JSON@);
CREATE INDEX idx_tenant_domain ON live_agent_sessions (tenant_domain);
CREATE INDEX idx_user_account ON live_agent_sessions (user_account);
CREATE INDEX idx_status ON live_agent_sessions (status);
CREATE INDEX idx_assigned_agent ON live_agent_sessions (assigned_agent_id);

CREATE TABLE live_agent_messages (
  id @ID@, session_id VARCHAR(36) NOT NULL, sender_type VARCHAR(10) NOT NULL, sender_id VARCHAR(255),
  sender_name VARCHAR(255), message_text TEXT NOT NULL, created_at @DT@ NOT NULL,
  read_by_user BOOLEAN, read_by_agent BOOLEAN, delivered_at @DT@, read_at @DT@, message_metadata @JSON@,
  FOREIGN KEY (session_id) REFERENCES live_agent_sessions (id) ON DELETE CASCADE);
CREATE INDEX idx_session_id ON live_agent_messages (session_id);
CREATE INDEX idx_created_at ON live_agent_messages (created_at);

CREATE INDEX ix_live_agent_messages_session_id ON live_agent_messages (session_id);
CREATE INDEX ix_live_agent_messages_sender_id ON live_agent_messages (sender_id);
INSERT INTO live_agent_sessions (id, tenant_domain, user_account, unread_count_agent, created_at, updated_at) VALUES ('6f0d3c1e-0000-4000-8000-000000000001', 'example.org', 'cora@example.org', 2, '2025-01-01 10:00:00', '2025-01-01 10:00:00');
INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent, created_at) VALUES (4, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Is anybody there?', @TRUE@, @FALSE@, '2025-01-01 10:00:00');
INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent, created_at) VALUES (9, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Hello?', @TRUE@, @FALSE@, '2025-01-01 10:00:00');


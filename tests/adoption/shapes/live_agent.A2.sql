CREATE TABLE live_agent_sessions (
  id VARCHAR(36) NOT NULL PRIMARY KEY, tenant_domain VARCHAR(255) NOT NULL, user_account VARCHAR(255) NOT NULL,
  user_name VARCHAR(255), assigned_agent_id INTEGER, assigned_agent_name VARCHAR(255), status VARCHAR(20) DEFAULT 'pending',
  created_at @DT@ DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at @DT@ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  last_message_at @DT@, unread_count_user INTEGER DEFAULT 0, unread_count_agent INTEGER DEFAULT 0, metadata @JSON@);
CREATE INDEX idx_tenant_domain ON live_agent_sessions (tenant_domain);
CREATE INDEX idx_user_account ON live_agent_sessions (user_account);
CREATE INDEX idx_status ON live_agent_sessions (status);
CREATE INDEX idx_assigned_agent ON live_agent_sessions (assigned_agent_id);

CREATE TABLE live_agent_messages (
  id @ID@, session_id VARCHAR(36) NOT NULL, sender_type VARCHAR(10) NOT NULL, sender_id VARCHAR(255),
  sender_name VARCHAR(255), message_text TEXT NOT NULL, created_at @DT@ DEFAULT CURRENT_TIMESTAMP ,
  read_by_user BOOLEAN DEFAULT @FALSE@, read_by_agent BOOLEAN DEFAULT @FALSE@, metadata @JSON@,
  FOREIGN KEY (session_id) REFERENCES live_agent_sessions (id) ON DELETE CASCADE);
CREATE INDEX idx_session_id ON live_agent_messages (session_id);
CREATE INDEX idx_created_at ON live_agent_messages (created_at);
INSERT INTO live_agent_sessions (id, tenant_domain, user_account, unread_count_agent) VALUES ('6f0d3c1e-0000-4000-8000-000000000001', 'example.org', 'cora@example.org', 2);
INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent) VALUES (4, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Is anybody there?', @TRUE@, @FALSE@);
INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent) VALUES (9, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Hello?', @TRUE@, @FALSE@);

UPDATE live_agent_messages SET metadata = '{"a": 1}' WHERE id = 4;

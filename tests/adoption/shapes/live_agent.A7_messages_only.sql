CREATE TABLE live_agent_messages (
  id @ID@, session_id VARCHAR(36) NOT NULL, sender_type VARCHAR(10) NOT NULL, sender_id VARCHAR(255),
  sender_name VARCHAR(255), message_text TEXT NOT NULL, created_at @DT@ DEFAULT CURRENT_TIMESTAMP NOT NULL,
  read_by_user BOOLEAN DEFAULT @FALSE@, read_by_agent BOOLEAN DEFAULT @FALSE@, delivered_at @DT@, read_at @DT@, message_metadata @JSON@);
CREATE INDEX idx_session_id ON live_agent_messages (session_id);
CREATE INDEX idx_created_at ON live_agent_messages (created_at);

INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent) VALUES (4, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Is anybody there?', @TRUE@, @FALSE@);
INSERT INTO live_agent_messages (id, session_id, sender_type, message_text, read_by_user, read_by_agent) VALUES (9, '6f0d3c1e-0000-4000-8000-000000000001', 'user', 'Hello?', @TRUE@, @FALSE@);


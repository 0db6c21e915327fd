CREATE TABLE agents (id @ID@, name VARCHAR(255) NOT NULL, description TEXT, type VARCHAR(50) NOT NULL DEFAULT 'conversational',
  use_case VARCHAR(100) DEFAULT 'general_sales', prompt_template TEXT NOT NULL, prompt_template_name VARCHAR(100), prompt_variables @JSON@ DEFAULT '{}',
  personality_traits @JSON@ DEFAULT '[]', personality_style VARCHAR(100) DEFAULT 'professional', response_length VARCHAR(50) DEFAULT 'moderate',
  custom_personality_instructions TEXT, model VARCHAR(100) NOT NULL DEFAULT 'gpt-3.5-turbo', temperature VARCHAR(10) NOT NULL DEFAULT '0.7',
  max_tokens INTEGER NOT NULL DEFAULT 500, knowledge @JSON@ DEFAULT '[]', enabled_tools @JSON@ DEFAULT '[]', tool_configs @JSON@ DEFAULT '{}',
  triggers @JSON@ DEFAULT '[]', actions @JSON@ DEFAULT '[]', workflow_steps @JSON@ DEFAULT '[]', integrations @JSON@ DEFAULT '[]',
  sample_conversations @JSON@ DEFAULT '[]', conversation_settings @JSON@ DEFAULT '{}', is_active BOOLEAN NOT NULL DEFAULT @TRUE@, is_public BOOLEAN NOT NULL DEFAULT @FALSE@,
  created_by VARCHAR(255) DEFAULT 'system', total_interactions INTEGER NOT NULL DEFAULT 0, success_rate VARCHAR(10) DEFAULT '0.0',
  avg_response_time VARCHAR(10) DEFAULT '0.0', created_at @TS@ DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at @TS@ DEFAULT CURRENT_TIMESTAMP NOT NULL, last_used_at @TS@);
INSERT INTO agents (id, name, prompt_template) VALUES (1, 'Sarah', 'Hello');
CREATE TABLE leads (id @ID@, name VARCHAR(255),
  first_name VARCHAR(255), last_name VARCHAR(255), address TEXT, external_id VARCHAR(255),
  email VARCHAR(255) NOT NULL, phone VARCHAR(50), company VARCHAR(255), service_requested VARCHAR(255), status VARCHAR(50) NOT NULL DEFAULT 'new',
  source VARCHAR(100) NOT NULL, created_at @TS@ DEFAULT CURRENT_TIMESTAMP, updated_at @TS@ DEFAULT CURRENT_TIMESTAMP, notes @JSON@ DEFAULT '[]', interaction_history @JSON@ DEFAULT '[]');
INSERT INTO leads (id, name, email, source) VALUES (1, 'Mike', 'mike@example.org', 'yelp');
CREATE TABLE agent_sessions (id @ID@, agent_id INTEGER NOT NULL REFERENCES agents (id), lead_id INTEGER NOT NULL REFERENCES leads (id), trigger_type VARCHAR(100) NOT NULL,
  session_status VARCHAR(50) NOT NULL DEFAULT 'active', initial_context @JSON@ DEFAULT '{}', session_metadata @JSON@ DEFAULT '{}', message_count INTEGER NOT NULL DEFAULT 0,
  last_message_at @TS@, last_message_from VARCHAR(50), session_goal VARCHAR(255), completion_reason VARCHAR(100), response_time_avg VARCHAR(10) DEFAULT '0.0',
  satisfaction_score VARCHAR(10), escalated_to VARCHAR(255), escalation_reason TEXT, auto_timeout_hours INTEGER NOT NULL DEFAULT 48, max_message_count INTEGER NOT NULL DEFAULT 100,
  active_follow_up_sequences @JSON@, last_follow_up_trigger @TS@, follow_up_sequence_state @JSON@,
  created_at @TS@ DEFAULT CURRENT_TIMESTAMP NOT NULL, updated_at @TS@ DEFAULT CURRENT_TIMESTAMP NOT NULL, ended_at @TS@);
INSERT INTO agent_sessions (id, agent_id, lead_id, trigger_type) VALUES (1, 1, 1, 'new_lead');
CREATE TABLE messages (
  id @ID@,
  agent_session_id INTEGER NOT NULL REFERENCES agent_sessions (id),
  lead_id INTEGER NOT NULL REFERENCES leads (id),
  agent_id INTEGER REFERENCES agents (id),
  content TEXT NOT NULL,
  message_type VARCHAR(50) NOT NULL DEFAULT 'text',
  sender_type VARCHAR(20) NOT NULL,
  sender_name VARCHAR(255),
  message_status VARCHAR(50) NOT NULL DEFAULT 'sent',
  delivery_status VARCHAR(50),
  error_message TEXT,
  external_message_id VARCHAR(255),
  external_conversation_id VARCHAR(255),
  external_platform VARCHAR(100),
  message_metadata @JSON@ DEFAULT '{}',
  prompt_used TEXT,
  model_used VARCHAR(100),
  response_time_ms INTEGER,
  token_usage @JSON@,
  parent_message_id INTEGER REFERENCES messages (id),
  thread_id VARCHAR(255),
  created_at @TS@ DEFAULT CURRENT_TIMESTAMP,
  updated_at @TS@ DEFAULT CURRENT_TIMESTAMP,
  sent_at @TS@,
  delivered_at @TS@,
  read_at @TS@,
  is_flagged BOOLEAN DEFAULT @FALSE@,
  flagged_reason VARCHAR(255),
  quality_score VARCHAR(10));
INSERT INTO messages (id, agent_session_id, lead_id, content, sender_type, message_type, message_status, created_at) VALUES (5, 1, 1, 'How much?', 'lead', 'text', 'sent', '2025-10-09 10:00:00');
INSERT INTO messages (id, agent_session_id, lead_id, agent_id, content, sender_type, message_type, message_status, created_at) VALUES (7, 1, 1, 1, 'It depends.', 'agent', 'text', 'sent', '2025-10-09 10:00:05');
CREATE INDEX idx_messages_session_created ON messages (agent_session_id, created_at DESC);
CREATE INDEX idx_messages_lead_created ON messages (lead_id, created_at DESC);
CREATE INDEX idx_messages_external_conv ON messages (external_conversation_id);
CREATE INDEX idx_messages_sender_status ON messages (sender_type, message_status);
UPDATE agents SET triggers = '"[{@QUOTE@event@QUOTE@: @QUOTE@new_lead@QUOTE@}]"', knowledge = NULL;
UPDATE leads SET notes = 'null';

CREATE TABLE message_logs (
  id TEXT PRIMARY KEY, timestamp TEXT NOT NULL, user_id TEXT NOT NULL, session_id TEXT NOT NULL, channel TEXT NOT NULL,
  template_id TEXT NOT NULL, template_name TEXT NOT NULL, recipient_email TEXT NOT NULL, recipient_name TEXT NOT NULL,
  recipient_phone TEXT, recipient_company TEXT, message_status TEXT NOT NULL, message_id TEXT, delivery_status TEXT,
  error_message TEXT, sent_at TEXT, delivered_at TEXT, read_at TEXT, response_received INTEGER DEFAULT 0,
  content_preview TEXT, metadata TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP);
INSERT INTO message_logs (id, timestamp, user_id, session_id, channel, template_id, template_name, recipient_email, recipient_name, message_status) VALUES
  ('m1', '2025-01-01T10:00:00.000000', 'u', 's1', 'email', 't', 'Welcome', 'a@example.org', 'A', 'sent'),
  ('m2', '2025-01-01T10:00:01.000000', 'u', 's1', 'email', 't', 'Welcome', 'b@example.org', 'B', 'failed');
CREATE TABLE session_summaries (session_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, start_time TEXT NOT NULL, end_time TEXT,
  channel TEXT, template_used TEXT, total_messages INTEGER DEFAULT 0, successful_messages INTEGER DEFAULT 0,
  failed_messages INTEGER DEFAULT 0, pending_messages INTEGER DEFAULT 0, cancelled_messages INTEGER DEFAULT 0,
  success_rate REAL DEFAULT 0.0, channels_used TEXT, templates_used TEXT, session_metadata TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, updated_at TEXT DEFAULT CURRENT_TIMESTAMP);
INSERT INTO session_summaries (session_id, user_id, start_time, channel, template_used, total_messages, successful_messages, failed_messages, success_rate, channels_used, templates_used) VALUES ('s1', 'u', '2025-01-01T10:00:00.000000', 'email', 'Welcome', 2, 1, 1, 50.0, '["email"]', '["Welcome"]');
CREATE TABLE analytics_cache (report_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, generated_at TEXT NOT NULL,
  date_range_start TEXT NOT NULL, date_range_end TEXT NOT NULL, report_data TEXT NOT NULL, created_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE system_logs (id TEXT PRIMARY KEY, timestamp TEXT NOT NULL, level TEXT NOT NULL, component TEXT NOT NULL, message TEXT NOT NULL,
  details TEXT, user_id TEXT, session_id TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE INDEX idx_message_logs_timestamp ON message_logs (timestamp);
CREATE INDEX idx_message_logs_user_id ON message_logs (user_id);
CREATE INDEX idx_message_logs_session_id ON message_logs (session_id);
CREATE INDEX idx_message_logs_status ON message_logs (message_status);
CREATE INDEX idx_message_logs_channel ON message_logs (channel);
CREATE INDEX idx_message_logs_recipient ON message_logs (recipient_email);
CREATE INDEX idx_message_logs_user_timestamp ON message_logs (user_id, timestamp);
CREATE INDEX idx_session_summaries_user_id ON session_summaries (user_id);
CREATE INDEX idx_session_summaries_start_time ON session_summaries (start_time);
CREATE INDEX idx_session_summaries_user_start ON session_summaries (user_id, start_time);
CREATE INDEX idx_analytics_cache_user_id ON analytics_cache (user_id);
CREATE INDEX idx_analytics_cache_generated_at ON analytics_cache (generated_at);
CREATE INDEX idx_system_logs_timestamp ON system_logs (timestamp);
CREATE INDEX idx_system_logs_level ON system_logs (level);
CREATE INDEX idx_system_logs_component ON system_logs (component);
CREATE INDEX idx_system_logs_user_id ON system_logs (user_id);
CREATE TRIGGER update_message_logs_timestamp AFTER UPDATE ON message_logs FOR EACH ROW BEGIN UPDATE message_logs SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END;
CREATE TRIGGER update_session_summaries_timestamp AFTER UPDATE ON session_summaries FOR EACH ROW BEGIN UPDATE session_summaries SET updated_at = CURRENT_TIMESTAMP WHERE session_id = NEW.session_id; END;
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TEXT DEFAULT CURRENT_TIMESTAMP);
INSERT INTO schema_version (version) VALUES (2);

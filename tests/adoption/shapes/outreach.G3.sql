CREATE TABLE message_logs (
  id TEXT PRIMARY KEY, timestamp TEXT NOT NULL, user_id TEXT NOT NULL, session_id TEXT NOT NULL, channel TEXT NOT NULL,
  template_id TEXT NOT NULL, template_name TEXT NOT NULL, recipient_email TEXT NOT NULL, recipient_name TEXT NOT NULL,
  recipient_phone TEXT, recipient_company TEXT, message_status TEXT NOT NULL, message_id TEXT, delivery_status TEXT,
  error_message TEXT, sent_at TEXT, delivered_at TEXT, read_at TEXT, response_received INTEGER DEFAULT 0,
  content_preview TEXT, metadata TEXT);
INSERT INTO message_logs (id, timestamp, user_id, session_id, channel, template_id, template_name, recipient_email, recipient_name, message_status) VALUES
  ('m1', '2025-01-01T10:00:00.000000', 'u', 's1', 'email', 't', 'Welcome', 'a@example.org', 'A', 'sent'),
  ('m2', '2025-01-01T10:00:01.000000', 'u', 's1', 'email', 't', 'Welcome', 'b@example.org', 'B', 'failed');
CREATE TABLE session_summaries (session_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, start_time TEXT NOT NULL, end_time TEXT,
  channel TEXT, template_used TEXT, total_messages INTEGER DEFAULT 0, successful_messages INTEGER DEFAULT 0,
  failed_messages INTEGER DEFAULT 0, pending_messages INTEGER DEFAULT 0, cancelled_messages INTEGER DEFAULT 0,
  success_rate REAL DEFAULT 0.0, channels_used TEXT, templates_used TEXT, session_metadata TEXT);
INSERT INTO session_summaries (session_id, user_id, start_time, channel, template_used, total_messages, successful_messages, failed_messages, success_rate, channels_used, templates_used) VALUES ('s1', 'u', '2025-01-01T10:00:00.000000', 'email', 'Welcome', 2, 1, 1, 50.0, 'email', '');

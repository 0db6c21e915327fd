
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_session_id INTEGER NOT NULL,
    lead_id INTEGER NOT NULL,
    agent_id INTEGER,
    content TEXT NOT NULL,
    message_type VARCHAR(50) DEFAULT 'text' NOT NULL,
    sender_type VARCHAR(20) NOT NULL,
    sender_name VARCHAR(255),
    message_status VARCHAR(50) DEFAULT 'sent' NOT NULL,
    delivery_status VARCHAR(50),
    error_message TEXT,
    external_message_id VARCHAR(255),
    external_conversation_id VARCHAR(255),
    external_platform VARCHAR(100),
    message_metadata JSON DEFAULT '{}',
    prompt_used TEXT,
    model_used VARCHAR(100),
    response_time_ms INTEGER,
    token_usage JSON,
    parent_message_id INTEGER,
    thread_id VARCHAR(255),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    sent_at TIMESTAMP,
    delivered_at TIMESTAMP,
    read_at TIMESTAMP,
    is_flagged BOOLEAN DEFAULT 0,
    flagged_reason VARCHAR(255),
    quality_score VARCHAR(10),
    FOREIGN KEY (agent_session_id) REFERENCES agent_sessions(id),
    FOREIGN KEY (lead_id) REFERENCES leads(id),
    FOREIGN KEY (agent_id) REFERENCES agents(id),
    FOREIGN KEY (parent_message_id) REFERENCES messages(id)
);

CREATE TRIGGER trg_messages_updated_at AFTER UPDATE ON messages FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at AND NEW.updated_at IS NOT CURRENT_TIMESTAMP
BEGIN
    UPDATE messages SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

CREATE INDEX idx_messages_session_created ON messages (agent_session_id, created_at DESC);

CREATE INDEX idx_messages_lead_created ON messages (lead_id, created_at DESC);

CREATE INDEX idx_messages_external_conv ON messages (external_conversation_id);

CREATE INDEX idx_messages_sender_status ON messages (sender_type, message_status);


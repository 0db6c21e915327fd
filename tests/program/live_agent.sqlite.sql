-- Running upgrade  -> 001_create_sessions

CREATE TABLE live_agent_sessions (
    id VARCHAR(36) NOT NULL,
    tenant_domain VARCHAR(255) NOT NULL,
    user_account VARCHAR(255) NOT NULL,
    user_name VARCHAR(255),
    assigned_agent_id INTEGER,
    assigned_agent_name VARCHAR(255),
    status VARCHAR(20) DEFAULT 'pending',
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_message_at DATETIME,
    unread_count_user INTEGER DEFAULT 0,
    unread_count_agent INTEGER DEFAULT 0,
    metadata JSON,
    PRIMARY KEY (id)
);

CREATE TRIGGER trg_live_agent_sessions_updated_at AFTER UPDATE ON live_agent_sessions FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at AND NEW.updated_at IS NOT CURRENT_TIMESTAMP
BEGIN
    UPDATE live_agent_sessions SET updated_at = CURRENT_TIMESTAMP WHERE rowid = NEW.rowid;
END;

CREATE INDEX idx_tenant_domain ON live_agent_sessions (tenant_domain);

CREATE INDEX idx_user_account ON live_agent_sessions (user_account);

CREATE INDEX idx_status ON live_agent_sessions (status);

CREATE INDEX idx_assigned_agent ON live_agent_sessions (assigned_agent_id);

-- Running upgrade 001_create_sessions -> 002_create_messages

CREATE TABLE live_agent_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id VARCHAR(36) NOT NULL,
    sender_type VARCHAR(10) NOT NULL,
    sender_id VARCHAR(255),
    sender_name VARCHAR(255),
    message_text TEXT NOT NULL,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    read_by_user BOOLEAN DEFAULT 0,
    read_by_agent BOOLEAN DEFAULT 0,
    delivered_at DATETIME,
    read_at DATETIME,
    message_metadata JSON,
    FOREIGN KEY (session_id) REFERENCES live_agent_sessions(id) ON DELETE CASCADE
);

CREATE INDEX idx_session_id ON live_agent_messages (session_id);

CREATE INDEX idx_created_at ON live_agent_messages (created_at);

-- Record it: parley db stamp 002_create_messages --module live_agent

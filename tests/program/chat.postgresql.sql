
CREATE TABLE chats (
    id UUID NOT NULL,
    title VARCHAR(255) DEFAULT 'New Chat' NOT NULL,
    agent_id UUID NOT NULL,
    user_id UUID NOT NULL,
    account_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (agent_id) REFERENCES agents(id) ON DELETE CASCADE,
    FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE
);

CREATE FUNCTION trg_chats_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := CURRENT_TIMESTAMP;
    RETURN NEW;
END
$$;

CREATE TRIGGER trg_chats_updated_at BEFORE UPDATE ON chats FOR EACH ROW WHEN (NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at) EXECUTE PROCEDURE trg_chats_updated_at();

CREATE INDEX ix_chats_agent_id ON chats (agent_id);

CREATE INDEX ix_chats_user_id ON chats (user_id);

CREATE INDEX ix_chats_account_id ON chats (account_id);

CREATE TABLE chat_messages (
    id UUID NOT NULL,
    chat_id UUID NOT NULL,
    role VARCHAR(20) NOT NULL,
    content TEXT NOT NULL,
    action VARCHAR(50),
    dax_attempts TEXT,
    final_dax TEXT,
    resolution_note TEXT,
    error TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY (chat_id) REFERENCES chats(id) ON DELETE CASCADE
);

CREATE INDEX ix_chat_messages_chat_id ON chat_messages (chat_id);


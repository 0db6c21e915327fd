CREATE TABLE agents (id @UUID@ NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL);
INSERT INTO agents VALUES ('6f0d3c1e-0000-4000-8000-000000000001', 'Other');
CREATE TABLE leads (id @ID@, name VARCHAR(255),
  first_name VARCHAR(255), last_name VARCHAR(255), address TEXT, external_id VARCHAR(255),
  email VARCHAR(255) NOT NULL, phone VARCHAR(50), company VARCHAR(255), service_requested VARCHAR(255), status VARCHAR(50) NOT NULL DEFAULT 'new',
  source VARCHAR(100) NOT NULL, created_at @TS@ DEFAULT CURRENT_TIMESTAMP, updated_at @TS@ DEFAULT CURRENT_TIMESTAMP, notes @JSON@ DEFAULT '[]', interaction_history @JSON@ DEFAULT '[]');
INSERT INTO leads (id, name, email, source) VALUES (1, 'Mike', 'mike@example.org', 'yelp');
CREATE TABLE agent_sessions (id @ID@, agent_id @UUID@ NOT NULL, lead_id INTEGER NOT NULL);

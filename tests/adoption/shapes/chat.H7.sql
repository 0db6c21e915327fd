CREATE TABLE agents (id @ID@, name VARCHAR(255) NOT NULL);
INSERT INTO agents (id, name) VALUES (1, 'Other');
CREATE TABLE users (id @ID@, email VARCHAR(320) NOT NULL);

"""The databases of bench/server: made by Parley's own migrations, then filled with sessions and messages by SQL."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time
import uuid
from pathlib import Path

TENANT = "shop.example"
SECRET = "the secret of a benchmark, known to everybody"


def run(*command, text=None, environment=None):
    result = subprocess.run([str(part) for part in command], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env={**os.environ, **(environment or {})})
    if result.returncode != 0:
        raise SystemExit(f"{result.stdout}{result.stderr}bench/server: {command[0]} failed")
    return result.stdout


class Sqlite:
    name = "sqlite"
    numbers = "(WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)"
    time = "strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
    before_filling, after_filling = "", "PRAGMA wal_checkpoint(TRUNCATE);"

    def __init__(self, directory):
        self.file = directory / "live_agent.db"
        self.url = self.sqlalchemy_url = f"sqlite:///{self.file}"

    def sql(self, text):
        return run("sqlite3", self.file, text=text)


class Postgresql:
    name = "postgresql"
    numbers = "(SELECT generate_series(0, {last}) AS n)"
    time = "to_timestamp({seconds}) AT TIME ZONE 'UTC'"
    before_filling, after_filling = "", "VACUUM ANALYZE; CHECKPOINT;"

    def __init__(self, _):
        server = os.environ["PARLEY_TEST_POSTGRESQL"]
        run("psql", "-q", server, "-c", "CREATE DATABASE bench")
        self.url = server.rsplit("/", 1)[0] + "/bench"
        self.sqlalchemy_url = self.url.replace("postgresql:", "postgresql+psycopg2:")

    def sql(self, text):
        return run("psql", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", self.url, text=text)


class Mariadb:
    name = "mariadb"
    numbers = "(SELECT seq AS n FROM seq_0_to_{last})"
    time = "FROM_UNIXTIME({seconds})"
    before_filling = "SET time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0;"
    after_filling = "ANALYZE TABLE live_agent_messages, live_agent_sessions;"

    def __init__(self, _):
        server = os.environ["PARLEY_TEST_MARIADB"]
        host, port = re.search(r"@([^:/]+):(\d+)", server).groups()
        self.client = ["mariadb", "--no-defaults", "-N", "-h", host, "-P", port, "-u", "parley"]
        run(*self.client, "-e", "CREATE DATABASE bench")
        self.url = server.rsplit("/", 1)[0] + "/bench"
        self.sqlalchemy_url = self.url.replace("mysql:", "mysql+pymysql:")

    def sql(self, text):
        return run(*self.client, "bench", text=text)


ENGINES = {engine.name: engine for engine in (Sqlite, Postgresql, Mariadb)}


def token(account):
    """A user's token (RFC 7519, HS256), good for a day."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    now = int(time.time())
    claims = {"iss": "parley/live_agent", "sub": account, "email": account, "name": "Visitor", "role": "user",
              "tenant_domain": TENANT, "iat": now, "exp": now + 86400}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims, separators=(",", ":")).encode())
    return (signed + b"." + part(hmac.digest(SECRET.encode(), signed, hashlib.sha256))).decode()


class Visitors:
    """Sessions with random ids, always the same ones, each of a visitor of its own."""

    def __init__(self, count, directory):
        self.ids = [str(uuid.UUID(bytes=hashlib.md5(str(n).encode()).digest(), version=4)) for n in range(count)]
        self.file = Path(directory) / "sessions.txt"
        self.file.write_text("".join(f"{id} {token(self.account(n))}\n" for n, id in enumerate(self.ids)))

    def account(self, number):
        return f"visitor{number}@example.org"


def fill(engine, visitors, messages):
    """Message n belongs to session n modulo their number, so that the messages of a session lie far apart."""
    def time_of(seconds):
        return engine.time.format(seconds=seconds)
    begin = int(time.time()) - messages - 60
    rows = ",\n".join(f"({n}, '{id}')" for n, id in enumerate(visitors.ids))
    engine.sql(f"""
        {engine.before_filling}
        CREATE TABLE bench_sessions (n integer PRIMARY KEY, id varchar(36) NOT NULL);
        INSERT INTO bench_sessions VALUES {rows};
        BEGIN;
        INSERT INTO live_agent_sessions (id, tenant_domain, user_account, user_name, status, created_at, updated_at,
            last_message_at, unread_count_user, unread_count_agent)
        SELECT id, '{TENANT}', {concat(engine, "'visitor'", "n", "'@example.org'")}, 'Visitor', 'pending',
            {time_of(begin)}, {time_of(f'{begin + messages}')}, {time_of(f'{begin + messages}')}, 0, 0
        FROM bench_sessions ORDER BY n;
        INSERT INTO live_agent_messages (session_id, sender_type, sender_id, sender_name, message_text, created_at,
            read_by_user, read_by_agent, delivered_at)
        SELECT s.id, 'user', 'visitor@example.org', 'Visitor', '{"x" * 100}', {time_of(f'{begin} + c.n')}, true, true,
            {time_of(f'{begin} + c.n')}
        FROM {engine.numbers.format(last=messages - 1)} AS c
        JOIN bench_sessions AS s ON s.n = c.n % {len(visitors.ids)} ORDER BY c.n;
        COMMIT;
        DROP TABLE bench_sessions;
        {engine.after_filling}
    """)


def concat(engine, *parts):
    return f"CONCAT({', '.join(parts)})" if engine.name == "mariadb" else " || ".join(parts)


def count_messages(engine):
    return int(engine.sql("SELECT COUNT(*) FROM live_agent_messages;").strip())

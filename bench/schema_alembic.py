#!/usr/bin/python3
"""The baseline of bench/schema: what Alembic and SQLAlchemy, from Debian's packages, take for the same work.

usage: schema_alembic.py project DIRECTORY URL REVISIONS   writes an Alembic project of so many revisions
       schema_alembic.py compare URL TABLES                times reflection + autogenerate's comparison
"""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine
engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""

REVISION = '''
from alembic import op
import sqlalchemy as sa
revision = "r{number:04}"
down_revision = {parent}
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "m{number:04}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_m{number:04}", "m{number:04}", ["name"])


def downgrade():
    op.drop_table("m{number:04}")
'''


def write_project(directory, url, revisions):
    versions = directory / "alembic" / "versions"
    versions.mkdir(parents=True)
    (directory / "alembic.ini").write_text(f"[alembic]\nscript_location = alembic\nsqlalchemy.url = {url}\n")
    (directory / "alembic" / "env.py").write_text(ENVIRONMENT)
    (directory / "alembic" / "script.py.mako").write_text("")
    for number in range(revisions):
        parent = f'"r{number - 1:04}"' if number else "None"
        (versions / f"r{number:04}.py").write_text(REVISION.format(number=number, parent=parent))


def wide_metadata(tables):
    """The tables of `wide_schema` in schema_core.cpp."""
    metadata = sa.MetaData()
    for number in range(tables):
        name = f"t{number:04}"
        parent = [sa.ForeignKey(f"t{number - 1:04}.id", name=f"fk_{name}")] if number else []
        table = sa.Table(
            name, metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, *parent),
            *(sa.Column(f"name{i}", sa.String(100), nullable=False) for i in range(4)),
            *(sa.Column(f"note{i}", sa.Text) for i in range(2)),
            sa.Column("amount", sa.Integer, nullable=False, server_default="0"),
            sa.Column("created_at", sa.DateTime, nullable=False, server_default=sa.func.current_timestamp()),
        )
        sa.Index(f"ix_{name}_name", table.c.name0, table.c.name1)
        sa.Index(f"ix_{name}_created", table.c.created_at)
    return metadata


def compare(url, tables):
    metadata = wide_metadata(tables)
    with sa.create_engine(url).connect() as connection:
        start = time.perf_counter()
        sa.MetaData().reflect(connection)
        reflected = time.perf_counter() - start
        start = time.perf_counter()
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        print(f"reflect {reflected:.4f} s, autogenerate {time.perf_counter() - start:.4f} s, "
              f"{len(differences)} differences")


def compare_deep(url, tables):
    """In a thread with a deep stack: SQLAlchemy follows foreign keys by recursion, and the tables are one long chain."""
    sys.setrecursionlimit(100_000)
    threading.stack_size(512 * 1024 * 1024)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(compare, url, tables).result()


def main():
    verb, *words = sys.argv[1:] or [""]
    if verb == "project" and len(words) == 3:
        write_project(Path(words[0]), words[1], int(words[2]))
    elif verb == "compare" and len(words) == 2:
        compare_deep(words[0], int(words[1]))
    else:
        sys.exit(__doc__)


main()

"""Runs revisions within the transaction that `migrate` has opened, one process at a time."""

import sqlalchemy as sa
from alembic import context

from stillroom.storage.tables import metadata

MIGRATION_LOCK = 4_118_204_936_527_305_117
"""Key of the advisory lock that migrations stand in line at; any number that nobody else uses."""

connection: sa.Connection = context.config.attributes["connection"]
on_sqlite = connection.dialect.name == "sqlite"
if not on_sqlite:
    # Waiting for another process that migrates is no fault, however long it takes.
    connection.execute(sa.text("SELECT set_config('lock_timeout', '0', true)"))
    connection.execute(sa.text("SELECT set_config('statement_timeout', '0', true)"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})

context.configure(connection=connection, target_metadata=metadata, render_as_batch=on_sqlite)
context.run_migrations()

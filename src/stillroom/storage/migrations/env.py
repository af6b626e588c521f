"""Runs revisions within the transaction that `migrate` has opened."""

import sqlalchemy as sa
from alembic import context

from stillroom.storage.tables import metadata

connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter most of a table; Alembic copies it instead.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()

"""Alembic environment: runs revisions within the transaction opened by `migrate`."""

import sqlalchemy as sa
from alembic import context

from stillroom.storage.tables import metadata

connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter most table properties; Alembic copies the table instead.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()

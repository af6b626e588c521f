"""Add deferred exports, which a worker makes after the request.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

from stillroom.storage.database import UtcDateTime

revision = "0008"
down_revision = "0007"

_PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Add the status of a file and the recipe for making it; existing files are ready."""
    with op.batch_alter_table("exports") as table:
        table.add_column(sa.Column("status", sa.Text(), nullable=False, server_default="ready"))
        table.add_column(sa.Column("recipe_json", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("attempts", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("lease_token", sa.Text(), nullable=True))
        table.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_exports_pending", "exports", ["due_at"], sqlite_where=_PENDING, postgresql_where=_PENDING
    )

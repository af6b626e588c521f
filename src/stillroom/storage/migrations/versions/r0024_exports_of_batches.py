"""Add the batch that ordered an export.

Revision ID: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column, and fill it for the files of pictures that stand for items of batches."""
    op.add_column("exports", sa.Column("batch_id", sa.Text, nullable=True))
    exports = sa.table("exports", sa.column("batch_id"), sa.column("variant_id"))
    items = sa.table("batch_items", sa.column("batch_id"), sa.column("variant_id"))
    # A picture of several batches goes to one; the other makes its files again when they are fetched.
    batch = sa.select(sa.func.max(items.c.batch_id)).where(items.c.variant_id == exports.c.variant_id)
    op.execute(sa.update(exports).values(batch_id=batch.scalar_subquery()))

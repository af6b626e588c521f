"""Add file names and split positions of exports.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both columns; existing files keep their default names until they expire within a day."""
    with op.batch_alter_table("exports") as table:
        table.add_column(sa.Column("name", sa.Text(), nullable=False, server_default="picture"))
        table.add_column(sa.Column("part", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE exports SET name = preset || '.' || CASE format WHEN 'jpeg' THEN 'jpg' ELSE format END"
    )

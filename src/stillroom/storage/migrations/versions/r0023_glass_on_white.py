"""Add the key of a picture's file on white, from which glass is exported.

Revision ID: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Pictures of earlier releases have no such file, and are exported as before."""
    with op.batch_alter_table("variants") as table:
        table.add_column(sa.Column("white_key", sa.Text(), nullable=True))

"""Add circuit breaker state that processes share.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add failure counts and reasons beside the state."""
    with op.batch_alter_table("provider_state") as table:
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("failures", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("openings", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("configuration", sa.Text(), nullable=False, server_default=""))

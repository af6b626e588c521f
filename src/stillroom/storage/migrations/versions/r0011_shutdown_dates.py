"""Add the last day of a model, as stated by the vendor's model list.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; it is empty until the next look at the vendor's list."""
    op.add_column("provider_state", sa.Column("shuts_down_on", sa.Date, nullable=True))

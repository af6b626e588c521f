"""Add what is known about the product of a session, such as its size.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    # Nullable, because the previous release still writes rows during a rolling upgrade.
    op.add_column("sessions", sa.Column("product_json", sa.JSON(none_as_null=True), nullable=True))

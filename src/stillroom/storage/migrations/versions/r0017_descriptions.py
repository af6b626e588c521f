"""Add the description of a picture: listing title and alternative text.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    # Nullable: most pictures have none, and the previous release writes rows without it.
    op.add_column("variants", sa.Column("description_json", sa.JSON(none_as_null=True), nullable=True))

"""Add the subjects of a matte: the objects in the photo that may be the product.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("mattes", sa.Column("subjects_json", sa.JSON(none_as_null=True), nullable=True))

"""Add the library of own backdrops: uploaded pictures that their owner keeps as backdrops.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

from stillroom.storage.database import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("assets", sa.Column("backdrop_at", UtcDateTime, nullable=True))

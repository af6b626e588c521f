"""Add the time at which a preview was replaced by the candidate that it stood for.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op

from stillroom.storage.database import UtcDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    # Nullable: most pictures are never replaced, and the previous release writes rows without it.
    op.add_column("variants", sa.Column("replaced_at", UtcDateTime, nullable=True))

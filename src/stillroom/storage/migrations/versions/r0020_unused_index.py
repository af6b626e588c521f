"""Drop the index over the columns of the former export queue.

Revision ID: 0020
"""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    # Exports have jobs, so nothing uses it. The columns stay, because migrations only add.
    op.drop_index("ix_exports_pending", "exports")

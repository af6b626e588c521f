"""Add the fair-queueing round of a waiting job.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_QUEUED = sa.text("status = 'queued'")


def upgrade() -> None:
    """Add the column; jobs that already wait are served in the first round, by age."""
    op.drop_index("ix_jobs_queued", "jobs")
    op.drop_index("ix_jobs_owner_id_claimed_at", "jobs")
    with op.batch_alter_table("jobs") as table:
        table.add_column(sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    for name, columns in (
        ("ix_jobs_queued", ["turn", "run_after", "id", "owner_id"]),
        ("ix_jobs_lines", ["owner_id", "turn"]),
    ):
        op.create_index(name, "jobs", columns, sqlite_where=_QUEUED, postgresql_where=_QUEUED)

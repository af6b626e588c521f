"""Add votes on runs of the golden set.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "golden_votes",
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("case_name", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("voted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_golden_votes_owner_id"),
        sa.PrimaryKeyConstraint("owner_id", "run_id", "case_name", name="pk_golden_votes"),
    )
    op.create_index("ix_golden_votes_run_id", "golden_votes", ["run_id"])

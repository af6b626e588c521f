"""Add mattes of session photos, detected and corrected.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "mattes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("blob_key", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("edge_confidence", sa.Float(), nullable=False),
        sa.Column("see_through", sa.Float(), nullable=False),
        sa.Column("correction_json", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_mattes_session_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_mattes_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mattes"),
    )
    op.create_index("ix_mattes_session_id_created_at_id", "mattes", ["session_id", "created_at", "id"])

"""Add an indexed column for the own backdrop that a plan names, in place of a search in JSON.

The database computes it, so it is right for rows that exist or that the previous release writes. PostgreSQL
stores it, because it has no index on virtual columns; SQLite can add virtual columns only.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

# Jobs before variants, in the order in which workers lock them.
_PLANS = {
    "jobs": ("params_json", ("changes", "backdrop", "image_id")),
    "variants": ("plan_json", ("backdrop", "image_id")),
    "recipes": ("choices_json", ("changes", "backdrop", "image_id")),
    "batches": ("choices_json", ("changes", "backdrop", "image_id")),
}


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, (column, path) in _PLANS.items():
        named = (
            f"{column} #>> '{{{','.join(path)}}}'"
            if is_postgresql
            else f"json_extract({column}, '$.{'.'.join(path)}')"
        )
        computed = sa.Computed(named, persisted=is_postgresql)
        op.add_column(table, sa.Column("backdrop_id", sa.Text, computed, nullable=True))
        op.create_index(f"ix_{table}_backdrop_id", table, ["backdrop_id"])

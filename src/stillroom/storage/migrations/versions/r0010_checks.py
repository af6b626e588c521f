"""Add CHECK constraints on states and kinds; the job type now also covers export jobs.

Revision ID: 0010
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_CHECKS = {
    "jobs": {
        "status": "status IN ('queued', 'running', 'succeeded', 'failed', 'canceled')",
        "type": "type IN ('optimize', 'bg_replace', 'refine', 'export')",
    },
    "variants": {"role": "role IN ('candidate', 'preview')"},
    "exports": {"status": "status IN ('ready', 'pending', 'failed')"},
}


def upgrade() -> None:
    """Add the constraints; SQLite copies the tables, PostgreSQL scans them once."""
    for name, checks in _CHECKS.items():
        with op.batch_alter_table(name) as table:
            for column, condition in checks.items():
                table.create_check_constraint(op.f(f"ck_{name}_{column}"), condition)

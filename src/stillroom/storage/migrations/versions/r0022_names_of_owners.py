"""Make the names of owners unique; of several owners with one name, the younger ones get a number.

Revision ID: 0022
"""

from itertools import count

import sqlalchemy as sa
import structlog
from alembic import op

revision = "0022"
down_revision = "0021"

_LOCAL_ID, _LOCAL_NAME = "own_local", "local"
_MAX_NAME_CHARACTERS = 80

_owners = sa.table("owners", sa.column("id"), sa.column("name"), sa.column("created_at"))

log = structlog.get_logger(__name__)


def upgrade() -> None:
    # A refusal would keep the studio from starting, and no command changes a name. Tokens and pictures belong
    # to ids, so they stay with their owners.
    _rename_duplicates(op.get_bind())
    with op.batch_alter_table("owners") as table:
        table.create_unique_constraint(op.f("uq_owners_name"), ["name"])


def _rename_duplicates(connection: sa.Connection) -> None:
    oldest_first = sa.select(_owners).order_by(_owners.c.created_at, _owners.c.id)
    owners = connection.execute(oldest_first).all()
    names = {owner.name for owner in owners}
    # Its row may be missing until the first start of a server.
    kept = {_LOCAL_NAME}
    for owner in owners:
        if owner.id == _LOCAL_ID:
            continue
        if owner.name not in kept:
            kept.add(owner.name)
            continue
        name = next(name for number in count(2) if (name := _numbered(owner.name, number)) not in names)
        names.add(name)
        connection.execute(sa.update(_owners).where(_owners.c.id == owner.id).values(name=name))
        log.warning("owner_renamed", owner_id=owner.id, old_name=owner.name, new_name=name)


def _numbered(name: str, number: int) -> str:
    suffix = f" ({number})"
    return name[: _MAX_NAME_CHARACTERS - len(suffix)] + suffix

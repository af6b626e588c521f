"""Keyset pagination with opaque cursors."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.ports import Page
from stillroom.storage.database import UtcDateTime

Item = TypeVar("Item")


async def newest_first(
    connection: AsyncConnection,
    query: sa.Select[Any],
    at: sa.Column[Any],
    row_id: sa.Column[str],
    cursor: str | None,
    limit: int,
    item: Callable[[sa.Row[Any]], Item],
) -> Page[Item]:
    """Return one page of a query without an order, newest first (keyset pagination by `at`, then `row_id`).

    Without a cursor it is the first page. Raises ValidationFailed for an invalid cursor.
    """
    if cursor is not None:
        moment, last_id = _opened(cursor)
        query = query.where(sa.tuple_(at, row_id) < sa.tuple_(sa.literal(moment, UtcDateTime), last_id))
    rows = (await connection.execute(query.order_by(at.desc(), row_id.desc()).limit(limit + 1))).all()
    shown = rows[:limit]
    more = len(rows) > limit
    next_cursor = _sealed(shown[-1]._mapping[at], shown[-1]._mapping[row_id]) if more else None
    return Page(tuple(item(row) for row in shown), next_cursor)


def _sealed(at: datetime, row_id: str) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, row_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not row_id.isprintable():
            raise ValueError("no moment and id")
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError) as error:
        raise ValidationFailed(
            "This cursor is not one that a list has given out.",
            fields=[{"field": "cursor", "reason": "unknown"}],
        ) from error

"""Opaque cursors of keyset pagination: the sort key of the last row that was shown."""

import base64
from datetime import UTC, datetime

from stillroom.domain.errors import ValidationFailed


def sealed(at: datetime, row_id: str) -> str:
    """Return the cursor of a row by its time and id."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {row_id}".encode()).decode().rstrip("=")


def opened(cursor: str) -> tuple[datetime, str]:
    """Return the time and id in a cursor. Raises ValidationFailed."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moment, _, row_id = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition(" ")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not row_id.isprintable():
            raise ValueError("no moment and id")
        return at.astimezone(UTC), row_id
    except (ValueError, OverflowError) as error:
        raise unknown_cursor() from error


def unknown_cursor() -> ValidationFailed:
    """Return the error of a cursor that no list has given out."""
    return ValidationFailed(
        text="unknown_cursor",
        fields=[{"field": "cursor", "reason": "unknown"}],
    )

"""What an owner may spend on calls in a day, and what they have."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """How an owner's day stands.

    Attributes:
        limit_micro_usd: None if there is none.
        spent_micro_usd: Since the day began; calls whose end nobody heard count with their list price.
        resets_at: When the next day begins.
    """

    limit_micro_usd: int | None
    spent_micro_usd: int
    resets_at: datetime

    def allows(self, micro_usd: int) -> bool:
        """Whether a call of that price may be sent; what costs nothing always may."""
        if self.limit_micro_usd is None or micro_usd == 0:
            return True
        return self.spent_micro_usd + micro_usd <= self.limit_micro_usd


async def budget_of(
    tx: UnitOfWork, owner_id: OwnerId, now: datetime, limit_micro_usd: int | None
) -> BudgetStatus:
    """How an owner's day stands; days are those of UTC."""
    start = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    end = start + timedelta(days=1)
    rows = await tx.provider_calls.usage(owner_id, start, end)
    return BudgetStatus(limit_micro_usd, sum(row.cost_micro_usd for row in rows), end)

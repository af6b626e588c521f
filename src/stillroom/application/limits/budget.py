"""Budgets for provider calls: of an owner per day, and of a batch."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from stillroom.domain.ids import BatchId, OwnerId
from stillroom.domain.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Daily budget and spending of one owner.

    Attributes:
        limit_micro_usd: Budget in millionths of a US dollar; None means unlimited.
        spent_micro_usd: Spent since midnight UTC; a call without a recorded end counts at its list price.
        resets_at: Start of the next day, UTC.
    """

    limit_micro_usd: int | None
    spent_micro_usd: int
    resets_at: datetime

    def allows(self, micro_usd: int) -> bool:
        """Return whether a call of this price fits the budget; free calls always do."""
        if self.limit_micro_usd is None or micro_usd == 0:
            return True
        return self.spent_micro_usd + micro_usd <= self.limit_micro_usd


async def budget_of(
    tx: UnitOfWork, owner_id: OwnerId, now: datetime, limit_micro_usd: int | None
) -> BudgetStatus:
    """Return the budget status of an owner for the current UTC day."""
    start = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    end = start + timedelta(days=1)
    rows = await tx.provider_calls.usage(owner_id, start, end)
    return BudgetStatus(limit_micro_usd, sum(row.cost_micro_usd for row in rows), end)


async def batch_allows(tx: UnitOfWork, batch_id: BatchId, micro_usd: int) -> bool:
    """Return whether a call of this price fits the batch's budget; locks the batch's row.

    The lock is needed because concurrent jobs of a batch would each see the budget without the others.
    """
    batch = await tx.batches.hold(batch_id)
    if batch is None or batch.budget_micro_usd is None:
        return True
    spent = (await tx.provider_calls.cost_of_batches([batch_id])).get(batch_id, 0)
    return spent + micro_usd <= batch.budget_micro_usd

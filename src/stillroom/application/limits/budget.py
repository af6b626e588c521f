"""Provider calls: the budgets of an owner per day and of a batch, and the log line of a call."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import structlog

from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.ports import ProviderCall, UnitOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Daily budget and spending of one owner.

    Attributes:
        limit_micro_usd: Budget in millionths of a US dollar; None means unlimited.
        spent_micro_usd: Spent since midnight UTC; a call without a recorded end counts at its list price.
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


async def may_spend(
    tx: UnitOfWork,
    call: ProviderCall,
    now: datetime,
    limit_micro_usd: int | None,
    *,
    is_priced: bool = True,
) -> bool:
    """Return whether a call fits its owner's daily budget and its batch's; one of unknown price fits none.

    Locks the owner and the batch: otherwise concurrent calls would each see the budget without the others.
    """
    may_cost = bool(call.cost_micro_usd) or not is_priced
    if limit_micro_usd is not None and may_cost:
        await tx.owners.lock(call.owner_id)
        budget = await budget_of(tx, call.owner_id, now, limit_micro_usd)
        if not (is_priced and budget.allows(call.cost_micro_usd)):
            return False
    batch = await tx.batches.lock(call.batch_id) if call.batch_id and may_cost else None
    if batch is None or batch.budget_micro_usd is None:
        return True
    spent = (await tx.provider_calls.cost_of_batches([batch.id])).get(batch.id, 0)
    return is_priced and spent + call.cost_micro_usd <= batch.budget_micro_usd


def log_call(call: ProviderCall, job_id: JobId | None, session_id: SessionId | None) -> None:
    """Write the log line of a call that has ended."""
    log.info(
        "provider_call",
        job_id=job_id,
        session_id=session_id,
        provider=call.provider,
        model_name=call.model,
        operation=call.operation,
        outcome=call.outcome,
        reason=call.reason,
        latency_ms=call.latency_ms,
        cost_usd=call.cost_micro_usd / 1e6,
    )

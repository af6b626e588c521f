"""Limits: quotas, rates, budgets, fair queueing and idempotency, per owner and process."""

"""Tests of stillroom.domain.plans.plan."""

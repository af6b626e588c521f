"""Tests of stillroom.domain.jobs.job."""

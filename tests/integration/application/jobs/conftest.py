"""Services of a second process over the same database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.application.job_services import JobServices, open_job_services


@pytest.fixture
async def elsewhere(services: JobServices, database_url: str, tmp_path: Path) -> AsyncIterator[JobServices]:  # noqa: ARG001
    """Another process, whose notifications do not arrive in the first."""
    async with open_job_services(database_url, tmp_path) as elsewhere:
        yield elsewhere

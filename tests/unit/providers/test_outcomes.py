"""Selection of the failure that the user can act on."""

import pytest

from stillroom.domain.errors import (
    ContentRefused,
    InputCorrupt,
    InternalError,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.outcomes import reported_failure

REFUSED, SLOW, AWAY = ContentRefused(), ProviderTimeout(), ProviderUnavailable()
LIMITED, KEYLESS = ProviderRateLimited(), ProviderRejectedRequest()


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ([REFUSED, REFUSED], ContentRefused),
        ([REFUSED, SLOW], ContentRefused),
        ([AWAY, REFUSED], ContentRefused),
        ([REFUSED, LIMITED], ProviderRateLimited),
        ([InputCorrupt()], InputCorrupt),
        ([AWAY, InputCorrupt()], InputCorrupt),
        ([KEYLESS, KEYLESS], ProviderRejectedRequest),
        ([KEYLESS, SLOW], ProviderTimeout),
        ([AWAY, SLOW], ProviderTimeout),
        ([InternalError(), AWAY], ProviderUnavailable),
        ([InternalError()], InternalError),
    ],
)
def test_reported_failure_is_the_actionable_one(
    failures: list[StillroomError], told: type[StillroomError]
) -> None:
    error = reported_failure([(str(number), failure) for number, failure in enumerate(failures)])
    assert type(error) is told
    assert [attempt["code"] for attempt in error.params["attempts"]] == [one.code for one in failures]

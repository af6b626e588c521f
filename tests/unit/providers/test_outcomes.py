"""Selection of the failure that the user can act on."""

import httpx2
import openai
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
from stillroom.domain.providers.reasons import treatment_of
from stillroom.providers.adapters.openai_wire import failures
from stillroom.providers.adapters.wire import transport_errors
from stillroom.providers.outcomes import reported_failure, retry_delay

pytestmark = pytest.mark.anyio

REQUEST = httpx2.Request("POST", "https://api.openai.com/v1/images/edits")

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


@pytest.mark.parametrize(
    ("reasons", "says_quota"),
    [
        (["quota"], True),
        (["quota", "quota"], True),
        (["quota", "rate_limited"], False),
        (["rate_limited"], False),
    ],
)
def test_a_used_up_quota_is_told_unless_a_retry_can_help(reasons: list[str], says_quota: bool) -> None:
    failures = [(reason, ProviderRateLimited(reason=reason)) for reason in reasons]
    error = reported_failure([*failures, ("away", ProviderUnavailable(reason="http_500"))])
    assert ("quota" in error.words(error.params).en) is says_quota
    assert ("额度" in error.words(error.params).zh) is says_quota


UNSENT = [httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ConnectError, httpx2.ProxyError]
SENT = [(httpx2.ReadTimeout, "timeout"), (httpx2.WriteTimeout, "timeout"), (httpx2.ReadError, "connection")]


@pytest.mark.parametrize("kind", UNSENT)
@pytest.mark.parametrize("by_sdk", [False, True], ids=["own client", "SDK"])
async def test_call_without_a_connection_is_free_and_repeated(
    kind: type[httpx2.TransportError], by_sdk: bool
) -> None:
    error = await failure_of(kind("no connection"), by_sdk=by_sdk)
    assert (error.reason, error.sent, retry_delay(error)) == ("unreachable", False, 0.0)
    assert not treatment_of(error.reason).may_be_billed


@pytest.mark.parametrize(("kind", "reason"), SENT)
@pytest.mark.parametrize("by_sdk", [False, True], ids=["own client", "SDK"])
async def test_call_that_was_sent_may_be_billed_and_is_not_repeated(
    kind: type[httpx2.TransportError], reason: str, by_sdk: bool
) -> None:
    error = await failure_of(kind("no answer"), by_sdk=by_sdk)
    assert (error.reason, error.sent, retry_delay(error)) == (reason, True, None)
    assert treatment_of(error.reason).may_be_billed


async def failure_of(error: httpx2.TransportError, *, by_sdk: bool) -> StillroomError:
    """The failure that an error of the transport becomes, as itself or wrapped by the SDK of OpenAI."""
    try:
        if not by_sdk:
            with transport_errors():
                raise error
        is_timeout = isinstance(error, httpx2.TimeoutException)
        kind = openai.APITimeoutError if is_timeout else openai.APIConnectionError
        async with failures("chatgpt", "model", (), ""):
            raise kind(request=REQUEST) from error
    except StillroomError as failure:
        return failure
    raise AssertionError("nothing failed")

"""Environment checks of `stillroom doctor`: rate-limit server, vendors, reader model and clock."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import httpx2
from redis import AuthenticationError, Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

import stillroom
from stillroom.bootstrap.providers import VENDOR_URLS, try_reader
from stillroom.domain.providers.readers import ReaderTrial
from stillroom.domain.words import Words, texts_in
from stillroom.settings import Settings

TIMEOUT_SECONDS = 3.0

SKEW_SECONDS = 300.0
"""Tolerated clock skew in seconds; S3 rejects requests at 15 minutes."""

_TEXTS = texts_in("reader_checks")
"""Results of the trial of the reader model, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of one check.

    Attributes:
        verdict: `ok`, `warn` (works with limitations) or `fail`.
        remedy: What the operator should do; empty if nothing.
    """

    subject: str
    verdict: str
    fact: str
    remedy: str = ""


def findings(settings: Settings) -> list[Finding]:
    """Check the shared rate limits, each vendor that has a key, the reader, and the clock."""
    dates: list[datetime] = []
    found = [*_valkey(settings), *_vendors(settings, dates), *_reader(settings)]
    return [*found, _clock(dates)]


def _valkey(settings: Settings) -> Iterator[Finding]:
    if settings.valkey_url is None:
        return
    address = settings.valkey_url.get_secret_value()
    url = urlsplit(address)
    is_local = url.scheme == "unix"
    server = url.path if is_local else f"{url.hostname}:{url.port or 6379}"
    timeouts = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    try:
        with (
            Redis.from_url(address, retry=Retry(NoBackoff(), 0), **timeouts) as client,
            suppress(AuthenticationError),
        ):
            client.ping()
    except (RedisError, ValueError) as error:
        option = f"-s {url.path}" if is_local else f"-h {url.hostname}"
        remedy = f"Check that it runs: valkey-cli {option} ping. Till then each server limits for itself."
        # The library's own message repeats the server.
        cause = error.__context__ or error
        yield Finding("Valkey", "warn", f"{server}: {cause} does not answer", remedy)
    else:
        yield Finding("Valkey", "ok", f"{server} answers")


def _vendors(settings: Settings, dates: list[datetime]) -> Iterator[Finding]:
    for name, usual in VENDOR_URLS.items():
        address = getattr(settings, f"{name}_base_url") or usual
        # Behind a proxy, the vendor need not be reachable directly from this process.
        if getattr(settings, f"{name}_api_key") is None or getattr(settings, f"{name}_proxy") or not address:
            continue
        url = urlsplit(address)
        try:
            date = _date_of(url)
        except (httpx2.HTTPError, ValueError) as error:
            names = f"{name.upper()}_PROXY or {name.upper()}_BASE_URL"
            remedy = f"Set {names} if the network needs it; the local provider works."
            yield Finding(f"Key for {name}", "warn", f"{url.hostname} cannot be reached: {error}", remedy)
            continue
        if date is not None:
            dates.append(date)
        yield Finding(f"Key for {name}", "ok", f"{url.hostname} can be reached")


def _reader(settings: Settings) -> Iterator[Finding]:
    if settings.reader is None:
        return
    url = urlsplit(settings.reader_base_url or VENDOR_URLS[settings.reader])
    try:
        _date_of(url)
    except (httpx2.HTTPError, ValueError) as error:
        remedy = "Check READER_BASE_URL and the network. Until then instructions are read by rules alone."
        yield Finding("Reader", "warn", f"{url.hostname} cannot be reached: {error}", remedy)
        return
    photos = "instructions that are not understood, photos, and pictures to describe"
    sent = photos if settings.reader_sees_photos else "instructions that are not understood"
    fact = f"{url.hostname} can be reached; {sent} are sent there"
    yield Finding("Reader", "ok", fact)


def _clock(dates: list[datetime]) -> Finding:
    now = datetime.now(UTC)
    skews = [abs((now - date).total_seconds()) for date in dates]
    made = datetime.fromtimestamp(Path(str(stillroom.__file__)).stat().st_mtime, UTC)
    remedy = "Run: timedatectl set-ntp true"
    if now < made:
        return Finding(
            "Clock", "fail", f"{now:%Y-%m-%d %H:%M} lies before this release was installed", remedy
        )
    if skews and min(skews) > SKEW_SECONDS:
        return Finding("Clock", "fail", f"differs from others' by {min(skews):.0f} s", remedy)
    return Finding("Clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _date_of(url: SplitResult) -> datetime | None:
    """Return the server's time from the `Date` header of a HEAD request."""
    date = httpx2.head(f"{url.scheme}://{url.netloc}/", timeout=TIMEOUT_SECONDS).headers.get("Date")
    return parsedate_to_datetime(date) if date else None


async def reader_findings(settings: Settings, language: str) -> list[Finding]:
    """Ask the reader model tiny questions, which cost a fraction of a cent at most."""
    tried = await try_reader(settings)
    if tried is None:
        nothing = Words(
            zh="没有配置阅读模型，只按规则读描述。", en="none is set up; instructions are read by rules alone"
        )
        return [Finding("Reader", "ok", nothing.to(language))]
    model, trials = tried
    return [_reader_finding(model, trial, language) for trial in trials]


def _reader_finding(model: str, trial: ReaderTrial, language: str) -> Finding:
    subject = f"reader/{model} ({_TEXTS['kinds'][trial.kind].to(language)})"
    cost = f"${trial.cost_micro_usd / 1e6:.6f}" if trial.cost_micro_usd else None
    if trial.error is None:
        priced = Words(
            zh=f"{trial.seconds:.1f} 秒内答复，{f'花费 {cost}' if cost else '价格未知'}",
            en=f"answers in {trial.seconds:.1f} s, {f'for {cost}' if cost else 'at an unknown price'}",
        )
        return Finding(subject, "ok", priced.to(language))
    reason = trial.error.reason or trial.error.code
    errors, remedies = _TEXTS["errors"], _TEXTS["remedies"]
    said = errors.get(reason) or errors.get(trial.error.code, errors["other"])
    remedy = remedies.get(trial.error.code, remedies[trial.kind]).to(language)
    fact = said.to(language).format(reason=reason)
    return Finding(subject, "warn", f"{fact} ({trial.seconds:.1f} s)", remedy)

"""HTTP client for deliveries: one POST to a checked and pinned address, without redirects."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.webhooks import SendResult
from stillroom.providers.webhooks.addresses import AddressRefused, AddressRules

CONNECT_SECONDS = 5.0
DEADLINE_SECONDS = 15.0
"""Of one try, from the name's resolution to the answer's headers."""

CHECK_SECONDS = 3.0
"""Timeout of name resolution when a webhook is created; a name that does not resolve may be stored."""


@dataclass
class HttpWebhookSender:
    """Sends deliveries; no proxy of the environment is used, because it would resolve the name itself.

    `_tls` replaces the default trust store.
    """

    _rules: AddressRules
    _tls: ssl.SSLContext | None = None
    deadline_seconds: float = DEADLINE_SECONDS

    async def check(self, url: str) -> None:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._rules.resolved(url)
        except AddressRefused as error:
            raise ValidationFailed(
                text=f"url_{error.reason}", fields=[{"field": "url", "reason": error.reason}]
            ) from error
        except (OSError, UnicodeError, TimeoutError):
            return

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> SendResult:
        import httpx2

        try:
            async with asyncio.timeout(self.deadline_seconds):
                status = await self._posted(url, headers, body)
        except AddressRefused as error:
            return SendResult(None, error.reason)
        except (TimeoutError, httpx2.TimeoutException):
            return SendResult(None, "timeout")
        except httpx2.TransportError as error:
            return SendResult(None, "tls" if _is_tls(error) else "unreachable")
        except (OSError, UnicodeError):
            return SendResult(None, "unresolved")
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return SendResult(None, "unreachable")
        if 200 <= status < 300:
            return SendResult(status, None)
        return SendResult(status, "redirect" if 300 <= status < 400 else f"http_{status}")

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return the status; the answer's body is not read."""
        import httpx2

        target = await self._rules.resolved(url)
        if self._tls is None:
            self._tls = httpx2.create_ssl_context()
        timeout = httpx2.Timeout(self.deadline_seconds, connect=CONNECT_SECONDS)
        # A client per message: a connection that is reused would be trusted for another name.
        async with (
            httpx2.AsyncClient(
                verify=self._tls, trust_env=False, follow_redirects=False, timeout=timeout
            ) as client,
            client.stream(
                "POST",
                target.pinned,
                content=body,
                headers={"host": target.authority, "user-agent": "Stillroom-Webhooks", **headers},
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            return answer.status_code


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False

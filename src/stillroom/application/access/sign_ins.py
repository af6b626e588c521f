"""Browser sign-ins: exchange an access token for a session secret that is valid for thirty days."""

import hashlib
import secrets
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from stillroom.application.limits.limits import check_rate, consume_token
from stillroom.domain.errors import Conflict, Unauthorized
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Clock, RateLimiter, UnitOfWorkFactory
from stillroom.domain.sign_ins import SIGNED_IN_FOR, SignIn

ATTEMPTS_PER_MINUTE = 10
"""Unknown tokens per address and minute. Tokens cannot be guessed; the limit reduces noise."""

ATTEMPTS = "sign-ins"
"""Policy name of the limit, as sent to clients."""

_SECRET_BYTES = 32
_NEIGHBOURHOOD_BITS = 64


@dataclass(frozen=True, slots=True)
class SignedIn:
    owner_id: OwnerId
    secret: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Request of a signed-in browser; `is_renewed` if it extended the sign-in and its cookie."""

    owner_id: OwnerId
    is_renewed: bool


@dataclass(frozen=True)
class SignIns:
    """Exchanges tokens for session secrets and authenticates requests by them."""

    _unit_of_work: UnitOfWorkFactory
    _attempts: RateLimiter
    _clock: Clock
    _: KW_ONLY
    tokens_required: bool

    async def sign_in(self, token: str, address: str) -> SignedIn:
        """Exchange a token for a session secret.

        Raises:
            Conflict: This server has only the local owner, who need not sign in.
            RateLimited: Too many unknown tokens came from this address recently.
            Unauthorized: The token is unknown or revoked.
        """
        if not self.tokens_required:
            raise Conflict(text="no_sign_in")
        who = f"{ATTEMPTS}:{_neighbourhood(address)}"
        check_rate(await self._attempts.peek(who), ATTEMPTS, "unknown tokens")
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock()
        async with self._unit_of_work() as tx:
            owner = await tx.owners.by_token_hash(hash_of(token))
            if owner is not None:
                kept = SignIn(hash_of(secret), owner.id, hash_of(token), now, now + SIGNED_IN_FOR)
                await tx.sign_ins.add(kept)
                return SignedIn(owner.id, secret, owner.name, kept.expires_at)
        await consume_token(self._attempts, who, ATTEMPTS, "unknown tokens")
        raise Unauthorized(text="unknown_token")

    async def visit(self, secret: str) -> Visit | None:
        """Authenticate a secret; None when it is unknown, expired, or its token was revoked."""
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            sign_in = await tx.sign_ins.get(hash_of(secret), now)
        if sign_in is None:
            return None
        if sign_in.is_due(now):
            async with self._unit_of_work() as tx:
                await tx.sign_ins.extend(sign_in.secret_hash, now + SIGNED_IN_FOR)
        return Visit(sign_in.owner_id, is_renewed=sign_in.is_due(now))

    async def sign_out(self, secret: str) -> OwnerId | None:
        """Revoke a secret and return its owner; None when the secret is unknown."""
        async with self._unit_of_work() as tx:
            sign_in = await tx.sign_ins.get(hash_of(secret), self._clock())
            await tx.sign_ins.remove(hash_of(secret))
        return sign_in.owner_id if sign_in else None


def hash_of(secret: str) -> str:
    """Hash a token or secret. A plain hash is safe, because both have 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _neighbourhood(address: str) -> str:
    """Return the rate-limit key of an address: an IPv4 address, or the /64 of an IPv6 customer."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "elsewhere"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return format(int(parsed) >> _NEIGHBOURHOOD_BITS, "x")
    return str(parsed)

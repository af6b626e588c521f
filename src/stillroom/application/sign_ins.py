"""Browsers that are signed in: for a token each gets a secret of its own, good for thirty days."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from math import ceil

from stillroom.domain.errors import Conflict, RateLimited, Unauthorized
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Allowance, Clock, RateLimiter, UnitOfWorkFactory
from stillroom.domain.sign_ins import SIGNED_IN_FOR, SignIn

ATTEMPTS_PER_MINUTE = 10
"""Tokens that are not known, from one address. They cannot be guessed anyway; this keeps the noise down."""

ATTEMPTS = "sign-ins"
"""The limit's name, as clients read it."""

_SECRET_BYTES = 32
_NEIGHBOURHOOD_BITS = 64


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser is given.

    Attributes:
        secret: What it shows from now on.
        name: Of the owner.
    """

    owner_id: OwnerId
    secret: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a browser that is signed in.

    Attributes:
        is_renewed: Whether the end was put off just now, so that the browser must keep its secret longer too.
    """

    owner_id: OwnerId
    is_renewed: bool


class SignIns:
    """Exchanges tokens for secrets, and knows owners by these."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, attempts: RateLimiter, clock: Clock, *, tokens_required: bool
    ) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._attempts = attempts
        self._clock = clock
        self._tokens_required = tokens_required

    async def sign_in(self, token: str, address: str) -> SignedIn:
        """Exchange a token for a secret.

        Args:
            token: As it was typed.
            address: Where the request comes from.

        Raises:
            Conflict: This server knows one owner only, who need not sign in.
            RateLimited: Too many unknown tokens came from there of late.
            Unauthorized: Nobody's token.
        """
        if not self._tokens_required:
            raise Conflict("This server asks nobody to sign in.")
        who = f"{ATTEMPTS}:{_neighbourhood(address)}"
        allowance = await self._attempts.look(who)
        if not allowance.is_granted:
            raise _too_many(allowance)
        secret, now = secrets.token_urlsafe(_SECRET_BYTES), self._clock()
        async with self._unit_of_work() as tx:
            owner = await tx.owners.by_token_hash(hash_of(token))
            if owner is not None:
                kept = SignIn(hash_of(secret), owner.id, hash_of(token), now, now + SIGNED_IN_FOR)
                await tx.sign_ins.add(kept)
                return SignedIn(owner.id, secret, owner.name, kept.expires_at)
        allowance = await self._attempts.take(who)
        if not allowance.is_granted:
            raise _too_many(allowance)
        raise Unauthorized("This token is not known here, or has been revoked.")

    async def visit(self, secret: str) -> Visit | None:
        """Who shows the secret; None when it is unknown, expired, or its token was revoked."""
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            sign_in = await tx.sign_ins.get(hash_of(secret), now)
        if sign_in is None:
            return None
        if sign_in.is_due(now):
            async with self._unit_of_work() as tx:
                await tx.sign_ins.put_off(sign_in.secret_hash, now + SIGNED_IN_FOR)
        return Visit(sign_in.owner_id, is_renewed=sign_in.is_due(now))

    async def sign_out(self, secret: str) -> OwnerId | None:
        """Make the secret void, and tell whose it was; an unknown one is void already."""
        async with self._unit_of_work() as tx:
            sign_in = await tx.sign_ins.get(hash_of(secret), self._clock())
            await tx.sign_ins.remove(hash_of(secret))
        return sign_in.owner_id if sign_in else None


def hash_of(secret: str) -> str:
    """What is stored of a token or secret: 256 random bits, so a plain hash cannot be guessed backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _neighbourhood(address: str) -> str:
    """Who counts as one: an IPv4 address, or a /64 of IPv6, which is what one customer gets."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "elsewhere"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return format(int(parsed) >> _NEIGHBOURHOOD_BITS, "x")
    return str(parsed)


def _too_many(allowance: Allowance) -> RateLimited:
    wait = max(1, ceil(allowance.retry_after_seconds))
    return RateLimited(
        f"Too many unknown tokens; try again in {wait} s.",
        policy=ATTEMPTS,
        limit=allowance.limit,
        window_seconds=allowance.window_seconds,
        reset_seconds=ceil(allowance.full_after_seconds),
        retry_after_seconds=wait,
    )

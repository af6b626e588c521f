"""Owners and their access tokens."""

import secrets
from dataclasses import KW_ONLY, dataclass

from stillroom.application.access.sign_ins import hash_of
from stillroom.domain.errors import Conflict, Unauthorized, ValidationFailed
from stillroom.domain.ids import LOCAL_OWNER, IdFactory, OwnerId
from stillroom.domain.ports import Clock, UnitOfWorkFactory
from stillroom.domain.sessions import Owner

MAX_NAME_CHARACTERS = 80
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Owners:
    """Authenticates and manages owners; without tokens there is one, the local owner."""

    _unit_of_work: UnitOfWorkFactory
    _ids: IdFactory
    _clock: Clock
    _: KW_ONLY
    tokens_required: bool

    async def ensure_local(self) -> None:
        """Insert the row of the local owner if it is missing."""
        async with self._unit_of_work(uses_reserve=True) as tx:
            await tx.owners.add(Owner(LOCAL_OWNER, "local", None, self._clock()))

    async def owner_of(self, token: str | None) -> OwnerId:
        """Return the owner of a token. Raises Unauthorized if tokens are required and this one is unknown."""
        if not self.tokens_required:
            return LOCAL_OWNER
        if token:
            async with self._unit_of_work(read_only=True) as tx:
                owner = await tx.owners.by_token_hash(hash_of(token))
            if owner is not None:
                return owner.id
        raise Unauthorized(text="token_required")

    async def create(self, name: str) -> str:
        """Create an owner and return the token, of which only a hash is stored.

        An owner whose token was revoked gets a new token and keeps the pictures. Raises Conflict for an owner
        who has a token, and ValidationFailed for a name that is empty, too long or not printable.
        """
        if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_CHARACTERS:
            raise ValidationFailed(f"A name has 1 to {MAX_NAME_CHARACTERS} characters.", name=name)
        token = "st_" + secrets.token_urlsafe(_TOKEN_BYTES)
        async with self._unit_of_work() as tx:
            known = next((owner for owner in await tx.owners.all() if owner.name == name), None)
            if known is None:
                owner = Owner(self._ids.owner(), name, hash_of(token), self._clock())
                is_done = await tx.owners.add(owner)
            else:
                is_done = known.id != LOCAL_OWNER and await tx.owners.set_token(known.id, hash_of(token))
            if not is_done:
                raise Conflict(f"There is an owner named {name}.", name=name)
        return token

    async def revoke(self, name: str) -> bool:
        """Revoke the owner's token and keep the owner's rows. Returns False if no owner has that name."""
        async with self._unit_of_work() as tx:
            owner = next((o for o in await tx.owners.all() if o.name == name and o.token_hash), None)
            return owner is not None and await tx.owners.remove(owner.id)

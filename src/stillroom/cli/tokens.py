"""`stillroom token`: who may use a server that others can reach."""

from stillroom.bootstrap import open_studio
from stillroom.domain.errors import NotFound
from stillroom.observability import Metrics
from stillroom.settings import Settings


async def create(settings: Settings, name: str) -> str:
    """Make an owner and give back the token. Raises Conflict when the name is taken."""
    async with open_studio(settings, Metrics()) as studio:
        return await studio.owners.create(name)


async def listed(settings: Settings) -> list[str]:
    """One line per owner."""
    async with open_studio(settings, Metrics()) as studio:
        owners = await studio.owners.all()
    return [
        f"{owner.name}\t{owner.created_at:%Y-%m-%d}\t{'token' if owner.token_hash else 'no token'}"
        for owner in owners
    ]


async def revoke(settings: Settings, name: str) -> None:
    """Make a token void. Raises NotFound."""
    async with open_studio(settings, Metrics()) as studio:
        if not await studio.owners.revoke(name):
            raise NotFound(f"No token belongs to {name}.")

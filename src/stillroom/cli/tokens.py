"""`stillroom token`: manage access tokens of a server that others can reach."""

from collections.abc import Sequence

import typer

from stillroom.bootstrap import open_studio
from stillroom.cli.console import print_json
from stillroom.domain.errors import NotFound
from stillroom.domain.sessions import Owner
from stillroom.observability import Metrics
from stillroom.settings import Settings


async def create(settings: Settings, name: str) -> str:
    """Create an owner and return the token. Raises Conflict if the name is taken."""
    async with open_studio(settings, Metrics()) as studio:
        return await studio.access.owners.create(name)


def show(owners: Sequence[Owner], *, as_json: bool) -> None:
    """Print the owners, one per line or as JSON."""
    if as_json:
        print_json([_as_json(owner) for owner in owners])
        return
    for owner in owners:
        has_token = "token" if owner.token_hash else "no token"
        typer.echo(f"{owner.name}\t{owner.created_at:%Y-%m-%d}\t{has_token}")


async def revoke(settings: Settings, name: str) -> None:
    """Revoke a token. Raises NotFound."""
    async with open_studio(settings, Metrics()) as studio:
        if not await studio.access.owners.revoke(name):
            raise NotFound(f"No token belongs to {name}.")


def _as_json(owner: Owner) -> dict[str, object]:
    created_at = owner.created_at.isoformat().replace("+00:00", "Z")
    return {"name": owner.name, "created_at": created_at, "has_token": owner.token_hash is not None}

"""`stillroom token`: manage access tokens of a server that others can reach."""

import asyncio
import json
from typing import Annotated

import typer

from stillroom.bootstrap import open_studio
from stillroom.bootstrap.maintenance import stored_owners
from stillroom.cli.console import AsJson, print_json
from stillroom.domain.errors import NotFound
from stillroom.domain.sessions import Owner
from stillroom.observability import Metrics
from stillroom.settings import Settings, load

app = typer.Typer(help="Access tokens of a server that others can reach.", no_args_is_help=True)


@app.command()
def create(name: Annotated[str, typer.Argument(help="Whose token it is.")], as_json: AsJson = False) -> None:
    """Create an owner and print the access token; it is shown only once."""
    token = asyncio.run(_created(load(), name))
    typer.echo(json.dumps({"name": name, "token": token}, ensure_ascii=False) if as_json else token)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List owners."""
    owners = asyncio.run(stored_owners(load()))
    if as_json:
        print_json([_as_json(owner) for owner in owners])
        return
    for owner in owners:
        has_token = "token" if owner.token_hash else "no token"
        typer.echo(f"{owner.name}\t{owner.created_at:%Y-%m-%d}\t{has_token}")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Whose token to make void.")], as_json: AsJson = False
) -> None:
    """Revoke an owner's token; the owner's pictures stay."""
    asyncio.run(_revoke(load(), name))
    done = json.dumps({"name": name, "has_token": False}, ensure_ascii=False)
    typer.echo(done if as_json else f"The token of {name} is void.")


async def _created(settings: Settings, name: str) -> str:
    async with open_studio(settings, Metrics()) as studio:
        return await studio.access.owners.create(name)


async def _revoke(settings: Settings, name: str) -> None:
    async with open_studio(settings, Metrics()) as studio:
        if not await studio.access.owners.revoke(name):
            raise NotFound(f"No token belongs to {name}.")


def _as_json(owner: Owner) -> dict[str, object]:
    created_at = owner.created_at.isoformat().replace("+00:00", "Z")
    return {"name": owner.name, "created_at": created_at, "has_token": owner.token_hash is not None}

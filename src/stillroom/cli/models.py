"""`stillroom models`: the local provider's networks."""

import json
from dataclasses import asdict
from functools import partial

import typer
from rich.console import Console
from rich.table import Table

from stillroom.bootstrap.maintenance import fetch_weights, own_network, weights_states
from stillroom.domain.errors import NotFound
from stillroom.domain.providers.requests import Notice
from stillroom.settings import Settings


def show(settings: Settings, *, as_json: bool) -> None:
    """Print the networks, best first."""
    own = own_network(settings)
    states = (*((own,) if own else ()), *weights_states(settings))
    if as_json:
        typer.echo(json.dumps([asdict(state) for state in states], indent=2))
        return
    table = Table("network", "here", "MB", "licence", "comes from", box=None, pad_edge=False)
    for state in states:
        here = "yes" if state.present else "no"
        table.add_row(state.name, here, f"{state.megabytes:.1f}", state.licence, state.source)
    Console().print(table)


def fetch(settings: Settings, name: str | None, *, as_json: bool) -> int:
    """Download missing networks; return 0 if all requested ones are present afterwards.

    Raises:
        NotFound: The network does not exist.
    """
    names = [state.name for state in weights_states(settings)]
    if name is not None and name not in names:
        raise NotFound(f"There is no network {name}; there are {', '.join(names)}.")
    tell = partial(_tell, quiet=as_json)
    wanted = [name] if name else names
    here = [fetch_weights(settings, one, tell) for one in wanted]
    if as_json:
        states = [asdict(state) for state in weights_states(settings) if state.name in wanted]
        typer.echo(json.dumps(states, indent=2))
    return 0 if all(here) else 6


def _tell(remark: Notice, *, quiet: bool) -> None:
    """Print a notice; warnings go to standard error, as does everything if standard output is for JSON."""
    typer.echo(remark.message, err=quiet or remark.level == "warning")

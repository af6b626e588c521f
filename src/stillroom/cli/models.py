"""`stillroom models`: list, fetch, choose and remove the networks of the local provider."""

from collections.abc import Collection
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stillroom.bootstrap.networks import network_inventory
from stillroom.bootstrap.stores import make_data_folder
from stillroom.cli.console import AsJson, plain_table, print_json
from stillroom.cli.problems import EXIT_CODES
from stillroom.domain.errors import ErrorKind
from stillroom.domain.providers.requests import Notice
from stillroom.settings import Settings, load

AUTOMATIC = "auto"
"""Name that goes back to the automatic choice."""

_USES = {
    "first": "cuts out",
    "scout": "looks first",
    "precise": "if in doubt",
    "prompt": "points, doubt",
    "lettering": "lettering",
    "on_request": "on request",
    "none": "not run yet",
}


app = typer.Typer(help="Networks of the local provider.", invoke_without_command=True)

Id = Annotated[str, typer.Argument(help="The network.", metavar="ID")]


@app.callback()
def models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the networks of the local provider and whether they are downloaded."""
    if context.invoked_subcommand is None:
        _show(load(), as_json=as_json)
    elif as_json:
        raise typer.BadParameter(f"write it at the end: stillroom models {context.invoked_subcommand} --json")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the networks with their use, size, memory and licence."""
    _show(load(), as_json=as_json)


@app.command()
def fetch(
    name: Annotated[str | None, typer.Argument(help="Fetch this one only.", metavar="ID")] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="Take it from a file or folder, for a machine offline.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show licence and size, then download, verify and try a network; without ID, all that are missing."""
    if given is not None and name is None:
        raise typer.BadParameter("--from needs an ID: which network the file holds.")
    settings = load()
    make_data_folder(settings)
    networks = network_inventory(settings)
    wanted = [name] if name else [state.name for state in networks.automatic()]
    here = [networks.fetch(one, partial(_print_notice, quiet=as_json), given) for one in wanted]
    if as_json:
        _print_states(settings, wanted)
    elif name and all(here) and _waits_to_be_used(settings, name):
        typer.echo(f"{name} is installed. To cut out with it: stillroom models use {name}")
    raise typer.Exit(0 if all(here) else EXIT_CODES[ErrorKind.UNAVAILABLE])


@app.command()
def use(
    name: Annotated[str, typer.Argument(help="The network, or auto.", metavar="ID")], as_json: AsJson = False
) -> None:
    """Cut out with a network from now on, also in servers that run; auto goes back to the usual choice."""
    networks = network_inventory(load())
    networks.use(None if name == AUTOMATIC else name)
    used = networks.in_use
    if as_json:
        print_json(asdict(used))
        return
    typer.echo(f"{used.in_use} cuts out from now on ({used.licence or 'no network'}).")
    if name not in (AUTOMATIC, used.in_use):
        typer.echo("STILLROOM_MATTE_MODEL names a network of your own, which is used before it.", err=True)


@app.command()
def remove(name: Id, as_json: AsJson = False) -> None:
    """Remove the files of a network."""
    settings = load()
    networks = network_inventory(settings)
    was_there = networks.remove(name)
    if as_json:
        _print_states(settings, [name])
        return
    typer.echo(f"{name} is removed." if was_there else f"{name} was not here.")
    if name in {state.name for state in networks.automatic()}:
        typer.echo("The next start downloads it again, because it is used without being chosen.")


def _show(settings: Settings, *, as_json: bool) -> None:
    if as_json:
        _print_states(settings)
        return
    table = plain_table()
    for head in ("network", "here", "use", "MB", "memory", "licence", "comes from"):
        table.add_column(head, no_wrap=head == "network")
    for state in network_inventory(settings).states():
        here = "in use" if state.in_use else "yes" if state.present else "no"
        size = f"{state.megabytes:.1f}" if state.megabytes else "?"
        memory = f"{state.memory_mb[0] / 1000:.1f} GB" if state.memory_mb else ""
        table.add_row(state.name, here, _USES[state.default_use], size, memory, state.licence, state.source)
    Console().print(table)


def _waits_to_be_used(settings: Settings, name: str) -> bool:
    states = network_inventory(settings).states()
    return any(state.name == name and state.default_use == "on_request" for state in states)


def _print_states(settings: Settings, names: Collection[str] | None = None) -> None:
    """Print networks as JSON: those of these names, or all."""
    states = network_inventory(settings).states()
    print_json([{"id": one.name, **asdict(one)} for one in states if names is None or one.name in names])


def _print_notice(notice: Notice, *, quiet: bool) -> None:
    """Print a notice; warnings go to standard error, as does everything if standard output is for JSON."""
    typer.echo(notice.message, err=quiet or notice.level == "warning")

"""Command definitions; maps errors to one line of output and an exit code."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.maintenance import back_up, restore
from stillroom.bootstrap.stores import migrate_schema
from stillroom.cli import (
    backups,
    check,
    doctor,
    edit,
    mcp,
    models,
    problems,
    read,
    serve,
    tokens,
)
from stillroom.cli.batches import run, watch
from stillroom.cli.console import AsJson, in_words, print_json
from stillroom.cli.evaluation import app as evaluation
from stillroom.domain.errors import InternalError, StillroomError
from stillroom.observability import set_up_logging
from stillroom.settings import Settings, SettingsInvalid, load
from stillroom.web.app import openapi_document
from stillroom.web.openapi import to_openapi_3_0, to_yaml

EXIT_USAGE = 2
"""Conventional exit code for wrong arguments; also used for invalid settings."""

app = typer.Typer(
    help="Product photos from phone photos: on this machine, without an account.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
batch_app = typer.Typer(help="Many photos by one recipe.", no_args_is_help=True)
app.add_typer(batch_app, name="batch")
app.add_typer(tokens.app, name="token")
app.add_typer(models.app, name="models")
app.add_typer(evaluation.app, name="eval")
app.command("read")(read.read_command)
app.command("edit")(edit.edit)
batch_app.command("run")(run.run)
app.command("watch")(watch.watch)
app.command("check")(check.check)


@app.command("serve")
def serve_command(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    reload: Annotated[bool, typer.Option(help="Start again when a source file changes.")] = False,
) -> None:
    """Run the web server, with a worker inside unless configured otherwise."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = load(**given)
    serve.serve(settings, reload=reload, as_json=not sys.stderr.isatty())


@app.command("worker")
def worker_command() -> None:
    """Run a worker for servers without a built-in one; start any number, on any machine."""
    set_up_logging(as_json=not sys.stderr.isatty())
    asyncio.run(serve.work(load()))


@app.command("mcp")
def mcp_command(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for results; by default `files` in the data folder."),
    ] = None,
) -> None:
    """Offer the studio's tools to an agent over standard input and output (Model Context Protocol)."""
    set_up_logging(as_json=False, level="ERROR")
    # Clients start this command without a shell, which would expand `~`.
    asyncio.run(mcp.run(load(), out.expanduser() if out else None))


@app.command("migrate")
def migrate_command(as_json: AsJson = False) -> None:
    """Migrate the database to the schema of this release."""
    asyncio.run(migrate_schema(load()))
    typer.echo(json.dumps({"up_to_date": True}) if as_json else "The database is up to date.")


@app.command("backup")
def backup_command(
    folder: Annotated[
        Path, typer.Argument(help="Made if missing; an earlier backup in it is brought up to date.")
    ],
    as_json: AsJson = False,
) -> None:
    """Back up everything into a folder, while the studio keeps running."""
    set_up_logging(as_json=False, level="ERROR")
    backups.run(back_up, "Backed up", load(), folder, as_json=as_json)


@app.command("restore")
def restore_command(
    folder: Annotated[Path, typer.Argument(help="A backup, from whatever database and store.")],
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty studio; also moves a studio from SQLite to PostgreSQL."""
    set_up_logging(as_json=False, level="ERROR")
    backups.run(restore, "Restored", load(), folder, as_json=as_json)


@app.command("doctor")
def doctor_command(
    as_json: AsJson = False,
    providers: Annotated[
        bool,
        typer.Option(
            "--providers",
            help="Also check each cloud with a free call, and ask the reader model a tiny question.",
        ),
    ] = False,
) -> None:
    """Check the installation, and say how to fix what is missing."""
    set_up_logging(as_json=False, level="ERROR")
    try:
        settings = load()
    except SettingsInvalid as error:
        raise typer.Exit(doctor.settings_refused(error.errors, as_json=as_json)) from None
    status = asyncio.run(doctor.examine(settings, as_json=as_json, with_providers=providers))
    sys.stdout.flush()
    # Background threads of the store's library may still retry and would abort a regular interpreter
    # shutdown.
    os._exit(status)


@app.command("config")
def config_command(as_json: AsJson = False) -> None:
    """Print the settings in force, with secrets masked."""
    in_force = load().in_force()
    if as_json:
        print_json(in_force)
        return
    for name, value in in_force.items():
        typer.echo(f"{name}={value}")


@app.command("openapi")
def openapi_command(
    form: Annotated[
        Literal["3.0-yaml", "3.1-json"],
        typer.Option("--format", help="OpenAPI 3.0.3 in YAML, or 3.1 in JSON."),
    ] = "3.0-yaml",
) -> None:
    """Print the OpenAPI document of the API."""
    document = openapi_document(serve.app_with_worker(Settings.model_construct()))
    if form == "3.1-json":
        print_json(document)
    else:
        typer.echo(to_yaml(to_openapi_3_0(document)), nl=False)


@app.command("version")
def version_command() -> None:
    """Print the version."""
    typer.echo(VERSION)


def main() -> None:
    """Run a command; errors end as one line and an exit code, with `--json` also as a problem object."""
    _redirect_library_output()
    # Commands may set another level; without this their log lines would go to standard output.
    set_up_logging(as_json=False, level="WARNING")
    as_json = problems.asks_for_json(sys.argv[1:])
    try:
        app()
    except SystemExit as ended:
        if as_json and (refused := problems.of_usage(ended)):
            print_json(problems.as_json(refused))
        raise
    except SettingsInvalid as error:
        if as_json:
            print_json(problems.as_json(problems.of_settings(error.errors)))
        for line in error.errors:
            typer.echo(f"stillroom: {line}", err=True)
        sys.exit(EXIT_USAGE)
    except StillroomError as error:
        _end(error, as_json=as_json)
    except OSError as error:
        _end(problems.of_system(error), as_json=as_json)
    except Exception:
        if as_json:
            print_json(problems.as_json(InternalError()))
        raise


def _redirect_library_output() -> None:
    """Redirect file descriptor 1 to the null device; only `sys.stdout` keeps the real output.

    MNN prints when it is imported, from C++, in whatever thread loads the first network. A script that reads
    our JSON must never see that. Redirecting only during the import would swallow what another thread writes.
    """
    own = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    # A file name need not be text in any encoding; escaped like this it is also valid JSON.
    sys.stdout = os.fdopen(own, "w", encoding=sys.stdout.encoding, errors="backslashreplace")


def _end(error: StillroomError, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json(problems.as_json(error))
    typer.echo(f"stillroom: {in_words(error)}", err=True)
    sys.exit(problems.EXIT_CODES[error.kind])

"""The commands under `stillroom eval`."""

import typer

from stillroom.cli.evaluation import confidence, cutouts, golden, instructions

app = typer.Typer(help="How good this build is, on pictures with known truth.", no_args_is_help=True)
app.command("instructions")(instructions.eval_instructions_command)
app.command("golden")(golden.eval_golden_command)
app.command("cutouts")(cutouts.measure)
app.command("confidence")(confidence.fit)
app.command("show")(golden.eval_show_command)

"""The hostile corpus against a running studio, with times and memory.

Run with `python -m tests.bench.hostile_uploads`.
"""

import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.conftest import WEIGHTS
from tests.hostile.corpus import corpus
from tests.hostile.runs import peak_megabytes, send
from tests.servers.studio_process import StudioProcess

SHOWN = 8


def main() -> None:
    """Send everything and print what stands out."""
    console = Console()
    with (
        tempfile.TemporaryDirectory() as folder,
        StudioProcess(Path(folder), WEIGHTS, STILLROOM_USER_PER_MINUTE="100000") as studio,
    ):
        sent, decoder = [], 0.0
        for case in corpus():
            sent.append(send(studio, case))
            decoder = max(decoder, peak_megabytes(studio)["decoder"])
        server = peak_megabytes(studio)["server"]
    table = Table("slowest", "outcome", "s")
    for one in sorted(sent, key=lambda one: -one.seconds)[:SHOWN]:
        table.add_row(one.case.name, one.outcome, f"{one.seconds:.2f}")
    console.print(table)
    for one in sent:
        for error in one.errors:
            console.print(f"[red]{one.case.name}: {error}[/]")
    console.print(f"{len(sent)} files: {dict(Counter(one.outcome for one in sent))}")
    console.print(f"Peak memory: server {server:.0f} MB, decoder {decoder:.0f} MB")


if __name__ == "__main__":
    main()

"""Procrastinate with an empty job: `fill URL COUNT` or `work URL SLOTS`."""

import asyncio
import sys

import procrastinate
import uvloop


def _app(url: str, slots: int = 1) -> tuple[procrastinate.App, procrastinate.tasks.Task]:
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=slots + 4)
    app = procrastinate.App(connector=connector)

    @app.task(name="nothing")
    async def nothing() -> None:
        return

    return app, nothing


async def fill(url: str, count: int) -> None:
    """Make the tables and that many jobs."""
    app, nothing = _app(url)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({} for _ in range(count)))


async def work(url: str, slots: int) -> None:
    """Report readiness, and start on a signal."""
    app, _ = _app(url, slots)
    async with app.open_async():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        await app.run_worker_async(concurrency=slots, install_signal_handlers=False)


if __name__ == "__main__":
    uvloop.run({"fill": fill, "work": work}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))

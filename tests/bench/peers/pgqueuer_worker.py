"""PgQueuer with an empty job: `fill URL COUNT` or `work URL SLOTS`; without slots, by its defaults."""

import asyncio
import sys

import asyncpg
import uvloop
from pgqueuer import AsyncpgDriver, PgQueuer, Queries


async def fill(url: str, count: int) -> None:
    """Make the tables and that many jobs."""
    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    await queries.enqueue(["nothing"] * count, [None] * count, [0] * count)
    await connection.close()


async def work(url: str, slots: int) -> None:
    """Report readiness, and start on a signal."""
    connection = await asyncpg.connect(url)
    queue = PgQueuer(AsyncpgDriver(connection))

    @queue.entrypoint("nothing")
    async def nothing(_job: object) -> None:
        return

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    if slots:
        # Two batches are its least bound on jobs at once.
        await queue.run(batch_size=slots // 2, max_concurrent_tasks=slots)
    else:
        await queue.run()


if __name__ == "__main__":
    uvloop.run({"fill": fill, "work": work}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))

"""Names of owners are unique, also under a race and in databases of earlier releases."""

import asyncio
from dataclasses import replace

import pytest

from stillroom.application.access.owners import MAX_NAME_CHARACTERS, Owners
from stillroom.domain.errors import Conflict
from stillroom.domain.ids import LOCAL_OWNER, IdFactory, OwnerId
from stillroom.domain.sessions import Owner
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, BORIS, NOW, an_owner, later

pytestmark = pytest.mark.anyio

ANNA_TWICE = replace(an_owner(BORIS), name="anna")


def owners_of(transactions: SqlTransactions) -> Owners:
    return Owners(transactions, IdFactory(), lambda: NOW, tokens_required=True)


async def test_a_second_owner_of_a_name_is_not_added(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        assert await tx.owners.add(an_owner(ANNA))
        assert not await tx.owners.add(ANNA_TWICE)
        assert await tx.owners.all() == (an_owner(ANNA),)


async def test_a_name_that_another_transaction_adds_first_is_taken(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    async def add_later() -> bool:
        async with SqlTransactions(neighbour)() as tx:
            return await tx.owners.add(ANNA_TWICE)

    async with transactions() as tx:
        assert await tx.owners.add(an_owner(ANNA))
        second = asyncio.create_task(add_later())
    assert not await second


async def test_of_owners_created_at_once_with_one_name_only_one_gets_a_token(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    both = owners_of(transactions), owners_of(SqlTransactions(neighbour))
    made = await asyncio.gather(*(one.create("Anna") for one in both * 3), return_exceptions=True)
    errors = [one for one in made if not isinstance(one, str)]
    assert len(errors) == len(made) - 1
    assert {(type(error), str(error)) for error in errors} == {(Conflict, "There is an owner named Anna.")}
    async with transactions(read_only=True) as tx:
        assert [owner.name for owner in await tx.owners.all()] == ["Anna"]


async def test_an_upgrade_numbers_younger_owners_of_a_name_and_keeps_their_tokens(
    empty_database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "x" * MAX_NAME_CHARACTERS
    before = [
        Owner(OwnerId("own_1"), "Anna", "hash 1", later(1)),
        Owner(OwnerId("own_2"), "Anna (2)", "hash 2", later(4)),
        Owner(OwnerId("own_3"), "Anna", "hash 3", later(2)),
        Owner(OwnerId("own_4"), "Anna", None, later(3)),
        Owner(OwnerId("own_5"), "local", "hash 5", later(0)),
        Owner(OwnerId("own_6"), long, None, later(5)),
        Owner(OwnerId("own_7"), long, None, later(6)),
        Owner(LOCAL_OWNER, "local", None, later(7)),
    ]
    new_names = {
        "own_3": "Anna (3)",
        "own_4": "Anna (4)",
        "own_5": "local (2)",
        "own_7": "x" * (MAX_NAME_CHARACTERS - 4) + " (2)",
    }
    await migrate(empty_database_url, "0021")
    database = Database(empty_database_url)
    transactions = SqlTransactions(database)
    async with transactions() as tx:
        for owner in before:
            assert await tx.owners.add(owner)
    await migrate(empty_database_url)
    async with transactions(read_only=True) as tx:
        after = await tx.owners.all()
    await database.close()
    expected = [replace(owner, name=new_names.get(owner.id, owner.name)) for owner in before]
    assert sorted(after, key=lambda owner: owner.id) == sorted(expected, key=lambda owner: owner.id)
    told = capsys.readouterr()
    for owner_id, name in new_names.items():
        assert owner_id in told.out + told.err
        assert name in told.out + told.err

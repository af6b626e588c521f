"""Browsers that are signed in: known until they expire, sign out, or lose the token they came with."""

from dataclasses import replace

import pytest

from stillroom.domain.sign_ins import SignIn
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, NOW, an_owner, later

pytestmark = pytest.mark.anyio

HERE = SignIn("secret", ANNA, "token", NOW, later(100))


@pytest.fixture
async def signed_in(transactions: SqlTransactions) -> SqlTransactions:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA, token_hash="token"))
        await tx.sign_ins.add(HERE)
    return transactions


async def test_sign_in_is_valid_until_it_expires(signed_in: SqlTransactions) -> None:
    async with signed_in() as tx:
        assert await tx.sign_ins.get("secret", later(99)) == HERE
        assert await tx.sign_ins.get("secret", later(100)) is None
        assert await tx.sign_ins.get("another", NOW) is None
        await tx.sign_ins.extend("secret", later(200))
        assert await tx.sign_ins.get("secret", later(150)) == replace(HERE, expires_at=later(200))


async def test_sign_out_ends_the_sign_in(signed_in: SqlTransactions) -> None:
    async with signed_in() as tx:
        await tx.sign_ins.remove("secret")
        assert await tx.sign_ins.get("secret", NOW) is None


async def test_revoked_token_ends_its_sign_ins_for_good(
    signed_in: SqlTransactions,
) -> None:
    async with signed_in() as tx:
        assert not await tx.owners.set_token(ANNA, "other"), "there is one already"
        assert await tx.owners.remove(ANNA)
        assert await tx.sign_ins.get("secret", NOW) is None
        assert await tx.owners.set_token(ANNA, "other")
        assert await tx.sign_ins.get("secret", NOW) is None


async def test_expired_sign_ins_are_deleted(signed_in: SqlTransactions) -> None:
    async with signed_in() as tx:
        assert await tx.sign_ins.forget(later(99)) == 0
        assert await tx.sign_ins.forget(later(101)) == 1

"""Owners, assets, sessions, variants, exports, calls and keys: kept, found, and hidden from others."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.jobs.events import JobQueued
from stillroom.domain.jobs.job import Fallback
from stillroom.domain.plans.measured import ColorTone
from stillroom.domain.plans.plan import Context
from stillroom.domain.plans.wishes import Wish
from stillroom.domain.ports import ReservedKey, UsageRow
from stillroom.domain.providers.usage import CallOutcome, UsageRecord
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import Database
from stillroom.storage.tables import metadata
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    NOW,
    a_call,
    a_job,
    a_session,
    a_variant,
    an_asset,
    an_export,
    an_owner,
    claimed_job,
    later,
    queued_jobs,
    stored_session,
)

pytestmark = pytest.mark.anyio


async def test_token_identifies_its_owner_until_it_is_revoked(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA, token_hash="hash"))
        await tx.owners.add(replace(an_owner(ANNA, token_hash="other"), name="impostor"))
        assert await tx.owners.by_token_hash("hash") == an_owner(ANNA, token_hash="hash")
        assert await tx.owners.by_token_hash("other") is None
        assert await tx.owners.remove(ANNA)
        assert not await tx.owners.remove(ANNA)
        assert await tx.owners.by_token_hash("hash") is None
        assert await tx.owners.all() == (an_owner(ANNA),)


async def test_the_same_photo_is_stored_once_per_owner(transactions: SqlTransactions) -> None:
    first, again, of_boris = an_asset(ANNA), an_asset(ANNA), an_asset(BORIS)
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        await tx.owners.add(an_owner(BORIS))
        assert await tx.assets.add(first) == first
        assert await tx.assets.add(again) == first
        assert await tx.assets.add(of_boris) == of_boris
        with pytest.raises(NotFound):
            await tx.assets.get(again.id, ANNA)


async def test_an_asset_stays_as_long_as_a_session_names_it(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    async with transactions() as tx:
        assert not await tx.assets.remove_unused(session.asset_id)
        await tx.sessions.remove(session.id)
        assert await tx.assets.remove_unused(session.asset_id)
        with pytest.raises(NotFound):
            await tx.assets.get(session.asset_id, ANNA)


async def test_session_context_is_stored(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    changed = replace(
        session,
        title="青瓷",
        platform=None,
        context=Context(
            color_tone=ColorTone(kelvin=5200.0), wishes=(Wish(id="w1", text="再暖一点", turn=2, locked=True),)
        ),
        updated_at=later(9),
    )
    async with transactions() as tx:
        await tx.sessions.save(changed)
    async with transactions(read_only=True) as tx:
        assert await tx.sessions.get(session.id, ANNA) == changed


async def test_sessions_are_listed_by_their_latest_change(transactions: SqlTransactions) -> None:
    oldest = await stored_session(transactions)
    async with transactions() as tx:
        asset = await tx.assets.get(oldest.asset_id, ANNA)
        newer, newest = a_session(asset, later(1)), a_session(asset, later(2))
        await tx.sessions.add(newest)
        await tx.sessions.add(newer)
        page = await tx.sessions.list(ANNA, None, 2)
        assert page.items == (newest, newer)
        rest = await tx.sessions.list(ANNA, page.next_cursor, 2)
        assert (rest.items, rest.next_cursor) == ((oldest,), None)
        with pytest.raises(ValidationFailed):
            await tx.sessions.list(ANNA, "not-ours", 2)


async def test_a_variant_comes_back_with_its_plan_and_measures(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    parent, variant = a_variant(job), a_variant(job, ordinal=2)
    variant = replace(variant, parent_id=parent.id, matte_key=None, white_key="w.png", created_at=later(1))
    async with transactions() as tx:
        await tx.variants.add(parent)
        await tx.variants.add(variant)
        assert await tx.variants.adopt(variant.id, later(3)) == replace(variant, adopted_at=later(3))
    async with transactions(read_only=True) as tx:
        assert await tx.variants.get(variant.id, ANNA) == replace(variant, adopted_at=later(3))
        assert await tx.variants.of_sessions([job.session_id]) == (
            parent,
            replace(variant, adopted_at=later(3)),
        )


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_a_picture_is_adopted_and_promoted_at_once_without_loss(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    preview = a_variant(job, 1, VariantRole.PREVIEW)
    async with transactions() as tx:
        await tx.variants.add(preview)
    both_have_read = asyncio.Barrier(2)

    async def adopt() -> None:
        async with transactions() as tx:
            await tx.variants.get(preview.id, ANNA)
            await both_have_read.wait()
            await tx.variants.adopt(preview.id, later(3))

    async def promote() -> None:
        async with transactions() as tx:
            await tx.variants.get(preview.id, ANNA)
            await both_have_read.wait()
            await tx.variants.promote(preview.id, 2, preview.measures)

    await asyncio.gather(adopt(), promote())
    async with transactions(read_only=True) as tx:
        kept = await tx.variants.get(preview.id, ANNA)
    assert kept == replace(preview, adopted_at=later(3), role=VariantRole.CANDIDATE, ordinal=2)


async def test_a_replaced_preview_is_listed_only_if_the_user_chose_it(transactions: SqlTransactions) -> None:
    one, two = await queued_jobs(transactions, await stored_session(transactions), 0, 1)
    dropped, chosen = a_variant(one, 1, VariantRole.PREVIEW), a_variant(two, 1, VariantRole.PREVIEW)
    made = a_variant(one, 1)
    async with transactions() as tx:
        for variant in (dropped, made, chosen):
            await tx.variants.add(variant)
        await tx.variants.mark_replaced(dropped.id, later(2))
        await tx.variants.mark_replaced(chosen.id, later(2))
        await tx.variants.adopt(chosen.id, later(3))
    async with transactions(read_only=True) as tx:
        shown = await tx.variants.of_sessions([one.session_id])
        stored = await tx.variants.of_sessions([one.session_id], with_replaced=True)
        assert await tx.variants.of_job(one.id) == (made,)
        # Whoever was shown it can still open it.
        assert await tx.variants.get(dropped.id, ANNA) == dropped
    assert {variant.id for variant in shown} == {made.id, chosen.id}
    assert {variant.id for variant in stored} == {dropped.id, made.id, chosen.id}


async def test_a_job_has_one_variant_of_a_role_and_ordinal(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    first, preview = a_variant(job, 1), a_variant(job, 1, VariantRole.PREVIEW)
    async with transactions() as tx:
        await tx.variants.add(first)
        with pytest.raises(Conflict):
            await tx.variants.add(a_variant(job, 1))
        await tx.variants.add(preview)
    async with transactions(read_only=True) as tx:
        assert await tx.variants.of_job(job.id) == (preview, first)


async def test_variants_of_several_jobs_are_read_in_one_query(transactions: SqlTransactions) -> None:
    one, two, none = await queued_jobs(transactions, await stored_session(transactions), 0, 1, 2)
    made = {one.id: (a_variant(one, 1), a_variant(one, 2)), two.id: (a_variant(two, 1),)}
    async with transactions() as tx:
        for variant in reversed([*made[one.id], *made[two.id]]):
            await tx.variants.add(variant)
        assert await tx.variants.of_jobs([one.id, two.id, none.id]) == made
        assert await tx.variants.of_jobs([]) == {}


async def test_exports_are_listed_until_they_expire(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    variant, other = a_variant(job, 1), a_variant(job, 2)
    old, new = an_export(variant, ANNA), an_export(other, ANNA, later(60))
    async with transactions() as tx:
        for made in (variant, other):
            await tx.variants.add(made)
        for export in (old, new):
            await tx.exports.add(export)
        assert (await tx.exports.list(ANNA, None, later(61), None, 9)).items == (new, old)
        assert (await tx.exports.list(ANNA, variant.id, later(61), None, 9)).items == (old,)
        assert await tx.exports.several([old.id], ANNA, later(61)) == (old,)
        with pytest.raises(NotFound):
            await tx.exports.several([old.id], ANNA, old.expires_at)
        assert (await tx.exports.list(ANNA, None, old.expires_at, None, 9)).items == (new,)
        assert await tx.exports.of_session(job.session_id) == (old, new)


async def test_expired_exports_are_returned_once(transactions: SqlTransactions, neighbour: Database) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    variant = a_variant(job)
    exports = [an_export(variant, ANNA, later(second)) for second in range(6)]
    async with transactions() as tx:
        await tx.variants.add(variant)
        for export in exports:
            await tx.exports.add(export)

    async def sweep(place: SqlTransactions) -> list[str]:
        async with place() as tx:
            return [gone.id for gone in await tx.exports.delete_expired(exports[4].expires_at, 3)]

    first, second = await asyncio.gather(sweep(transactions), sweep(SqlTransactions(neighbour)))
    third = await sweep(transactions)
    assert sorted(first + second + third) == sorted(export.id for export in exports[:5])


async def test_provider_call_is_recorded_before_sending_and_completed_after(
    transactions: SqlTransactions,
) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    call, second = a_call(job), a_call(job, later(5), "local", "isnet")
    done = replace(
        second,
        outcome="ok",
        latency_ms=1_234,
        cost_micro_usd=0,
        provider_request_id="up_1",
        finished_at=later(6),
    )
    async with transactions() as tx:
        await tx.provider_calls.add(second)
        await tx.provider_calls.add(call)
        await tx.provider_calls.complete(done)
    async with transactions(read_only=True) as tx:
        assert await tx.provider_calls.of_job(job.id) == (call, done)


async def test_usage_is_summed_per_model_over_a_half_open_period(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    (of_boris,) = await queued_jobs(transactions, await stored_session(transactions, BORIS), 0)
    async with transactions() as tx:
        calls: tuple[tuple[int, CallOutcome, int], ...] = (
            (0, "ok", 39_000),
            (5, "failed", 0),
            (9, "refused", 7),
            (10, "ok", 1),
        )
        for second, outcome, cost in calls:
            call = a_call(job, later(second))
            await tx.provider_calls.add(call)
            await tx.provider_calls.complete(replace(call, outcome=outcome, cost_micro_usd=cost))
        await tx.provider_calls.add(a_call(job, later(1), "local", "isnet"))
        await tx.provider_calls.add(a_call(of_boris, later(1)))
        assert await tx.provider_calls.usage(ANNA, NOW, later(10)) == (
            UsageRow("gemini", "gemini/banana", calls=3, failed=2, cost_micro_usd=39_007),
            UsageRow("local", "local/isnet", calls=1, failed=0, cost_micro_usd=0),
        )


async def test_jobs_that_passed_a_provider_over_are_counted(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0, 1)
    job, token = await claimed_job(transactions, later(2))
    async with transactions() as tx:
        assert await tx.provider_calls.fallbacks(ANNA, NOW, later(60)) == 0
        await tx.jobs.update_claimed(job.id, token, {"fallbacks": (Fallback("gemini", "local", "timeout"),)})
        assert await tx.provider_calls.fallbacks(ANNA, NOW, later(60)) == 1
        assert await tx.provider_calls.fallbacks(ANNA, later(1), later(60)) == 0
        assert await tx.provider_calls.fallbacks(BORIS, NOW, later(60)) == 0


async def test_fallbacks_after_each_model_are_counted(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0, 1)
    job, token = await claimed_job(transactions, later(2))
    passed_over = (Fallback("gemini", "chatgpt", "timeout"), Fallback("sora", "chatgpt", "breaker_open"))
    asked = (
        UsageRecord(provider="gemini", model="gemini/banana", outcome="failed"),
        UsageRecord(provider="sora", outcome="skipped"),
    )
    async with transactions() as tx:
        for provider, model in (("gemini", "banana"), ("chatgpt", "image")):
            await tx.provider_calls.add(a_call(job, later(3), provider, model))
        await tx.jobs.update_claimed(job.id, token, {"fallbacks": passed_over, "usage": asked})
        rows = await tx.provider_calls.usage(ANNA, NOW, later(60))
        assert {row.model: row.fallbacks for row in rows} == {"chatgpt/image": 0, "gemini/banana": 1}


async def test_one_of_many_requests_with_one_key_wins(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    session = await stored_session(transactions)
    places = [transactions, SqlTransactions(neighbour)]

    async def request(number: int) -> tuple[str, str]:
        job = a_job(session)
        async with places[number % 2]() as tx:
            kept = await tx.idempotency.reserve(ANNA, "key", "hash", job.id, NOW)
            if kept.job_id == job.id:
                await tx.jobs.add(job)
                await tx.events.append(job.id, JobQueued(position=1, reason="new"), NOW)
        return job.id, kept.job_id

    answers = await asyncio.gather(*(request(number) for number in range(20)))
    async with transactions(read_only=True) as tx:
        (made,) = await tx.jobs.of_session(session.id)
    assert {kept for _, kept in answers} == {made.id}
    assert [mine for mine, kept in answers if mine == kept] == [made.id]


async def test_a_key_whose_request_was_refused_is_free_again(transactions: SqlTransactions) -> None:
    await stored_session(transactions)

    async def refused() -> None:
        async with transactions() as tx:
            await tx.idempotency.reserve(ANNA, "key", "first", "job_1", NOW)
            raise ValidationFailed()

    with pytest.raises(ValidationFailed):
        await refused()
    async with transactions() as tx:
        assert await tx.idempotency.find(ANNA, "key") is None
        kept = await tx.idempotency.reserve(ANNA, "key", "second", "job_2", NOW)
        assert kept == ReservedKey("second", "job_2")


async def test_a_key_belongs_to_its_owner_and_is_forgotten_in_time(transactions: SqlTransactions) -> None:
    await stored_session(transactions, ANNA)
    await stored_session(transactions, BORIS)
    async with transactions() as tx:
        await tx.idempotency.reserve(ANNA, "key", "hash", "job_1", NOW)
        await tx.idempotency.reserve(BORIS, "key", "hash", "job_2", later(1))
        assert await tx.idempotency.find(ANNA, "key") == ReservedKey("hash", "job_1")
        assert await tx.idempotency.find(BORIS, "key") == ReservedKey("hash", "job_2")
        assert await tx.idempotency.forget(later(1)) == 1
        assert await tx.idempotency.find(ANNA, "key") is None


async def test_row_of_another_owner_is_not_found(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions, ANNA)
    await stored_session(transactions, BORIS)
    (job,) = await queued_jobs(transactions, session, 0)
    variant = a_variant(job)
    export = an_export(variant, ANNA)
    async with transactions() as tx:
        await tx.variants.add(variant)
        await tx.exports.add(export)
        with pytest.raises(NotFound):
            await tx.assets.get(session.asset_id, BORIS)
        with pytest.raises(NotFound):
            await tx.sessions.get(session.id, BORIS)
        with pytest.raises(NotFound):
            await tx.variants.get(variant.id, BORIS)
        with pytest.raises(NotFound):
            await tx.exports.several([export.id], BORIS, NOW)
        assert (await tx.exports.list(BORIS, None, NOW, None, 9)).items == ()
        assert session not in (await tx.sessions.list(BORIS, None, 9)).items


async def test_deleted_session_leaves_only_the_photo_and_the_usage_records(
    transactions: SqlTransactions, database: Database
) -> None:
    session = await stored_session(transactions)
    (job,) = await queued_jobs(transactions, session, 0)
    parent, child = a_variant(job, 1), a_variant(job, 2)
    async with transactions() as tx:
        await tx.events.append(job.id, JobQueued(position=1, reason="new"), NOW)
        await tx.variants.add(parent)
        await tx.variants.add(replace(child, parent_id=parent.id))
        await tx.exports.add(an_export(child, ANNA))
        call = a_call(job)
        await tx.provider_calls.add(call)
        await tx.provider_calls.complete(replace(call, outcome="ok", cost_micro_usd=39_000))
    async with transactions() as tx:
        await tx.sessions.remove(session.id)
    async with database.begin(read_only=True) as connection:
        left = {
            table.name
            for table in metadata.sorted_tables
            if await connection.scalar(sa.select(sa.func.count()).select_from(table))
        }
    assert left == {"owners", "assets", "provider_calls"}
    async with transactions(read_only=True) as tx:
        (row,) = await tx.provider_calls.usage(ANNA, NOW, later(1))
    assert row.cost_micro_usd == 39_000

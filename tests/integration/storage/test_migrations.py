"""Bringing a database to the present tables."""

import asyncio
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from stillroom.domain.batches.batches import BatchEventType, BatchItem, BatchStatus, ItemStatus
from stillroom.domain.batches.recipes import Choices, Recipe
from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.domain.exports.presets import ExportStatus
from stillroom.domain.ids import BatchItemId, RecipeId, WebhookId
from stillroom.domain.jobs.events import JobQueued
from stillroom.domain.jobs.job import DELIVERY, EXPORT, Job, JobStatus
from stillroom.domain.plans.plan import CarriedOutPlan
from stillroom.domain.ports import BreakerState, ProviderCall, ProviderState, UnitOfWork
from stillroom.domain.providers.requests import Operation
from stillroom.domain.providers.usage import CallOutcome
from stillroom.domain.variants import VariantRole
from stillroom.domain.webhooks import (
    TEST_EVENT,
    Delivery,
    DeliveryStatus,
    DisabledReason,
    Webhook,
    WebhookEvent,
)
from stillroom.storage import migrations
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate, schema_state
from stillroom.storage.repositories.base import columns_of
from stillroom.storage.tables import metadata
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import (
    ANNA,
    NOW,
    a_batch,
    a_call,
    a_job,
    a_variant,
    an_asset,
    an_export,
    stored_session,
)
from tests.servers import forked

pytestmark = pytest.mark.anyio

_PLANS = ["variants", "jobs", "recipes"]


async def test_three_migrations_at_once_all_succeed(empty_database_url: str) -> None:
    await asyncio.gather(*(migrate(empty_database_url) for _ in range(3)))
    assert await _versions(empty_database_url) == [(_newest(),)]


def _migrate(database_url: str) -> None:
    asyncio.run(migrate(database_url))


async def test_three_processes_that_start_at_once_all_succeed(empty_database_url: str) -> None:
    processes = [forked.context.Process(target=_migrate, args=(empty_database_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert await _versions(empty_database_url) == [(_newest(),)]


def _newest() -> str:
    folder = Path(migrations.__file__).parent / "versions"
    return max(path.name for path in folder.glob("r*.py"))[1:5]


async def _versions(database_url: str) -> list[Any]:
    database = Database(database_url)
    async with database.begin(read_only=True) as connection:
        versions = (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).all()
    await database.close()
    return list(versions)


async def test_a_second_migration_keeps_the_rows(database_url: str, transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    await migrate(database_url)
    async with transactions(read_only=True) as tx:
        assert await tx.sessions.get(session.id, ANNA) == session


async def test_reading_the_schema_revision_changes_nothing(empty_database_url: str, tmp_path: Path) -> None:
    assert await schema_state(empty_database_url) == "none"
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a path's own method may not be called here
    await migrate(empty_database_url, "0001")
    assert await schema_state(empty_database_url) == "behind"
    assert await _versions(empty_database_url) == [("0001",)]
    await migrate(empty_database_url)
    assert await schema_state(empty_database_url) == "present"
    database = Database(empty_database_url)
    async with database.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(Conflict, match="later release"):
        await schema_state(empty_database_url)


async def test_database_file_that_cannot_be_created_is_reported_early(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="cannot be made"):
        await schema_state(f"sqlite:///{tmp_path}/file/data/stillroom.db")


async def test_added_constraints_keep_all_rows_and_their_references(
    database_url: str,
) -> None:
    await migrate(database_url, "0009")
    database = Database(database_url)
    transactions = SqlTransactions(database)
    job = a_job(await stored_session(transactions))
    async with transactions() as tx:
        await tx.jobs.add(job)
        await tx.events.append(job.id, JobQueued(position=1, reason="new"), NOW)
        variant = a_variant(job)
        await tx.variants.add(variant)
        await tx.exports.add(an_export(variant, ANNA))
    await database.close()
    await migrate(database_url)
    database = Database(database_url)
    transactions = SqlTransactions(database)
    async with transactions() as tx:
        assert len(await tx.events.after(job.id, 0, 10)) == 1
        assert await tx.variants.of_job(job.id) == (variant,)
        assert len(await tx.exports.of_session(job.session_id)) == 1
        await tx.sessions.remove(job.session_id)
        assert await tx.events.after(job.id, 0, 10) == ()
    await database.close()


async def test_constraints_on_calls_breakers_and_deliveries_keep_all_rows(database_url: str) -> None:
    await migrate(database_url, "0020")
    database = Database(database_url)
    transactions = SqlTransactions(database)
    job = a_job(await stored_session(transactions))
    async with transactions() as tx:
        await tx.jobs.add(job)
        call, state, delivery = await _add_calls_and_deliveries(tx, job)
    await database.close()
    await migrate(database_url)
    database = Database(database_url)
    transactions = SqlTransactions(database)
    async with transactions() as tx:
        assert await tx.provider_calls.of_job(job.id) == (call,)
        assert await tx.provider_states.all() == (state,)
        assert await tx.deliveries.get(delivery.webhook_id, delivery.number) == delivery
        await tx.sessions.remove(job.session_id)
        assert (await tx.deliveries.list(delivery.webhook_id, None, 10)).items == ()
        assert await tx.provider_calls.of_job(job.id) == ()
    async with database.begin(read_only=True) as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM provider_calls")) == 1
    await database.close()


async def _add_calls_and_deliveries(tx: UnitOfWork, job: Job) -> tuple[ProviderCall, ProviderState, Delivery]:
    """Add a provider call of a job, the state of its model, and a delivery of the event that it ended."""
    call = a_call(job)
    state = ProviderState(call.provider, call.model, NOW)
    webhook = Webhook(
        id=WebhookId("hook_1"),
        owner_id=ANNA,
        url="https://shop.example/hook",
        events=(WebhookEvent.JOB_SUCCEEDED,),
        secret="whsec_1",
        created_at=NOW,
    )
    delivery = Delivery(
        webhook_id=webhook.id,
        number=1,
        owner_id=ANNA,
        message_id="msg_1",
        event=WebhookEvent.JOB_SUCCEEDED,
        payload={},
        job_id=job.id,
        session_id=job.session_id,
        created_at=NOW,
    )
    await tx.provider_calls.add(call)
    await tx.provider_states.save(state)
    await tx.webhooks.add(webhook)
    await tx.deliveries.add(delivery)
    return call, state, delivery


async def test_own_backdrops_of_older_plans_stay_in_use(database_url: str) -> None:
    await migrate(database_url, "0018")
    database = Database(database_url)
    transactions = SqlTransactions(database)
    session = await stored_session(transactions)
    named = {table: an_asset(ANNA, f"{place}a" * 32) for place, table in enumerate(_PLANS)}
    unnamed = an_asset(ANNA, "ff" * 32)
    changes = {table: {"backdrop": {"kind": "picture", "image_id": named[table].id}} for table in _PLANS}
    job = replace(a_job(session), changes=changes["jobs"])
    plan = CarriedOutPlan.model_validate(changes["variants"])
    choices = Choices(operation="bg_replace", changes=changes["recipes"])
    recipe = Recipe(
        id=RecipeId("rcp_1"),
        owner_id=ANNA,
        name="",
        version=1,
        choices=choices,
        created_at=NOW,
        updated_at=NOW,
    )
    async with transactions() as tx:
        for asset in (*named.values(), unnamed):
            await tx.assets.add(asset)
        await tx.jobs.add(job)
        await tx.variants.add(replace(a_variant(job), plan=plan))
        await tx.recipes.add(recipe)
    await migrate(database_url)
    async with transactions() as tx:
        removed = {one.id for one in (*named.values(), unnamed) if await tx.assets.remove_unused(one.id)}
        assert removed == {unnamed.id}
        of_session = {named["variants"].id, named["jobs"].id}
        assert await tx.assets.backdrops_in(session.id) == of_session
    await database.close()


async def test_files_of_earlier_batches_stay_in_their_archives(empty_database_url: str) -> None:
    await migrate(empty_database_url, "0023")
    database = Database(empty_database_url)
    transactions = SqlTransactions(database)
    session = await stored_session(transactions)
    job, table = a_job(session), metadata.tables["exports"]
    of_batch, of_session = a_variant(job, 1), a_variant(job, 2)
    batch = a_batch(ANNA)
    item = BatchItem(
        id=BatchItemId("bit_1"),
        batch_id=batch.id,
        owner_id=ANNA,
        place=1,
        image_id=session.asset_id,
        sku=None,
        title=None,
        prompt=None,
        status=ItemStatus.SUCCEEDED,
        created_at=NOW,
        variant_id=of_batch.id,
    )
    exports = [an_export(of_batch, ANNA), an_export(of_session, ANNA)]
    async with transactions() as tx:
        await tx.jobs.add(job)
        for variant in (of_batch, of_session):
            await tx.variants.add(variant)
        await tx.batches.add(batch)
        await tx.batch_items.add([item])
    async with database.begin() as connection:
        for export in exports:
            known = {name: value for name, value in columns_of(export, table).items() if name != "batch_id"}
            await connection.execute(sa.insert(table).values(known))
    await migrate(empty_database_url)
    async with transactions() as tx:
        found = await tx.exports.several([export.id for export in exports], ANNA, NOW)
    assert [export.batch_id for export in found] == [batch.id, None]
    await database.close()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("jobs", "status"),
        ("jobs", "type"),
        ("variants", "role"),
        ("exports", "status"),
        ("provider_calls", "outcome"),
        ("provider_state", "breaker"),
        ("webhook_deliveries", "event"),
    ],
)
async def test_an_unknown_state_or_kind_is_refused_by_the_schema(
    database: Database, transactions: SqlTransactions, table: str, column: str
) -> None:
    job = a_job(await stored_session(transactions))
    variant = a_variant(job)
    async with transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(variant)
        await tx.exports.add(an_export(variant, ANNA))
        await _add_calls_and_deliveries(tx, job)
    with pytest.raises(sa.exc.IntegrityError):
        async with database.begin() as connection:
            await connection.execute(sa.update(metadata.tables[table]).values({column: "unheard of"}))


async def test_check_constraints_match_the_code(database: Database) -> None:
    def checks(connection: sa.Connection) -> dict[str, set[str]]:
        inspector = sa.inspect(connection)
        return {
            f"{table}.{check['name']}": set(re.findall(r"'([\w.]+)'", check["sqltext"]))
            for table in inspector.get_table_names()
            for check in inspector.get_check_constraints(table)
        }

    async with database.begin() as connection:
        found = await connection.run_sync(checks)
    assert found == {
        "jobs.ck_jobs_status": {*JobStatus},
        "jobs.ck_jobs_type": {*Operation, EXPORT, DELIVERY},
        "variants.ck_variants_role": {*VariantRole},
        "exports.ck_exports_status": {*ExportStatus},
        "batches.ck_batches_status": {*BatchStatus},
        "batch_items.ck_batch_items_status": {*ItemStatus},
        "batch_events.ck_batch_events_type": {*BatchEventType},
        "webhooks.ck_webhooks_disabled_reason": {*DisabledReason},
        "webhook_deliveries.ck_webhook_deliveries_status": {*DeliveryStatus},
        "webhook_deliveries.ck_webhook_deliveries_event": {*WebhookEvent, TEST_EVENT},
        "provider_calls.ck_provider_calls_outcome": {*get_args(CallOutcome)},
        "provider_state.ck_provider_state_breaker": {*get_args(BreakerState)},
    }


async def test_migrated_tables_match_the_code(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with database.begin() as connection:
        assert await connection.run_sync(differences) == []
        partial = await connection.run_sync(_partial_indexes)
    assert partial == {"ix_jobs_due", "ix_jobs_deliveries", "ix_jobs_lines", "ix_jobs_running"}


def _partial_indexes(connection: sa.Connection) -> set[str | None]:
    indexes = sa.inspect(connection).get_indexes("jobs")
    return {
        index["name"]
        for index in indexes
        if any(option.endswith("_where") for option in index.get("dialect_options", {}))
    }


async def test_previous_release_keeps_working_during_migrations(empty_database_url: str) -> None:
    """No revision takes away a table or column, changes a type, or adds a column that old code must fill."""
    before: dict[str, dict[str, Any]] = {}
    for revision in sorted(script.revision for script in _scripts()):
        await migrate(empty_database_url, revision)
        after = await _columns(empty_database_url)
        for table, columns in before.items():
            assert table in after, f"{revision} takes {table} away"
            for name, column in columns.items():
                assert name in after[table], f"{revision} takes {table}.{name} away"
                assert str(after[table][name]["type"]) == str(column["type"]), f"{revision}: {table}.{name}"
                assert after[table][name]["nullable"] >= column["nullable"], f"{revision}: {table}.{name}"
            for name in after[table].keys() - columns.keys():
                new = after[table][name]
                assert new["nullable"] or new["default"] is not None, f"{revision}: {table}.{name}"
        before = after


def _scripts() -> list[Script]:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return list(ScriptDirectory.from_config(config).walk_revisions())


async def _columns(database_url: str) -> dict[str, dict[str, Any]]:
    def look(connection: sa.Connection) -> dict[str, dict[str, Any]]:
        inspector = sa.inspect(connection)
        return {
            table: {column["name"]: dict(column) for column in inspector.get_columns(table)}
            for table in inspector.get_table_names()
        }

    database = Database(database_url)
    async with database.begin(read_only=True) as connection:
        found = await connection.run_sync(look)
    await database.close()
    return found

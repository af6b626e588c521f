"""Plain domain objects to store, and the rows that others hang on."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from stillroom.domain.assets import Asset
from stillroom.domain.batches.batches import Batch, BatchStatus
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.exports.presets import Check, Export, Verdict
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.jobs.job import AnyClaimedJob, ClaimedJob, ClaimLimits, Job, JobStatus
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan, Context
from stillroom.domain.ports import ProviderCall
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Owner, Session
from stillroom.domain.variants import Variant, VariantRole
from stillroom.domain.words import Words
from stillroom.storage.unit_of_work import SqlTransactions

NOW = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
ANNA, BORIS = OwnerId("own_anna"), OwnerId("own_boris")
ids = IdFactory()


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def an_owner(owner_id: OwnerId, token_hash: str | None = None) -> Owner:
    return Owner(id=owner_id, name=owner_id.removeprefix("own_"), token_hash=token_hash, created_at=NOW)


def an_asset(owner_id: OwnerId, sha256: str = "5f" * 32) -> Asset:
    asset_id = ids.asset()
    return Asset(
        id=asset_id,
        owner_id=owner_id,
        sha256=sha256,
        width=2048,
        height=1536,
        format="jpeg",
        bytes=812_345,
        blob_key=f"assets/{asset_id}.jpg",
        thumb_key=f"assets/{asset_id}.thumb.webp",
        original_name="马克杯 1.jpg",
        created_at=NOW,
    )


def a_session(asset: Asset, updated_at: datetime = NOW) -> Session:
    return Session(
        id=ids.session(),
        owner_id=asset.owner_id,
        asset_id=asset.id,
        title="马克杯",
        platform="taobao",
        context=Context(),
        created_at=NOW,
        updated_at=updated_at,
    )


def a_job(session: Session, run_after: datetime = NOW, prompt: str = "白底软阴影") -> Job:
    return Job(
        id=ids.job(),
        owner_id=session.owner_id,
        session_id=session.id,
        type=Operation.BG_REPLACE,
        status=JobStatus.QUEUED,
        prompt=prompt,
        candidates=3,
        run_after=run_after,
        created_at=run_after,
        request_id="req_1",
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )


def a_variant(job: Job, ordinal: int = 1, role: VariantRole = VariantRole.CANDIDATE) -> Variant:
    variant_id = ids.variant()
    return Variant(
        id=variant_id,
        session_id=job.session_id,
        job_id=job.id,
        ordinal=ordinal,
        role=role,
        parent_id=None,
        blob_key=f"variants/{variant_id}.png",
        thumb_key=f"variants/{variant_id}.thumb.webp",
        matte_key=f"variants/{variant_id}.matte.png",
        width=2048,
        height=2048,
        bytes=3_456_789,
        provider="local",
        model="local/isnet-1024",
        plan=CarriedOutPlan(asked=("backdrop",), product_transform=(1.0, 0.0, 12.5, 0.0, 1.0, -3.25)),
        measures=Measures(edge_halo=0.015625, subject_box=(1, 2, 3, 4), cut_sides=("left",), verified=False),
        created_at=NOW,
    )


def an_export(variant: Variant, owner_id: OwnerId, created_at: datetime = NOW) -> Export:
    export_id = ids.export()
    return Export(
        id=export_id,
        owner_id=owner_id,
        variant_id=variant.id,
        preset="amazon-main",
        name="B000123456.MAIN.jpg",
        part=None,
        format=PictureFormat.JPEG,
        width=2000,
        height=2000,
        bytes=654_321,
        blob_key=f"exports/{export_id}.jpg",
        checks=(a_check(),),
        created_at=created_at,
        expires_at=created_at + timedelta(hours=24),
    )


def a_check() -> Check:
    return Check(
        rule="white_ground",
        title=Words(zh="纯白背景", en="Pure white background"),
        verdict=Verdict.PASS,
        measured="100 %",
        limit="100 %",
        grade=None,
        source="https://example.org/rules",
        checked_on=NOW.date(),
    )


def a_batch(owner_id: OwnerId) -> Batch:
    return Batch(
        id=ids.batch(),
        owner_id=owner_id,
        name="mugs",
        status=BatchStatus.RUNNING,
        recipe_id=None,
        recipe_name="",
        recipe_version=1,
        choices=Choices(operation="optimize"),
        budget_micro_usd=None,
        estimate_micro_usd=0,
        created_at=NOW,
    )


def a_call(
    job: Job, started_at: datetime = NOW, provider: str = "gemini", model: str = "banana"
) -> ProviderCall:
    return ProviderCall(
        id=ids.provider_call(),
        job_id=job.id,
        owner_id=job.owner_id,
        provider=provider,
        model=f"{provider}/{model}",
        operation=job.type.value,
        started_at=started_at,
    )


async def stored_session(transactions: SqlTransactions, owner_id: OwnerId = ANNA) -> Session:
    """An owner with an asset and a session."""
    asset = an_asset(owner_id)
    session = a_session(asset)
    async with transactions() as tx:
        await tx.owners.add(an_owner(owner_id))
        await tx.assets.add(asset)
        await tx.sessions.add(session)
    return session


async def queued_jobs(
    transactions: SqlTransactions, session: Session, *run_after_seconds: float
) -> tuple[Job, ...]:
    """Jobs of a session, each due at its second."""
    jobs = tuple(a_job(session, later(seconds)) for seconds in run_after_seconds)
    async with transactions() as tx:
        for job in jobs:
            await tx.jobs.add(job)
    return jobs


def as_stored(job: ClaimedJob) -> Job:
    """A claimed job as anyone reads it: all but its lease token."""
    return Job(**{field.name: getattr(job, field.name) for field in fields(Job)})


def room(jobs: int = 1, of_batches: int | None = None, deliveries: int = 0) -> ClaimLimits:
    """Room of a worker; without a number, all of it is for jobs of batches too."""
    return ClaimLimits(jobs, jobs if of_batches is None else of_batches, deliveries)


async def claimed(
    transactions: SqlTransactions, at: datetime = NOW, *, worker_id: str = "w1", running_per_owner: int = 2
) -> ClaimedJob | None:
    """Claim one job at that moment; its lease lasts 15 s."""
    async with transactions() as tx:
        claimed = await tx.jobs.claim(
            worker_id, ids.lease_token(), at, at + timedelta(seconds=15), running_per_owner, room()
        )
    return an_edit(claimed[0]) if claimed else None


def an_edit(job: AnyClaimedJob) -> ClaimedJob:
    """A claimed job that is no export job."""
    assert isinstance(job, ClaimedJob)
    return job


async def claimed_job(transactions: SqlTransactions, at: datetime = NOW) -> tuple[ClaimedJob, str]:
    """A job that is there to be claimed, and its lease token."""
    job = await claimed(transactions, at)
    assert job is not None
    return job, job.lease_token

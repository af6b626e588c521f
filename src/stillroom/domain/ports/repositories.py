"""Repositories of the aggregates that an owner has, and the lookup of blob references."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stillroom.domain.assets import Asset
from stillroom.domain.descriptions import Description
from stillroom.domain.exports.presets import Export, ExportSettings
from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import AssetId, BatchId, ExportId, JobId, OwnerId, SessionId, VariantId
from stillroom.domain.measures import Measures
from stillroom.domain.ports.pages import OwnedRepository, Page
from stillroom.domain.products import ProductFacts
from stillroom.domain.sessions import Owner, Session
from stillroom.domain.sign_ins import SignIn
from stillroom.domain.variants import Variant


class OwnerRepository(Protocol):
    """Owners and their tokens."""

    async def add(self, owner: Owner) -> bool:
        """Insert an owner; return False if the id or the name is taken, also by a concurrent transaction."""

    async def by_token_hash(self, token_hash: str) -> Owner | None:
        """Return the owner of a token, or None."""

    async def all(self) -> tuple[Owner, ...]:
        """Return every owner, oldest first."""

    async def lock(self, owner_id: OwnerId) -> None:
        """Lock the owner's row until the transaction ends."""

    async def set_token(self, owner_id: OwnerId, token_hash: str) -> bool:
        """Set the token of an owner who has none; return False if there is one."""

    async def remove(self, owner_id: OwnerId) -> bool:
        """Remove the owner's token; return False if there was none."""


class SignInRepository(Protocol):
    """Signed-in browsers."""

    async def add(self, sign_in: SignIn) -> None:
        """Insert a sign-in."""

    async def get(self, secret_hash: str, now: datetime) -> SignIn | None:
        """Return a sign-in that has not expired and whose token is still its owner's."""

    async def extend(self, secret_hash: str, expires_at: datetime) -> None:
        """Extend a sign-in."""

    async def remove(self, secret_hash: str) -> None:
        """Revoke a sign-in."""

    async def forget(self, before: datetime) -> int:
        """Delete sign-ins that expired before that time; return their number."""


class AssetRepository(Protocol):
    """Uploaded photos."""

    async def add(self, asset: Asset) -> Asset:
        """Insert it, or return the owner's asset with the same `sha256`, with `created_at` updated."""

    async def get(self, asset_id: AssetId, owner_id: OwnerId) -> Asset:
        """Return an asset. Raises NotFound."""

    async def several(self, asset_ids: Collection[AssetId]) -> Mapping[AssetId, Asset]:
        """Return the existing assets among these ids, of any owner."""

    async def is_backdrop(self, asset_id: AssetId) -> bool:
        """Whether the library holds the asset, or something stored uses it as backdrop."""

    async def backdrops_in(self, session_id: SessionId) -> frozenset[AssetId]:
        """Return the own backdrops that pictures and jobs of a session use."""

    async def backdrops(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Asset]:
        """Return a page of the owner's backdrops, newest first. Raises ValidationFailed for a bad cursor."""

    async def count_backdrops(self, owner_id: OwnerId) -> int:
        """Return how many backdrops an owner has."""

    async def drop_backdrop(self, asset_id: AssetId, owner_id: OwnerId) -> None:
        """Remove an asset from the owner's backdrops. Raises NotFound."""

    async def hashes_among(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of the SHA-256 hashes for which a photo exists."""

    async def remove_unused(self, asset_id: AssetId) -> bool:
        """Delete an asset; return False if something stored uses it, or the library of backdrops holds it.

        Waits for transactions that are about to use the asset or to delete something that uses it.
        """

    async def delete_unused(self, before: datetime, limit: int) -> tuple[Asset, ...]:
        """Delete and return assets uploaded before that time that are not used."""


class SessionRepository(OwnedRepository[SessionId, Session], Protocol):
    """Sessions, one per product; the latest change is the newest."""

    async def lock(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        """Return a session and lock its row until the transaction ends. Raises NotFound."""

    async def photos_of(
        self, session_ids: Collection[SessionId], owner_id: OwnerId
    ) -> Mapping[SessionId, AssetId]:
        """Return the photos of the owner's sessions among these."""

    async def keep(self, session_ids: Collection[SessionId]) -> None:
        """Lock the existing sessions among these against deletion until the transaction ends."""

    async def seen_product(self, asset_id: AssetId) -> ProductFacts | None:
        """Return what a reader model saw in a photo for any session; the facts may be changed by a person."""

    async def save(self, session: Session) -> None:
        """Update title, platform, context and `updated_at`."""

    async def remove(self, session_id: SessionId) -> None:
        """Delete a session with its jobs, events, variants and exports."""


class VariantRepository(Protocol):
    """Pictures made by jobs."""

    async def add(self, variant: Variant) -> None:
        """Insert a variant. Raises Conflict if the job has one of that role and ordinal."""

    async def get(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        """Return a variant. Raises NotFound."""

    async def adopt(self, variant_id: VariantId, at: datetime) -> Variant:
        """Mark a variant as the user's choice among the pictures of its job. Raises NotFound.

        The caller holds the session's lock, because the mark moves from another variant.
        """

    async def promote(self, variant_id: VariantId, ordinal: int, measures: Measures) -> Variant:
        """Turn a preview into a candidate, because no better one was made. Raises NotFound."""

    async def mark_replaced(self, variant_id: VariantId, at: datetime) -> None:
        """Exclude a preview from the lists, unless it is the user's choice. Raises NotFound."""

    async def describe(self, variant_id: VariantId, description: Description) -> Variant:
        """Replace the description of a variant. Raises NotFound."""

    async def of_job(self, job_id: JobId) -> tuple[Variant, ...]:
        """Return a job's variants by ordinal, previews first."""

    async def of_jobs(self, job_ids: Sequence[JobId]) -> Mapping[JobId, tuple[Variant, ...]]:
        """Return the variants of several jobs in one query, ordered as in `of_job`."""

    async def of_sessions(
        self, session_ids: Collection[SessionId], *, with_replaced: bool = False
    ) -> tuple[Variant, ...]:
        """Return the variants of several sessions, oldest first."""

    async def are_described(self, variant_ids: Collection[VariantId]) -> bool:
        """Return whether one of these pictures has a description."""

    async def several(self, variant_ids: Collection[VariantId]) -> Mapping[VariantId, Variant]:
        """Return variants by their ids; those that do not exist are missing."""


class ExportRepository(Protocol):
    """Exported files, and pending exports that an export job will make."""

    async def add(self, export: Export, settings: ExportSettings | None = None) -> None:
        """Insert an export; with settings it is pending until an export job makes it."""

    async def several(
        self, export_ids: Sequence[ExportId], owner_id: OwnerId, now: datetime
    ) -> tuple[Export, ...]:
        """Return exports in the order given, in one query. Raises NotFound if one is missing or expired."""

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, now: datetime, cursor: str | None, limit: int
    ) -> Page[Export]:
        """Return a page of exports that have not expired, newest first."""

    async def of_session(self, session_id: SessionId) -> tuple[Export, ...]:
        """Return all exports of a session, including expired ones."""

    async def of_batch(
        self, batch_id: BatchId, variant_ids: Collection[VariantId], now: datetime
    ) -> tuple[Export, ...]:
        """Return a batch's exports of pictures that have not expired, oldest first."""

    async def delete_expired(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Delete and return expired rows, so that their blobs can be deleted next."""

    async def order(self, export_id: ExportId, now: datetime) -> tuple[Export, ExportSettings | None]:
        """Return a pending export and its settings, None if this release cannot read it.

        Raises NotFound, also if it has expired or is not pending.
        """

    async def finish(self, export: Export) -> bool:
        """Complete a pending export; return False if it no longer exists."""

    async def fail(self, export_id: ExportId) -> None:
        """Mark a pending export as failed."""

    async def keep_until(self, export_ids: Collection[ExportId], expires_at: datetime) -> None:
        """Set when some exports expire."""

    async def forget_failed(self, batch_id: BatchId, variant_ids: Collection[VariantId]) -> None:
        """Delete a batch's failed exports of pictures, which have no files."""


@dataclass(frozen=True, slots=True)
class ReservedKey:
    """The request hash and result recorded for an idempotency key."""

    request_hash: str
    job_id: str


class IdempotencyRepository(Protocol):
    """Idempotency keys of accepted requests."""

    async def find(self, owner_id: OwnerId, key: str) -> ReservedKey | None:
        """Return the record of a key, or None."""

    async def reserve(
        self, owner_id: OwnerId, key: str, request_hash: str, result_id: str, now: datetime
    ) -> ReservedKey:
        """Insert the key, or return its existing record, in one atomic statement."""

    async def drop(self, owner_id: OwnerId, key: str, result_id: str) -> None:
        """Delete the record of a result that is gone."""

    async def forget(self, before: datetime) -> int:
        """Delete keys recorded before that time; return their number."""

    async def forget_results(self, owner_id: OwnerId, results: Collection[str]) -> None:
        """Delete an owner's keys whose result is one of these jobs or exports."""


class GoldenVoteRepository(Protocol):
    """Votes on runs of the golden set."""

    async def save(self, votes: Sequence[GoldenVote]) -> None:
        """Insert votes, or replace those of the same run and case."""

    async def of_runs(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        """Return all votes on these runs, oldest first."""


class BlobNames(Protocol):
    """Blob keys referenced by rows."""

    async def among(self, keys: Sequence[str]) -> frozenset[str]:
        """Return the keys that a row references, and keys of an unknown kind.

        Files of unfinished writes belong to no row.
        """

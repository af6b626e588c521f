"""What sellers own, an aggregate each: one repository a noun, and the names of blobs that rows still use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stillroom.domain.assets import Asset
from stillroom.domain.exports.presets import Export, Recipe
from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.ids import AssetId, ExportId, JobId, OwnerId, SessionId, VariantId
from stillroom.domain.ports.pages import Page
from stillroom.domain.sessions import Owner, Session
from stillroom.domain.sign_ins import SignIn
from stillroom.domain.variants import Variant


class OwnerRepository(Protocol):
    """Owners and their tokens."""

    async def add(self, owner: Owner) -> None:
        """Store a new owner; one that is there already stays as it is."""
        ...

    async def by_token_hash(self, token_hash: str) -> Owner | None:
        """Whose token it is."""
        ...

    async def all(self) -> tuple[Owner, ...]:
        """Every owner, oldest first."""
        ...

    async def hold(self, owner_id: OwnerId) -> None:
        """Nobody else holds the owner until the transaction ends."""
        ...

    async def give_token(self, owner_id: OwnerId, token_hash: str) -> bool:
        """Give a token to an owner who has none; False when there is one."""
        ...

    async def remove(self, owner_id: OwnerId) -> bool:
        """Take the owner's token away; False when there was none."""
        ...


class SignInRepository(Protocol):
    """Browsers that are signed in."""

    async def add(self, sign_in: SignIn) -> None:
        """Store a new one."""
        ...

    async def get(self, secret_hash: str, now: datetime) -> SignIn | None:
        """One that has not expired and whose token is still its owner's."""
        ...

    async def put_off(self, secret_hash: str, expires_at: datetime) -> None:
        """Let it last longer."""
        ...

    async def remove(self, secret_hash: str) -> None:
        """Make it void."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete those that expired before that moment."""
        ...


class AssetRepository(Protocol):
    """Uploaded photos."""

    async def add(self, asset: Asset) -> Asset:
        """Store it, or give back the owner's asset with the same `sha256`, as old as the new one."""
        ...

    async def get(self, asset_id: AssetId, owner_id: OwnerId) -> Asset:
        """Raises NotFound."""
        ...

    async def several(self, asset_ids: Collection[AssetId]) -> Mapping[AssetId, Asset]:
        """Those that are there, whosever they are."""
        ...

    async def is_used(self, asset_id: AssetId) -> bool:
        """Whether a session still names it."""
        ...

    async def hashes_among(self, hashes: Collection[str]) -> frozenset[str]:
        """Those of the SHA-256 hashes that somebody has a photo with."""
        ...

    async def remove(self, asset_id: AssetId) -> None:
        """Delete the row."""
        ...

    async def take_unused(self, before: datetime, limit: int) -> tuple[Asset, ...]:
        """Delete rows taken in before that moment that no session names, and give them back."""
        ...


class SessionRepository(Protocol):
    """Products being worked on."""

    async def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def get(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        """Raises NotFound."""
        ...

    async def hold(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        """The same, and nobody else can change it until the transaction ends. Raises NotFound."""
        ...

    async def save(self, session: Session) -> None:
        """Write title, platform, context and `updated_at`."""
        ...

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Session]:
        """Latest change first. Raises ValidationFailed for a cursor that is not ours."""
        ...

    async def remove(self, session_id: SessionId) -> None:
        """Delete it with all its jobs, events, variants and exports."""
        ...


class VariantRepository(Protocol):
    """Pictures that jobs made."""

    async def add(self, variant: Variant) -> None:
        """Store a new variant; raises Conflict when the job has one of that role and ordinal."""
        ...

    async def get(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        """Raises NotFound."""
        ...

    async def adopt(self, variant_id: VariantId, at: datetime) -> Variant:
        """Mark it as the user's choice; adopting twice keeps the first moment. Raises NotFound."""
        ...

    async def promote(self, variant_id: VariantId, ordinal: int) -> Variant:
        """Make a preview one of the candidates, because nobody made a better one. Raises NotFound."""
        ...

    async def of_job(self, job_id: JobId) -> tuple[Variant, ...]:
        """In the order of their ordinals, previews first."""
        ...

    async def of_jobs(self, job_ids: Sequence[JobId]) -> Mapping[JobId, tuple[Variant, ...]]:
        """The same for several jobs in one query."""
        ...

    async def of_sessions(self, session_ids: Collection[SessionId]) -> tuple[Variant, ...]:
        """Those of all of them, oldest first."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Variant, ...]:
        """Oldest first."""
        ...


class ExportRepository(Protocol):
    """Files made for marketplaces, and those that an export job has yet to make."""

    async def add(self, export: Export, recipe: Recipe | None = None) -> None:
        """Store a new export; with a recipe it is pending, and an export job makes it."""
        ...

    async def several(
        self, export_ids: Sequence[ExportId], owner_id: OwnerId, now: datetime
    ) -> tuple[Export, ...]:
        """As they are asked for, in one query. Raises NotFound when one is missing or has expired."""
        ...

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, now: datetime, cursor: str | None, limit: int
    ) -> Page[Export]:
        """Newest first, expired ones left out."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Export, ...]:
        """All of them, expired ones too."""
        ...

    async def take_expired(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Delete expired rows and give them back, so that their blobs can follow."""
        ...

    async def order(self, export_id: ExportId, now: datetime) -> tuple[Export, Recipe | None]:
        """Return a pending export and its recipe, None if that cannot be read here.

        Raises:
            NotFound: It is gone, has expired, or is not pending.
        """
        ...

    async def finish(self, export: Export) -> bool:
        """Write how a pending export ended; False when it is gone."""
        ...

    async def fail(self, export_id: ExportId) -> None:
        """Write that a pending export could not be made."""
        ...

    async def take_unqueued(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Take over due exports of the release before, which made no jobs for them and can then not write."""
        ...


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What an idempotency key was first used for."""

    request_hash: str
    job_id: str
    kept_at: datetime


class IdempotencyRepository(Protocol):
    """Keys of requests that were accepted."""

    async def find(self, owner_id: OwnerId, key: str) -> KeptAnswer | None:
        """What the key was used for, if it was."""
        ...

    async def reserve(
        self, owner_id: OwnerId, key: str, request_hash: str, result_id: str, now: datetime
    ) -> KeptAnswer:
        """Keep the key, or give back what it was kept for first; the same statement for both."""
        ...

    async def renew(self, owner_id: OwnerId, key: str, pending_id: str, now: datetime) -> bool:
        """Say that a pending one is still worked on; False when someone else has taken the key over."""
        ...

    async def settle(self, owner_id: OwnerId, key: str, pending_id: str, result_id: str) -> bool:
        """Put a result in the place of a pending one; False when someone else has taken the key over."""
        ...

    async def drop(self, owner_id: OwnerId, key: str, pending_id: str) -> None:
        """Forget what it was kept for: the request was refused, its maker is dead, or its result is gone."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete keys kept before that moment."""
        ...

    async def forget_results(self, owner_id: OwnerId, results: Collection[str]) -> None:
        """Delete an owner's keys that were kept for any of these jobs or exports."""
        ...


class GoldenVoteRepository(Protocol):
    """What people chose among runs of the golden set."""

    async def save(self, votes: Sequence[GoldenVote]) -> None:
        """Write them; one that was given before for the same run and case is changed."""
        ...

    async def of_runs(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        """Everybody's votes on these runs, oldest first."""
        ...


class BlobNames(Protocol):
    """Which blobs belong to rows."""

    async def among(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that belong to some row, and those of an unknown kind."""
        ...

"""Redo: correct a cut-out and make a picture again with it, atomically."""

from collections.abc import Sequence
from dataclasses import dataclass

from stillroom.application.jobs.requests import Jobs
from stillroom.application.jobs.views import Submission
from stillroom.application.limits.idempotency import hash_of_request
from stillroom.application.photos.mattes import Mattes, MatteView
from stillroom.domain.ids import OwnerId, SessionId, VariantId
from stillroom.domain.mattes import Correction, StoredMatte
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.traces import NO_TRACE, RequestTrace


@dataclass(frozen=True)
class Redo:
    """Stores a correction and its job in one transaction."""

    _jobs: Jobs
    _mattes: Mattes

    async def correct(
        self,
        session_id: SessionId,
        owner_id: OwnerId,
        correction: Correction | None,
        variant_id: VariantId | None,
        *,
        redo: bool = True,
        provider: str | None = None,
        key: str | None = None,
        trace: RequestTrace = NO_TRACE,
    ) -> Submission | MatteView:
        """Correct a session's cut-out, or return to the found one, and make a picture again.

        Without `redo` or a picture in the session, only the cut-out is changed and returned. Raises what
        `Jobs.make_again` raises.

        Args:
            provider: The only cloud to ask, or `local`; None asks those that the picture's own job could ask.
        """
        if redo:
            submission = await self._made_again(
                session_id, owner_id, correction, variant_id, provider=provider, key=key, trace=trace
            )
            if submission is not None:
                return submission
        prepared = await self._mattes.prepare(session_id, owner_id, correction) if correction else None
        return await self._mattes.activate(session_id, owner_id, prepared)

    async def _made_again(
        self,
        session_id: SessionId,
        owner_id: OwnerId,
        correction: Correction | None,
        variant_id: VariantId | None,
        *,
        provider: str | None,
        key: str | None,
        trace: RequestTrace,
    ) -> Submission | None:
        prepared: list[StoredMatte] = []
        unused: Sequence[StoredMatte] = prepared

        async def prepare() -> None:
            if correction is not None:
                prepared.append((await self._mattes.prepare(session_id, owner_id, correction)).matte)

        async def change(tx: UnitOfWork) -> None:
            nonlocal unused
            matte = prepared[0] if prepared else None
            unused = await self._mattes.activate_in(tx, session_id, owner_id, matte)

        async with self._mattes.removed_when_refused(prepared):
            submission = await self._jobs.make_again(
                session_id,
                variant_id,
                owner_id,
                request_hash=_hash_of(session_id, variant_id, correction),
                prepare=prepare,
                change=change,
                provider=provider,
                key=key,
                trace=trace,
            )
        await self._mattes.forget(unused)
        return submission


def _hash_of(session_id: SessionId, variant_id: VariantId | None, correction: Correction | None) -> str:
    body = correction.model_dump(mode="json") if correction else None
    # Not sorted, as in the keys that earlier releases have stored.
    return hash_of_request({"redo": [session_id, variant_id, body]}, sort_keys=False)

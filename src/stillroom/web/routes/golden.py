"""`/golden`: runs of the golden set, their pictures, and votes on them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from stillroom.web.dependencies import CallDep
from stillroom.web.responses import WITH_ID, a_file, attached, errors
from stillroom.web.schemas.golden import (
    GoldenComparison,
    GoldenRuns,
    GoldenVoteAnswer,
    GoldenVoteRequest,
    adoption_answer,
    comparison_answer,
    run_answer,
)

router = APIRouter(prefix="/golden", tags=["golden"])

RunIdPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$")]
PictureNamePath = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}(\.source|\.mask)?$")]

_A_YEAR = "private, max-age=31536000, immutable"


@router.get("", responses=errors())
async def golden(call: CallDep) -> GoldenRuns:
    """List runs of the golden set, newest first; empty if none was made on this server."""
    return GoldenRuns(runs=[run_answer(shown, call.owner) for shown in await call.studio.golden.runs()])


@router.post("/vote", responses=errors(WITH_ID, body=True))
async def vote(call: CallDep, body: GoldenVoteRequest) -> GoldenVoteAnswer:
    """Vote for the best picture of a case; replaces an earlier vote."""
    standing = await call.studio.golden.vote(call.owner, body.case, body.run, body.choice, body.others)
    return GoldenVoteAnswer(
        case=body.case,
        run=body.run,
        choice=body.choice,
        adoption={run: adoption_answer(adoption) for run, adoption in standing.items()},
    )


@router.get("/{run_id}/compare/{before_id}", responses=errors(WITH_ID))
async def compare(call: CallDep, run_id: RunIdPath, before_id: RunIdPath) -> GoldenComparison:
    """Compare a run with an earlier one; lists only significant changes."""
    return comparison_answer(await call.studio.golden.comparison(run_id, before_id))


@router.get(
    "/{run_id}/results.csv",
    response_class=Response,
    responses={
        200: {"description": "A row per job, votes included.", "content": {"text/csv": {}}},
        **errors(WITH_ID),
    },
)
async def results(call: CallDep, run_id: RunIdPath) -> Response:
    """Download a run as a CSV table."""
    table = await call.studio.golden.csv(run_id)
    headers = attached(f"golden-{run_id}.csv")
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


@router.get(
    "/{run_id}/picture/{name}",
    response_class=Response,
    responses=a_file(
        "What was made of a case, or its photo (`.source`) or true mask (`.mask`).", "image/webp"
    )
    | errors(WITH_ID),
)
async def picture(call: CallDep, run_id: RunIdPath, name: PictureNamePath) -> Response:
    """Return a picture of a run; it never changes."""
    data = await call.studio.golden.picture(run_id, name)
    return Response(data, media_type="image/webp", headers={"Cache-Control": _A_YEAR})

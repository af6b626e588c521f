"""From words to plans."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stillroom.application.briefs import brief_of
from stillroom.domain.generation import Operation
from stillroom.domain.ids import JobId, OwnerId, SessionId, VariantId
from stillroom.domain.jobs import Job, JobStatus
from stillroom.domain.plans import Backdrop, Plan
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.variants import Variant, VariantRole
from stillroom.domain.words import Words

AT = datetime(2026, 11, 24, tzinfo=UTC)
JOB = Job(
    id=JobId("job_1"),
    owner_id=OwnerId("own_1"),
    session_id=SessionId("ses_1"),
    type=Operation.BG_REPLACE,
    status=JobStatus.RUNNING,
    prompt="",
    candidates=1,
    run_after=AT,
    created_at=AT,
)
DARK = Plan(backdrop=Backdrop(kind="color", color="#101010", edge_color="#101010"))
BASE = Variant(
    id=VariantId("var_1"),
    session_id=JOB.session_id,
    job_id=JOB.id,
    ordinal=1,
    role=VariantRole.CANDIDATE,
    parent_id=None,
    blob_key="b",
    thumb_key="t",
    matte_key=None,
    width=1,
    height=1,
    bytes=1,
    provider="local",
    model="local/x",
    plan=DARK,
    measures={},
    created_at=AT,
)
TRANSPARENT = PromptTemplate(
    id="bg_replace.see_through",
    version=1,
    operation=Operation.BG_REPLACE,
    name=Words(zh="透明", en="Transparent"),
    wish=Words(zh="透明背景", en="transparent background"),
    text="Cut the product out.",
)


def test_a_refinement_starts_from_the_picture_and_changes_what_is_asked() -> None:
    brief = brief_of(replace(JOB, type=Operation.REFINE, prompt="暖一点"), BASE, None)
    (plan,) = brief.plans
    assert plan.backdrop == DARK.backdrop
    assert plan.tone.mired > DARK.tone.mired
    assert plan.asked == ("tone",)


def test_a_template_says_what_was_not_typed() -> None:
    (plan,) = brief_of(JOB, None, TRANSPARENT).plans
    assert plan.backdrop.kind == "transparent"
    assert plan.asked == ("backdrop",)


def test_typed_words_win_over_the_template() -> None:
    (plan,) = brief_of(replace(JOB, prompt="白底，暖一点"), None, TRANSPARENT).plans
    assert plan.backdrop.kind == "white"
    assert plan.asked == ("backdrop", "tone")


def test_words_without_meaning_are_given_back() -> None:
    assert brief_of(replace(JOB, prompt="白底，独角兽"), None, None).not_understood == ("独角兽",)


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_candidates_differ_from_each_other(operation: Operation, count: int) -> None:
    job = replace(JOB, type=operation, candidates=count, prompt="白底软阴影")
    plans = brief_of(job, BASE, None).plans
    assert len({plan.model_dump_json() for plan in plans}) == count

"""Reading instructions before a job: by rules, then by a reader model within its limits."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from stillroom.application.instructions.reading import Reading
from stillroom.application.jobs.briefs import brief_of
from stillroom.application.jobs.orders import Order
from stillroom.application.readers.calls import Purpose
from stillroom.domain.errors import (
    ContentRefused,
    IdempotencyMismatch,
    NotFound,
    PromptInvalid,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    StillroomError,
)
from stillroom.domain.plans.plan import PLAN_PARTS, CarriedOutPlan, Plan, starting_plan
from stillroom.domain.plans.read_as import FieldChange
from stillroom.domain.ports import ClauseAnswer, Question, ReaderAnswer, ReaderQuestion
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Session
from stillroom.imaging.pipeline import render_picture
from tests.integration.application.job_services import JobServices, open_job_services
from tests.integration.imaging.test_turns_stay import cut_out
from tests.integration.storage.rows import ANNA, BORIS, a_job, a_variant, an_edit, room, stored_session

pytestmark = pytest.mark.anyio

DAY = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
UNKNOWN, PRICE = "独角兽", 300
"""A clause that no rule understands, and what a call costs at most."""


class TableReader:
    """Answers from a table, or fails; remembers what it was asked."""

    vendor, model, host = "compatible", "table-1", "127.0.0.1"

    def __init__(self) -> None:
        self.asked: list[ReaderQuestion] = []
        self.failure: StillroomError | None = None
        self.price = PRICE
        self.answers: dict[str, ClauseAnswer] = {
            UNKNOWN: ClauseAnswer(0, "changes", (FieldChange("tone", "mired", "20"),))
        }

    def expected_micro_usd(self, _: Question[Any]) -> int:
        return self.price

    async def ask(self, question: Any) -> ReaderAnswer[Any]:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure
        found = [
            replace(self.answers[text], clause=at)
            for at, text in enumerate(question.clauses)
            if text in self.answers
        ]
        return ReaderAnswer(tuple(found), 120, "response-1")

    async def open(self) -> None:
        """There is nothing to open."""

    async def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture
def reader() -> TableReader:
    """A reader that knows one clause."""
    return TableReader()


@pytest.fixture
async def services(database_url: str, tmp_path: Path, reader: TableReader) -> AsyncIterator[JobServices]:
    """One process with a reader."""
    async with open_job_services(database_url, tmp_path, reader=reader) as services:
        yield services


@pytest.fixture(autouse=True)
async def session(services: JobServices) -> Session:
    """A session of the owner who asks."""
    return await stored_session(services.transactions)


async def read(services: JobServices, text: str, operation: Operation = Operation.BG_REPLACE) -> Reading:
    return await services.instructions.read(text, starting_plan(operation), operation, Purpose(ANNA))


async def test_each_change_names_its_clause_and_is_labelled(services: JobServices) -> None:
    preview = await services.instructions.preview("白色背景，暖一点", ANNA, operation=Operation.REFINE)
    shown = {(change.part, change.field): change for change in preview.changes}
    assert shown["backdrop", "kind"].text == "白色背景"
    assert shown["tone", "mired"].text == "暖一点"
    assert shown["tone", "mired"].label.zh
    assert shown["tone", "mired"].label.en
    assert preview.reading.reader == "rules"


async def test_kind_and_scene_of_a_backdrop_are_one_change(services: JobServices) -> None:
    preview = await services.instructions.preview("on an oak table", ANNA)
    labels = [change.label for change in preview.changes]
    assert len(labels) == len(set(labels))
    assert preview.reading.plan.backdrop.scene is not None


async def test_the_price_of_the_reader_is_known_before_it_is_asked(
    services: JobServices, reader: TableReader
) -> None:
    assert await services.instructions.reader_price("白底", Operation.BG_REPLACE, ANNA) == 0
    assert await services.instructions.reader_price(UNKNOWN, Operation.BG_REPLACE, ANNA) == PRICE
    assert reader.asked == []


async def test_a_refinement_is_read_on_the_picture_that_it_starts_from(
    services: JobServices, session: Session
) -> None:
    job = a_job(session)
    dark = CarriedOutPlan(backdrop=Plan().backdrop.model_copy(update={"blur": 0.5}))
    picture = replace(a_variant(job), plan=dark)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(picture)
    by_picture = await services.instructions.preview("暖一点", ANNA, variant_id=picture.id)
    by_session = await services.instructions.preview(
        "暖一点", ANNA, session_id=session.id, operation=Operation.REFINE
    )
    assert by_picture.reading.plan.backdrop == by_session.reading.plan.backdrop == dark.backdrop
    assert {change.part for change in by_picture.changes} == {"tone"}
    for others in ({"session_id": session.id}, {"variant_id": picture.id}):
        with pytest.raises(NotFound):
            await services.instructions.preview("暖一点", BORIS, **others)


async def test_reader_is_asked_only_about_clauses_that_the_rules_rejected(
    services: JobServices, reader: TableReader
) -> None:
    assert (await read(services, "暖一点")).reader == "rules"
    assert reader.asked == []
    reading = await read(services, f"影子淡一点，{UNKNOWN}")
    (question,) = reader.asked
    assert question.clauses == (UNKNOWN,)
    assert question.plan.shadow != Plan().shadow
    assert "wood_oak" in question.scenes
    assert reading.reader == "model"
    assert reading.told_back == ()
    assert (reading.plan.tone.mired, reading.plan.shadow) == (20.0, question.plan.shadow)
    assert set(reading.plan.asked) == {"shadow", "tone"}


async def test_reader_is_asked_once_about_a_repeated_clause(
    services: JobServices, reader: TableReader
) -> None:
    reading = await read(services, f"{UNKNOWN}，{UNKNOWN}")
    assert [question.clauses for question in reader.asked] == [(UNKNOWN,)]
    assert (reading.plan.tone.mired, reading.told_back) == (20.0, ())


@pytest.mark.parametrize("text", ["独角兽 #ff8800", "独角兽 37"])
async def test_numbers_and_hex_colours_stay_with_the_rules(
    services: JobServices, reader: TableReader, text: str
) -> None:
    await read(services, text)
    assert not any(any(c.isdigit() for c in clause) for q in reader.asked for clause in q.clauses)


async def test_reader_changes_no_part_that_the_rules_have_read(
    services: JobServices, reader: TableReader
) -> None:
    reader.answers[UNKNOWN] = ClauseAnswer(0, "changes", (FieldChange("shadow", "kind", "none"),))
    reading = await read(services, f"影子淡一点，{UNKNOWN}")
    assert reading.reader == "rules"
    assert [told.text for told in reading.told_back] == [UNKNOWN]


async def test_clause_that_the_reader_calls_impossible_is_reported_as_such(
    services: JobServices, reader: TableReader
) -> None:
    reader.answers[UNKNOWN] = ClauseAnswer(0, "cannot")
    (told,) = (await read(services, UNKNOWN)).told_back
    assert (told.text, told.reason) == (UNKNOWN, "not_possible")
    assert told.suggestion


async def test_a_repeated_request_does_not_ask_the_reader_of_another_process(
    services: JobServices, reader: TableReader, session: Session, database_url: str, tmp_path: Path
) -> None:
    order = Order(session.id, Operation.BG_REPLACE, UNKNOWN, 1)
    made = await services.jobs.submit(order, ANNA, key="key")
    other_reader = TableReader()
    async with open_job_services(database_url, tmp_path, reader=other_reader) as other:
        repeated = await other.jobs.submit(order, ANNA, key="key")
        with pytest.raises(IdempotencyMismatch):
            await other.jobs.submit(replace(order, candidates=2), ANNA, key="key")
    assert (repeated.view.job.id, repeated.replayed) == (made.view.job.id, True)
    assert (len(reader.asked), len(other_reader.asked)) == (1, 0)


async def test_a_request_beyond_the_rate_limit_does_not_ask_the_reader(
    reader: TableReader, session: Session, database_url: str, tmp_path: Path
) -> None:
    order = Order(session.id, Operation.BG_REPLACE, "白色背景", 1)
    async with open_job_services(database_url, tmp_path, reader=reader, per_minute=1) as limited:
        await limited.jobs.submit(order, ANNA)
        with pytest.raises(RateLimited):
            await limited.jobs.submit(replace(order, prompt=UNKNOWN), ANNA)
    assert reader.asked == []


@pytest.mark.parametrize("operation", list(Operation))
async def test_reading_of_the_reader_is_stored_on_the_job(
    services: JobServices, reader: TableReader, session: Session, operation: Operation
) -> None:
    await services.instructions.read(UNKNOWN, starting_plan(operation), operation, Purpose(ANNA))
    made = await services.jobs.submit(Order(session.id, operation, UNKNOWN, 1), ANNA)
    # The job asks the question of the preview, whose answer is known.
    assert len(reader.asked) == 1
    [job] = map(an_edit, await services.lifecycle.claim("w1", room()))
    assert job.id == made.view.job.id
    assert [found.text for found in job.read_as] == [UNKNOWN]
    assert job.read_as[0].changes == {"tone": {"mired": 20.0}}
    await services.jobs.cancel(job.id, ANNA)
    again = (await services.jobs.retry(job.id, ANNA)).view.job
    assert again.read_as == job.read_as


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("on_a_picture", [False, True])
async def test_unreadable_instruction_makes_no_job_for_any_operation(
    services: JobServices, reader: TableReader, session: Session, operation: Operation, on_a_picture: bool
) -> None:
    reader.answers.clear()
    earlier = a_job(session)
    picture = a_variant(earlier)
    async with services.transactions() as tx:
        await tx.jobs.add(earlier)
        await tx.variants.add(picture)
        before = await tx.sessions.get(session.id, ANNA)
    variant = picture.id if on_a_picture else None
    with pytest.raises(PromptInvalid) as refused:
        await services.jobs.submit(Order(session.id, operation, UNKNOWN, 1, variant_id=variant), ANNA)
    (told,) = refused.value.params["told_back"]
    assert told["text"] == UNKNOWN
    async with services.transactions(read_only=True) as tx:
        assert [job.id for job in await tx.jobs.of_session(session.id)] == [earlier.id]
        assert await tx.sessions.get(session.id, ANNA) == before
        assert await tx.variants.of_job(earlier.id) == (picture,)


@pytest.mark.parametrize("text", ["square", "change the background back to white", "白底"])
async def test_a_refinement_that_the_picture_already_fulfils_makes_no_job(
    services: JobServices, session: Session, text: str
) -> None:
    job = a_job(session)
    white = CarriedOutPlan(product_transform=(1.0, 0.0, 5.0, 0.0, 1.0, 6.0))
    picture = replace(a_variant(job), plan=white)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(picture)
    with pytest.raises(PromptInvalid) as refused:
        await services.jobs.submit(Order(session.id, Operation.REFINE, text, 1, variant_id=picture.id), ANNA)
    (told,) = refused.value.params["told_back"]
    assert told["reason"] == refused.value.params["reason"] == "refused"
    async with services.transactions(read_only=True) as tx:
        assert [one.id for one in await tx.jobs.of_session(session.id)] == [job.id]


async def test_every_call_is_recorded_with_its_cost_and_counts_against_the_budget(
    services: JobServices, reader: TableReader
) -> None:
    await read(services, UNKNOWN)
    async with services.transactions(read_only=True) as tx:
        (row,) = await tx.provider_calls.usage(ANNA, *DAY)
    assert (row.provider, row.model, row.calls, row.failed) == ("reader", "table-1", 1, 0)
    assert row.cost_micro_usd == 120
    # 1 USD a day: the next question does not fit any more.
    reader.price = 1_000_000 - 119
    assert (await read(services, f"{UNKNOWN}，影子淡一点")).reader == "rules"
    assert len(reader.asked) == 1


@pytest.mark.parametrize(
    ("failure", "cost", "is_asked_again"),
    [
        (ProviderTimeout("", reason="ceiling"), PRICE, False),
        (ProviderUnavailable("", reason="connection"), PRICE, False),
        (ProviderUnavailable("", reason="unreachable", sent=False), 0, False),
        (ProviderUnavailable("", reason="bad_reply", cost_micro_usd=9), 9, False),
        (ContentRefused("", reason="moderation", cost_micro_usd=7), 7, True),
    ],
)
async def test_result_of_the_rules_is_used_without_a_reader_response(
    services: JobServices, reader: TableReader, failure: StillroomError, cost: int, is_asked_again: bool
) -> None:
    reader.failure = failure
    reading = await read(services, f"影子淡一点，{UNKNOWN}")
    assert reading.reader == "rules"
    assert [told.text for told in reading.told_back] == [UNKNOWN]
    async with services.transactions(read_only=True) as tx:
        (row,) = await tx.provider_calls.usage(ANNA, *DAY)
    assert (row.failed, row.cost_micro_usd) == (1, cost), "what may be billed keeps the price it began with"
    # After a failure of the vendor, the next instructions do not wait for the deadline.
    await read(services, UNKNOWN)
    assert (len(reader.asked) == 2) is is_asked_again


async def test_log_line_of_a_call_names_the_session_and_the_job_that_is_ordered(
    services: JobServices, session: Session
) -> None:
    with capture_logs() as lines:
        await services.instructions.preview(f"{UNKNOWN}，影子淡一点", ANNA, session_id=session.id)
        made = await services.jobs.submit(Order(session.id, Operation.BG_REPLACE, UNKNOWN, 1), ANNA)
    told = [(one["session_id"], one["job_id"]) for one in lines if one["event"] == "provider_call"]
    assert told == [(session.id, None), (session.id, made.view.job.id)]
    # Reading is paid under usage; it is no cost of the job's pictures.
    assert made.view.job.cost_micro_usd == 0
    async with services.transactions(read_only=True) as tx:
        (row,) = await tx.provider_calls.usage(ANNA, *DAY)
    assert (row.provider, row.calls, row.cost_micro_usd) == ("reader", 2, 240)


async def test_concurrent_equal_questions_are_sent_once(services: JobServices, reader: TableReader) -> None:
    readings = await asyncio.gather(*(read(services, UNKNOWN) for _ in range(5)))
    assert {reading.reader for reading in readings} == {"model"}
    assert len(reader.asked) == 1


AS_CARRIED_OUT = {"backdrop": {"mirrored", "view"}, "framing": {"canvas", "fill", "y"}}
"""Fields that a plan leaves open, by part, and those that the product's resolution limits."""


@pytest.mark.parametrize(
    "text",
    [
        "strong light from the left",
        "光从左边来",
        "soft light from the right",
        "逆光",
        "on marble",
        "浅灰色背景",
        "no shadow",
        "影子长一倍",
        "warmer",
        "亮一点",
        "move it left",
        "4:5",
        "质感强一点",
    ],
)
async def test_job_carries_out_the_plan_that_the_preview_showed(
    services: JobServices, session: Session, text: str
) -> None:
    product = cut_out("bottle_gym")
    preview = await services.instructions.preview(text, ANNA, operation=Operation.BG_REPLACE)
    await services.jobs.submit(Order(session.id, Operation.BG_REPLACE, text, 1), ANNA)
    [job] = map(an_edit, await services.lifecycle.claim("w1", room()))
    (wanted,) = brief_of(job, None, None).plans
    made = render_picture(product, wanted).plan
    for part in PLAN_PARTS:
        shown = getattr(preview.reading.plan, part)
        assert getattr(wanted, part) == shown
        open_ = AS_CARRIED_OUT.get(part, set())
        assert getattr(made, part).model_dump(exclude=open_) == shown.model_dump(exclude=open_)
    assert wanted.asked == preview.reading.plan.asked


async def test_reader_is_not_asked_while_the_user_types(services: JobServices, reader: TableReader) -> None:
    preview = await services.instructions.preview(UNKNOWN, ANNA, ask_reader=False)
    assert (preview.reading.reader, reader.asked) == ("rules", [])

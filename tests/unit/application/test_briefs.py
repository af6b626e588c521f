"""Briefs: from words to plans."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stillroom.application.jobs.briefs import brief_of
from stillroom.domain.ids import JobId, OwnerId, SessionId, VariantId
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.language.reader import understand
from stillroom.domain.language.reading import read_once
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan, Plan, Tone
from stillroom.domain.plans.wishes import BY_HAND, PRODUCT_STAYS, Wish
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation
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
DARK = CarriedOutPlan(backdrop=Backdrop(kind="color", color="#101010", edge_color="#101010"))
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
    measures=Measures(),
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


def test_refinement_starts_from_the_picture_and_changes_only_the_request() -> None:
    brief = brief_of(replace(JOB, type=Operation.REFINE, prompt="暖一点"), BASE, None)
    (plan,) = brief.plans
    assert plan.backdrop == DARK.backdrop
    assert plan.tone.mired > DARK.tone.mired
    assert plan.asked == ("tone",)


def test_template_provides_what_was_not_typed() -> None:
    (plan,) = brief_of(JOB, None, TRANSPARENT).plans
    assert plan.backdrop.kind == "transparent"
    assert plan.asked == ("backdrop",)


def test_typed_words_win_over_the_template() -> None:
    (plan,) = brief_of(replace(JOB, prompt="白底，暖一点"), None, TRANSPARENT).plans
    assert plan.backdrop.kind == "white"
    assert plan.asked == ("backdrop", "tone")


def test_unreadable_clauses_are_returned() -> None:
    assert brief_of(replace(JOB, prompt="白底，独角兽"), None, None).told_back[0].text == "独角兽"


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_candidates_differ_from_each_other(operation: Operation, count: int) -> None:
    job = replace(JOB, type=operation, candidates=count, prompt="白底软阴影")
    plans = brief_of(job, BASE, None).plans
    assert len({plan.model_dump_json() for plan in plans}) == count


MARBLE = Wish(id="wsh_1", text="大理石台面", turn=1)
WARM = Wish(id="wsh_2", text="暖一点", turn=2)
ON_MARBLE = CarriedOutPlan.of(understand("大理石台面", Plan()).plan, said=("大理石台面",))
TURN = replace(JOB, type=Operation.REFINE, base_variant_id=BASE.id)


def test_turn_records_its_wishes_and_names_those_it_replaced() -> None:
    job = replace(TURN, prompt="深色背景，光从左边来，独角兽")
    brief = brief_of(job, replace(BASE, plan=ON_MARBLE), None, (PRODUCT_STAYS, MARBLE), turn=3)
    assert [(wish.text, wish.turn) for wish in brief.new] == [("深色背景", 3), ("光从左边来", 3)]
    assert [(new.text, old.text) for new, old in brief.replaced] == [("深色背景", "大理石台面")]
    assert brief.told_back[0].text == "独角兽"
    assert brief.plans[0].said == ("深色背景", "光从左边来")
    assert [wish.text for wish in brief.added_to((PRODUCT_STAYS, MARBLE))] == [
        PRODUCT_STAYS.text,
        "深色背景",
        "光从左边来",
    ]


def test_a_removed_wish_is_taken_out_of_the_next_picture() -> None:
    brief = brief_of(replace(TURN, prompt="暖一点"), replace(BASE, plan=ON_MARBLE), None, (PRODUCT_STAYS,))
    (plan,) = brief.plans
    assert plan.backdrop == Plan().backdrop
    assert plan.asked == ("backdrop", "tone")
    assert brief.dropped == ("大理石台面",)


def test_a_reworded_wish_and_one_written_in_by_hand_are_carried_out_in_the_next_turn() -> None:
    reworded = MARBLE.model_copy(update={"text": "木纹台面"})
    by_hand = Wish(id="wsh_9", text="光从右边来，独角兽", turn=BY_HAND)
    brief = brief_of(
        replace(TURN, prompt="暖一点"),
        replace(BASE, plan=ON_MARBLE),
        None,
        (PRODUCT_STAYS, reworded, by_hand),
    )
    (plan,) = brief.plans
    assert (plan.backdrop.scene, plan.light.azimuth_deg) == ("wood_oak", 60.0)
    assert plan.asked == ("backdrop", "light", "tone")
    assert brief.revised == ("木纹台面", "光从右边来，独角兽")
    assert brief.dropped == ("大理石台面",)
    assert brief.told_back[0].text == "独角兽"


def test_fulfilled_wish_is_not_applied_twice() -> None:
    warm = CarriedOutPlan(said=("暖一点",), tone=Tone(mired=25.0))
    brief = brief_of(replace(TURN, prompt="去掉阴影"), replace(BASE, plan=warm), None, (PRODUCT_STAYS, WARM))
    assert brief.plans[0].tone.mired == 25.0
    assert brief.plans[0].asked == ("shadow",)


def test_a_wish_that_was_removed_while_the_job_ran_does_not_come_back() -> None:
    brief = brief_of(replace(TURN, prompt="暖一点"), BASE, None, (PRODUCT_STAYS, MARBLE))
    assert [wish.text for wish in brief.added_to((PRODUCT_STAYS,))] == [PRODUCT_STAYS.text, "暖一点"]


def test_a_picked_template_is_a_wish_in_both_languages() -> None:
    (wish,) = brief_of(JOB, None, TRANSPARENT).new
    assert wish.shown == TRANSPARENT.wish
    assert (wish.text, wish.turn) == ("transparent background", 1)


def test_picture_of_a_new_branch_starts_with_manually_added_wishes() -> None:
    by_hand = Wish(id="wsh_9", text="暖一点", turn=BY_HAND)
    (plan,) = brief_of(JOB, None, None, (PRODUCT_STAYS, by_hand)).plans
    assert (plan.tone.mired, plan.asked, plan.said) == (25.0, ("tone",), ("暖一点",))


def test_a_brief_searches_each_text_for_words_only_once() -> None:
    job = replace(TURN, prompt="深色背景，光从左边来，暖一点")
    read_once.cache_clear()
    brief_of(job, replace(BASE, plan=ON_MARBLE), None, (PRODUCT_STAYS, MARBLE))
    texts = {job.prompt, "深色背景", "光从左边来", "暖一点", MARBLE.text}
    assert read_once.cache_info().misses == len(texts)


def test_manual_change_overrides_words_and_replaces_a_fully_overridden_wish() -> None:
    left = Wish(id="wsh_9", text="放左边", turn=1)
    start = understand("放左边", Plan()).plan
    base = replace(BASE, plan=CarriedOutPlan.of(start, said=("放左边",), asked=()))
    changes = {"framing": {"x": 0.7}, "tone": {"mired": -20.0}}
    before = {part: base.plan.model_dump(mode="json")[part] for part in changes}
    job = replace(TURN, prompt="暖一点，阴影淡一点", changes=changes, before=before)
    brief = brief_of(job, base, None, (PRODUCT_STAYS, left), turn=2)
    (plan,) = brief.plans
    assert (plan.framing.x, plan.tone.mired) == (0.7, -20.0)
    assert plan.shadow.strength < 1
    assert set(plan.asked) == {"framing", "tone", "shadow"}
    assert [wish.text for wish in brief.new] == ["阴影淡一点"]
    assert brief.standing == (PRODUCT_STAYS,)
    assert [old.text for _, old in brief.replaced] == ["放左边", "暖一点"]
    assert brief.by_hand is not None
    assert brief.by_hand.en.startswith("Colour temperature: cooler")


def test_recipe_instruction_is_part_of_its_changes_and_replaces_no_wish() -> None:
    job = replace(JOB, prompt="放左边", changes={"framing": {"x": 0.3}})
    assert [wish.text for wish in brief_of(job, None, None).new] == ["放左边"]


def test_candidates_never_vary_manual_changes() -> None:
    changes = {"shadow": {"strength": 0.5}, "framing": {"fill": 0.8}}
    for operation in (Operation.REFINE, Operation.OPTIMIZE):
        job = replace(TURN, type=operation, prompt="暖一点", candidates=4, changes=changes, before={})
        plans = brief_of(job, BASE, None).plans
        assert len(set(plans)) == 4
        assert {(plan.shadow.strength, plan.framing.fill) for plan in plans} == {(0.5, 0.8)}


def test_a_model_is_told_which_wish_is_taken_back() -> None:
    said = ("裁成4:5", "暖一点")
    plan = CarriedOutPlan.of(understand("裁成4:5，暖一点", Plan()).plan, said=said)
    crop = Wish(id="wsh_3", text="裁成4:5", turn=1)
    brief = brief_of(replace(TURN, prompt="取消裁剪"), replace(BASE, plan=plan), None, (crop, WARM), turn=3)
    assert brief.prompt == "取消裁剪 (裁成4:5)"
    assert brief.withdrawn == (crop,)
    assert [wish.text for wish in brief.added_to((crop, WARM))] == [PRODUCT_STAYS.text, "暖一点"]


def test_of_two_wishes_in_the_same_words_each_is_taken_back_once() -> None:
    said = ("大一点", "大一点")
    plan = CarriedOutPlan.of(understand("大一点，大一点", Plan()).plan, said=said)
    first, second = (Wish(id=f"wsh_{turn}", text="大一点", turn=turn) for turn in (1, 2))
    for prompt, withdrawn in (("撤销放大", (second,)), ("撤销放大，取消缩放", (first, second))):
        job = replace(TURN, prompt=prompt)
        assert brief_of(job, replace(BASE, plan=plan), None, (first, second), turn=3).withdrawn == withdrawn

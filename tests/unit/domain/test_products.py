"""Product facts: the seller's words win over a reader model's, and a size chooses the scene."""

from typing import get_args

from stillroom.domain.mattes import NO_HINTS, MatteBox, PhotoHints
from stillroom.domain.plans.plan import Plan
from stillroom.domain.products import OF_ONE_SCALE, TYPICAL_CM, Category, ProductFacts
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words

BOX = MatteBox(x=0.1, y=0.1, w=0.5, h=0.5)
SEEN = ProductFacts(
    name=Words(zh="杯子", en="Cup"), category="cup", materials=("glass",), box=BOX, seen_by="reader-1"
)


def test_stated_facts_override_recognised_ones() -> None:
    stated = ProductFacts(size_cm=31.0, name=Words(zh="花瓶", en="Vase"))
    facts = stated.completed(SEEN, steers=True)
    assert (facts.size_cm, facts.name) == (31.0, stated.name)
    assert (facts.category, facts.materials, facts.seen_by) == ("cup", ("glass",), "reader-1")
    assert facts.hints == PhotoHints(BOX, is_glass=True)


def test_recognition_after_the_first_job_is_ignored() -> None:
    assert ProductFacts().completed(SEEN, steers=False).hints == NO_HINTS


def test_a_category_stands_in_for_an_unknown_size_where_the_scene_is_open() -> None:
    asked = Plan(asked=("backdrop",))
    guessed = ProductFacts(category="sofa")
    assert guessed.size_for(Operation.BG_REPLACE, Plan()) == 200
    assert guessed.size_for(Operation.REFINE, Plan()) is None
    stated = ProductFacts(category="sofa", size_cm=12)
    assert stated.size_for(Operation.REFINE, asked) == 12
    assert ProductFacts(category="of a later release").size_for(Operation.BG_REPLACE, Plan()) is None


def test_furniture_and_small_goods_replace_even_a_scene_that_was_asked_for() -> None:
    asked = Plan(asked=("backdrop",))
    for operation in (Operation.BG_REPLACE, Operation.REFINE):
        assert ProductFacts(category="sofa").size_for(operation, asked) == 200
        assert ProductFacts(category="cup").size_for(operation, asked) == 11
        assert ProductFacts(category="lamp").size_for(operation, asked) is None
    assert set(TYPICAL_CM) > OF_ONE_SCALE


def test_every_category_has_a_size() -> None:
    assert set(TYPICAL_CM) == set(get_args(Category))

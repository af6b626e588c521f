"""Properties of standing wishes: the latest wins, a removed one was never said, order means nothing else."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.language.merging import (
    clauses,
    held_to,
    is_replaced,
    settled,
    without_the_dropped,
)
from stillroom.domain.language.reader import read, understand
from stillroom.domain.plans.measured import ColorTone, Lighting, Perspective
from stillroom.domain.plans.plan import PLAN_PARTS, Context, Plan, changed
from stillroom.domain.plans.wishes import PRODUCT_STAYS, Wish

OF_ITS_OWN = {
    "backdrop": ("浅灰色背景", "light grey background", "深色背景", "pure white background"),
    "shadow": ("去掉阴影", "softer shadow", "hard shadow", "阴影淡一点"),
    "light": ("光从左边来", "light from the right", "rim light", "顶光"),
    "tone": ("暖一点", "brighter", "more contrast", "5000K"),
    "framing": ("larger", "缩小到60%", "center the product", "往左一点"),
    "detail": ("sharpen it", "降噪", "突出质感"),
}
"""Wishes about one part each, which therefore have nothing to do with those about another."""

SCENES = ("大理石台面", "wood backdrop", "放在花园里", "concrete")
ALL = (*SCENES, *(text for texts in OF_ITS_OWN.values() for text in texts))


def wish(number: int, text: str) -> Wish:
    return Wish(id=f"wsh_{number:03d}", text=text, turn=number)


def said(texts: Sequence[str]) -> tuple[Wish, ...]:
    return tuple(wish(number, text) for number, text in enumerate(texts, 1))


def spoken(texts: Sequence[str]) -> Plan:
    """Plan after turns with these instructions."""
    plan = Plan()
    standing: tuple[Wish, ...] = (PRODUCT_STAYS,)
    for number, text in enumerate(texts, 1):
        after = settled(standing, (wish(number, text),))
        held = [one.text for one in after.wishes if not one.locked and one.id != f"wsh_{number:03d}"]
        plan = read(without_the_dropped(plan, held)[0], [text])
        plan = plan.model_copy(update={"said": tuple(one.text for one in after.wishes if not one.locked)})
        standing = after.wishes
    return plan


independent = st.permutations(tuple(OF_ITS_OWN)).flatmap(
    lambda parts: st.tuples(*(st.sampled_from(OF_ITS_OWN[part]) for part in parts))
)


@settings(deadline=None)
@given(independent, st.randoms(use_true_random=False))
def test_wishes_about_different_parts_give_the_same_plan_in_any_order(texts, random) -> None:  # type: ignore[no-untyped-def]
    other = list(texts)
    random.shuffle(other)
    assert read(Plan(), texts) == read(Plan(), other)
    assert settled((), said(texts)).replaced == ()


@settings(deadline=None)
@given(st.lists(st.sampled_from(ALL), max_size=5), st.data())
def test_removed_wish_has_no_effect(texts: list[str], data: st.DataObject) -> None:
    shown = spoken(texts)
    left = list(shown.said)
    if left:
        left.remove(data.draw(st.sampled_from(left)))
    plan, _ = without_the_dropped(shown, left)
    never = read(Plan(), left)
    # The product stays where it is unless the wish was about its place; a scene moves it without being asked.
    for part in PLAN_PARTS:
        if part != "framing" or not any(scene in texts for scene in SCENES):
            assert getattr(plan, part) == getattr(never, part), part


@settings(deadline=None)
@given(st.lists(st.sampled_from(ALL), max_size=4), st.sampled_from(ALL))
def test_a_removed_wish_said_again_has_its_effect_again(texts: list[str], again: str) -> None:
    shown = spoken([*texts, again])
    if again in texts or shown.said.count(again) != 1:
        return
    removed, _ = without_the_dropped(shown, [text for text in shown.said if text != again])
    back, _ = without_the_dropped(removed, shown.said)
    for part in PLAN_PARTS:
        if part != "framing":
            assert getattr(back, part) == getattr(shown, part), part


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("大理石台面", "深色背景"),
        ("Marble top", "Dark background"),
        ("light from the left", "light from the right"),
        ("光从左边来", "恢复原来的光线"),
        ("softer shadow", "no shadow"),
        ("暖一点", "5000K"),
        ("larger", "fill 60%"),
    ],
)
def test_a_contradicting_wish_replaces_the_older_one(old: str, new: str) -> None:
    after = settled((PRODUCT_STAYS, wish(1, old)), (wish(2, new),))
    assert [one.text for one in after.wishes] == [PRODUCT_STAYS.text, new]
    assert [(one.text, gone.text) for one, gone in after.replaced] == [(new, old)]
    assert spoken([old, new]).model_copy(update={"framing": Plan().framing}) == spoken([new]).model_copy(
        update={"framing": Plan().framing}
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("暖一点", "再暖一点"),
        ("warmer", "cooler"),
        ("warmer", "brighter"),
        ("white background", "darker background"),
        ("白底软阴影", "阴影再柔和一点"),
        ("大一点", "居中"),
        ("keep the handle", "light from the left"),
    ],
)
def test_gradual_or_unrelated_wish_replaces_nothing(old: str, new: str) -> None:
    assert not is_replaced(old, new)


@settings(deadline=None)
@given(st.sampled_from(ALL), st.sampled_from(ALL))
def test_a_replaced_wish_has_no_effect(old: str, new: str) -> None:
    if is_replaced(old, new):
        spoken_of = understand(old, Plan()).asked
        one, other = read(Plan(), [old, new]), read(Plan(), [new])
        assert all(
            getattr(one, part) == getattr(other, part)
            for part in spoken_of
            if part != "shadow" or one.shadow.kind != "none"
        )


def test_nothing_replaces_the_locked_wish() -> None:
    after = settled((PRODUCT_STAYS,), said(["keep the lettering", "restore everything", "保留文字"]))
    assert after.wishes[0] is PRODUCT_STAYS


def test_choice_among_candidates_survives_the_removal_of_another_wish() -> None:
    plan = spoken(["暖一点", "去掉阴影"])
    chosen = changed(changed(plan, "tone", mired=37.5), "backdrop", kind="keep")
    left, parts = without_the_dropped(chosen, ["暖一点"])
    assert (left.tone.mired, left.backdrop.kind, left.shadow.kind) == (37.5, "keep", "soft")
    assert parts == {"shadow"}


def test_removing_a_wish_moves_the_product_only_if_it_was_about_its_place() -> None:
    place = (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)
    shown = spoken(["大理石台面", "大一点"]).model_copy(update={"product_transform": place})
    without_scene, _ = without_the_dropped(shown, ["大一点"])
    assert without_scene.product_transform == place
    assert without_scene.framing == shown.framing
    smaller, parts = without_the_dropped(shown, ["大理石台面"])
    assert smaller.product_transform is None
    assert "framing" in parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("木纹背景，光从左边来，暖一点", ("木纹背景", "光从左边来", "暖一点")),
        (
            "wood background, 1.5 stops brighter. light left",
            ("wood background", "1.5 stops brighter", "light left"),
        ),
        ("白底软阴影", ("白底软阴影",)),
        ("暖一点，独角兽", ("暖一点",)),
        ("独角兽", ()),
        ("请帮我优化一下", ()),
        ("", ()),
        # More clauses than are read of one text: reading each took half a second.
        ("暖一点，" * 33, ("暖一点，" * 33,)),
    ],
)
def test_each_understood_clause_of_an_instruction_becomes_a_wish(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text, Plan()) == parts


MEASURED = Context(
    lighting=Lighting(
        azimuth_deg=40, elevation_deg=30, softness=0.4, kelvin=5000, confidence={"kelvin": 0.6}
    ),
    perspective=Perspective(pitch_deg=20, scale=0.5, center=(0.4, 0.6)),
    color_tone=ColorTone(kelvin=5000, exposure_ev=0.2, contrast=0.8, saturation=0.5),
)


def held(text: str, measured: Context = MEASURED) -> Context:
    return held_to(measured, read(Plan(), [text]).model_copy(update={"said": (text,)}))


@pytest.mark.parametrize("text", ["木纹背景", "阴影更柔和", "锐化", "白底软阴影"])
def test_wish_not_about_the_product_keeps_all_measurements(text: str) -> None:
    assert held(text) == MEASURED


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("光从左边来", "lighting", {"azimuth_deg": -60}),
        ("暖一点", "color_tone", {"kelvin": 4444}),
        ("饱和度提高20%", "color_tone", {"saturation": 0.6}),
        ("+0.5 EV", "color_tone", {"exposure_ev": 0.7}),
        ("80% fill", "perspective", {"scale": 0.8}),
    ],
)
def test_wish_about_the_product_changes_its_reference_values(
    text: str, part: str, expected: dict[str, float]
) -> None:
    figures = getattr(held(text), part).model_dump()
    assert {name: figures[name] for name in expected} == expected


def test_warmer_shifts_both_kelvins_and_a_requested_light_has_full_confidence() -> None:
    assert held("暖一点").lighting.kelvin == 4444
    assert held("光从左边来").lighting.confidence == {"kelvin": 0.6, "azimuth_deg": 1, "elevation_deg": 1}


def test_unmeasured_value_cannot_be_shifted() -> None:
    assert held("暖一点，亮一点", Context()).color_tone == ColorTone()

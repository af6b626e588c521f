"""Reading of retractions and limits: only the stated change is applied."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import PLAN_PARTS, PlanPart, changed
from tests.unit.domain.language.sentences import PICTURE, WHITE, figures_of, heard, told_back

FAR = changed(
    changed(changed(WHITE, "tone", exposure_ev=0.5, saturation=1.4), "framing", fill=0.6, rotation_deg=6.0),
    "light",
    azimuth_deg=40.0,
    fill=0.5,
)
"""A picture in which every wish of this file has an effect."""


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("not the shadow, brighter please", {"tone"}),
        ("不是背景，是产品太暗", {"tone"}),
        ("scrap the tilt but leave the zoom", {"framing"}),
        ("亮度别改回去，再暖一点", {"tone"}),
        ("bigger without cropping it", {"framing"}),
        ("hands off the colours and the size, softer shadow", {"shadow"}),
        ("warmer; what about the crop, forget it", {"tone"}),
    ],
)
def test_only_the_requested_part_changes(words: str, parts: set[PlanPart]) -> None:
    understood = understand(words, FAR)
    assert {part for part in PLAN_PARTS if getattr(understood.plan, part) != getattr(FAR, part)} == parts


def test_reduced_value_is_not_reset() -> None:
    smooth = changed(WHITE, "light", fill=0.9)
    after = heard("bring the fill light down again", smooth).plan.light.fill
    assert 0 < after < 0.9


def test_a_shadow_that_was_just_added_is_removed() -> None:
    assert heard("刚加的影子拿掉").plan.shadow.kind == "none"


@pytest.mark.parametrize(
    "words",
    [
        "shadow shouldn't fall to the left, it should fall to the right",
    ],
)
def test_a_side_that_is_refused_gives_way_to_the_one_that_is_wanted(words: str) -> None:
    assert heard(words).plan.shadow.direction_deg == 90


def test_current_light_direction_is_no_wish() -> None:
    understood = understand("it's coming from the left right now", FAR)
    assert understood.plan.light == FAR.light
    assert understood.told_back


@pytest.mark.parametrize(
    "words",
    [
        "①底换藏青 ②放大",
    ],
)
def test_wishes_without_a_conjunction_are_read_one_by_one(words: str) -> None:
    understood = heard(words, FAR)
    assert len(understood.asked) == len(set(understood.asked)) >= 1


@pytest.mark.parametrize(
    ("words", "tone", "detail"),
    [
        ("降低亮度和对比度", {"exposure_ev": -1, "contrast": -1}, {}),
        ("提高亮度、对比度、饱和度", {"exposure_ev": 1, "contrast": 1, "saturation": 1}, {}),
        ("reduce brightness and saturation", {"exposure_ev": -1, "saturation": -1}, {}),
        ("increase contrast and sharpness a little", {"contrast": 1}, {"sharpen": 1}),
        ("reduce saturation by 20% and contrast by 10%", {"saturation": -1, "contrast": -1}, {}),
    ],
)
def test_a_verb_governs_every_figure_of_a_list(
    words: str, tone: dict[str, int], detail: dict[str, int]
) -> None:
    after = heard(words, FAR).plan
    for part, signs in (("tone", tone), ("detail", detail)):
        for name, sign in signs.items():
            before, now = (getattr(getattr(plan, part), name) for plan in (FAR, after))
            assert (now - before) * sign > 0


@pytest.mark.parametrize(
    ("words", "part", "name", "value"),
    [
        ("顶光改成侧光", "light", "azimuth_deg", -60),
        ("light from the top left", "light", "azimuth_deg", -50),
        ("shadow falling to the bottom right", "shadow", "direction_deg", 45),
        ("on the right third", "framing", "x", pytest.approx(2 / 3, abs=1e-3)),
        ("brighten only the product", "backdrop", "kind", "white"),
        ("边缘锐化", "detail", "sharpen", pytest.approx(0.85)),
    ],
)
def test_single_wishes_are_read_exactly(words: str, part: str, name: str, value: object) -> None:
    base = changed(FAR, "shadow", reflection=0.4)
    assert getattr(getattr(heard(words, base).plan, part), name) == value


@pytest.mark.parametrize("words", ["I don't like this background", "刚才那个影子更好"])
def test_complaint_without_a_remedy_is_reported(words: str) -> None:
    told_back(words, FAR)


def test_a_complaint_and_more_natural_after_it_are_one_wish() -> None:
    assert heard("太暖了，自然一点", FAR).plan.light == FAR.light


def test_a_wish_about_a_removed_shadow_is_ignored() -> None:
    for words in ("影子去掉，淡一点", "影子不要，颜色深一点", "no shadow, softer"):
        assert understand(words, FAR).plan.shadow.kind == "none"


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("make it brighter no wait darker", "make it darker"),
        ("white background and bigger, no wait, smaller", "white background and smaller"),
        ("background grey... no actually light blue", "light blue background"),
        ("放大一点，算了还是缩小吧", "缩小一点"),
        ("换成木头的，算了还是大理石吧，影子柔点", "换成大理石，影子柔点"),
        ("背景白色，亮一点，哦不对，暗一点", "背景白色，暗一点"),
    ],
)
def test_a_wish_after_a_retraction_replaces_the_wish_about_the_same_figure(words: str, same: str) -> None:
    assert heard(words, FAR).plan == heard(same, FAR).plan


def test_a_complaint_about_the_direction_retracts_no_other_wish() -> None:
    assert heard("影子淡一点方向不对往右").asked == ("shadow",)


def test_what_stays_when_a_step_is_taken_back_is_not_what_is_taken_back() -> None:
    told_back("undo the last change but keep the shadow", PICTURE)


@pytest.mark.parametrize(
    "text",
    [
        "remove the shadow. actually keep it",
        "remove the shadow, hang on, keep it",
        "影子去掉，还是留着吧",
        "影子关掉，等下，还是留着",
    ],
)
def test_what_shall_stay_after_all_is_not_removed(text: str) -> None:
    told_back(text)
    assert figures_of(f"{text}. 4:5", WHITE) == {"framing.aspect": "4:5"}


def test_what_is_said_after_it_is_of_what_stays() -> None:
    assert figures_of("remove the shadow, hang on, keep it, just softer", WHITE) == {"shadow.softness": 1.75}
    assert figures_of("影子关掉，等下，还是留着，只要虚一点", WHITE) == {"shadow.softness": 1.75}


def test_what_stays_beside_a_removal_takes_nothing_back() -> None:
    assert figures_of("remove the shadow and keep the size", WHITE) == {"shadow.kind": "none"}
    assert figures_of("去掉影子，其他留着", WHITE) == {"shadow.kind": "none"}

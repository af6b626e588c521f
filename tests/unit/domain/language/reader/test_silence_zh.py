"""Tests of Chinese sentences that could change something else than what they ask for."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import (
    Backdrop,
    Detail,
    Framing,
    Light,
    PicturePlan,
    Plan,
    Shadow,
    Tone,
    changed,
)
from tests.unit.domain.language.sentences import WHITE, heard

PICTURE = PicturePlan(
    backdrop=Backdrop(kind="color", color="#c9b8a0"),
    tone=Tone(mired=-20.0, saturation=0.9),
    framing=Framing(fill=0.5),
    shadow=Shadow(kind="soft", strength=0.6, softness=1.4, reflection=0.8),
    light=Light(azimuth_deg=-50.0, elevation_deg=40.0, strength=0.6),
    detail=Detail(sharpen=0.4),
)


def figure_of(plan: Plan, name: str) -> object:
    part, field = name.split(".")
    return getattr(getattr(plan, part), field)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("倒影淡一半", "shadow.reflection", 0.4),
        ("倒影强度降一半", "shadow.reflection", 0.4),
        ("倒影变成原来的一半", "shadow.reflection", 0.4),
        ("倒影淡到30%", "shadow.reflection", 0.3),
        ("影子变成现在的一半", "shadow.strength", 0.3),
        ("光的方向不用改，强度降三分之一", "light.strength", 0.4),
        ("影子再深一点，深到八成", "shadow.strength", 0.8),
        ("再大一点，大到百分之八十", "framing.fill", 0.8),
        ("暗一点，暗到一半", "tone.exposure_ev", -1.0),
    ],
)
def test_a_share_changes_the_figure_that_the_sentence_names(words: str, name: str, value: float) -> None:
    plan = heard(words, PICTURE).plan
    assert figure_of(plan, name) == pytest.approx(value, abs=0.001)
    part = name.split(".", maxsplit=1)[0]
    assert plan.model_copy(update={part: getattr(PICTURE, part), "asked": PICTURE.asked}) == PICTURE


@pytest.mark.parametrize(
    "words",
    [
        *("退一半", "往回退一点", "数值再大一点", "半径调小", "改动不要太大", "下一个", "这张好了，下一张"),
        *("颜色太闷", "颜色太难看", "麻布纹理太抢戏了", "纹理太丑", "质感太假"),
    ],
)
def test_words_that_name_no_figure_or_only_a_fault_are_told_back_and_change_nothing(words: str) -> None:
    understood = understand(words, PICTURE)
    assert understood.plan == PICTURE
    assert understood.told_back


@pytest.mark.parametrize("words", ["放大看有噪点", "拉近了看噪点好多", "缩小看还行，放大看颗粒很重"])
def test_looking_closer_does_not_enlarge_the_product(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.framing == PICTURE.framing
    assert plan.detail.denoise


@pytest.mark.parametrize("words", ["把光抬高", "光抬高点", "主光抬高", "光位打高一点"])
def test_raised_light_has_a_higher_elevation_and_the_same_strength(words: str) -> None:
    light = heard(words, PICTURE).plan.light
    assert light.elevation_deg > PICTURE.light.elevation_deg
    assert light.strength == PICTURE.light.strength


@pytest.mark.parametrize(
    "words",
    [
        *("光不要抬高", "光别抬高了", "影子不要加强", "倒影不要加强", "影子就很好", "这个背景就很好"),
        *("光线就挺好", "现在这样就很好"),
    ],
)
def test_a_refused_increase_or_praise_of_a_part_changes_nothing(words: str) -> None:
    assert heard(words, PICTURE).plan == PICTURE


@pytest.mark.parametrize(
    "words", ["与其加强阴影，不如把底压暗", "与其提亮产品，不如背景调暗", "与其放大产品，不如背景深一点"]
)
def test_the_wish_that_a_sentence_prefers_less_is_not_applied(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.backdrop.color < PICTURE.backdrop.color
    assert plan.model_copy(update={"backdrop": PICTURE.backdrop, "asked": PICTURE.asked}) == PICTURE


@pytest.mark.parametrize("words", ["阴影再柔一点，感觉太锐利了", "影子柔一点，太清晰了"])
def test_too_sharp_after_a_softer_shadow_softens_the_shadow_alone(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.shadow.softness > PICTURE.shadow.softness
    assert plan.detail == PICTURE.detail


@pytest.mark.parametrize("words", ["影儿短点儿，甭太黑", "影子短一点，甭那么黑"])
def test_a_limit_in_dialect_after_the_shadow_changes_no_tone(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.shadow.length < PICTURE.shadow.length
    assert plan.tone == PICTURE.tone


@pytest.mark.parametrize(
    ("words", "name", "is_more"),
    [
        ("影子有點太淡了耶", "shadow.strength", True),
        ("不要這麼亮耶", "tone.exposure_ev", False),
        ("再亮两个度", "tone.exposure_ev", True),
        ("影子深半个度", "shadow.strength", True),
        ("左右两边要一样空", "framing.x", False),
    ],
)
def test_particles_and_steps_of_speech_are_read(words: str, name: str, is_more: bool) -> None:
    base = PICTURE.model_copy(update={"framing": Framing(fill=0.5, x=0.6)})
    before, after = figure_of(base, name), figure_of(heard(words, base).plan, name)
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert (after > before, after < before) == (is_more, not is_more)


def test_a_change_of_a_part_that_is_not_wanted_is_taken_back() -> None:
    assert heard("影子的改动不要了，亮度留着", PICTURE).plan.shadow.strength == WHITE.shadow.strength


@pytest.mark.parametrize("words", ["换一边打光", "光换一边", "影子换个边"])
def test_another_side_for_the_light_adds_no_rim_light(words: str) -> None:
    assert understand(words, PICTURE).plan.light.rim == PICTURE.light.rim


@pytest.mark.parametrize(
    ("words", "sharpen"),
    [("锐化30", 0.7), ("锐度50", 0.5), ("锐化加10", 0.5), ("锐化降到30", 0.3), ("清晰度加20", 0.6)],
)
def test_a_plain_number_for_sharpness_is_a_value_of_the_slider(words: str, sharpen: float) -> None:
    assert heard(words, PICTURE).plan.detail.sharpen == pytest.approx(sharpen)


@pytest.mark.parametrize("words", ["拍得太糊了，锐化下", "有点糊，锐化一下"])
def test_to_sharpen_a_blurred_photo_does_not_soften_it(words: str) -> None:
    assert understand(words, PICTURE).plan.detail.sharpen > PICTURE.detail.sharpen


@pytest.mark.parametrize("words", ["边缘羽化大一点", "阴影的羽化值调大", "影子羽化一点", "影子加点羽化"])
def test_feathering_softens_the_shadow_alone(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.shadow.softness > PICTURE.shadow.softness
    assert plan.framing == PICTURE.framing
    assert plan.shadow.strength == PICTURE.shadow.strength


@pytest.mark.parametrize("words", ["羽化值再大些", "模糊值再大些"])
def test_a_blur_value_without_a_part_leaves_the_framing(words: str) -> None:
    assert understand(words, PICTURE).plan.framing == PICTURE.framing


@pytest.mark.parametrize("words", ["颜色太寡淡", "色彩太平淡", "颜色有点寡淡"])
def test_flat_colours_become_more_vivid(words: str) -> None:
    assert heard(words, PICTURE).plan.tone.saturation > PICTURE.tone.saturation


@pytest.mark.parametrize(
    "words", ["影子深点，边缘还是现在这么虚", "影子深点，长短还是现在这样", "影子深点，光还是刚才那么高"]
)
def test_a_property_that_shall_be_as_it_is_now_stays(words: str) -> None:
    plan = heard(words, PICTURE).plan
    assert plan.shadow == PICTURE.shadow.model_copy(update={"strength": plan.shadow.strength})
    assert plan.shadow.strength > PICTURE.shadow.strength
    assert plan.light == PICTURE.light


@pytest.mark.parametrize(
    ("color", "words"),
    [
        ("#d3dfea", "把产品调暖，背景保持冷的"),
        ("#161616", "背景保持黑的，产品亮一点"),
        ("#a9b0bb", "底色保持灰的，产品大一点"),
        ("#161616", "background stays black, brighten the product"),
    ],
)
def test_a_backdrop_that_keeps_its_colour_is_not_painted(color: str, words: str) -> None:
    base = PICTURE.model_copy(update={"backdrop": Backdrop(kind="color", color=color)})
    assert heard(words, base).plan.backdrop == base.backdrop


def test_a_backdrop_that_keeps_another_colour_is_painted() -> None:
    assert heard("背景保持蓝色", PICTURE).plan.backdrop.color != PICTURE.backdrop.color


@pytest.mark.parametrize("words", ["补光不要", "去掉补光", "no fill light", "turn off the fill"])
def test_refused_fill_light_is_removed(words: str) -> None:
    assert heard(words, changed(WHITE, "light", fill=0.5)).plan.light.fill == 0.0

"""A material and what is said of its colour are the scene that shows both, however they are put together."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan

PACKSHOT = starting_plan("bg_replace")

FRAMES = (
    "{shade} {material}",
    "on {shade} {material}",
    "put it on {shade} {material}",
    "{material} in {shade}",
    "a {shade} {material} background",
    "on a slab of {shade} coloured {material}",
    "set it on {material}, the {shade} kind",
)
CHINESE_FRAMES = (
    "{shade}{material}",
    "放{shade}{material}上",
    "{shade}的{material}",
    "{shade}那种{material}",
    "{material}，要{shade}的",
    "背景用{shade}{material}",
)
SHOWN = {
    ("dark", "stone"): "slate_dark",
    ("black", "stone"): "slate_dark",
    ("dark grey", "stone"): "slate_dark",
    ("white", "stone"): "marble_white",
    ("light", "oak"): "wood_oak",
    ("white", "wood"): "natural_light",
    ("dark", "concrete"): "concrete_ledge",
    ("beige", "linen"): "linen",
}
CHINESE_SHOWN = {
    ("深色", "石头"): "slate_dark",
    ("黑色", "石头"): "slate_dark",
    ("浅色", "石头"): "marble_white",
    ("白色", "大理石"): "marble_white",
    ("浅色", "木桌"): "wood_oak",
    ("米色", "亚麻布"): "linen",
}
NEAREST = {
    ("black", "marble"): "slate_dark",
    ("green", "marble"): "marble_white",
    ("dark", "wood"): "wood_oak",
    ("black", "linen"): "linen",
}
CHINESE_NEAREST = {
    ("黑色", "大理石"): "slate_dark",
    ("深色", "木头"): "wood_oak",
    ("深棕色", "木头"): "wood_oak",
    ("灰色", "亚麻布"): "linen",
}


def _filled(frames: tuple[str, ...], scenes: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    return [
        (frame.format(shade=shade, material=material), scene)
        for (shade, material), scene in scenes.items()
        for frame in frames
    ]


@pytest.mark.parametrize(
    ("words", "scene"), [*_filled(FRAMES, SHOWN), *_filled(CHINESE_FRAMES, CHINESE_SHOWN)]
)
def test_a_material_in_a_colour_is_the_scene_that_has_it(words: str, scene: str) -> None:
    understood = understand(words, PACKSHOT)
    assert understood.plan.backdrop.scene == scene
    assert not understood.told_back


@pytest.mark.parametrize(
    ("words", "scene"), [*_filled(FRAMES, NEAREST), *_filled(CHINESE_FRAMES, CHINESE_NEAREST)]
)
def test_a_material_in_a_colour_that_no_scene_has_is_told_back_with_the_nearest(
    words: str, scene: str
) -> None:
    understood = understand(words, PACKSHOT)
    assert understood.plan.backdrop == PACKSHOT.backdrop
    assert [(one.reason, one.topic) for one in understood.told_back] == [("not_possible", scene)]


@pytest.mark.parametrize(
    "words", ["wood, white or marble", "木桌，白一点", "不要太深的木头，木桌就好", "oak, dark shadow"]
)
def test_the_colour_of_something_else_is_not_the_materials(words: str) -> None:
    assert understand(words, PACKSHOT).plan.backdrop.scene == "wood_oak"

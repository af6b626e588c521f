"""Reading of backdrops that darken towards their edges, and of other backdrops said in two phrases."""

import pytest

from stillroom.domain.language.reader import understand
from tests.unit.domain.language.sentences import PICTURE, WHITE, heard, told_back, told_texts

BEIGE = "#e9dcc6"


def brightness(color: str) -> int:
    return sum(bytes.fromhex(color[1:]))


@pytest.mark.parametrize(
    "words",
    [
        *("beige background, darker towards the edges", "beige backdrop with a subtle vignette"),
        *("米色背景，四周暗一点", "米色背景带暗角"),
    ],
)
def test_a_vignette_darkens_the_edges_and_not_the_middle(words: str) -> None:
    backdrop = heard(words).plan.backdrop
    assert (backdrop.kind, backdrop.shape, backdrop.color) == ("gradient", "spot", BEIGE)
    assert brightness(backdrop.edge_color) < brightness(BEIGE)


def test_a_vignette_on_the_same_colour_leaves_the_middle_as_it_is() -> None:
    beige = heard("beige background").plan.model_copy(update={"asked": ()})
    backdrop = heard("beige background, darker towards the edges", beige).plan.backdrop
    assert (backdrop.kind, backdrop.color) == ("gradient", BEIGE)


def test_a_vignette_is_taken_away_again() -> None:
    before = heard("beige backdrop with a vignette").plan
    after = heard("kill the vignette", before).plan.backdrop
    assert (after.kind, after.color, after.edge_color) == ("color", BEIGE, BEIGE)


def test_a_scene_has_no_vignette() -> None:
    understood = understand("wood table with a vignette", WHITE)
    assert understood.plan.backdrop.scene == "wood_oak"
    assert told_texts(understood) == ("with a vignette",)


@pytest.mark.parametrize("words", ["seamless paper, sage green", "无缝纸，鼠尾草绿"])
def test_a_colour_after_paper_is_that_of_the_paper(words: str) -> None:
    backdrop = heard(words).plan.backdrop
    assert (backdrop.scene, backdrop.color) == ("paper_tint", "#a9b8a0")


def test_a_colour_that_the_scene_does_not_have_is_told_back() -> None:
    understood = understand("marble, black", WHITE)
    assert understood.plan.backdrop.scene == "marble_white"
    assert told_texts(understood) == ("black",)


@pytest.mark.parametrize("words", ["black and gold background", "pink and blue background"])
def test_of_two_listed_colours_neither_is_chosen(words: str) -> None:
    told_back(words)


@pytest.mark.parametrize("words", ["pink background, darker", "pink background, a darker shade"])
def test_a_comparative_after_a_coloured_backdrop_is_about_it(words: str) -> None:
    backdrop = heard(words).plan.backdrop
    assert brightness(backdrop.color) < brightness(heard("pink background").plan.backdrop.color)


@pytest.mark.parametrize("words", ["on marble from above", "from above on marble", "beige linen from above"])
def test_a_scene_seen_from_above_replaces_another_scene(words: str) -> None:
    oak = heard("wooden table", PICTURE).plan.model_copy(update={"asked": ()})
    backdrop = heard(words, oak).plan.backdrop
    assert backdrop.scene in ("marble_white", "linen")
    assert backdrop.view == "above"


def test_another_scene_is_found_by_the_sentence_model_as_well() -> None:
    oak = heard("wooden table", PICTURE).plan.model_copy(update={"asked": ()})
    assert heard("换个大理石的瞅瞅", oak).plan.backdrop.scene == "marble_white"


def test_a_part_that_is_left_out_of_praise_is_asked_about() -> None:
    understood = understand("I like the light but not the background", PICTURE)
    assert told_texts(understood) == ("not the background",)
    told_back("I like it but not the shadow", PICTURE)


def test_the_original_background_keeps_what_was_in_it() -> None:
    told_back("original background without the cables", PICTURE)


@pytest.mark.parametrize(
    "words",
    [
        "I need this to match my other listings: beige background, no shadow",
        "my style guide says: beige background, no shadow",
        "我们店的要求：米色背景，不要影子",
    ],
)
def test_what_leads_to_a_list_of_wishes_is_none_of_them(words: str) -> None:
    plan = heard(words).plan
    assert (plan.backdrop.color, plan.shadow.kind) == (BEIGE, "none")


def test_a_second_complaint_is_no_consequence_of_the_first() -> None:
    understood = understand("左边太暗了，标签也不清楚", PICTURE)
    assert understood.plan.light.fill > 0
    assert told_texts(understood) == ("标签也不清楚",)


@pytest.mark.parametrize("words", ["抠图抠多了", "瓶口那里切得不对"])
def test_a_faulty_cut_out_changes_neither_backdrop_nor_size(words: str) -> None:
    told_back(words, PICTURE)


@pytest.mark.parametrize(
    "words", ["remove the background, make it pure white", "remove bg and make it white"]
)
def test_a_removed_background_may_be_followed_by_its_colour(words: str) -> None:
    assert heard(words, heard("wooden table").plan).plan.backdrop.kind == "white"


def test_a_pool_of_light_has_the_colour_of_the_backdrop() -> None:
    backdrop = heard("米色背景，中间亮四周暗").plan.backdrop
    red, _, blue = bytes.fromhex(backdrop.edge_color[1:])
    assert (backdrop.kind, backdrop.shape) == ("gradient", "spot")
    assert red > blue


@pytest.mark.parametrize(
    ("words", "colour"),
    [
        *(
            ("藏青底衬金项链", "#1f3154"),
            ("孔雀蓝，配我银镯子", "#1d6b8c"),
            ("奶白色，配我家的包包", "#f7f3ea"),
            ("孔雀蓝底，配我家的盆栽", "#1d6b8c"),
        ),
        *(
            ("navy wall behind the guitar", "#1f3154"),
            ("peach background for body butter", "#e6b39a"),
            ("navy for a luxurious look", "#1f3154"),
            ("beige for a warmer feel", BEIGE),
            ("terracotta colour, like flower pots", "#c98566"),
            ("a rust-coloured wall", "#b4552f"),
        ),
        *(
            ("温暖的米色", BEIGE),
            ("底色死白的，看着好廉价，来点暖暖的米色", BEIGE),
            ("来个亮眼的柠檬黄", "#f5e05a"),
        ),
    ],
)
def test_what_a_colour_is_like_or_goes_with_changes_nothing_else(words: str, colour: str) -> None:
    understood = heard(words)
    assert understood.asked == ("backdrop",)
    assert understood.plan.backdrop.color == colour


def test_the_backdrop_that_shall_be_another_one_is_the_one_complained_of() -> None:
    backdrop = heard("background too busy, just a simple grey one").plan.backdrop
    assert (backdrop.kind, backdrop.color) == ("color", "#b4b6ba")


@pytest.mark.parametrize(
    ("words", "backdrop"),
    [
        ("swap the background for marble", ("scene", "marble_white")),
        ("could you trade this backdrop for linen", ("scene", "linen")),
        ("change the background colour for beige", ("color", None)),
    ],
)
def test_a_backdrop_that_another_is_swapped_for_is_no_goods(
    words: str, backdrop: tuple[str, str | None]
) -> None:
    new = heard(words).plan.backdrop
    assert (new.kind, new.scene) == backdrop


@pytest.mark.parametrize(
    "words", ["中间亮，四周暗的背景", "我要中间亮、四周暗的那种背景", "中间亮四周暗的背景"]
)
def test_a_pool_of_light_may_be_said_in_two_clauses(words: str) -> None:
    backdrop = heard(words).plan.backdrop
    assert (backdrop.kind, backdrop.shape) == ("gradient", "spot")
    assert brightness(backdrop.edge_color) < brightness(backdrop.color)

"""The sentence model: changes that a text improbably asks for, and wishes that nothing carries out."""

import pytest

from stillroom.domain.language.doubts import LABELS, is_doubtful, labels_between, missed, states_of
from stillroom.domain.language.reader import read, understand
from stillroom.domain.language.sentence_model import MOST_TOKENS, chances_of, sentence_model
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.plans.plan import Backdrop, Plan, Shadow, changed

NOTHING = dict.fromkeys(LABELS, 0.0)
WARMER = changed(Plan(), "tone", mired=25.0)


def test_the_catalogue_is_fitted_to_all_labels() -> None:
    assert sentence_model().labels == tuple(LABELS)


@pytest.mark.parametrize(
    ("changes", "labels"),
    [
        (("tone", {"mired": 25.0}), {"tone.mired+"}),
        (("shadow", {"kind": "none"}), {"shadow.kind=none"}),
        (("framing", {"x": 0.7}), {"framing.x+"}),
        (("light", {"azimuth_deg": -60.0}), {"light.azimuth_deg=left"}),
        (("framing", {"aspect": "4:5"}), {"framing.aspect=4:5"}),
    ],
)
def test_a_change_has_the_labels_of_its_figures(
    changes: tuple[str, dict[str, object]], labels: set[str]
) -> None:
    part, fields = changes
    after = Plan.model_validate(Plan().model_dump() | {part: getattr(Plan(), part).model_dump() | fields})
    assert [found for _, found in labels_between(Plan(), after)] == [labels]


def test_a_darker_backdrop_has_the_label_for_darker_and_not_for_lighter() -> None:
    grey = changed(Plan(), "backdrop", kind="color", color="#808080")
    darker = changed(grey, "backdrop", color="#404040")
    (path, labels), *_ = labels_between(grey, darker)
    assert path == "backdrop.color"
    assert "backdrop.exposure_ev-" in labels
    assert "backdrop.exposure_ev+" not in labels


def test_a_change_is_doubtful_if_no_label_that_explains_it_is_probable() -> None:
    assert is_doubtful(Plan(), WARMER, NOTHING)
    assert not is_doubtful(Plan(), WARMER, NOTHING | {"tone.mired+": 0.9})
    assert not is_doubtful(Plan(), WARMER, NOTHING | {"tone.white_balance+": 0.9})


def test_a_sure_wish_is_missed_unless_the_plan_has_it() -> None:
    sure = NOTHING | {"shadow.kind=none": 0.99}
    assert missed(Plan(), Plan(), sure, 0.8) == ("shadow.kind=none",)
    assert not missed(Plan(), Plan(shadow=Shadow(kind="none")), sure, 0.8)
    assert not missed(Plan(), Plan(), NOTHING, 0.8)


def test_a_plan_without_a_shadow_has_the_label_of_no_other_shadow() -> None:
    states = states_of(Plan(shadow=Shadow(kind="none")))
    assert {label for label in states if label.startswith("shadow.kind")} == {"shadow.kind=none"}


def test_an_improbable_change_is_told_back_and_not_made() -> None:
    text = "it's not bright"
    assert understand(text, Plan(), is_doubted=False).plan != Plan()
    (told,) = understand(text, Plan()).told_back
    assert (told.text, told.reason) == (text, "ambiguous")


def test_standing_wishes_and_styles_are_not_doubted() -> None:
    assert read(Plan(), ["it's not bright"]) != Plan()
    assert chances_of("cosy", lexicon())
    assert not understand("cosy", Plan()).told_back


def test_the_longest_text_is_read_and_a_longer_one_is_not_doubted() -> None:
    assert set(chances_of("暖，" * (MOST_TOKENS // 2), lexicon())) == set(LABELS)
    assert chances_of("暖，" * (MOST_TOKENS // 2 + 1), lexicon()) == {}
    assert chances_of("warm" * 51, lexicon()) == {}


def test_the_same_text_has_the_same_chances_every_time() -> None:
    text = "影子柔一点"
    tokens = tokenise(text, lexicon())
    first = sentence_model().chances(text, tokens)
    assert first == sentence_model().chances(text, tokens)
    assert max(first, key=first.__getitem__) == "shadow.softness+"


def test_an_exact_figure_is_doubted_neither_way() -> None:
    assert understand("-1 EV", Plan()).plan.tone.exposure_ev == -1.0


def test_a_wish_that_the_grammar_has_read_is_not_passed_over() -> None:
    read = understand("背景暗一点, then sharper", Plan(backdrop=Backdrop(kind="scene", scene="marble_white")))
    assert read.plan.detail.sharpen != Plan().detail.sharpen or read.told_back


def test_a_style_word_in_a_sentence_about_something_else_is_doubted() -> None:
    read = understand("looks gloomy, kids toys should be cheerful", Plan())
    assert read.plan.backdrop == Plan().backdrop

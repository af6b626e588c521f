"""Amounts: the same one, wherever it stands and however it is written."""

import pytest

from tests.unit.domain.language.sentences import WHITE, figures_of, heard


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("increase the brightness by 10%", "increase the brightness just 10%"),
        ("increase the brightness by 10%", "a little brighter, say ten percent"),
        ("make it 10% smaller", "a little smaller, say 10%"),
        ("set the size to 80%", "bigger, say 80%"),
        ("sharpen it by 10%", "could you sharpen it by 10 percent?"),
        ("sharpen it by 10%", "sharper (ten percent)"),
        ("sharpen it by 10%", "sharpen it just 10 per cent"),
        ("fill 2/3 of the frame", "make it fill two thirds of the frame"),
        ("fill 75% of the frame", "take up three quarters of the frame"),
        ("rotate it 3 degrees clockwise", "rotate clockwise just three degrees"),
        ("make it half a stop brighter", "exposure +1/2 stop"),
        ("move it left by 5%", "shift left, 5%"),
        ("move it left by 5%", "move the product left (5%)"),
        ("make it 200K warmer", "200 kelvin warmer"),
        ("increase the brightness by 10%", "increase the light of the image by 10 percent"),
        ("提亮10%", "提亮 百分之十"),
        ("提亮10%", "提亮一点，百分之十"),
        ("提亮10%", "提亮一点点，大概一成"),
        ("对比度提高10%", "对比度加，10%"),
        ("对比度提高10%", "对比度加一点，10%"),
        ("锐化10%", "锐化（10%）"),
        ("提亮半档", "曝光+半档"),
        ("影子变淡20%", "影子淡（20%）"),
        ("左移5%", "左移，5%"),
    ],
)
def test_an_amount_means_the_same_wherever_it_stands(plainly: str, words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


def test_a_size_beside_an_amount_of_another_wish_is_read_as_well() -> None:
    plan = heard("sharpen by 10 percent and make it a bit bigger").plan
    assert plan.detail.sharpen == pytest.approx(0.6)
    assert plan.framing.fill > WHITE.framing.fill


@pytest.mark.parametrize(
    ("plainly", "words"),
    [
        ("make it 20% smaller", "smaller by a fifth"),
        ("make it 10% smaller", "a tenth smaller"),
        ("make it 10% smaller", "shrink it to 90%"),
        ("产品缩小10%", "缩到九成"),
        ("饱和度降低20%", "收两成饱和"),
        ("make it 20% bigger", "as for the size, up by 20%"),
        ("提亮半档", "提亮半级"),
        ("rotate it 1.5 degrees clockwise", "rotate 1.5 CW"),
    ],
)
def test_an_amount_in_unusual_words_is_read(plainly: str, words: str) -> None:
    assert figures_of(words, WHITE) == pytest.approx(figures_of(plainly, WHITE)) != {}


@pytest.mark.parametrize(("words", "stops"), [("exposure +1/3", 1 / 3), ("曝光-1/3", -1 / 3)])
def test_a_signed_fraction_of_exposure_is_one_of_a_stop(words: str, stops: float) -> None:
    assert heard(words).plan.tone.exposure_ev == pytest.approx(stops, abs=1e-3)

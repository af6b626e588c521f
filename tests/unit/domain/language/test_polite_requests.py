"""Politeness around a wish asks for nothing and takes nothing away."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan

PACKSHOT = starting_plan("bg_replace")
WISHES = ("make the background navy", "remove the shadow", "sharpen the details", "warm it up")
CHINESE_WISHES = ("背景换成藏青", "去掉影子", "影子柔一点", "暖一点")


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize(
    "frame",
    [
        "I was wondering if you could {}",
        "do you think you could {}?",
        "would you mind if we {}",
        "don't forget to {}",
        "why don't you {}",
        "all you need to do is {}",
        "Is there any way to {}?",
        "do me a favour and {}",
        "todo: {}",
        "Cool, now {}",
        "{} kinda",
        "{}, right?",
        "Looks good. Next step: {}",
    ],
)
def test_a_polite_wish_does_what_the_plain_one_does(frame: str, wish: str) -> None:
    assert understand(frame.format(wish), PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize("wish", CHINESE_WISHES)
@pytest.mark.parametrize(
    "frame",
    [
        "{}可以不",
        "要是能{}就好了",
        "有没有办法{}",
        "方便的话{}",
        "我们需要{}",
        "另外{}",
        "不错。下一步，{}",
        "{}，没了",
    ],
)
def test_a_polite_chinese_wish_does_what_the_plain_one_does(frame: str, wish: str) -> None:
    assert understand(frame.format(wish), PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("能否不要影子", "不要影子"), ("can we have slate in its place?", "slate in its place")],
)
def test_what_a_frame_needs_stays_with_it(text: str, plain: str) -> None:
    assert understand(text, PACKSHOT).plan == understand(plain, PACKSHOT).plan


@pytest.mark.parametrize("hedge", ["kinda", "sort of", "kind of"])
def test_a_hedge_turns_no_wish_round(hedge: str) -> None:
    for text in (f"{hedge} add more contrast", f"add more contrast {hedge}"):
        assert understand(text, PACKSHOT) == understand("add more contrast", PACKSHOT)
    assert understand(f"it's {hedge} dark", PACKSHOT).plan.tone.exposure_ev > 0

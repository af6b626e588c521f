"""Reasons for a wish ask for nothing themselves."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan

PACKSHOT = starting_plan("bg_replace")


@pytest.mark.parametrize("wish", ["make the background navy", "crop it square", "add a reflection"])
@pytest.mark.parametrize(
    "reason",
    [
        "because it looks dull",
        "'cause it's too dark right now",
        "since the photo came out yellow",
        "otherwise it looks lost",
        "seeing as the shadow is harsh",
    ],
)
def test_a_complaint_that_is_a_reason_changes_nothing(reason: str, wish: str) -> None:
    for text in (f"{wish} {reason}", f"{wish}, {reason}.", f"{wish}. {reason.capitalize()}"):
        assert understand(text, PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize("wish", ["背景换成藏青", "裁成方图", "加个倒影"])
@pytest.mark.parametrize("reason", ["因为现在太暗了", "毕竟拍出来发黄", "不然影子太硬", "免得像抠的"])
def test_a_chinese_reason_changes_nothing(reason: str, wish: str) -> None:
    for text in (f"{wish}，{reason}", f"{wish}。{reason}。"):
        assert understand(text, PACKSHOT) == understand(wish, PACKSHOT)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("because it's too dark, please brighten it", "brighten it"),
        ("since it looks dull so add contrast", "add contrast"),
        ("crop it square because it's off balance and add a reflection", "crop it square, add a reflection"),
        ("因为太暗了所以亮一点", "亮一点"),
        ("裁成方图，因为有点暗帮我加个倒影", "裁成方图，加个倒影"),
    ],
)
def test_a_wish_after_a_reason_is_read(text: str, plain: str) -> None:
    assert understand(text, PACKSHOT).plan == understand(plain, PACKSHOT).plan


@pytest.mark.parametrize(
    "text",
    [
        "everything looks yellow because of my kitchen lamp",
        "can you fix it because it's too yellow",
        "因为太黄了，处理一下",
    ],
)
def test_a_reason_without_a_wish_is_one(text: str) -> None:
    assert understand(text, PACKSHOT).plan.tone.mired < 0


def test_a_wish_in_a_reason_is_carried_out() -> None:
    text = "make the background navy, since it needs to stand out make the product bigger"
    assert understand(text, PACKSHOT).plan.framing.fill > PACKSHOT.framing.fill

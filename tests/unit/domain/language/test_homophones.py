"""Chinese typos that sound like the right word."""

import os
import subprocess
import sys

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.plan import starting_plan

_PICTURE = starting_plan("refine")


@pytest.mark.parametrize(
    ("typo", "right"),
    [
        ("饱合度低点", "饱和度低点"),
        ("产品剧中", "产品居中"),
        ("锐话一下", "锐化一下"),
        ("木桌北景", "木桌背景"),
        ("胭置红背景", "胭脂红背景"),
        ("墨滤色背景", "墨绿色背景"),
    ],
)
def test_a_character_that_sounds_like_the_right_one_is_read_as_it(typo: str, right: str) -> None:
    assert understand(typo, _PICTURE).plan.model_dump(exclude={"said"}) == understand(
        right, _PICTURE
    ).plan.model_dump(exclude={"said"})
    assert understand(typo, _PICTURE).plan != _PICTURE


@pytest.mark.parametrize("words", ["婴儿玩具", "快递箱亮一点点", "重心在左", "两件大衣"])
def test_a_correct_word_is_not_read_as_a_homophone(words: str) -> None:
    heard = understand(words, _PICTURE).plan
    assert heard.backdrop == _PICTURE.backdrop
    assert heard.shadow == _PICTURE.shadow


def test_pronunciations_are_read_whatever_the_encoding_of_the_system() -> None:
    code = "from stillroom.domain.language.words.homophones import Homophones; Homophones(['\\u9971\\u548c'])"
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", code], env=os.environ | ascii_only, check=True)

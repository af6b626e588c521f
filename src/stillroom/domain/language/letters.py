"""Text normalisation: traditional to simplified Chinese, full-width to ASCII, lower case."""

import re

from opencc import OpenCC

_HAN = "".join(map(chr, range(0x4E00, 0xA000)))
_SIMPLIFIED = {
    ord(c): s for c, s in zip(_HAN, OpenCC("t2s").convert(_HAN), strict=True) if c != s < "\U00010000"
}
_SPOKEN = "艶艳啲些嚟来嘅的咗了喇了喺在係是冇没睇看俾给畀给佢它咁太唔不枱台嗰那"
"""Characters of Cantonese, each followed by the one of the same meaning."""

_SIGNS = {"％": "%", "＋": "+", "－": "-", "−": "-", "’": "'", "‘": "'", "`": "'", "＃": "#", "　": " "}
_FULL_WIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_FULL_WIDTH |= {chr(0xFF21 + i): chr(97 + i) for i in range(26)}
_FULL_WIDTH |= {chr(0xFF41 + i): chr(97 + i) for i in range(26)}
_CONTROL = {chr(code): " " for code in range(32) if chr(code) != "\n"}
_PLAIN = _SIMPLIFIED | str.maketrans(
    dict(zip(_SPOKEN[::2], _SPOKEN[1::2], strict=True)) | _SIGNS | _FULL_WIDTH | _CONTROL
)


_CANTONESE = {"唔該": "麻烦", "唔该": "麻烦", "唔要": "不要", "唔使": "不用", "唔好": "不要"}
_SAID = re.compile("唔[該该要使]|(?<!好)唔好(?![看睇靓靚似])")


def plain(text: str) -> str:
    """The text in lower case and simplified characters, letter for letter as long as it was."""
    text = _SAID.sub(lambda said: _CANTONESE[said.group()], text)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(_PLAIN)

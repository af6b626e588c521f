"""Negation: the words that refuse a wish, and their scope in a sentence."""

import re

TAKEN = "\x00"  # stands for a letter whose meaning was found
REFUSED = "\x01"  # for a letter of a wish that was refused: the no before it goes on
DENIED = "\x02"  # for a letter of words that say no themselves
MARKS = TAKEN + DENIED
"""For the patterns: what borders on understood words stands as if behind a comma."""

NO_ZH = (
    r"(?:(?<!要)不要|不用|不必|不需要?|不想要?|不希望|(?<!能)不能|(?<!可)不可以|不许|不准|不得|不应该?|不该"
    r"|(?<!是)不是|无需|无须|没必要"
    r"|禁止|杜绝|避免|拒绝|请勿|勿|莫(?!兰迪)|甭|(?<![特区级分性类识差个辨])别(?![致墅名样]))"
)
NO_EN = (
    r"(?<![a-z])(?:no need (?:to|for)|(?:do|does|did|should|must|can|would|need) not|cannot"
    r"|(?<!why )(?:do|does|did|should|must|ca|wo|would|need)n'?t|not|never|without|avoid|no|nor"
    r"|neither)(?![a-z])"
)
NO = rf"(?:{NO_ZH}|{NO_EN})"
"""Pattern of the words that refuse what follows them, without groups."""

REMOVAL = (
    r"(?:没有|去掉|去除|取消|删掉|删除|移除|拿掉|停止|免了|算了"
    r"|(?<![a-z])(?:instead of|rather than|remove|stop|lose|ditch|anything but|except)(?![a-z]))"
)
"""Pattern of the words that refuse only what stands right beside them, without groups."""

_FAR = re.compile(rf"{NO}(?!\s*(?:忘|仅|只是|光是|forget|only|just|matter|problem))")
_NEAR = re.compile(
    rf"(?:(?<![要能可是好差])不(?!够|错|同|仅|只|但|断|锈|妨|如|过)|没|无(?!缝|线|人|论|影)|{REMOVAL})"
    r"(?:再|太|要|会|过|那么|这么|任何|的|\s|(?<![a-z])(?:the|a|an|any|too|so|all|this|that)(?![a-z]))*$"
)
_REMOVES = re.compile(REMOVAL)
_AFTERWARDS = re.compile(
    r"(?:的?(?:背景|颜色|效果|这种|那种))?\s*(?:就|都|也|先|还是|通通|全部)?"
    rf"(?:不要|不用|不需要|别要?|免了|算了|去掉|去除|删掉|删除|拿掉|移除|取消)(?:了|掉|啦|吧|哦|啊)*(?=$"
    rf"|[\s,.;:!?，。；：！？、\n{MARKS}])"
    rf"|\s*(?:is |are )?(?:not wanted|unwanted|not needed|off|none)(?![a-z])"
)
_BORDER = re.compile(
    rf"[,;:!?，。；：！？\n{TAKEN}]|\.(?!\d)|(?<=[\u4e00-\u9fff{MARKS}{REFUSED}])\s+(?=[\u4e00-\u9fff])"
)
_TURN = re.compile(
    r"[^\s](?:\s*)(?:但|而是|只|仅|就|改[成为用]|换[成为用上]|要(?!求)|用"
    r"|(?<![a-z])(?:but|instead|use|only|just|rather|please|then)(?![a-z]))"
)
_TURN_AFTER_NOUN = re.compile(r"(?<![a-z])(?:and|with|on|in)(?![a-z])")
_MOVED = re.compile(r"\s*(?:把|将|让|给|对|使|再)")
_LISTED = re.compile(rf"{DENIED}\s*(?:or|nor|或者?|及|以及|也|、)\s*(?:the |a |an |any )?$")


def refusal(words: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch that refuses a wish together with it.

    Args:
        words: The instruction in plain letters, with the marks of what was read already.
        start: Where the wish begins.
        end: Where it ends.

    Returns:
        From the word that says no to the end of the wish, or the other way round; None if it is wanted.
    """
    after = _AFTERWARDS.match(words, end)
    if after:
        return start, after.end()
    if _LISTED.search(words, 0, start):
        return start, end
    borders = (found.end() for found in _BORDER.finditer(words, 0, start + 1))
    clause = max((border for border in borders if border <= start), default=0)
    for found in _FAR.finditer(words, clause, start):
        if not _is_over(found.group(), words[found.end() : start]):
            return found.start(), end
    near = _NEAR.search(words[clause:start])
    return (clause + near.start(), end) if near else None


def says_no(words: str) -> bool:
    """Whether a no is left in words."""
    return bool(_FAR.search(words) or _REMOVES.search(words))


def begins_with_no(words: str) -> bool:
    """Whether words refuse something themselves."""
    return bool(_FAR.match(words) or re.match(r"\s*(?:没有?|无|去|remove|without)", words))


def _is_over(no: str, between: str) -> bool:
    """Whether the words between a no and a wish turn to what is wanted instead."""
    if DENIED in between:
        return True
    if no in ("no", "without") and _TURN_AFTER_NOUN.search(between):
        return True
    return not _MOVED.match(between) and bool(_TURN.search(between))

"""Words for space that is left free: "leave the top third empty for a title", "右边留出三分之一放文字"."""

from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, Token


def settle_free_space(phrase: Phrase) -> None:
    """Read words for what is left free as a margin, and drop what it is for."""
    parts = {token.get("part") for token in phrase.tokens if "side" not in token}
    sides = [i for i, token in enumerate(phrase.tokens) if "side" in token]
    rooms = [i for i, token in enumerate(phrase.tokens) if token.get("property") == "margin"]
    named = {one.end for one in phrase.fillers if one.text == "的"}  # "底下的留着" keeps a thing
    left = [i for i, one in enumerate(phrase.tokens) if one.isa("leave") and one.start not in named]
    if left and sides and not rooms and parts <= {"", "product", "picture"}:
        free = [i for i, token in enumerate(phrase.tokens) if token.isa("free") and i > left[0]]
        free = free or [i for i, token in enumerate(phrase.tokens) if token.get("property") == "position"]
        is_share = phrase.has(NUMBER)
        rooms = (free or [i for i in left if is_share or phrase.tokens[i].is_han])[:1]
        for i in rooms:
            phrase.tokens[i] = phrase.tokens[i].meaning(property="margin")
    if not rooms and len(sides) == 1 and parts <= {""} and phrase.has("too"):  # "bottom is too empty"
        rooms = [i for i, one in enumerate(phrase.tokens) if one.isa("free") and "adjective" in one]
        for i in rooms:
            phrase.tokens[i] = phrase.tokens[i].meaning(property="margin")
    if rooms:
        refusal = phrase.left(rooms[0])
        if not sides and "neg" in refusal and refusal.text in ("no", "不要", "不留", "别", "别留", "不用"):
            phrase.tokens[rooms[0] - 1] = refusal.meaning(less="")  # "no margins"
            phrase.status = [""] * len(phrase.status)
        phrase.status = ["" if status == "keep" else status for status in phrase.status]
        _drop_purpose(phrase, rooms[0])


def _drop_purpose(phrase: Phrase, room: int) -> None:
    """Drop the lettering that room is for; the words that name it need not be known."""
    is_for = True
    for i in range(room + 1, len(phrase.tokens)):
        token = phrase.tokens[i]
        is_purpose = token.isa("purpose")
        if is_purpose or ("add" in token and is_for):
            is_for = True
            dropped = i + 1 < len(phrase.tokens) and _is_lettering(phrase.tokens[i + 1])
        else:
            dropped = is_for = is_for and _is_lettering(token)
        if dropped:
            phrase.tokens[i] = phrase.tokens[i].meaning(filler="")


def _is_lettering(token: Token) -> bool:
    return token.get("impossible") == "text" or token.any(UNKNOWN, "product_part", "add")

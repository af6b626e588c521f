"""Free space on one side of the product, which moves it to the other."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Mood, moves
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER

STEPS = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}


def only_product(phrase: Phrase, *others: str) -> bool:
    """Whether a phrase names the product and its position alone."""
    properties = {token.get("property") for token in phrase.tokens if "property" in token} - {*others}
    return properties <= {"position"} and phrase.parts <= {"product", "picture"}


def is_room(phrase: Phrase) -> bool:
    """Whether a side is where room is left, or where there is too little of it: "tight at the top"."""
    return phrase.has("property", "margin") or bool(_crowded(phrase))


def _crowded(phrase: Phrase) -> list[int]:
    crowded = phrase.all("adjective", "big+") if only_product(phrase) else []
    return [i for i in crowded if "unwanted" in phrase.tokens[i] or phrase.tokens[i].text in ("tight", "满")]


def read_free_space(phrase: Phrase, sides: list[int], side: str) -> None:
    """Space on one side moves the product to the other; a share of it, to the middle of the rest."""
    if side not in STEPS:
        return
    if phrase.antecedent.part == "place":  # the room that the move before is for
        phrase.use_known()
        phrase.act(None, "")
        return
    across, down = STEPS[side]
    small, too = phrase.has("adjective", "big-") or phrase.has("quality", "big-"), phrase.any("past", "too")
    lacks = bool(_crowded(phrase)) or phrase.lacks or phrase.isa("no") or (small and too)
    is_less = small or too or phrase.has("less") or "neg" in phrase.status
    if is_less and not lacks:
        across, down = -across, -down
    words = "".join(phrase.tokens[i].text for i in sides)
    share = 1 / 3 if "third" in words else amounts.share(f"{words} {phrase.texts(NUMBER)}")
    phrase.use(*sides, *phrase.all("property", "margin"))
    phrase.use_all("product_part", "adjective", "part", "more", "less", NUMBER)
    if not phrase.has("part", "product"):
        phrase.use(*phrase.all("quality", "big-"), *phrase.all("quality", "big+"))
    key = f"place.{'y' if down else 'x'}"
    if share and not is_less and not lacks:
        phrase.act("framing", key, acts.leaves_free(across, down, share))
    else:
        mood: Mood = "complaint" if lacks or phrase.has("too") else "wish"
        phrase.act("framing", key, moves(-0.1 * across, -0.08 * down), mood)

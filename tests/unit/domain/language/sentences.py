"""Base plans for reader tests, and helpers that read sentences."""

from stillroom.domain.language.reader import Understanding, understand
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import PicturePlan, Plan, starting_plan

WHITE = starting_plan("optimize")
PICTURE = starting_plan("refine")


def on_marble() -> Plan:
    """A refined plan, whose product has a fixed position."""
    plan = understand("大理石台面，光从左边来，暖一点", starting_plan("bg_replace")).plan
    return plan.model_copy(update={"asked": (), "product_transform": (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)})


def after(*wishes: str, base: Plan = WHITE, turn: int | None = None) -> Plan:
    """Return the plan of a picture for which wishes were said, the last `turn` of them in the last turn."""
    plan = base
    for wish in wishes:
        plan = understand(wish, plan).plan
    said = plan.model_copy(update={"said": wishes, "said_last": turn, "asked": ()})
    return PicturePlan.model_validate(said.model_dump())


def told_texts(understood: Understanding) -> tuple[str, ...]:
    """Return the texts of what is told back."""
    return tuple(told.text for told in understood.told_back)


def heard(words: str, base: Plan = WHITE) -> Understanding:
    """Read words, and check that every clause is understood."""
    understood = understand(words, base)
    assert not understood.told_back
    return understood


def told_back(words: str, base: Plan = WHITE) -> None:
    """Read words, and check that they change nothing and are told back as they stand."""
    understood = understand(words, base)
    assert (understood.plan, understood.asked) == (base, ())
    assert told_texts(understood) == (words,)


def figures_of(words: str, base: Plan = PICTURE) -> dict[str, object]:
    """Return the figures that words change, each with its new value."""
    return {f"{one.part}.{one.field}": one.new for one in changes_between(base, heard(words, base).plan)}


def directions_of(words: str, base: Plan = PICTURE) -> dict[str, bool]:
    """Return the figures that words change, each with whether it grew."""
    changes = changes_between(base, heard(words, base).plan)
    return {f"{one.part}.{one.field}": one.new > one.old for one in changes}  # type: ignore[operator]


def heard_of(part: str, name: str, words: str) -> object:
    """Return a value of the plan after words that change only its part."""
    understood = heard(words)
    assert understood.asked == (part,)
    return getattr(getattr(understood.plan, part), name)


def color_of(words: str) -> str:
    """The backdrop colour that a name stands for."""
    return understand(f"{words} background", WHITE).plan.backdrop.color

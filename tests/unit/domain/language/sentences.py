"""Base plans for reader tests, and helpers that read sentences."""

from stillroom.domain.language.reader import Understanding, understand
from stillroom.domain.plans.plan import Plan, starting_plan

WHITE = starting_plan("optimize")


def on_marble() -> Plan:
    """A refined plan, whose product has a fixed position."""
    plan = understand("大理石台面，光从左边来，暖一点", starting_plan("bg_replace")).plan
    return plan.model_copy(update={"asked": (), "product_transform": (1.0, 0.0, 5.0, 0.0, 1.0, 6.0)})


def heard(words: str, base: Plan = WHITE) -> Understanding:
    """Read words, and check that every clause is understood."""
    understood = understand(words, base)
    assert understood.not_understood == ()
    return understood


def heard_of(part: str, name: str, words: str) -> object:
    """Return a value of the plan after words that change only its part."""
    understood = heard(words)
    assert understood.asked == (part,)
    return getattr(getattr(understood.plan, part), name)


def color_of(words: str) -> str:
    """The backdrop colour that a name stands for."""
    return understand(f"{words} background", WHITE).plan.backdrop.color

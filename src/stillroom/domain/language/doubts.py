"""Step 6, doubts about readings of the grammar that the phrase book finds improbable."""

from collections.abc import Callable, Iterable

from stillroom.domain.language.acts import Act
from stillroom.domain.language.phrase_book import PhraseBook
from stillroom.domain.language.words.lexicon import Lexicon
from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Backdrop, Detail, Framing, Light, Plan, Shadow, Tone, changed

LEAST_SUPPORT = 0.05
"""Probability of all wishes for the same figures below which a reading is doubtful.

Of the readings of `golden/phrases-2.json`, with a book fitted to `golden/phrases.json` alone, this doubts
78 of 307 wrong ones and none of 2,016 right ones.
"""
LEAST_RIVAL = 0.6
"""Probability that another wish has at least, if a reading is doubtful."""

Figures = frozenset[str]
"""Figures of a plan, such as `light.fill`; of backdrops the kind and the scene."""

ELSEWHERE = Plan(
    backdrop=Backdrop(kind="color", color="#4a6a9c", edge_color="#3a5a8c", blur=0.3),
    shadow=Shadow(kind="hard", strength=0.8, softness=1.3),
    light=Light(azimuth_deg=17.0, elevation_deg=51.0, strength=0.42, fill=0.2, rim=0.1),
    tone=Tone(
        white_balance=0.3, auto_exposure=False, mired=9.0, exposure_ev=0.1, contrast=0.1, saturation=0.9
    ),
    framing=Framing(fill=0.55, x=0.45, y=0.55, aspect="photo"),
    detail=Detail(denoise=0.3, sharpen=0.4, clarity=0.2, straighten=False),
)
"""A plan that no usual wish leads to, so that whatever a wish sets can be told from it."""
_STARTS = (Plan(), ELSEWHERE, changed(Plan(), "shadow", kind="none"))
_OPEN = frozenset(("backdrop.kind=color", "backdrop.kind=keep"))
"""Figures of which the book has only a few of many wishes, such as two of all colours."""


def figures(acts: Iterable[Act]) -> Figures:
    """Return the figures that acts decide."""
    return frozenset(
        _name(change)
        for act in acts
        for start in _STARTS
        if (after := act.do(start)) is not None
        for change in changes_between(start, after)
        if change.part != "backdrop" or change.field in ("kind", "scene", "blur")
    ) - {"backdrop.kind=scene"}


def _name(change: Change) -> str:
    value = f"={change.new}" if change.field in ("kind", "scene") and change.part == "backdrop" else ""
    return f"{change.part}.{change.field}{value}"


def is_doubtful(
    text: str, acts: Iterable[Act], words: Lexicon, book: PhraseBook, of: Callable[[str], Figures]
) -> bool:
    """Whether the phrase book is sure enough of another wish than the one that was read.

    Args:
        text: The phrase as the user wrote it.
        acts: How it was read.
        words: The lexicon.
        book: The phrase book.
        of: Returns the figures that a wish of the book decides.
    """
    decided = figures(acts)
    if not decided or not decided.isdisjoint(_OPEN):
        return False
    chances = [(of(says) if says else frozenset(), chance) for says, chance in book.chances(text, words)]
    if not decided <= frozenset().union(*(others for others, _ in chances)):
        return False
    support = sum(chance for others, chance in chances if not decided.isdisjoint(others))
    return support < LEAST_SUPPORT and max(chance for _, chance in chances) >= LEAST_RIVAL

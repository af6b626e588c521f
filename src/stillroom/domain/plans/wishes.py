"""Standing wishes: instructions that persist across turns, and manual edits of their list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from stillroom.domain.frozen import Frozen
from stillroom.domain.words import Words

MAX_WISHES = 30
"""Length of a list to which a user can add; turns may make it longer."""

BY_HAND = 0
"""Turn of a wish that was added by hand; it applies to every picture, on every branch."""


class Wish(Frozen):
    """A standing wish: it applies in every turn until it is replaced or removed.

    Attributes:
        id: Sorts by creation time.
        text: The text to parse, in the user's language.
        turn: The turn in which it was said, from 1; 0 if it was added by hand.
        locked: Whether it is permanent and cannot be edited.
        words: Display text, if it differs from `text`.
    """

    id: str
    text: str
    turn: Annotated[int, Field(ge=0)]
    locked: bool = False
    words: Words | None = None

    @property
    def shown(self) -> Words:
        """The display text in both languages; a user's own text is used for both."""
        return self.words or Words(zh=self.text, en=self.text)


Wishes = tuple[Wish, ...]

PRODUCT_STAYS = Wish(
    id="wsh_0",
    text="The product and its lettering stay unchanged.",
    turn=BY_HAND,
    locked=True,
    words=Words(zh="产品与字样保持不变", en="The product and its lettering stay unchanged"),
)
"""The built-in, permanent wish."""


def in_order(wishes: Iterable[Wish]) -> Wishes:
    """Sort and deduplicate the list: the locked wish first, the others by creation time."""
    by_id = {wish.id: wish for wish in (PRODUCT_STAYS, *wishes)}
    return tuple(sorted(by_id.values(), key=lambda wish: (not wish.locked, wish.id)))


def of_every_path(wishes: Iterable[Wish]) -> Wishes:
    """Return the wishes that apply to a new picture of the photo: those that belong to no branch."""
    return in_order(wish for wish in wishes if wish.locked or wish.turn == BY_HAND)


@dataclass(frozen=True, slots=True)
class WishEdit:
    """One line of an edited list.

    Attributes:
        id: Id of the existing wish; None for a new one.
        turn: Original turn of a wish that is restored after its removal.
    """

    id: str | None
    text: str
    turn: int = BY_HAND


@dataclass(frozen=True, slots=True)
class Revision:
    """Changes of a list, which can be applied to the lists of all branches.

    It holds the ids of removed wishes, new texts by id, and wishes added by hand or restored.
    """

    removed: frozenset[str]
    reworded: Mapping[str, str]
    added: Wishes

    def of(self, wishes: Sequence[Wish], *, added: Callable[[Wish], bool] = lambda _: True) -> Wishes:
        """Apply the changes to a list; `added` selects which of the added wishes belong in it."""
        kept = [
            wish.model_copy(update={"text": self.reworded[wish.id], "words": None})
            if wish.id in self.reworded
            else wish
            for wish in wishes
            if wish.id not in self.removed
        ]
        return in_order([*kept, *(wish for wish in self.added if added(wish))])


def revision(before: Sequence[Wish], edited: Sequence[WishEdit], new_id: Callable[[], str]) -> Revision:
    """Compute the changes between a list and its edited version, whose order is ignored."""
    known = {wish.id: wish for wish in before}
    kept = {edit.id: edit for edit in edited if edit.id in known}
    return Revision(
        removed=frozenset(known.keys() - kept.keys()),
        reworded={wish_id: edit.text for wish_id, edit in kept.items() if edit.text != known[wish_id].text},
        added=tuple(
            Wish(id=edit.id or new_id(), text=edit.text, turn=edit.turn if edit.id else BY_HAND)
            for edit in edited
            if edit.id not in known
        ),
    )

"""Standing wishes: what was said, when, and how the list of them is edited by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.words import Words

MAX_WISHES = 30
"""More than anybody keeps in mind; bounds the list and the words sent to a model."""

BY_HAND = 0
"""The turn of a wish that was written into the list: it holds for every picture, whatever its path."""


class Wish(BaseModel):
    """A standing wish, kept in every turn until it is replaced or removed.

    Attributes:
        id: Sorts by when it was said.
        text: As it is read, in whatever language it was said.
        turn: The turn that said it, from 1; 0 for one written into the list by hand.
        locked: Whether it always holds and cannot be changed.
        words: How it is shown, where that is not the user's own text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    turn: Annotated[int, Field(ge=0)]
    locked: bool = False
    words: Words | None = None

    @property
    def shown(self) -> Words:
        """The wish in both languages; the user's own text stands in both as it is."""
        return self.words or Words(zh=self.text, en=self.text)


Wishes = tuple[Wish, ...]

PRODUCT_STAYS = Wish(
    id="wsh_0",
    text="The product and its lettering stay unchanged.",
    turn=BY_HAND,
    locked=True,
    words=Words(zh="产品与字样保持不变", en="The product and its lettering stay unchanged"),
)
"""The wish that nobody has to say."""


def in_order(wishes: Iterable[Wish]) -> Wishes:
    """The list as it is kept: the locked wish first, the others by when they were said, each once."""
    by_id = {wish.id: wish for wish in (PRODUCT_STAYS, *wishes)}
    return tuple(sorted(by_id.values(), key=lambda wish: (not wish.locked, wish.id)))


def of_every_path(wishes: Iterable[Wish]) -> Wishes:
    """Those that hold for a new picture of the photo: none of another path."""
    return in_order(wish for wish in wishes if wish.locked or wish.turn == BY_HAND)


@dataclass(frozen=True, slots=True)
class WishEdit:
    """One line of an edited list.

    Attributes:
        id: Of the wish as it was; None for a new one.
        text: As it shall be.
        turn: Of a wish that is put back after it was removed.
    """

    id: str | None
    text: str
    turn: int = BY_HAND


@dataclass(frozen=True, slots=True)
class Revision:
    """What an edited list changes, so that the same can be done to every list that has the wish.

    Attributes:
        removed: Ids.
        reworded: New text by id.
        added: Written in by hand, or put back.
    """

    removed: frozenset[str]
    reworded: Mapping[str, str]
    added: Wishes

    def of(self, wishes: Sequence[Wish], *, added: Callable[[Wish], bool] = lambda _: True) -> Wishes:
        """A list with the changes.

        Args:
            wishes: The list.
            added: Which of the added wishes belong in it.
        """
        kept = [
            wish.model_copy(update={"text": self.reworded[wish.id], "words": None})
            if wish.id in self.reworded
            else wish
            for wish in wishes
            if wish.id not in self.removed
        ]
        return in_order([*kept, *(wish for wish in self.added if added(wish))])


def revision(before: Sequence[Wish], edited: Sequence[WishEdit], new_id: Callable[[], str]) -> Revision:
    """What was done to a list.

    Args:
        before: The list that was edited.
        edited: The list as it shall be; its order means nothing.
        new_id: Makes the id of a wish written in by hand.
    """
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

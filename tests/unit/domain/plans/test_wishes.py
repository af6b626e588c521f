"""Standing wishes: order, edits and restored wishes."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stillroom.domain.plans.wishes import (
    BY_HAND,
    PRODUCT_STAYS,
    Wish,
    WishEdit,
    in_order,
    of_every_path,
    revision,
)

wishes = st.lists(
    st.builds(
        Wish,
        id=st.integers(1, 99).map(lambda number: f"wsh_{number:02d}"),
        text=st.text(min_size=1, max_size=8),
        turn=st.integers(0, 9),
    ),
    max_size=6,
    unique_by=lambda wish: wish.id,
).map(in_order)


def new_id() -> str:
    return "wsh_zz"


def lines(given: tuple[Wish, ...]) -> list[WishEdit]:
    return [WishEdit(wish.id, wish.text, wish.turn) for wish in given]


@given(wishes, st.randoms(use_true_random=False))
def test_the_locked_wish_comes_first_and_the_rest_as_they_were_said(
    given: tuple[Wish, ...], random: Random
) -> None:
    shuffled = list(given)
    random.shuffle(shuffled)
    assert in_order(shuffled) == given
    assert given[0] == PRODUCT_STAYS


@given(wishes)
def test_a_list_that_is_sent_back_as_it_was_changes_nothing(given: tuple[Wish, ...]) -> None:
    assert revision(given, lines(given), new_id).of(given) == given


@given(wishes, st.data())
def test_a_restored_wish_returns_to_its_position(given: tuple[Wish, ...], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(given))
    left = revision(given, [line for line in lines(given) if line.id != gone.id], new_id).of(given)
    back = revision(left, lines(given), new_id).of(left)
    assert [(wish.id, wish.text) for wish in back] == [(wish.id, wish.text) for wish in given]


def test_editing_rewords_removes_and_adds() -> None:
    given = in_order([Wish(id="wsh_1", text="a", turn=1), Wish(id="wsh_2", text="b", turn=2)])
    edited = [
        WishEdit(PRODUCT_STAYS.id, PRODUCT_STAYS.text),
        WishEdit("wsh_2", "c", 2),
        WishEdit(None, "d", 7),
    ]
    changed = revision(given, edited, new_id)
    assert changed.removed == {"wsh_1"}
    assert [(wish.id, wish.text, wish.turn) for wish in changed.of(given)[1:]] == [
        ("wsh_2", "c", 2),
        ("wsh_zz", "d", BY_HAND),
    ]


def test_a_new_picture_of_the_photo_has_only_wishes_that_hold_for_every_path() -> None:
    by_hand = Wish(id="wsh_3", text="no props", turn=BY_HAND)
    assert of_every_path([Wish(id="wsh_1", text="marble", turn=1), by_hand]) == (PRODUCT_STAYS, by_hand)

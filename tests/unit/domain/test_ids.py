"""Ids: a prefix for the type, then a ULID that sorts by time."""

from datetime import UTC, datetime, timedelta

from stillroom.domain.ids import IdFactory, ulid

NOW = datetime(2026, 3, 14, 15, 9, 26, 535_000, tzinfo=UTC)


def test_a_ulid_is_spelled_as_its_specification_says() -> None:
    # The example of the specification: 01ARZ3NDEKTSV4RRFFQ69G5FAV.
    at = datetime.fromtimestamp(1_469_922_850.259, UTC)
    random = bytes.fromhex("d676 4c61 efb9 9302 bd5b")
    assert ulid(at, random) == "01arz3ndektsv4rrffq69g5fav"


def test_the_smallest_and_the_largest_have_the_same_length() -> None:
    assert ulid(datetime.fromtimestamp(0, UTC), bytes(10)) == "0" * 26
    assert len(ulid(datetime.max.replace(tzinfo=UTC), b"\xff" * 10)) == 26


def test_id_prefix_names_its_kind() -> None:
    ids = IdFactory(now=lambda: NOW, entropy=bytes)
    tail = ulid(NOW, bytes(10))
    made = (ids.asset(), ids.session(), ids.job(), ids.variant(), ids.export(), ids.owner())
    assert made == tuple(f"{prefix}_{tail}" for prefix in ("ast", "ses", "job", "var", "exp", "own"))
    assert (ids.lease_token(), ids.provider_call(), ids.request()) == (
        f"lease_{tail}",
        f"call_{tail}",
        f"req_{tail}",
    )


def test_ids_of_different_milliseconds_sort_by_age() -> None:
    moments = [NOW + timedelta(milliseconds=step) for step in (0, 1, 2, 70, 5_000, 90_000_000)]
    clock = iter(moments)
    ids = IdFactory(now=lambda: next(clock), entropy=lambda count: b"\xff" * count)
    made = [ids.job() for _ in moments]
    assert made == sorted(made)


def test_ids_of_one_millisecond_differ() -> None:
    ids = IdFactory(now=lambda: NOW)
    assert len({ids.job() for _ in range(1_000)}) == 1_000

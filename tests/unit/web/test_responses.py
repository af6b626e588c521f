"""Headers of files that are downloaded."""

import pytest

from stillroom.web.responses import attached


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("mug_1.png", "attachment; filename=\"mug_1.png\"; filename*=UTF-8''mug_1.png"),
        ("杯 1.png", "attachment; filename=\"_ 1.png\"; filename*=UTF-8''%E6%9D%AF%201.png"),
        ('a"\\\r\nb.png', "attachment; filename=\"a____b.png\"; filename*=UTF-8''a%22%5C%0D%0Ab.png"),
    ],
)
def test_a_file_is_named_for_old_and_new_clients_and_is_not_stored_by_caches(
    name: str, disposition: str
) -> None:
    assert attached(name) == {
        "Content-Disposition": disposition,
        "Cache-Control": "private, no-store",
    }

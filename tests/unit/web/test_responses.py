"""Headers of files: names of downloads, and versions that the client has already."""

import pytest
from starlette.requests import Request

from stillroom.web.responses import attached, has_already


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


@pytest.mark.parametrize(
    ("known", "is_known"),
    [
        ('"var_1-full"', True),
        ('W/"var_1-full"', True),
        ('"other", "var_1-full"', True),
        ("*", True),
        ('"var_1-full-1"', False),
        ("", False),
    ],
)
def test_a_version_is_recognised_by_its_tag_even_a_weak_one_and_by_a_star(known: str, is_known: bool) -> None:
    request = Request({"type": "http", "headers": [(b"if-none-match", known.encode())]})
    assert has_already(request, '"var_1-full"') is is_known

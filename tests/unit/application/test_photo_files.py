"""Photos in files of the user's machine."""

from pathlib import Path

import pytest

from stillroom.application.photos.photo_files import photos_in, read_photo
from stillroom.domain.errors import InputTooLarge, NotFound


def test_photos_of_a_folder_are_its_files_that_are_called_so(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.heic", "._b.JPG", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    assert [path.name for path in photos_in(tmp_path)] == ["a.heic", "b.JPG", "gone.jpg"]


def test_a_photo_is_read_up_to_the_limit(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"four")
    assert read_photo(photo, 4) == b"four"
    with pytest.raises(InputTooLarge):
        read_photo(photo, 3)


@pytest.mark.parametrize("path", ["/no/such.jpg", f"/{'a' * 300}.jpg", "/dev/zero", "/"])
def test_what_is_no_file_is_not_found(path: str) -> None:
    with pytest.raises(NotFound, match=path):
        read_photo(Path(path), 1000)

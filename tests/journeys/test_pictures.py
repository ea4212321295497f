"""The README's pictures are there, of the sizes that are asked for, and small enough to load."""

import struct

import pytest

from tests.pictures import FOLDER, PICTURES, Picture


@pytest.mark.parametrize("picture", PICTURES, ids=[each.file for each in PICTURES])
def test_a_picture_has_its_size(picture: Picture) -> None:
    """A PNG of the width and height of its window, under 250 kB. When it is missing: make pictures."""
    content = (FOLDER / picture.file).read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", content[16:24]) == (picture.width, picture.height)
    assert len(content) < 250_000


def test_no_picture_is_left_over() -> None:
    """Every file in the folder is one of the pictures."""
    assert sorted(each.name for each in FOLDER.iterdir()) == sorted(each.file for each in PICTURES)

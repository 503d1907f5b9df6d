# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The pictures of the documents: on a page, small enough, and made of real frames."""

from pathlib import Path

import pytest
from PIL import Image

from .pages import DOCS, PAGES, text_of

MOST_BYTES = 2 * 1024 * 1024
PICTURES = sorted(
    each for each in DOCS.rglob("*") if each.suffix in (".png", ".svg", ".gif", ".webp", ".webm")
)


def test_there_are_pictures() -> None:
    assert {each.suffix for each in PICTURES} == {".png", ".svg", ".webp"}


@pytest.mark.parametrize("picture", PICTURES, ids=lambda each: each.name)
def test_a_picture_is_small_and_on_a_page(picture: Path) -> None:
    assert 0 < picture.stat().st_size <= MOST_BYTES
    assert any(f"{picture.name})" in text_of(page) for page in PAGES)


def test_the_film_moves() -> None:
    with Image.open(DOCS / "offline-bot.webp") as film:
        frames = [_frame(film, number) for number in range(getattr(film, "n_frames", 1))]
    assert len(frames) > 10
    assert len(set(frames)) > 10


def _frame(film: Image.Image, number: int) -> bytes:
    film.seek(number)
    return film.convert("RGB").tobytes()

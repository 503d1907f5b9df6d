# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings of people speaking, with what they say, found in installed packages.

Nothing is copied into this repository: two recordings come with ``moonshine-voice``, and
``scripts/system-deps`` fetches Debian's telephone prompts into ``.cache/debian``.
"""

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jiwer
import numpy as np
import soundfile
import soxr

TWO_CITIES = (
    "It was the best of times, it was the worst of times, "
    "it was the age of wisdom, it was the age of foolishness, "
    "it was the epoch of belief, it was the epoch of incredulity, "
    "it was the season of Light, it was the season of Darkness, "
    "it was the spring of hope, it was the winter of despair, "
    "we had everything before us, we had nothing before us, "
    "we were all going direct to Heaven, we were all going direct the other way "
    "- in short, the period was so far like the present period, "
    "that some of its noisiest authorities insisted on its being received, "
    "for good or for evil, in the superlative degree of comparison only."
)
"""Charles Dickens, "A Tale of Two Cities", 1859."""

PROMPTS = (
    "agent-pass",
    "conf-onlyperson",
    "confbridge-begin-leader",
    "feature-not-avail-line",
    "queue-youarenext",
    "vm-review-urgent",
)
NO_PROMPTS = "the telephone prompts are not here: run scripts/system-deps"

_ROOTS = (Path(__file__).parent.parent / ".cache" / "debian", Path("/"))
_PROMPT_SOUNDS = Path("usr/share/asterisk/sounds/en_US_f_Allison")
_PROMPT_TEXTS = Path("usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Clip:
    """A recording, or a stretch of one.

    Attributes:
        name: What tests call it.
        text: What is said.
        path: The sound file.
        start: Seconds at which the clip begins in the file.
        end: Seconds at which it ends; None for the end of the file.
    """

    name: str
    text: str
    path: Path
    start: float = 0.0
    end: float | None = None

    def linear16(self, sample_rate: int = 16000) -> bytes:
        """The clip as mono linear16."""
        rate = soundfile.info(self.path).samplerate
        stop = None if self.end is None else round(self.end * rate)
        samples, _ = soundfile.read(
            self.path, start=round(self.start * rate), stop=stop, dtype="int16", always_2d=True
        )
        mono = np.ascontiguousarray(samples[:, 0])
        return soxr.resample(mono, rate, sample_rate).astype("<i2").tobytes()


def two_cities() -> Clip:
    """44 seconds of prose, read by a man, with pauses of half a second and more."""
    return Clip("two_cities", TWO_CITIES, _asset("two_cities.wav"))


def short_sayings() -> Clip:
    """10 seconds: six sayings of two words with long pauses between them."""
    text = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
    return Clip("short_sayings", text, _asset("beckett.wav"))


def excerpts() -> list[Clip]:
    """Three stretches of ``two_cities``, cut in its pauses."""
    path = _asset("two_cities.wav")
    return [
        Clip("best_of_times", _between("It was the best", "it was the epoch of b"), path, 0.0, 8.4),
        Clip("epochs", _between("it was the epoch of b", "it was the spring"), path, 8.4, 17.0),
        Clip("in_short", _between("in short", None), path, 28.5, None),
    ]


def telephone_prompts(names: Sequence[str] = PROMPTS) -> list[Clip]:
    """Prompts of 3 to 6 seconds, spoken by a woman, recorded at 8 kHz; none when not fetched."""
    for root in _ROOTS:
        if (root / _PROMPT_SOUNDS).is_dir() and (root / _PROMPT_TEXTS).is_file():
            texts = _prompt_texts(root / _PROMPT_TEXTS)
            folder = root / _PROMPT_SOUNDS
            return [Clip(name, texts[name], folder / f"{name}.wav") for name in names]
    return []


def human_clips() -> list[Clip]:
    """At least five clips: with the prompts where they are here, else with the excerpts."""
    return [two_cities(), short_sayings(), *(telephone_prompts() or excerpts())]


def word_error_rate(clips_and_heard: Sequence[tuple[Clip, str]]) -> float:
    """Errors per word said, over all clips; case, punctuation and digits do not count."""
    said = [plain(clip.text) for clip, _ in clips_and_heard]
    return jiwer.wer(said, [plain(heard) for _, heard in clips_and_heard])


def plain(text: str) -> str:
    """Lower-case words with single spaces between them; digits written out."""
    spoken = re.sub(r"\d", lambda digit: f" {_DIGITS[int(digit[0])]} ", text.lower())
    return " ".join(re.sub(r"[^a-z' ]", " ", spoken.replace("\u2019", "'")).split())


def _asset(name: str) -> Path:
    spec = find_spec("moonshine_voice")
    assert spec is not None, "moonshine-voice is not installed: run scripts/bootstrap"
    assert spec.origin is not None
    return Path(spec.origin).parent / "assets" / name


def _between(first: str, after: str | None) -> str:
    """The part of ``TWO_CITIES`` from ``first`` to just before ``after``."""
    begin = TWO_CITIES.index(first)
    return TWO_CITIES[begin : None if after is None else TWO_CITIES.index(after)]


@cache
def _prompt_texts(path: Path) -> dict[str, str]:
    with gzip.open(path, "rt", errors="replace") as lines:
        pairs = (line.strip().partition(": ") for line in lines)
        return {name: text for name, _, text in pairs if not name.startswith(";")}

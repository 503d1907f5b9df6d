# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When a session decodes what, with a voice detector and a transcriber that are exact."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.session import (
    WINDOW,
    MoonshineOptions,
    MoonshineSession,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    TranscriberPool,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import (
    HeardSegment,
    SessionConfig,
    SpeechDetected,
)


class LengthTeller:
    """Says how many seconds of sound it was given, and remembers each length."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.is_closed = False

    def transcribe_without_streaming(self, samples: list[float], rate: int) -> SimpleNamespace:
        assert rate == SAMPLE_RATE
        seconds = np.count_nonzero(samples) / rate
        self.asked.append(seconds)
        return SimpleNamespace(lines=[SimpleNamespace(text=f"{seconds:.2f}")])

    def close(self) -> None:
        self.is_closed = True


def is_voiced(window: bytes) -> float:
    return float(any(window))


def sound(seconds: float) -> bytes:
    return np.full(round(seconds * SAMPLE_RATE / WINDOW) * WINDOW, 1000, "<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * SAMPLE_RATE / WINDOW) * WINDOW)


class Listener:
    """A session that is fed in frames of 20 ms."""

    def __init__(self, **config) -> None:
        self.transcriber = LengthTeller()
        self.pool = TranscriberPool(spare_share=1.0)
        self.pool.add(self.transcriber)
        self.session = MoonshineSession(
            SessionConfig(**config), MoonshineOptions(), self.pool, is_voiced
        )
        self.events: list = []

    def hear(self, pcm: bytes, *, frame: int = 640) -> "Listener":
        for at in range(0, len(pcm), frame):
            self.events += self.session.feed(pcm[at : at + frame])
        return self

    def finalize(self) -> "Listener":
        self.events += self.session.finalize()
        return self

    @property
    def finals(self) -> list[HeardSegment]:
        return [e for e in self.events if isinstance(e, HeardSegment) and e.is_final]

    @property
    def interims(self) -> list[HeardSegment]:
        return [e for e in self.events if isinstance(e, HeardSegment) and not e.is_final]


def text(segment: HeardSegment) -> str:
    return " ".join(word.text for word in segment.words)


def test_a_pause_ends_the_utterance():
    listener = Listener().hear(silence(1) + sound(2) + silence(1))
    (final,) = listener.finals
    assert (text(final), final.speech_final) == ("1.98", True)
    assert final.end == pytest.approx(1 + 2 + 9 * 0.032, abs=0.05)
    (word,) = final.words
    assert (word.start, word.end) == pytest.approx((0.992, 2.976))
    assert word.estimated


def test_speech_is_announced_before_its_first_interim():
    events = Listener().hear(silence(1) + sound(1)).events
    began = next(i for i, event in enumerate(events) if isinstance(event, SpeechDetected))
    assert events[began].timestamp == pytest.approx(0.992)
    assert not any(isinstance(e, HeardSegment) and e.words for e in events[:began])
    assert any(isinstance(e, HeardSegment) and e.words for e in events[began:])


def test_interims_come_about_every_half_second_of_speech():
    interims = Listener().hear(sound(3)).interims
    gaps = [b.end - a.end for a, b in pairwise(interims)]
    assert len(interims) == 5
    assert all(0.5 <= gap < 0.6 for gap in gaps)


def test_no_interims_where_none_are_wanted():
    listener = Listener(interim_results=False).hear(sound(3) + silence(1))
    assert listener.interims == []
    assert len(listener.transcriber.asked) == 1


def test_a_passage_is_read_once_as_soon_as_its_pause_begins():
    listener = Listener().hear(sound(0.992) + silence(0.5))
    assert [text(final) for final in listener.finals] == ["0.99"]
    assert [round(seconds, 2) for seconds in listener.transcriber.asked].count(0.99) == 1


def test_what_was_read_ahead_is_read_again_where_speech_goes_on():
    listener = Listener(interim_results=False).hear(sound(0.992) + silence(0.192) + sound(0.512))
    listener.hear(silence(0.5))
    assert [text(final) for final in listener.finals] == ["1.50"]
    assert [round(seconds, 2) for seconds in listener.transcriber.asked] == [0.99, 1.5]


def test_what_was_read_ahead_answers_a_finalize():
    listener = Listener(interim_results=False).hear(sound(0.992) + silence(0.192)).finalize()
    assert [text(final) for final in listener.finals] == ["0.99"]
    assert len(listener.transcriber.asked) == 1


def test_who_fell_behind_skips_interims_but_no_final():
    speech = (sound(2) + silence(1)) * 3
    slow, fast = Listener().hear(speech, frame=len(speech)), Listener().hear(speech)
    assert [text(f) for f in slow.finals] == [text(f) for f in fast.finals] == ["1.98"] * 3
    assert len(slow.interims) <= 1 < len(fast.interims)


def test_a_busy_transcriber_costs_an_interim_and_nothing_more():
    listener = Listener()
    with listener.pool.borrow(wait=False) as lent:
        assert lent is listener.transcriber
        listener.hear(sound(2))
    assert listener.interims == []
    listener.hear(silence(1))
    assert [text(final) for final in listener.finals] == ["1.98"]


def test_silence_is_not_decoded_and_has_empty_finals():
    listener = Listener().hear(silence(9))
    assert listener.transcriber.asked == []
    assert len(listener.finals) == 2
    assert all(not segment.words for segment in listener.events)


def test_finals_tile_the_audio():
    listener = Listener().hear((silence(5) + sound(2)) * 3).finalize()
    finals = listener.finals
    assert finals[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(finals))
    assert finals[-1].end == pytest.approx(3 * 7, abs=0.1)
    assert len([final for final in finals if final.words]) == 3


def test_finalize_reads_to_the_last_sample_and_none_of_it_is_read_again():
    listener = Listener(interim_results=False).hear(sound(1) + b"\x01\x00" * 100).finalize()
    (first,) = listener.finals
    assert first.end == pytest.approx(0.992 + 100 / SAMPLE_RATE)
    assert first.speech_final
    listener.hear(sound(2)).finalize()
    assert sum(listener.transcriber.asked) == pytest.approx(0.992 + 1.984 + 100 / SAMPLE_RATE)


def test_finalize_of_nothing_is_an_empty_final():
    listener = Listener().hear(silence(1)).finalize()
    (final,) = listener.finals
    assert (final.words, final.speech_final) == ((), True)
    assert listener.transcriber.asked == []


@pytest.mark.parametrize(("endpointing", "finals"), [(0.01, 2), (0.3, 2), (1.0, 1)])
def test_a_longer_endpointing_waits_longer_but_none_is_shorter_than_the_model_bears(
    endpointing, finals
):
    pcm = sound(1) + silence(0.2) + sound(1) + silence(0.5) + sound(1) + silence(1.5)
    assert len(Listener(endpointing=endpointing).hear(pcm).finals) == finals


def test_without_endpointing_a_pause_ends_no_utterance():
    (final,) = Listener(endpointing=None).hear(sound(1) + silence(1)).finals
    assert not final.speech_final


def test_endless_speech_is_cut_and_nothing_of_it_is_lost():
    listener = Listener(interim_results=False).hear(sound(30)).finalize()
    assert sum(listener.transcriber.asked) == pytest.approx(30, abs=0.05)
    assert [final.speech_final for final in listener.finals] == [False, False, True]


def test_the_kept_audio_is_bounded_in_silence():
    listener = Listener().hear(silence(60))
    assert len(listener.session._audio) < 2 * SAMPLE_RATE * 1.1

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When a session of turns waits and when it does not, with exact voices and readers."""

import tracemalloc
from concurrent.futures import Future
from typing import cast

import numpy as np
import pytest

from pipecat_sagemaker_deepgram.container.recognizers.moonshine.passage_reader import (
    PassageReader,
    PassageReading,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.segmenter import SegmenterRules
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.transcribers import (
    SAMPLE_RATE,
    Samples,
)
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turn_readings import WINDOW
from pipecat_sagemaker_deepgram.container.recognizers.moonshine.turns import (
    MoonshineTurns,
    MoonshineTurnSession,
)
from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing

STEP = WINDOW / SAMPLE_RATE
PAUSE = 9 * STEP


class Awaited(Future[PassageReading]):
    """A reading that comes when somebody waits for it, if it did not come before."""

    def __init__(self, reading: PassageReading) -> None:
        super().__init__()
        self.reading = reading
        self.was_waited_for = False

    def come(self) -> None:
        if not self.done():
            self.set_result(self.reading)

    def result(self, timeout: float | None = None) -> PassageReading:
        self.was_waited_for = self.was_waited_for or not self.done()
        self.come()
        return super().result(timeout)


class Reader:
    """Reads as many words as a passage has tenths of a second of sound, rounded."""

    def __init__(self, *, probability: float = 0.9, is_slow: bool = False) -> None:
        self.probability = probability
        self.is_slow = is_slow
        self.readings: list[Awaited] = []
        self.glances: list[Awaited] = []
        self.judged: list[int] = []

    def read(self, passage: Samples, turn: Samples | None = None) -> Awaited:
        if turn is not None:
            self.judged.append(len(turn))
        self.readings.append(self._reading(passage, None if turn is None else self.probability))
        return self.readings[-1]

    def glance(self, passage: Samples, *, is_first: bool = False) -> Awaited | None:
        self.glances.append(self._reading(passage, None))
        return self.glances[-1]

    def _reading(self, passage: Samples, probability: float | None) -> Awaited:
        count = round(np.count_nonzero(passage) / SAMPLE_RATE * 10)
        awaited = Awaited(PassageReading(" ".join(["a"] * count), probability))
        if not self.is_slow:
            awaited.come()
        return awaited


def is_voiced(window: bytes) -> float:
    return float(any(window))


def sound(seconds: float) -> bytes:
    return np.full(round(seconds / STEP) * WINDOW, 1000, "<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds / STEP) * WINDOW)


class Listener:
    """A session and all it heard; it ends no turn by itself."""

    def __init__(self, reader: Reader | None = None, **options) -> None:
        self.reader = reader or Reader()
        self.session = MoonshineTurnSession(
            MoonshineTurns(**options),
            SegmenterRules(),
            cast(PassageReader, self.reader),
            is_voiced,
        )
        self.hearings: list[Hearing] = []

    def hear(self, *audio: bytes) -> "Listener":
        for pcm in audio:
            self.session.feed(pcm)
            while (hearing := self.session.listen()) is not None:
                self.hearings.append(hearing)
        return self

    def finish(self) -> "Listener":
        self.session.finish()
        return self.hear(b"")

    @property
    def last(self) -> Hearing:
        return self.hearings[-1]


def test_it_listens_by_windows():
    listener = Listener().hear(silence(1.0)[:-2])
    assert [h.position for h in listener.hearings] == pytest.approx(
        [STEP * i for i in range(1, 31)]
    )


def test_what_is_being_said_is_glanced_at_twice_a_second():
    listener = Listener().hear(silence(1), sound(2.2))
    assert len(listener.reader.glances) == 4
    assert len(listener.last.words) == pytest.approx(20, abs=1)


def test_silence_starts_with_the_last_voice_and_ends_with_the_next():
    listener = Listener().hear(silence(1), sound(0.64), silence(0.16))
    assert listener.last.silence == pytest.approx(0.16)
    assert listener.hear(silence(0.32)).last.silence == pytest.approx(0.48)
    assert listener.hear(sound(0.64)).last.silence == 0.0


def test_a_pause_is_judged_and_grows_more_certain():
    listener = Listener(Reader(probability=0.4), certain_after=1.0)
    listener.hear(silence(1), sound(0.96), silence(PAUSE))
    assert listener.last.confidence == pytest.approx(0.4)
    assert listener.hear(silence(0.512)).last.confidence == pytest.approx(0.4 + 0.6 * 0.512)
    assert listener.hear(silence(1)).last.confidence == 0.99


def test_there_is_no_confidence_while_somebody_speaks_or_has_just_stopped():
    listener = Listener().hear(silence(1), sound(2), silence(PAUSE - STEP))
    assert {hearing.confidence for hearing in listener.hearings[40:]} == {0.0}


def test_nothing_waits_for_a_slow_reader_in_silence_until_its_patience_ends():
    listener = Listener(Reader(is_slow=True), patience=0.8)
    listener.hear(silence(1), sound(0.96), silence(PAUSE + 0.768))
    (reading,) = listener.reader.readings
    assert not reading.was_waited_for
    assert len(listener.last.words) == 5  # Those of the first glance, which was waited for.
    assert listener.last.confidence == 0.0
    listener.hear(silence(0.1))
    assert reading.was_waited_for
    assert len(listener.last.words) == 10
    assert listener.last.confidence > 0.9


def test_a_reading_that_came_is_in_the_next_hearing():
    listener = Listener(Reader(is_slow=True)).hear(silence(1), sound(0.96), silence(PAUSE))
    listener.reader.readings[0].come()
    assert len(listener.hear(silence(STEP)).last.words) == 10


def test_voice_after_a_pause_waits_until_the_pause_is_judged():
    """So whether the turn ended does not depend on how fast the audio came."""
    listener = Listener(Reader(is_slow=True)).hear(silence(1), sound(0.96), silence(0.48))
    before = len(listener.hearings)
    listener.hear(sound(STEP))
    judged, next_window = listener.hearings[before:]
    assert judged.position == listener.hearings[before - 1].position
    assert judged.confidence > 0.9
    assert len(judged.words) == 10
    assert next_window.position > judged.position


def test_the_first_words_of_a_turn_are_waited_for_so_that_its_start_is_not_reported_late():
    listener = Listener(Reader(is_slow=True), start_within=0.7).hear(silence(1), sound(0.64))
    (glance,) = listener.reader.glances
    assert not glance.was_waited_for
    listener.hear(sound(0.096))
    assert glance.was_waited_for
    first = next(hearing for hearing in listener.hearings if hearing.words)
    assert first.position == pytest.approx(1.0 + 0.7, abs=2 * STEP)


def test_later_glances_are_never_waited_for():
    listener = Listener(Reader(is_slow=True)).hear(silence(1), sound(3), silence(PAUSE + STEP))
    _, second = listener.reader.glances
    assert not second.was_waited_for
    assert second.cancelled()


def test_passages_of_a_turn_add_up_until_it_ends():
    listener = Listener().hear(silence(1), sound(0.96), silence(0.48), sound(0.96), silence(0.48))
    assert len(listener.last.words) == pytest.approx(20, abs=1)
    listener.session.end_turn()
    assert listener.hear(silence(STEP)).last.words == ()
    listener.hear(sound(0.64), silence(0.48))
    assert len(listener.last.words) == 6


def test_the_whole_turn_is_judged_but_no_more_than_eight_seconds_of_it():
    listener = Listener().hear(silence(1), sound(0.96), silence(0.48), sound(0.96), silence(0.48))
    short, long = listener.reader.judged
    assert short / SAMPLE_RATE == pytest.approx(14 * STEP + 0.96 + PAUSE, abs=0.05)
    assert long == short + round((0.48 + 0.96) * SAMPLE_RATE)
    listener.hear(sound(10), silence(0.48))
    assert listener.reader.judged[-1] == 8 * SAMPLE_RATE


def test_speech_without_a_pause_is_cut_and_read_in_passages():
    listener = Listener().hear(silence(1), sound(26))
    assert len(listener.reader.readings) == 2
    assert listener.reader.judged == []
    assert len(listener.hear(silence(0.48)).last.words) == pytest.approx(260, abs=2)


def test_after_the_end_every_word_is_known():
    listener = Listener(Reader(is_slow=True)).hear(silence(1), sound(0.96), sound(0.96)[:-200])
    listener.finish()
    assert len(listener.last.words) == 19
    assert listener.last.position == pytest.approx(1.92 + 0.992 - 0.00625, abs=0.001)
    assert listener.session.listen() is None


def test_after_the_end_of_silence_there_is_nothing():
    assert Listener().hear(silence(1)).finish().last.words == ()


def test_closing_cancels_what_is_being_read():
    listener = Listener(Reader(is_slow=True)).hear(silence(1), sound(0.96), silence(PAUSE))
    listener.session.close()
    assert listener.reader.readings[0].cancelled()


@pytest.mark.parametrize("audio", [silence(1), sound(1), silence(0.5) + sound(0.5)])
def test_it_keeps_little_of_what_it_heard(audio):
    """A minute of audio is two megabytes."""
    session = Listener().session
    tracemalloc.start()
    try:
        for _ in range(60):
            session.feed(audio)
            while session.listen() is not None:
                pass
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 2**20

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Turns in marked audio, exact and deterministic.

As in ``scripted``, all decisions fall on a grid of 10 ms of audio.
"""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.container.recognizers.recognizer import Hearing, RecognizedWord
from pipecat_sagemaker_deepgram.container.recognizers.scripted.marked_audio import (
    MarkedAudioDecoder,
    MarkedWord,
)

_CONFIDENCE_AFTER_PAUSE = 0.7
_HIGHEST_CONFIDENCE = 0.99
_TICKS_PER_SECOND = 100


@dataclass(frozen=True, kw_only=True)
class ScriptedTurns:
    """How a ``ScriptedRecognizer`` detects turns; all times are seconds of audio.

    The confidence that a turn has ended grows in proportion to the silence after its last word.

    Attributes:
        pause: Silence after which the confidence is 0.7, Deepgram's ``eot_threshold``. Another
            threshold t is reached after ``pause * t / 0.7`` seconds; 1.0 never is.
        lag: Delay with which audio is heard: messages do not cover the newest audio, and audio not
            yet heard when a connection breaks is lost.
        word_lag: Delay with which words are known after their audio was heard. Until then the
            confidence stays 0.0, so no turn ends without them, unless it is forced or times
            out: then they belong to the next turn.
        word_confidence: Confidence of each word, 0 to 1.
    """

    pause: float = 0.4
    lag: float = 0.0
    word_lag: float = 0.0
    word_confidence: float = 1.0


class ScriptedTurnSession:
    """One connection of marked audio.

    Args:
        sample_rate: Hz.
        turns: The options.
    """

    def __init__(self, sample_rate: int, turns: ScriptedTurns) -> None:
        self._rate = sample_rate
        self._tick = sample_rate // _TICKS_PER_SECOND
        self._pause = turns.pause
        self._lag = self._samples(turns.lag)
        self._word_lag = self._samples(turns.word_lag)
        self._word_confidence = turns.word_confidence
        self._decoder = MarkedAudioDecoder()
        self._pending = bytearray()
        self._unknown: list[MarkedWord] = []
        self._known: tuple[RecognizedWord, ...] = ()
        self._is_finished = False

    def feed(self, pcm: bytes) -> None:
        """Take linear16 samples."""
        self._pending += pcm

    def finish(self) -> None:
        """Note that no more audio follows; from now on nothing is delayed."""
        self._is_finished = True
        self._lag = self._word_lag = 0

    def listen(self) -> Hearing | None:
        """Listen to the next tick; at the end, to the rest of one."""
        held = len(self._pending) // 2
        rests = self._is_finished and (held > 0 or bool(self._unknown))
        if not rests and held < self._tick + self._lag:
            return None
        self._unknown += self._decoder.feed(bytes(self._pending[: 2 * self._tick]))
        del self._pending[: 2 * self._tick]
        self._learn()
        return self._hearing()

    def end_turn(self) -> None:
        """Discard the known words; those not known yet belong to the next turn."""
        self._known = ()

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _learn(self) -> None:
        heard_to = self._decoder.position - self._word_lag
        known = [word for word in self._unknown if word.middle < heard_to]
        if known:
            self._unknown = self._unknown[len(known) :]
            self._known += tuple(
                RecognizedWord(
                    f"w{word.index}",
                    word.start / self._rate,
                    word.end / self._rate,
                    confidence=self._word_confidence,
                )
                for word in known
            )

    def _hearing(self) -> Hearing:
        position = self._decoder.position
        silence = (position - self._decoder.voiced_to) / self._rate
        confidence = min(_HIGHEST_CONFIDENCE, _CONFIDENCE_AFTER_PAUSE * silence / self._pause)
        return Hearing(
            position / self._rate,
            self._known,
            silence,
            confidence if self._known and not self._unknown else 0.0,
        )

    def _samples(self, seconds: float) -> int:
        return round(seconds * self._rate)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""When to send ``Finalize`` if no VAD reports that the user has stopped. Pure: time is an argument.

A container's clock is the audio that it receives: when audio stops, its last words stay an interim
until there is more audio. When audio continues but nobody speaks, the container's endpointing makes
them final, unless it is switched off. This module detects both cases while there is no VAD.
"""

from dataclasses import dataclass

from pipecat_sagemaker_deepgram.deepgram.v1.finalize import TOO_SHORT
from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results

NO_AUDIO = 1.0
"""Seconds without audio after which the audio counts as stopped."""

NO_WORD = 1.0
"""Seconds of audio after the last word of an interim that make a pause."""


class PauseWatch:
    """Watches audio and results of one session.

    Attributes:
        given: Session seconds of the audio given.
    """

    def __init__(self) -> None:
        self.given = 0.0
        self._has_vad = False
        self._stops_at: float | None = None
        self._channels: dict[int, _ChannelPause] = {}

    def vad_spoke(self) -> None:
        """Note that there is a VAD, which is relied on from now on."""
        self._has_vad = True

    def given_up(self) -> None:
        """Expect nothing until more audio arrives, because recovery has failed."""
        self._stops_at = None

    def audio_given(self, position: float, now: float) -> None:
        """Note that audio was given to the client.

        Args:
            position: Session seconds of all audio given so far.
            now: The time.
        """
        self.given = position
        self._stops_at = now + NO_AUDIO

    def heard(self, results: Results) -> None:
        """Process results, in session time."""
        self._channels.setdefault(results.channel, _ChannelPause()).take(results)

    def get_timer(self) -> float | None:
        """The time at which audio counts as stopped unless more arrives; ``None`` for never."""
        return None if self._has_vad else self._stops_at

    def take_due(self, now: float) -> bool:
        """Whether ``Finalize`` is due; each pause is reported once.

        Args:
            now: The time.
        """
        if self._has_vad:
            return False
        if self._stops_at is not None and now >= self._stops_at:
            self._stops_at = None
            if not self._has_all():
                return True
        paused = [channel for channel in self._channels.values() if channel.is_in_pause]
        for channel in paused:
            channel.is_in_pause = False
        return bool(paused)

    def _has_all(self) -> bool:
        """Whether finals cover all audio."""
        ends = [channel.final_end for channel in self._channels.values()]
        return min(ends, default=0.0) >= self.given - TOO_SHORT


@dataclass
class _ChannelPause:
    """What the results of one channel have reported, in session seconds."""

    final_end: float = 0.0
    text: str = ""
    text_end: float = 0.0
    is_in_pause: bool = False

    def take(self, results: Results) -> None:
        """Process results."""
        best = results.alternative
        if results.is_final:
            self.final_end = max(results.end, self.final_end)
            self.text = ""
        elif best.transcript != self.text:
            self.text = best.transcript
            self.text_end = best.words[-1].end if best.words else results.end
        self.is_in_pause = bool(self.text) and results.end - self.text_end >= NO_WORD - TOO_SHORT

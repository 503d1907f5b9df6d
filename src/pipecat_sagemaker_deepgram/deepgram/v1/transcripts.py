# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which text follows from v1/listen results: each word once, whatever happened to streams. Pure.

Each channel remembers the words it has delivered last, and the time up to which everything has
been, by streams before the one in use or by an interim that had to stand for its final. Of what
is recognised a second time after a replay, comes late, or overlaps, only the words beyond are new:
words are compared by when they were said and by what they say. What was delivered stays.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results, Word
from pipecat_sagemaker_deepgram.deepgram.words import Repeated, repeated
from pipecat_sagemaker_deepgram.deepgram.writing import text_of

_MOST_SAID = 64
"""Words that are remembered: those of the last 20 s, or so."""

_CLOSE = 0.05
"""Seconds by which results of one stream may overlap though each is of audio of its own."""

_HEARD_TWICE = 0.3
"""Seconds of audio by which results of one stream overlap where it has heard that audio twice."""

_ROUNDING = 1e-3
"""Seconds by which two ends of the same audio may differ from being written as decimals."""


@dataclass(frozen=True, slots=True)
class FreshTranscript:
    """Text that has not been delivered before.

    Attributes:
        results: What was recognised and is new, in session time. An interim that stands for its
            final has ``is_final`` set.
        body: The message as a dictionary, as it came. ``promoted`` is true where an interim stands
            for its final, ``trimmed`` where some of the message's words were delivered before.
    """

    results: Results
    body: dict[str, Any]


class Transcripts:
    """Turns the results of a session's streams into text, channel by channel.

    Attributes:
        corrections: Words of finals that differ from those of an interim that had stood for them.
    """

    def __init__(self) -> None:
        self._channels: dict[int, _ChannelText] = {}
        self.corrections = 0

    def take(
        self, results: Results, body: dict[str, Any], *, stream: int
    ) -> FreshTranscript | None:
        """Take results in.

        Args:
            results: The results, in session time.
            body: The message they were read from, in session time.
            stream: Number of the stream they came on.

        Returns:
            What is new of them, if anything is.
        """
        channel = self._channels.setdefault(results.channel, _ChannelText())
        fresh = channel.take(FreshTranscript(_worded(results), body), stream)
        self.corrections += channel.take_corrections()
        return fresh if fresh.results.alternative.transcript else None

    def promote(self, channels: Collection[int] | None = None) -> list[FreshTranscript]:
        """Have the last interims stand for their finals.

        Args:
            channels: Of which channels; by default of all.
        """
        chosen = sorted(self._channels if channels is None else self._channels.keys() & channels)
        promoted = (self._channels[index].promote() for index in chosen)
        return [transcript for transcript in promoted if transcript is not None]

    def answered(self) -> None:
        """Everything that was said has come in finals."""
        for channel in self._channels.values():
            channel.interim = None


class _ChannelText:
    """One channel: its last interim that no final has followed, and what it has delivered."""

    def __init__(self) -> None:
        self.interim: FreshTranscript | None = None
        self._interim_stream = 0
        self._stream = 0
        self._final_end = 0.0
        self._said: list[Word] = []
        self._said_stream = 0
        # All before has been delivered: by streams before, or by promoted interims.
        self._delivered_to = 0.0
        self._promoted_to = 0.0
        self._corrections = 0

    def take(self, given: FreshTranscript, stream: int) -> FreshTranscript:
        """Take results in, and give what is new of them."""
        if stream != self._stream:
            self._stream = stream
            self._delivered_to = max(self._delivered_to, self._final_end)
        said_before = self._repeated(given.results, stream)
        fresh = _without(said_before.count, given)
        if not given.results.is_final:
            self._remember(fresh, stream)
            return fresh
        if given.results.start < self._promoted_to:
            self._corrections += said_before.changed
        self._settle(given.results, fresh.results, stream)
        return fresh

    def take_corrections(self) -> int:
        """Words of finals, since this was last asked, that differ from those delivered."""
        corrections, self._corrections = self._corrections, 0
        return corrections

    def promote(self) -> FreshTranscript | None:
        """Have the last interim stand for its final."""
        interim, self.interim = self.interim, None
        if interim is None:
            return None
        end = interim.results.alternative.words[-1].end
        self._delivered_to = max(self._delivered_to, end)
        self._promoted_to = max(self._promoted_to, end)
        self._note(interim.results, self._interim_stream)
        return FreshTranscript(
            replace(interim.results, is_final=True), interim.body | {"promoted": True}
        )

    def _repeated(self, results: Results, stream: int) -> Repeated:
        """What of results has been delivered before.

        Within one stream nothing is said twice, except of audio that its results share.
        """
        words, said_end = results.alternative.words, self._said[-1].end if self._said else 0.0
        is_again = stream != self._said_stream or results.start < self._delivered_to
        shared = said_end - results.start
        if not words or not (is_again or shared > _CLOSE):
            return Repeated()
        return repeated(
            self._said,
            words,
            since=results.start,
            said_to=self._delivered_to if is_again else said_end,
            by_time=is_again or shared > _HEARD_TWICE,
        )

    def _settle(self, final: Results, fresh: Results, stream: int) -> None:
        self._final_end = max(self._final_end, final.end)
        self._note(fresh, stream)
        if self.interim is None:
            return
        interim = self.interim.results
        is_answered = final.from_finalize and self._interim_stream == stream
        if is_answered or interim.end <= final.end + _ROUNDING:
            self.interim = None
            return
        said_before = repeated(
            self._said, interim.alternative.words, since=interim.start, said_to=final.end
        )
        rest = _without(said_before.count, self.interim)
        self.interim = rest if rest.results.alternative.transcript else None

    def _note(self, results: Results, stream: int) -> None:
        self._said = [*self._said, *results.alternative.words][-_MOST_SAID:]
        self._said_stream = stream

    def _remember(self, interim: FreshTranscript, stream: int) -> None:
        """Keep an interim; one of a stream before stays until a replay has come as far."""
        before = self.interim
        is_catching_up = before is not None and self._interim_stream != stream
        if is_catching_up and before is not None and interim.results.end < before.results.end:
            return
        self._interim_stream = stream
        self.interim = interim if interim.results.alternative.transcript else None


def _worded(results: Results) -> Results:
    """Results whose text has words: where the container gives none, spread over the audio."""
    best = results.alternative
    if best.words or not best.transcript:
        return results
    texts = best.transcript.split()
    length = results.duration / max(1, len(texts))
    starts = [results.start + index * length for index in range(len(texts))]
    words = tuple(
        Word(text, start, start + length) for text, start in zip(texts, starts, strict=True)
    )
    return replace(results, alternative=replace(best, words=words))


def _without(count: int, given: FreshTranscript) -> FreshTranscript:
    """The same results without their first words."""
    if not count:
        return given
    best = given.results.alternative
    kept = range(count, len(best.words))
    text = text_of(best.transcript, [word.text for word in best.words], kept)
    left = replace(best, transcript=text, words=best.words[count:])
    return FreshTranscript(replace(given.results, alternative=left), given.body | {"trimmed": True})

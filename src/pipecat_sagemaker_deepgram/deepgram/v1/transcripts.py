# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Derives text from v1/listen results: each word once, whatever happened to streams. Pure.

Each channel remembers the words it delivered last, and the time up to which everything was
delivered by earlier streams or by an interim that replaced its final. When text is recognised again
after a replay, arrives late or overlaps, only the words beyond it are new: words are compared by
their times and their texts. Text that was delivered is never taken back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results, Word
from pipecat_sagemaker_deepgram.deepgram.words import Repeated, repeated
from pipecat_sagemaker_deepgram.deepgram.writing import text_of

_MOST_SAID = 64
"""Number of words that are remembered: about those of the last 20 s."""

_CLOSE = 0.05
"""Seconds by which results of one stream may overlap although they concern different audio."""

_HEARD_TWICE = 0.3
"""Seconds of overlap from which results of one stream concern the same audio twice."""

_ROUNDING = 1e-3
"""Seconds by which rounding to decimals may make two ends of the same audio differ."""


@dataclass(frozen=True, slots=True)
class FreshTranscript:
    """Text that has not been delivered before.

    Attributes:
        results: What was recognised and is new, in session time. An interim that replaces its
            final has ``is_final`` set.
        body: The message as a dictionary, as it arrived. ``promoted`` is true if an interim
            replaces its final, ``trimmed`` if some of the message's words were delivered before.
    """

    results: Results
    body: dict[str, Any]


class Transcripts:
    """Turns the results of a session's streams into text, channel by channel.

    Attributes:
        corrections: Number of words in finals that differ from the interim that replaced them.
    """

    def __init__(self) -> None:
        self._channels: dict[int, _ChannelText] = {}
        self.corrections = 0

    def take(
        self, results: Results, body: dict[str, Any], *, stream: int
    ) -> FreshTranscript | None:
        """Process results.

        Args:
            results: The results, in session time.
            body: The message they were read from, in session time.
            stream: Number of the stream they arrived on.

        Returns:
            Their new words; ``None`` if there are none.
        """
        channel = self._channels.setdefault(results.channel, _ChannelText())
        fresh = channel.take(FreshTranscript(_worded(results), body), stream)
        self.corrections += channel.take_corrections()
        return fresh if fresh.results.alternative.transcript else None

    def promote(self, channels: Collection[int] | None = None) -> list[FreshTranscript]:
        """Use the last interims instead of their finals.

        Args:
            channels: The channels concerned; by default all.
        """
        chosen = sorted(self._channels if channels is None else self._channels.keys() & channels)
        promoted = (self._channels[index].promote() for index in chosen)
        return [transcript for transcript in promoted if transcript is not None]

    def answered(self) -> None:
        """Note that everything that was said has arrived in finals."""
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
        # Everything before was delivered by earlier streams or by promoted interims.
        self._delivered_to = 0.0
        self._promoted_to = 0.0
        self._corrections = 0

    def take(self, given: FreshTranscript, stream: int) -> FreshTranscript:
        """Process results, and return their new words."""
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
        """Return the number of corrected words since the last call."""
        corrections, self._corrections = self._corrections, 0
        return corrections

    def promote(self) -> FreshTranscript | None:
        """Use the last interim instead of its final."""
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
        """Find which words of results were delivered before.

        Within one stream, only results that share audio can repeat words.
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
        """Keep an interim; an earlier stream's is kept until a replay has caught up with it."""
        before = self.interim
        is_catching_up = before is not None and self._interim_stream != stream
        if is_catching_up and before is not None and interim.results.end < before.results.end:
            return
        self._interim_stream = stream
        self.interim = interim if interim.results.alternative.transcript else None


def _worded(results: Results) -> Results:
    """Give text without words evenly spread words; return other results unchanged."""
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

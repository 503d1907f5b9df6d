# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Which text follows from v1/listen results: each word once, whatever happened to streams. Pure.

Every channel has a watermark in session time, up to which its text has been delivered by streams
before the one in use, or by an interim that had to stand for its final. Of what is recognised a
second time after a replay, or comes late, only the words beyond the watermark are new; a word
belongs where its middle is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from pipecat_sagemaker_deepgram.deepgram.v1.messages import Results

_ROUNDING = 1e-5
"""Seconds, less than a sample, by which times may differ from being written as decimals."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Text that has not been delivered before.

    Attributes:
        results: What was recognised, in session time. An interim that stands for its final has
            ``is_final`` set.
        body: The message as a dictionary. ``promoted`` is true where an interim stands for its
            final; where words have been delivered before, ``trimmed`` is true, and the first
            alternative holds the others.
    """

    results: Results
    body: dict[str, Any]


class Transcripts:
    """Turns the results of a session's streams into text, channel by channel."""

    def __init__(self) -> None:
        self._channels: dict[int, _ChannelText] = {}

    def take(self, results: Results, body: dict[str, Any], *, stream: int) -> Transcript | None:
        """Take results in.

        Args:
            results: The results, in session time.
            body: The message they were read from, in session time.
            stream: Number of the stream they came on.

        Returns:
            What is new of them, if anything is.
        """
        channel = self._channels.setdefault(results.channel, _ChannelText())
        fresh = channel.take(Transcript(results, body), stream)
        return fresh if fresh.results.alternative.transcript else None

    def promote(self, channels: Collection[int] | None = None) -> list[Transcript]:
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
    """One channel: its last interim that no final has followed, and its watermark."""

    def __init__(self) -> None:
        self.interim: Transcript | None = None
        self._interim_stream = 0
        self._stream = 0
        self._final_end = 0.0
        self._delivered_to = 0.0

    def take(self, given: Transcript, stream: int) -> Transcript:
        if stream != self._stream:
            self._stream = stream
            self._delivered_to = max(self._delivered_to, self._final_end)
        fresh = _beyond(self._delivered_to, given)
        if given.results.is_final:
            self._settle(given.results, stream)
        else:
            self._remember(fresh, stream)
        return fresh

    def promote(self) -> Transcript | None:
        interim, self.interim = self.interim, None
        if interim is None:
            return None
        words = interim.results.alternative.words
        end = words[-1].end if words else interim.results.end
        self._delivered_to = max(self._delivered_to, end)
        return Transcript(
            replace(interim.results, is_final=True), interim.body | {"promoted": True}
        )

    def _settle(self, final: Results, stream: int) -> None:
        self._final_end = max(self._final_end, final.end)
        if self.interim is None:
            return
        has_all = final.from_finalize and self._interim_stream == stream
        rest = _beyond(final.end, self.interim)
        self.interim = None if has_all or not rest.results.alternative.transcript else rest

    def _remember(self, interim: Transcript, stream: int) -> None:
        """Keep an interim; one of a stream before stays until a replay has come as far."""
        before = self.interim
        is_catching_up = before is not None and self._interim_stream != stream
        if is_catching_up and before is not None and interim.results.end < before.results.end:
            return
        self._interim_stream = stream
        self.interim = interim if interim.results.alternative.transcript else None


def _beyond(time: float, given: Transcript) -> Transcript:
    """What of results lies beyond a time."""
    results = given.results
    words = results.alternative.words
    if not words:
        is_beyond = _is_beyond(time, results.start, results.end)
        return given if is_beyond else _only(given, [])
    kept = [index for index, word in enumerate(words) if _is_beyond(time, word.start, word.end)]
    return given if len(kept) == len(words) else _only(given, kept)


def _is_beyond(time: float, start: float, end: float) -> bool:
    """Whether the middle lies beyond, or on the spot, where a piece of audio ends before it."""
    return (start + end) / 2 > time - _ROUNDING


def _only(given: Transcript, kept: list[int]) -> Transcript:
    """The same results with some of their words."""
    best = given.results.alternative
    words = tuple(best.words[index] for index in kept)
    text = " ".join(word.text for word in words)
    results = replace(given.results, alternative=replace(best, transcript=text, words=words))
    channel = given.body["channel"]
    first = channel["alternatives"][0] if channel["alternatives"] else {}
    said = first.get("words") or []
    first = first | {"transcript": text, "words": [said[index] for index in kept]}
    body = given.body | {"trimmed": True, "channel": channel | {"alternatives": [first]}}
    return Transcript(results, body)

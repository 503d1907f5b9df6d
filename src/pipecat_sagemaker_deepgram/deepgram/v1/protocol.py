# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/listen messages mean for the session: acknowledgement, pauses, failures. Pure."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM, FINALIZE, KEEP_ALIVE
from pipecat_sagemaker_deepgram.deepgram.messages import MAX_MESSAGE_BYTES
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Metadata,
    NovaError,
    Parsed,
    Results,
)
from pipecat_sagemaker_deepgram.deepgram.v1.parsing import parse_message
from pipecat_sagemaker_deepgram.deepgram.v1.session_time import in_session_time

INVOCATION_PATH = "v1/listen"

INCOMPLETE = "incomplete"
"""The digest in a stream's ``Metadata`` if the container could not answer all audio."""

SILENCE_MARGIN = 1.0
"""Seconds before the end of an empty interim that may still turn out to hold speech."""

PAUSE = 0.3
"""Seconds after the last word that make a pause, according to the container's results."""

KEEPALIVE = Keepalive(interval=4.0, text=KEEP_ALIVE, silence_seconds=0.1, first_audio_within=5.0)
"""Deepgram closes a stream after 10 s without a message, and after 10 s without any audio
(Deepgram docs, "Audio Keep Alive")."""


def nova_protocol(
    *,
    query: Callable[[], str],
    bytes_per_second: Callable[[], int],
    frame_size: int,
    has_interims: Callable[[], bool],
    encode: Callable[[bytes], bytes] | None = None,
) -> StreamProtocol:
    """Describe v1/listen to the client.

    Args:
        query: Returns the query string of the next stream.
        bytes_per_second: Returns the bytes of one second of the audio, as linear16.
        frame_size: Bytes of one sample frame, as linear16.
        has_interims: Returns whether the container sends interims, about one a second, on the next
            stream.
        encode: Converts linear16 to what is sent; by default it is sent unchanged.
    """
    return StreamProtocol(
        invocation_path=INVOCATION_PATH,
        query=query,
        bytes_per_second=bytes_per_second,
        frame_size=frame_size,
        encode=encode,
        new_reader=lambda: NovaReader().read,
        in_session_time=in_session_time,
        keepalive=KEEPALIVE,
        close_payload=CLOSE_STREAM,
        says_last=True,
        max_message_bytes=MAX_MESSAGE_BYTES,
        stall_probe=lambda: FINALIZE,
        answers_speech=has_interims,
        replays=True,
    )


class NovaReader:
    """Reads one stream's messages, in order."""

    def __init__(self) -> None:
        self._channels: defaultdict[int, _ChannelPosition] = defaultdict(_ChannelPosition)

    def read(self, data: str | bytes) -> Reading:
        """Read a message."""
        parsed = parse_message(data)
        match parsed[0]:
            case Results() as results:
                return self._read_results(results, parsed)
            case NovaError(variant=variant, description=text) if variant != "SchemaError":
                return Reading(value=parsed, failure=f"Deepgram reports {variant}", details=text)
            case Metadata(sha256=sha256) if sha256 == INCOMPLETE:
                return Reading(value=parsed, failure="Deepgram ended the stream unfinished")
            case Metadata(duration=duration):
                return Reading(value=parsed, is_last=True, heard_to=duration or None)
        return Reading(value=parsed)

    def _read_results(self, results: Results, parsed: Parsed) -> Reading:
        position = self._channels[results.channel]
        position.take(results)
        is_complete = len(self._channels) == results.channels
        together = position if len(self._channels) == 1 else self._together()
        return Reading(
            value=parsed,
            acknowledged_to=together.settled_to if is_complete else None,
            heard_to=together.heard_to if is_complete else 0.0,
            is_idle=is_complete and together.is_in_pause,
            is_silence=not (results.alternative.transcript or results.from_finalize),
        )

    def _together(self) -> "_ChannelPosition":
        """The position of all channels together: that of the channel furthest behind."""
        channels = self._channels.values()
        return _ChannelPosition(
            settled_to=min(each.settled_to for each in channels),
            heard_to=min(each.heard_to for each in channels),
            is_in_pause=all(each.is_in_pause for each in channels),
        )


@dataclass
class _ChannelPosition:
    """What the results of one channel have reported, in seconds of the stream."""

    settled_to: float = 0.0
    heard_to: float = 0.0
    words_end: float = 0.0
    is_in_pause: bool = False

    def take(self, results: Results) -> None:
        """Process results."""
        end, best = results.end, results.alternative
        self.settled_to = max(settled_to(results), self.settled_to)
        self.heard_to = max(end, self.heard_to)
        if best.transcript:
            self.words_end = best.words[-1].end if best.words else end
        is_said = results.is_final or not best.transcript
        self.is_in_pause = is_said and end - self.words_end >= PAUSE


def settled_to(results: Results) -> float:
    """The time up to which these results make a channel's transcript final."""
    if results.is_final:
        return results.end
    return 0.0 if results.alternative.transcript else results.end - SILENCE_MARGIN

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/listen messages mean for the session: acknowledgement, pauses, failures. Pure."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
    Reader,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM, FINALIZE, KEEP_ALIVE
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Metadata,
    NovaError,
    Parsed,
    Results,
    parse_message,
)
from pipecat_sagemaker_deepgram.deepgram.v1.session_time import in_session_time

INVOCATION_PATH = "v1/listen"

INCOMPLETE = "incomplete"
"""The digest that a stream's ``Metadata`` has where the container could not answer it all."""

SILENCE_MARGIN = 1.0
"""Seconds before the end of an empty interim that may still turn out to hold speech."""

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
        query: Gives the query string of the next stream.
        bytes_per_second: Gives the bytes of one second of the audio, as linear16.
        frame_size: Bytes of one sample frame, as linear16.
        has_interims: Tells whether the container says something about once a second on the next
            stream.
        encode: Turns linear16 into what is sent; by default it goes out as it is.
    """
    return StreamProtocol(
        invocation_path=INVOCATION_PATH,
        query=query,
        bytes_per_second=bytes_per_second,
        frame_size=frame_size,
        encode=encode,
        new_reader=_new_reader,
        in_session_time=in_session_time,
        keepalive=KEEPALIVE,
        close_payload=CLOSE_STREAM,
        says_last=True,
        stall_probe=lambda: None if has_interims() else FINALIZE,
        replays=True,
    )


def _new_reader() -> Reader:
    acknowledged: dict[int, float] = {}

    def read(data: str | bytes) -> Reading:
        parsed = parse_message(data)
        match parsed[0]:
            case Results() as results:
                return _read_results(results, acknowledged, parsed)
            case NovaError(variant=variant, description=text) if variant != "SchemaError":
                return Reading(value=parsed, failure=f"Deepgram reports {variant}: {text}")
            case Metadata(sha256=sha256) if sha256 == INCOMPLETE:
                return Reading(value=parsed, failure="Deepgram ended the stream unfinished")
            case Metadata():
                return Reading(value=parsed, is_last=True)
        return Reading(value=parsed)

    return read


def _read_results(results: Results, acknowledged: dict[int, float], parsed: Parsed) -> Reading:
    end = settled_to(results)
    acknowledged[results.channel] = max(end, acknowledged.get(results.channel, 0.0))
    heard_all = len(acknowledged) == results.channels
    return Reading(
        value=parsed,
        acknowledged_to=min(acknowledged.values()) if heard_all else None,
        is_idle=results.is_final or not results.alternative.transcript,
    )


def settled_to(results: Results) -> float:
    """The time before which nothing will be said again on a channel, as these results tell."""
    if results.is_final:
        return results.end
    return 0.0 if results.alternative.transcript else results.end - SILENCE_MARGIN

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v1/listen messages mean for the session: acknowledgement, pauses, failures. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Keepalive,
    Reader,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM, FINALIZE, KEEP_ALIVE
from pipecat_sagemaker_deepgram.deepgram.v1.messages import (
    Error,
    Message,
    Metadata,
    Results,
    SpeechStarted,
    UtteranceEnd,
    parse_message,
)

INVOCATION_PATH = "v1/listen"

INCOMPLETE = "incomplete"
"""The digest that a stream's ``Metadata`` has where the container could not answer it all."""

SILENCE_MARGIN = 1.0
"""Seconds before the end of an empty interim that may still turn out to hold speech."""

KEEPALIVE = Keepalive(interval=4.0, text=KEEP_ALIVE, silence_seconds=0.1, first_audio_within=5.0)
"""Deepgram closes a stream after 10 s without a message, and after 10 s without any audio
(Deepgram docs, "Audio Keep Alive")."""

type Parsed = tuple[Message, dict[str, Any]]
"""A message, and the JSON object it was read from."""


def nova_protocol(
    *,
    query: Callable[[], str],
    bytes_per_second: Callable[[], int],
    frame_size: int,
    has_interims: Callable[[], bool],
    encode: Callable[[bytes], bytes] = bytes,
) -> StreamProtocol:
    """Describe v1/listen to the client.

    Args:
        query: Gives the query string of the next stream.
        bytes_per_second: Gives the bytes of one second of the audio, as linear16.
        frame_size: Bytes of one sample frame, as linear16.
        has_interims: Tells whether the container says something about once a second on the next
            stream.
        encode: Turns linear16 into what is sent.
    """
    return StreamProtocol(
        invocation_path=INVOCATION_PATH,
        query=query,
        bytes_per_second=bytes_per_second,
        frame_size=frame_size,
        encode=encode,
        new_reader=_new_reader,
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
            case Error(variant=variant, description=text) if variant != "SchemaError":
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


def in_session_time(
    message: Message, body: dict[str, Any], timeline: StreamTimeline
) -> tuple[Message, dict[str, Any]]:
    """Move the times of a message from its stream's clock to the session's.

    Args:
        message: The message.
        body: The dictionary it was read from; changed in place.
        timeline: Maps the stream's seconds to the session's.

    Returns:
        Both, in session time.
    """
    match message:
        case Results():
            _shift_results(body, timeline)
            return _shifted(message, timeline), body
        case SpeechStarted():
            body["timestamp"] = timeline.to_session(message.timestamp)
        case UtteranceEnd() if message.last_word_end >= 0:
            body["last_word_end"] = timeline.to_session(message.last_word_end)
    return message, body


def _shifted(results: Results, timeline: StreamTimeline) -> Results:
    start = timeline.to_session(results.start)
    words = tuple(
        replace(word, start=timeline.to_session(word.start), end=timeline.to_session(word.end))
        for word in results.alternative.words
    )
    return replace(
        results,
        start=start,
        duration=timeline.to_session(results.end) - start,
        alternative=replace(results.alternative, words=words),
    )


def _shift_results(body: dict[str, Any], timeline: StreamTimeline) -> None:
    start = timeline.to_session(body["start"])
    body["duration"] = timeline.to_session(body["start"] + body["duration"]) - start
    body["start"] = start
    for alternative in body["channel"]["alternatives"]:
        for word in alternative.get("words") or ():
            word["start"] = timeline.to_session(word["start"])
            word["end"] = timeline.to_session(word["end"])

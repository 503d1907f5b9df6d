# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What v2/listen messages mean for the session: readiness, acknowledgement, failures. Pure."""

from collections.abc import Callable
from functools import partial
from operator import add
from typing import Any

from pipecat_sagemaker_deepgram.client.session.timeline import StreamTimeline
from pipecat_sagemaker_deepgram.client.stream_protocol import (
    Greeting,
    Keepalive,
    NewStream,
    Reading,
    StreamProtocol,
)
from pipecat_sagemaker_deepgram.deepgram.controls import CLOSE_STREAM
from pipecat_sagemaker_deepgram.deepgram.messages import MAX_MESSAGE_BYTES
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    FluxConnected,
    FluxError,
    FluxMessage,
    TurnInfo,
    parse_flux_message,
    write_times,
)
from pipecat_sagemaker_deepgram.deepgram.v2.turns import START_MARGIN
from pipecat_sagemaker_deepgram.deepgram.v2.wording import cut_before

INVOCATION_PATH = "v2/listen"

KEEPALIVE = Keepalive(interval=10.0)
"""Flux has no message that keeps a stream open, but a sample of silence does (Deepgram's SageMaker
samples send one every 10 s)."""

KEPT_SHARE = 0.75
"""The share of the replay buffer that a turn may fill; the rest is for audio that the container has
not processed yet."""

ANSWERS_EVERY = 0.5
"""Seconds of audio after which a message is overdue: Flux sends one for every quarter of a second
(Deepgram docs, "Flux state machine")."""

CLOSING_SILENCE = 0.5
"""Seconds of silence before ``CloseStream``, because no last message marks the complete answer:
words may arrive in a later ``Update`` than the first one past their audio, and no message confirms
the last piece of 80 ms (Deepgram docs, "Flux quickstart"), which may be incomplete."""

type Parsed = tuple[FluxMessage, dict[str, Any]]
"""A message, and the JSON object it was read from."""


def flux_protocol(
    *,
    query: Callable[[], str],
    bytes_per_second: Callable[[], int],
    encode: Callable[[bytes], bytes] | None = None,
    long_turn: float,
    max_replay_bytes: int = 0,
    greeting: Callable[[NewStream], Greeting] = lambda stream: Greeting(),
) -> StreamProtocol:
    """Describe v2/listen to the client.

    Args:
        query: Returns the query string of the next stream.
        bytes_per_second: Returns the bytes of one second of the audio that is given.
        encode: Converts that audio to what is sent; ``None`` sends it unchanged.
        long_turn: Seconds of an open turn that are kept for a replay if the container reports word
            times; the words before count as final.
        max_replay_bytes: Most bytes of audio that are kept for a replay; 0 for no limit. If the
            container does not report word times, as much of an open turn is kept as fits.
        greeting: Returns what a new stream gets before any audio.
    """
    return StreamProtocol(
        invocation_path=INVOCATION_PATH,
        query=query,
        bytes_per_second=bytes_per_second,
        encode=encode,
        new_reader=lambda: (
            FluxReader(long_turn, kept=KEPT_SHARE * max_replay_bytes / bytes_per_second()).read
        ),
        in_session_time=in_session_time,
        greeting=greeting,
        waits_for_ready=True,
        keepalive=KEEPALIVE,
        close_payload=CLOSE_STREAM,
        closing_silence=CLOSING_SILENCE,
        says_last=True,
        max_message_bytes=MAX_MESSAGE_BYTES,
        answers_every=ANSWERS_EVERY,
        replays=True,
    )


def in_session_time(parsed: Parsed, timeline: StreamTimeline) -> Parsed:
    """Move the times of a message and of its JSON object to the session's clock."""
    message, body = parsed
    if not isinstance(message, TurnInfo):
        return parsed
    to_session = _mapping(message, timeline)
    if to_session is None:
        return parsed
    moved = message.in_session_time(to_session)
    write_times(body, moved)
    return moved, body


def _mapping(info: TurnInfo, timeline: StreamTimeline) -> Callable[[float], float] | None:
    """The function that moves each time of a message; ``None`` if no time changes."""
    start, end = info.audio_window_start, info.audio_window_end
    times = [word.start for word in info.words[:1]] + [word.end for word in info.words[-1:]]
    given = [time for time in times if time is not None]
    shift = timeline.shift_between(min([start, *given]), max([end, *given]))
    if shift is None:
        return timeline.to_session
    return partial(add, shift) if shift else None


class FluxReader:
    """Reads one stream's messages, in order.

    Args:
        long_turn: Seconds at the end of an open turn whose words do not count as final yet.
        kept: The same for a turn without word times; 0 for the whole turn.
    """

    def __init__(self, long_turn: float, *, kept: float = 0.0) -> None:
        self._long_turn = min(long_turn, kept) if kept else long_turn
        self._kept = kept
        self._is_open = False

    def read(self, data: str | bytes) -> Reading:
        """Read a message."""
        parsed = parse_flux_message(data)
        match parsed[0]:
            case TurnInfo() as info:
                return self._read_turn(info, parsed)
            case FluxConnected():
                return Reading(value=parsed, is_ready=True)
            case FluxError(code=code, description=text):
                failure = f"Deepgram reports {code or 'Error'}"
                return self._reading(parsed, failure=failure, details=text)
        return self._reading(parsed)

    def _read_turn(self, info: TurnInfo, parsed: Parsed) -> Reading:
        """Read a turn; when the stream ends, the last update of an open turn has its final text.

        ``CloseStream`` need not end a turn (Deepgram docs, "Close Stream").
        """
        return self._reading(
            parsed, acknowledged_to=self._settled_to(info), heard_to=info.audio_window_end
        )

    def _settled_to(self, info: TurnInfo) -> float | None:
        """The time up to which the transcript is final."""
        if info.event == "EndOfTurn":
            self._is_open = False
            return info.audio_window_end
        self._is_open = self._is_open or bool(info.transcript) or info.event == "StartOfTurn"
        if not self._is_open:
            return info.audio_window_end - START_MARGIN
        return self._final_part(info)

    def _final_part(self, info: TurnInfo) -> float | None:
        """The end of the part of an open turn that is old enough to count as final.

        With word times, it ends between two words. Without them, it ends where the audio would soon
        be dropped anyway; the texts of two streams can then be joined by their words.
        """
        end = info.audio_window_end
        place = cut_before(info, end - self._long_turn)
        return end - self._kept if place is None and 0.0 < self._kept < end else place

    def _reading(
        self,
        parsed: Parsed,
        *,
        acknowledged_to: float | None = None,
        heard_to: float | None = None,
        failure: str = "",
        details: str = "",
    ) -> Reading:
        return Reading(
            value=parsed,
            acknowledged_to=acknowledged_to,
            heard_to=heard_to,
            is_last=heard_to is not None,
            is_idle=not self._is_open,
            keeps_all=self._is_open,
            failure=failure,
            details=details,
        )

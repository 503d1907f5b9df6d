# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options of a container."""

from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.container.v2.bundle import FluxOptions
from pipecat_sagemaker_deepgram.text_values import convert_fields


@dataclass(frozen=True, kw_only=True)
class ContainerOptions:
    """Options of ``ModelContainer``.

    Attributes:
        idle_timeout: Seconds without input before a connection to v1/listen is closed
            (Deepgram: 10).
        send_timeout: Seconds that a client may leave a message unread before it is disconnected.
        max_streams: Most connections open at a time; more are refused with 503. None for no limit.
        loading_patience: Seconds that a request waits for the model to load before it is refused.
        answers_pings: Whether pings are answered. If not, SageMaker considers the container dead
            and ends the stream after five pings without a pong.
        plus_is_space: Whether a plus sign in a query is a space, as web servers read it;
            otherwise a query that has one is refused, as the pattern that AWS declares for
            ``ModelQueryString`` would have it.
        max_body: Most bytes in the body of a recording; more are refused with 413.
        speech_pace: Speed at which speech is sent after its first second, as a multiple of real
            time.
        speech_idle_timeout: Seconds without a message before a connection to v1/speak or
            v2/speak is closed (Deepgram: 60).
        longest_speech: Most seconds that such a connection may last (Deepgram: an hour).
        limits_characters: Whether v1/speak closes a connection that sends more than 2400
            characters in a minute, as Deepgram's public API does.
        flux: Options of v2/listen; by default like Deepgram's public API.
    """

    idle_timeout: float = 10.0
    send_timeout: float = 10.0
    max_streams: int | None = None
    loading_patience: float = 30.0
    answers_pings: bool = True
    plus_is_space: bool = True
    max_body: int = 100 * 2**20
    speech_pace: float = 5.0
    speech_idle_timeout: float = 60.0
    longest_speech: float = 3600.0
    limits_characters: bool = False
    flux: FluxOptions = field(default_factory=FluxOptions)

    def __post_init__(self) -> None:
        convert_fields(self)

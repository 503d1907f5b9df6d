# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The protocol and the relay of a session for one call of ``listen``. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from pipecat_sagemaker_deepgram.client import ClientConfig, Keepalive, StreamProtocol
from pipecat_sagemaker_deepgram.deepgram.controls import KEEP_ALIVE
from pipecat_sagemaker_deepgram.deepgram.relay import Relay
from pipecat_sagemaker_deepgram.deepgram.v1.protocol import nova_protocol
from pipecat_sagemaker_deepgram.deepgram.v1.relay import NovaRelay
from pipecat_sagemaker_deepgram.deepgram.v2.protocol import flux_protocol
from pipecat_sagemaker_deepgram.deepgram.v2.relay import FluxRelay
from pipecat_sagemaker_deepgram.deepgram_sdk.audio import (
    QueriedAudio,
    audio_format,
    is_on,
    milliseconds,
)

DEFAULT_EOT_TIMEOUT = 5.0
"""Seconds of silence after which Flux ends a turn by default (Deepgram docs, "Configuration")."""

_UNKNOWN_RATE = 32_000
_NO_KEEPALIVE = Keepalive(interval=4.0, text=KEEP_ALIVE)


@dataclass(frozen=True, kw_only=True)
class SdkListening:
    """One call of ``listen``.

    Attributes:
        protocol: Interprets the container's messages for the session.
        relay: Passes the messages of all streams on as those of one stream.
        flip: Converts audio for the session; ``None`` if that is not needed.
        is_clocked: Whether the number of bytes is a length of time, so that lost audio can be
            replayed.
        has_keep_alive: Whether the container supports ``KeepAlive``.
    """

    protocol: StreamProtocol
    relay: Relay
    flip: Callable[[bytes], bytes] | None
    is_clocked: bool
    has_keep_alive: bool

    def session_config(self, config: ClientConfig) -> ClientConfig:
        """The configuration; without rotation if a new stream could not continue the audio."""
        return config if self.is_clocked else replace(config, rotate_after=None)


def nova_listening(query: str) -> SdkListening:
    """A call of ``listen.v1``.

    Args:
        query: The query that the SDK wrote.
    """
    parameters = parse_qs(query)
    audio = audio_format(parameters)
    protocol = nova_protocol(
        query=lambda: query,
        bytes_per_second=lambda: audio.bytes_per_second if audio else _UNKNOWN_RATE,
        frame_size=audio.frame_size if audio else 1,
        has_interims=lambda: is_on(parameters, "interim_results"),
        encode=audio.flip if audio else None,
    )
    return _listening(protocol, NovaRelay(), audio, has_keep_alive=True)


def flux_listening(query: str, config: ClientConfig) -> SdkListening:
    """A call of ``listen.v2``.

    Args:
        query: The query that the SDK wrote.
        config: It limits how much audio is kept.
    """
    parameters = parse_qs(query)
    audio = audio_format(parameters)
    relay = FluxRelay(eot_timeout=milliseconds(parameters, "eot_timeout_ms", DEFAULT_EOT_TIMEOUT))
    protocol = flux_protocol(
        query=lambda: relay.query(query),
        bytes_per_second=lambda: audio.bytes_per_second if audio else _UNKNOWN_RATE,
        encode=audio.flip if audio else None,
        long_turn=config.max_replay_seconds,
        max_replay_bytes=config.max_replay_buffer_bytes,
        greeting=relay.greeting,
    )
    protocol = replace(protocol, frame_size=audio.frame_size if audio else 1)
    return _listening(protocol, relay, audio, has_keep_alive=False)


def _listening(
    protocol: StreamProtocol, relay: Relay, audio: QueriedAudio | None, *, has_keep_alive: bool
) -> SdkListening:
    return SdkListening(
        protocol=protocol if audio else _unclocked(protocol, has_keep_alive=has_keep_alive),
        relay=relay,
        flip=audio.flip if audio else None,
        is_clocked=audio is not None,
        has_keep_alive=has_keep_alive,
    )


def _unclocked(protocol: StreamProtocol, *, has_keep_alive: bool) -> StreamProtocol:
    """The protocol for audio whose bytes do not measure time: no replay, no injected silence."""
    return replace(
        protocol,
        keepalive=_NO_KEEPALIVE if has_keep_alive else None,
        in_session_time=lambda value, timeline: value,
        says_last=False,
        answers_every=None,
        answers_speech=lambda: False,
        stall_probe=lambda: None,
        replays=False,
    )

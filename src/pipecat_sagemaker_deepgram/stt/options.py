# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""The options that both services have in common. Pure."""

from dataclasses import replace
from typing import Any, cast

from pipecat.processors.metrics.frame_processor_metrics import FrameProcessorMetrics

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions

PROBE_INTERVAL = 15.0
"""Default of ``probe_interval`` for services: a session that ended instead could not be resumed."""


class STTServiceOptions(ConnectionOptions, total=False):
    """Options of the connection, of the client, and of Pipecat's services.

    Attributes:
        client_config: Time limits and sizes of the client. If it has no ``probe_interval``, a
            service whose recovery has failed makes another attempt every 15 to 30 s.
        retry_policy: How often and how long to try to replace a lost stream.
        close_timeout: Most seconds for the rest of the transcript at the end of the pipeline;
            by default ``client_config``'s, which is 5.
        transcribe_while_muted: Whether to push words that were said while the user was muted,
            that is between a ``UserMuteStartedFrame`` and its ``UserMuteStoppedFrame``. By default
            these words are left out, whenever their final arrives. The times of the words decide;
            a transcript without them is left out if all of it lies in a mute. While an
            ``STTMuteFrame`` mutes the service, audio is never transcribed.
        allow_unknown_parameters: Whether to send settings in ``extra`` whose names this package
            does not know. By default they are refused, because they may be typing errors, which a
            container refuses with a bare HTTP 424.
        name: Name of the processor; passed to Pipecat's ``FrameProcessor``.
        enable_direct_mode: Passed to Pipecat's ``FrameProcessor``.
        metrics: Passed to Pipecat's ``FrameProcessor``.
        audio_passthrough: Whether audio is pushed downstream; passed to Pipecat's ``STTService``.
        stt_ttfb_timeout: Seconds after the end of speech at which a latency is reported in any
            case; passed to Pipecat's ``STTService``.
    """

    client_config: ClientConfig | None
    retry_policy: RetryPolicy | None
    close_timeout: float | None
    transcribe_while_muted: bool
    allow_unknown_parameters: bool
    name: str | None
    enable_direct_mode: bool
    metrics: FrameProcessorMetrics | None
    audio_passthrough: bool
    stt_ttfb_timeout: float


def take_connection_options(options: dict[str, Any]) -> ConnectionOptions:
    """Separate the connection's options from a service's other arguments.

    Args:
        options: The arguments; the options of the connection are removed from it.
    """
    names = [name for name in ConnectionOptions.__annotations__ if name in options]
    return cast(ConnectionOptions, {name: options.pop(name) for name in names})


def service_config(config: ClientConfig | None, *, close_timeout: float | None) -> ClientConfig:
    """Complete the time limits and sizes of a service's client.

    Args:
        config: The ones that the service was given; ``None`` uses the defaults.
        close_timeout: Most seconds for draining and closing; ``None`` uses the config's.
    """
    config = config or ClientConfig()
    if config.probe_interval is None:
        config = replace(config, probe_interval=PROBE_INTERVAL)
    return config if close_timeout is None else replace(config, close_timeout=close_timeout)

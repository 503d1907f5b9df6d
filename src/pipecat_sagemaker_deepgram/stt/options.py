# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What both services take beside what is their own. Pure."""

from dataclasses import replace
from typing import Any, cast

from pipecat.processors.metrics.frame_processor_metrics import FrameProcessorMetrics

from pipecat_sagemaker_deepgram.client import ClientConfig, RetryPolicy
from pipecat_sagemaker_deepgram.client.options import ConnectionOptions

PROBE_INTERVAL = 15.0
"""Seconds from which on a service whose recovery has failed tries again, unless told otherwise: a
session that ends instead could never be brought back."""


class STTServiceOptions(ConnectionOptions, total=False):
    """How the endpoint is reached, how long for, and what Pipecat's services take.

    Attributes:
        client_config: Time limits and sizes of the client. Where it has no ``probe_interval``,
            a service whose recovery has failed tries again after 15 s to 30 s each.
        retry_policy: How often and how long a lost stream is tried for.
        close_timeout: Most seconds for the rest of the transcript at the end of the pipeline;
            by default ``client_config``'s, which is 5.
        transcribe_while_muted: Whether words are pushed, too, that were said while the user was
            muted, which is from a ``UserMuteStartedFrame`` to its ``UserMuteStoppedFrame``. By
            default they never are, whenever their final comes; the times of the words decide,
            and where there are none, what lies in a mute as a whole is left out. While an
            ``STTMuteFrame`` mutes, audio is not listened to in any case.
        allow_unknown_parameters: Whether settings in ``extra`` are sent whose names this package
            does not know. By default they are refused: they may be slips, and a container refuses
            those with a bare HTTP 424.
        name: Name of the processor, as Pipecat's ``FrameProcessor`` takes it.
        enable_direct_mode: As Pipecat's ``FrameProcessor`` takes it.
        metrics: As Pipecat's ``FrameProcessor`` takes it.
        audio_passthrough: Whether audio goes on downstream, as Pipecat's ``STTService`` takes it.
        stt_ttfb_timeout: Seconds from the end of speech to when a latency is reported in any
            case, as Pipecat's ``STTService`` takes it.
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
    """Take out of a service's arguments what says how the endpoint is reached.

    Args:
        options: The arguments; those that are taken are gone from it.
    """
    names = [name for name in ConnectionOptions.__annotations__ if name in options]
    return cast(ConnectionOptions, {name: options.pop(name) for name in names})


def service_config(config: ClientConfig | None, *, close_timeout: float | None) -> ClientConfig:
    """Complete what a service is given of its client's time limits and sizes.

    Args:
        config: What is given.
        close_timeout: Most seconds for draining and closing; ``None`` is the config's.
    """
    config = config or ClientConfig()
    if config.probe_interval is None:
        config = replace(config, probe_interval=PROBE_INTERVAL)
    return config if close_timeout is None else replace(config, close_timeout=close_timeout)

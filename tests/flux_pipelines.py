# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Deepgram Flux in a real Pipecat pipeline, for tests: services, paths, what is owed of turns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pipecat.frames.frames import (
    EagerEndOfTurnCancelFrame,
    EagerTranscriptionFrame,
    Frame,
    InterimTranscriptionFrame,
    ProposedUserStartedSpeakingFrame,
    ProposedUserStoppedSpeakingFrame,
    TranscriptionFrame,
)

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService
from pipecat_sagemaker_deepgram.container import (
    FluxOptions,
    ScriptedBehavior,
    ScriptedTurns,
    marked_audio,
)
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import CapabilityCache
from pipecat_sagemaker_deepgram.stt.flux.sink import TURN_HANDLERS

from .local_path import LocalPath, credentials_of, local_path
from .pipelines import RunningPipeline, record, running

PAUSE = bytes(32_000)
"""A second of silence."""

TURN_FRAMES: dict[type[Frame], str] = {
    ProposedUserStartedSpeakingFrame: "start",
    InterimTranscriptionFrame: "interim",
    EagerTranscriptionFrame: "eager",
    EagerEndOfTurnCancelFrame: "cancel",
    TranscriptionFrame: "final",
    ProposedUserStoppedSpeakingFrame: "stop",
}


@asynccontextmanager
async def flux_path(
    *faults: str,
    pause: float = 0.4,
    lag: float = 0.0,
    word_lag: float = 0.0,
    word_confidence: float = 1.0,
    max_speed: float | None = None,
    bundle: str = "current",
    finalizes: bool | None = None,
    **options: Any,
) -> AsyncIterator[LocalPath]:
    """Run a container that speaks v2/listen behind an emulated endpoint."""
    turns = ScriptedTurns(pause=pause, lag=lag, word_lag=word_lag, word_confidence=word_confidence)
    flux_options = FluxOptions(bundle=bundle, closestream_finalizes=finalizes)
    async with local_path(
        *faults,
        behavior=ScriptedBehavior(max_speed=max_speed, turns=turns),
        container_options={"flux": flux_options},
        **options,
    ) as path:
        yield path


def flux(path: LocalPath, **options: Any) -> DeepgramFluxSageMakerSTTService:
    """A Deepgram Flux service of an emulated endpoint, which knows nothing of containers yet."""
    defaults: dict[str, Any] = {
        "endpoint_name": "deepgram-flux",
        "region": path.emulator.region,
        "endpoint_url": path.emulator.endpoint_url,
        "ca_bundle": path.emulator.ca_bundle,
        "credentials": credentials_of(path.emulator),
        "capabilities": CapabilityCache(),
    }
    return DeepgramFluxSageMakerSTTService(**(defaults | options))


@asynccontextmanager
async def flux_running(
    service: DeepgramFluxSageMakerSTTService, **options: Any
) -> AsyncIterator[RunningPipeline]:
    """Run a service in a pipeline, its turns' event handlers recorded too."""
    async with running(service, **options) as pipeline:
        for name in TURN_HANDLERS:
            record(service, name, pipeline)
        yield pipeline


def turns_of(pipeline: RunningPipeline) -> list[str]:
    """What was reported of turns downstream, in order, interims next to each other once."""
    reported: list[str] = []
    for frame in pipeline.down:
        name = TURN_FRAMES.get(type(frame))
        if name is not None and not (name == "interim" and reported[-1:] == ["interim"]):
            reported.append(name)
    return reported


def assert_balanced(pipeline: RunningPipeline) -> None:
    """Every start has a stop, with one final between them; no interim stands outside."""
    for frames in (pipeline.down, pipeline.up):
        is_open = False
        for frame in frames:
            match frame:
                case ProposedUserStartedSpeakingFrame():
                    assert not is_open, "two starts in a row"
                    is_open = True
                case ProposedUserStoppedSpeakingFrame():
                    assert is_open, "a stop without a start"
                    is_open = False
                case TranscriptionFrame() | InterimTranscriptionFrame():
                    assert is_open, "text outside a turn"
        assert not is_open, "a turn without an end"
    assert turns_of(pipeline).count("final") == turns_of(pipeline).count("stop")


def spoken_turns(*counts: int, first: int = 0) -> bytes:
    """Turns of so many words, a pause behind each."""
    audio = b""
    for count in counts:
        audio += marked_audio(first, count) + PAUSE
        first += count
    return audio

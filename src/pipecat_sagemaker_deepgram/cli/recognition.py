# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribing audio with an endpoint and a display."""

import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any

from pipecat.services.stt_service import STTService

from pipecat_sagemaker_deepgram.cli.display import Display
from pipecat_sagemaker_deepgram.cli.interrupts import Interrupts
from pipecat_sagemaker_deepgram.cli.listen_arguments import MULTILINGUAL_FLUX, ListenOptions
from pipecat_sagemaker_deepgram.cli.outcome import Outcome
from pipecat_sagemaker_deepgram.cli.place import EndpointAddress, open_place
from pipecat_sagemaker_deepgram.cli.processors import each_block
from pipecat_sagemaker_deepgram.cli.run_recorder import RunRecorder
from pipecat_sagemaker_deepgram.cli.transcription import Transcription
from pipecat_sagemaker_deepgram.client import ClientConfig
from pipecat_sagemaker_deepgram.client.records import SessionEvent
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.stt import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
)

_CLOSE_TIMEOUT = 60.0
"""Seconds to wait for the last words, while audio that was fed ahead is processed."""

_NOVA_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT)
_FLUX_CONFIG = ClientConfig(close_timeout=_CLOSE_TIMEOUT, min_chunk_seconds=0.08)


async def recognize_blocks(
    blocks: Iterable[bytes] | AsyncIterable[bytes],
    options: ListenOptions,
    display: Display,
    *,
    pace: Pace,
    recorder: RunRecorder | None = None,
) -> Outcome:
    """Transcribe audio.

    The first Ctrl-C ends the audio where it is, the second cancels the calling task.

    Args:
        blocks: Mono linear16 at 16 kHz, in pieces of any size; a recording, or a live source.
        options: The endpoint, the model and the language.
        display: Shows what happens.
        pace: How fast the audio is fed.
        recorder: Records the run for a report; ``None`` for no report.

    Returns:
        The outcome.

    Raises:
        SageMakerDeepgramError: The command failed; the message explains why.
        BrokenPipeError: Nobody reads the display's output any more.
        ImportError: The extra ``local`` is needed and not installed.
    """
    async with open_place(options.endpoint, options.faults) as place:
        service = _service(place, options)
        if recorder is not None:
            blocks = _heard(blocks, recorder)
            _follow(service, recorder)
        transcription = Transcription(service, blocks, pace=pace, explain=place.explain)
        outcome = Outcome()
        with Interrupts(transcription.stop) as interrupts, display:
            async with transcription:
                async for event in transcription:
                    outcome.add(event)
                    if recorder is not None:
                        recorder.add(event)
                    display.show(event)
            outcome.is_interrupted = interrupts.received
        return outcome


async def _heard(
    blocks: Iterable[bytes] | AsyncIterable[bytes], recorder: RunRecorder
) -> AsyncIterator[bytes]:
    async for block in each_block(blocks):
        recorder.hear(block)
        yield block


def _follow(service: STTService, recorder: RunRecorder) -> None:
    @service.event_handler("on_session_event")
    async def on_session_event(_: STTService, event: SessionEvent) -> None:
        recorder.observe(event, time.monotonic())


def _hints(options: ListenOptions) -> dict[str, Any]:
    """The language, for a model that takes one; ``multi`` is any."""
    is_hinted = options.model == MULTILINGUAL_FLUX and options.language not in (None, "multi")
    return {"language_hints": [options.language]} if is_hinted else {}


def _service(place: EndpointAddress, options: ListenOptions) -> STTService:
    keyterms: dict[str, Any] = {"keyterm": list(options.keyterms)} if options.keyterms else {}
    if options.model.startswith("flux"):
        return DeepgramFluxSageMakerSTTService(
            endpoint_name=place.name,
            region=place.region,
            **place.options,
            client_config=_FLUX_CONFIG,
            settings=DeepgramFluxSageMakerSTTService.Settings(
                model=options.model, **keyterms, **_hints(options)
            ),
        )
    return DeepgramSageMakerSTTService(
        endpoint_name=place.name,
        region=place.region,
        **place.options,
        client_config=_NOVA_CONFIG,
        settings=DeepgramSageMakerSTTService.Settings(
            model=options.model, language=options.language, **keyterms
        ),
    )

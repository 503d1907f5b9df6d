# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""One call: the pipeline of the example bots, with stand-ins for the cloud services."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frameworks.rtvi import RTVIObserverParams
from pipecat.services.stt_service import STTService
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
    GivenUp,
    SageMakerDeepgramError,
    SessionEvent,
)

from .connection_state import ConnectionState, break_message
from .stand_ins import EchoLLM, LocalTTS
from .voices import find_voice

type Model = Literal["flux", "nova"]

type Explain = Callable[[SageMakerDeepgramError], SageMakerDeepgramError]

ENDPOINT_NAME = "deepgram"


def speech_to_text(model: Model) -> STTService:
    """The service; endpoint's address, region and credentials come from the environment.

    Args:
        model: The Deepgram model to request.
    """
    match model:
        case "flux":
            return DeepgramFluxSageMakerSTTService(endpoint_name=ENDPOINT_NAME)
        case "nova":
            return DeepgramSageMakerSTTService(endpoint_name=ENDPOINT_NAME)


async def run_call(transport: BaseTransport, model: Model, explain: Explain) -> None:
    """Talk to one caller until the call ends.

    Args:
        transport: The connection to the caller.
        model: The Deepgram model that transcribes.
        explain: Replaces an error of a stream by one that states the cause.
    """
    stt = speech_to_text(model)
    user_aggregator, assistant_aggregator = LLMContextAggregatorPair(
        LLMContext(), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                stt,
                user_aggregator,
                EchoLLM(),
                LocalTTS(find_voice()),
                transport.output(),
                assistant_aggregator,
            ]
        ),
        params=PipelineParams(enable_metrics=True),
        rtvi_observer_params=RTVIObserverParams(vad_user_speaking_enabled=True),
        idle_timeout_secs=None,
    )
    runner = WorkerRunner(handle_sigint=False)
    _report_connection(stt, worker, explain)

    @transport.event_handler("on_client_connected")
    async def on_client_connected(transport: BaseTransport, client: object) -> None:
        await worker.queue_frame(LLMRunFrame())

    @transport.event_handler("on_client_disconnected")
    async def on_client_disconnected(transport: BaseTransport, client: object) -> None:
        await runner.cancel()

    await runner.add_workers(worker)
    await runner.run()


def _report_connection(stt: STTService, worker: PipelineWorker, explain: Explain) -> None:
    """Report every event of the connection to the endpoint to the page."""
    state = ConnectionState()

    async def report() -> None:
        await worker.rtvi.send_server_message(state.message())

    @stt.event_handler("on_session_event")
    async def on_session_event(_: STTService, event: SessionEvent) -> None:
        nonlocal state
        if isinstance(event, GivenUp):
            event = replace(event, cause=explain(event.cause))
        before, state = state, state.after(event)
        if (seen := break_message(event)) is not None:
            await worker.rtvi.send_server_message(seen)
        if state != before:
            await report()

    @worker.rtvi.event_handler("on_client_ready")
    async def on_client_ready(rtvi: object) -> None:
        await report()

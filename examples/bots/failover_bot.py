# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A voice bot that keeps transcribing when an endpoint, a region or a whole model is unavailable.

    pip install '.[bots]'                     # in the folder of this package's checkout
    cp env.example .env                       # and fill it in
    python failover_bot.py -t daily           # talk to it in a Daily room
    python failover_bot.py -t webrtc          # in a browser, at the address it prints

Two safeguards, one inside the other. Each service has an endpoint in a second region
(``targets=``), which takes over without losing a word: the audio of the outage is sent there. If
Deepgram Flux cannot be reached in either region, Pipecat's switcher continues with Deepgram Nova,
from that moment on; audio that Deepgram Flux had not processed by then is lost.
"""

import os

from dotenv import load_dotenv
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.service_switcher import ServiceSwitcher, ServiceSwitcherStrategyFailover
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.services.aws.llm import AWSBedrockLLMService
from pipecat.services.aws.tts import AWSPollyTTSService
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.transports.daily.transport import DailyParams
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram import (
    DeepgramFluxSageMakerSTTService,
    DeepgramSageMakerSTTService,
    Target,
)

INSTRUCTION = "You are a friendly assistant on a voice call. Answer in short spoken sentences."

VARIABLES = (
    "DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME",
    "DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME",
    "AWS_FALLBACK_REGION",
    "AWS_REGION",
    "BEDROCK_MODEL_ID",
)

transport_params = {
    "daily": lambda: DailyParams(audio_in_enabled=True, audio_out_enabled=True),
    "webrtc": lambda: TransportParams(audio_in_enabled=True, audio_out_enabled=True),
}


def build_stt() -> ServiceSwitcher:
    """Deepgram Flux in two regions, with Deepgram Nova in two regions as its backup."""
    region, fallback_region = os.environ["AWS_REGION"], os.environ["AWS_FALLBACK_REGION"]
    flux_name = os.environ["DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME"]
    nova_name = os.environ["DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME"]
    flux = DeepgramFluxSageMakerSTTService(
        endpoint_name=flux_name,
        region=region,
        targets=[Target(endpoint_name=flux_name, region=fallback_region)],
    )
    nova = DeepgramSageMakerSTTService(
        endpoint_name=nova_name,
        region=region,
        targets=[Target(endpoint_name=nova_name, region=fallback_region)],
    )
    return ServiceSwitcher([flux, nova], strategy_type=ServiceSwitcherStrategyFailover)


def build_worker(transport: BaseTransport, runner_args: RunnerArguments) -> PipelineWorker:
    """Put the pipeline together."""
    llm = AWSBedrockLLMService(
        settings=AWSBedrockLLMService.Settings(
            model=os.environ["BEDROCK_MODEL_ID"], system_instruction=INSTRUCTION
        )
    )
    context = LLMContext([{"role": "user", "content": "Greet me, please."}])
    user_aggregator, assistant_aggregator = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    return PipelineWorker(
        Pipeline(
            [
                transport.input(),
                build_stt(),
                user_aggregator,
                llm,
                AWSPollyTTSService(region=os.environ["AWS_REGION"]),
                transport.output(),
                assistant_aggregator,
            ]
        ),
        params=PipelineParams(enable_metrics=True, enable_usage_metrics=True),
        idle_timeout_secs=runner_args.pipeline_idle_timeout_secs,
        processor_unusable_policy=ProcessorUnusablePolicy.END,
    )


async def bot(runner_args: RunnerArguments) -> None:
    """Take part in one call; Pipecat's runner begins here."""
    transport = await create_transport(runner_args, transport_params)
    worker = build_worker(transport, runner_args)
    runner = WorkerRunner(handle_sigint=runner_args.handle_sigint)

    @transport.event_handler("on_client_connected")
    async def on_client_connected(transport: BaseTransport, client: object) -> None:
        await worker.queue_frame(LLMRunFrame())

    @transport.event_handler("on_client_disconnected")
    async def on_client_disconnected(transport: BaseTransport, client: object) -> None:
        await runner.cancel()

    await runner.add_workers(worker)
    await runner.run()


if __name__ == "__main__":
    load_dotenv()
    if missing := [name for name in VARIABLES if not os.environ.get(name)]:
        raise SystemExit(f"error: set {', '.join(missing)}; see env.example next to this file")
    from pipecat.runner.run import main

    main()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A voice bot that transcribes with Deepgram Flux on an Amazon SageMaker endpoint.

    pip install '.[bots]'                     # in the folder of this package's checkout
    cp env.example .env                       # and fill it in
    python flux_bot.py -t daily               # talk to it in a Daily room
    python flux_bot.py -t webrtc              # in a browser, at the address it prints
    python flux_bot.py -t twilio -x HOST      # on the telephone

Amazon Bedrock answers, Amazon Polly speaks. The user can interrupt: Deepgram Flux itself reports
when a turn begins and ends, so the bot needs no voice detection of its own.
"""

import os

from dotenv import load_dotenv
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.runner.types import RunnerArguments, WebSocketRunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.services.aws.llm import AWSBedrockLLMService
from pipecat.services.aws.tts import AWSPollyTTSService
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.transports.daily.transport import DailyParams
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTService

INSTRUCTION = (
    "You are a friendly assistant on a voice call. Answer in one or two short sentences, "
    "without markup: what you write is spoken."
)

VARIABLES = ("DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME", "AWS_REGION", "BEDROCK_MODEL_ID")

transport_params = {
    "daily": lambda: DailyParams(audio_in_enabled=True, audio_out_enabled=True),
    "webrtc": lambda: TransportParams(audio_in_enabled=True, audio_out_enabled=True),
    "twilio": lambda: FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True),
}


def build_worker(transport: BaseTransport, runner_args: RunnerArguments) -> PipelineWorker:
    """Put the pipeline together."""
    stt = DeepgramFluxSageMakerSTTService(
        endpoint_name=os.environ["DEEPGRAM_FLUX_SAGEMAKER_STT_ENDPOINT_NAME"],
        region=os.environ["AWS_REGION"],
        settings=DeepgramFluxSageMakerSTTService.Settings(eot_threshold=0.7, keyterm=["Pipecat"]),
    )
    llm = AWSBedrockLLMService(
        aws_region=os.environ["AWS_REGION"],
        settings=AWSBedrockLLMService.Settings(
            model=os.environ["BEDROCK_MODEL_ID"],
            system_instruction=INSTRUCTION,
        ),
    )
    tts = AWSPollyTTSService(
        region=os.environ["AWS_REGION"],
        settings=AWSPollyTTSService.Settings(voice=os.environ.get("POLLY_VOICE", "Joanna")),
    )
    context = LLMContext([{"role": "user", "content": "Greet me, please."}])
    user_aggregator, assistant_aggregator = LLMContextAggregatorPair(context)
    # Use the telephone's own rate: if Pipecat resampled its audio, it would arrive in bursts.
    is_telephone = isinstance(runner_args, WebSocketRunnerArguments)
    return PipelineWorker(
        Pipeline(
            [
                transport.input(),
                stt,
                user_aggregator,
                llm,
                tts,
                transport.output(),
                assistant_aggregator,
            ]
        ),
        params=PipelineParams(
            audio_in_sample_rate=8_000 if is_telephone else 16_000,
            audio_out_sample_rate=8_000 if is_telephone else 24_000,
            enable_metrics=True,
            enable_usage_metrics=True,
        ),
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

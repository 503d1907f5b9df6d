# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A voice bot that changes its key terms when the user changes the topic.

    pip install '.[bots]'                     # in the folder of this package's checkout
    cp env.example .env                       # and fill it in
    python settings_bot.py -t daily           # talk to it in a Daily room
    python settings_bot.py -t webrtc          # in a browser, at the address it prints

``TopicKeyterms`` waits for the name of a topic and then gives Deepgram that topic's key terms, in
the middle of the call. The service applies them with a second stream, opened before the first one
is closed: no word is lost. Settings that the endpoint refuses are rolled back, and the call goes
on.
"""

import os

from dotenv import load_dotenv
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, LLMRunFrame, STTUpdateSettingsFrame, TranscriptionFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker, ProcessorUnusablePolicy
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.services.aws.llm import AWSBedrockLLMService
from pipecat.services.aws.tts import AWSPollyTTSService
from pipecat.transports.base_transport import BaseTransport, TransportParams
from pipecat.transports.daily.transport import DailyParams
from pipecat.workers.runner import WorkerRunner

from pipecat_sagemaker_deepgram import DeepgramSageMakerSTTService

INSTRUCTION = "You help the customers of an outdoor shop. Answer in short spoken sentences."
KEYTERMS = {
    "tent": ["Hilleberg", "vestibule", "guy line"],
    "stove": ["Primus", "isobutane", "windscreen"],
}

VARIABLES = ("DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME", "AWS_REGION", "BEDROCK_MODEL_ID")

transport_params = {
    "daily": lambda: DailyParams(audio_in_enabled=True, audio_out_enabled=True),
    "webrtc": lambda: TransportParams(audio_in_enabled=True, audio_out_enabled=True),
}


class TopicKeyterms(FrameProcessor):
    """Gives the speech-to-text service the key terms of the topic that was named last."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Watch what the user says, and pass every frame on."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            for topic, keyterms in KEYTERMS.items():
                if topic in frame.text.lower():
                    delta = DeepgramSageMakerSTTService.Settings(keyterm=keyterms)
                    update = STTUpdateSettingsFrame(delta=delta)
                    await self.push_frame(update, FrameDirection.UPSTREAM)


def build_worker(transport: BaseTransport, runner_args: RunnerArguments) -> PipelineWorker:
    """Put the pipeline together."""
    stt = DeepgramSageMakerSTTService(
        endpoint_name=os.environ["DEEPGRAM_SAGEMAKER_STT_ENDPOINT_NAME"],
        region=os.environ["AWS_REGION"],
        settings=DeepgramSageMakerSTTService.Settings(keyterm=list(KEYTERMS)),
    )
    llm_settings = AWSBedrockLLMService.Settings(
        model=os.environ["BEDROCK_MODEL_ID"], system_instruction=INSTRUCTION
    )
    context = LLMContext([{"role": "user", "content": "Greet me, please."}])
    user_aggregator, assistant_aggregator = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    return PipelineWorker(
        Pipeline(
            [
                transport.input(),
                stt,
                TopicKeyterms(),
                user_aggregator,
                AWSBedrockLLMService(settings=llm_settings),
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

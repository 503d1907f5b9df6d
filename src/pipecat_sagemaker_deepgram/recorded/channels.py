# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes one channel of a recording, by a stream or by a request."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pipecat_sagemaker_deepgram.client import ClientConfig, Record, SageMakerBidiClient
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.recorded.decoding import Recording
from pipecat_sagemaker_deepgram.recorded.flac import CONTENT_TYPE, encode_flac
from pipecat_sagemaker_deepgram.recorded.invoking import Answered
from pipecat_sagemaker_deepgram.recorded.listening import Listening
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.prerecorded import read_answer
from pipecat_sagemaker_deepgram.recorded.reading import read_blocks
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.streaming import ChannelStream, new_conversation
from pipecat_sagemaker_deepgram.recorded.waveform import PeakMeter
from pipecat_sagemaker_deepgram.transport.invoke_endpoint import EndpointRequest


@dataclass
class ChannelJob:
    """A channel to transcribe, and its results.

    Attributes:
        recording: The recording; it is read for this channel only.
        channel: Index of the channel; ``None`` mixes all of them.
        sample_rate: Sample rate at which it is sent, in Hz.
        listening: Collects the results.
        meter: Measures its peaks.
        attempts: Number of requests that were made.
    """

    recording: Recording
    channel: int | None
    sample_rate: int
    listening: Listening
    meter: PeakMeter = field(init=False)
    attempts: int = 0

    def __post_init__(self) -> None:
        self.meter = PeakMeter(self.sample_rate)


@dataclass(frozen=True)
class ChannelRequest:
    """A request with one channel.

    Attributes:
        job: The channel.
        request: The request.
        seconds: Seconds of audio in it.
    """

    job: ChannelJob
    request: EndpointRequest
    seconds: float


def open_stream(
    job: ChannelJob,
    settings: RecordedSettings,
    config: ClientConfig,
    pace: Pace,
    *,
    new_client: Callable[[StreamProtocol], SageMakerBidiClient],
    on_record: Callable[[Record], None],
) -> ChannelStream:
    """Prepare to stream a channel.

    Args:
        job: The channel.
        settings: Parameters of the model.
        config: The configuration of the client.
        pace: How fast audio is sent.
        new_client: Makes a client for a protocol.
        on_record: Called with each record of the session.

    Raises:
        ConfigurationError: A parameter is invalid.
    """
    conversation = new_conversation(settings, job.sample_rate, config)
    return ChannelStream(
        new_client(conversation.protocol),
        conversation,
        job.listening,
        pace,
        sample_rate=job.sample_rate,
        on_record=on_record,
    )


async def run_stream(stream: ChannelStream, job: ChannelJob) -> None:
    """Stream a channel to its end.

    Args:
        stream: The stream that ``open_stream`` returned.
        job: The channel.

    Raises:
        RecordingError: The recording cannot be read.
        SageMakerDeepgramError: Recovery failed; the class says why.
    """
    await stream.run(
        read_blocks(
            job.recording, sample_rate=job.sample_rate, channel=job.channel, meter=job.meter
        )
    )
    if job.listening.failure is not None:
        raise job.listening.failure


async def write_request(job: ChannelJob, settings: RecordedSettings) -> ChannelRequest:
    """Make the request for a channel.

    Args:
        job: The channel.
        settings: Parameters of the model.

    Raises:
        RecordingError: The recording cannot be read.
        ConfigurationError: A parameter is invalid.
    """
    attributes = settings.request_attributes()
    body, seconds = await asyncio.to_thread(_encode, job)
    request = EndpointRequest(body=body, content_type=CONTENT_TYPE, custom_attributes=attributes)
    return ChannelRequest(job, request, seconds)


def take_answer(sent: ChannelRequest, answered: Answered, arrived: float) -> None:
    """Process the answer to a request.

    Args:
        sent: The request.
        answered: Its answer.
        arrived: Seconds from the beginning of the transcription.

    Raises:
        StreamError: It is not a transcript.
    """
    job = sent.job
    job.attempts = answered.attempts
    job.listening.sent = job.listening.heard_to = sent.seconds
    job.listening.segments += read_answer(
        answered.answer.body, channel=job.channel, arrived=arrived
    )


async def all_of(doing: Iterable[Awaitable[None]]) -> None:
    """Run awaitables concurrently; the first that fails cancels the others.

    Args:
        doing: The awaitables.
    """
    tasks = [asyncio.ensure_future(each) for each in doing]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _encode(job: ChannelJob) -> tuple[bytes, float]:
    blocks = job.recording.blocks(sample_rate=job.sample_rate, channel=job.channel)
    return encode_flac(_metered(blocks, job.meter), job.sample_rate)


def _metered(blocks: Iterable[bytes], meter: PeakMeter) -> Iterator[bytes]:
    for block in blocks:
        meter.take(block)
        yield block

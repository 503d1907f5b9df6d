# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Recordings to transcripts, by whichever way the endpoint takes them."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self, Unpack

from pipecat_sagemaker_deepgram.client import (
    BATCH_CONFIG,
    AttemptFailed,
    ClientConfig,
    Connected,
    ConnectionOptions,
    Record,
    RetryPolicy,
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.options import refuse_unknown_options
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.channels import (
    ChannelJob,
    all_of,
    open_stream,
    run_stream,
    take_answer,
    write_request,
)
from pipecat_sagemaker_deepgram.recorded.decoding import Recording, open_recording
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.invoking import RecordingInvoker
from pipecat_sagemaker_deepgram.recorded.listening import Heard, Listening
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.planning import (
    EndpointKnowledge,
    ModeWanted,
    choose,
    refuses_streams,
    why_not_whole,
)
from pipecat_sagemaker_deepgram.recorded.progress import (
    InterimArrived,
    Progress,
    RecordedEvent,
    SegmentArrived,
    TurnArrived,
)
from pipecat_sagemaker_deepgram.recorded.raw_format import RawFormat
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.streaming import ChannelStream
from pipecat_sagemaker_deepgram.recorded.summing_up import sum_up
from pipecat_sagemaker_deepgram.recorded.transcript import (
    Interim,
    Mode,
    Segment,
    Transcript,
    Turn,
)

RECORDED_CONFIG = replace(
    BATCH_CONFIG,
    stall_timeout=30.0,
    max_replay_seconds=600.0,
    min_chunk_seconds=0.08,
    max_chunk_seconds=0.5,
)
"""Time limits and sizes that suit recordings: nobody waits for words, and none may be missing."""


class RecordingTranscriber:
    """Transcribes recordings by one endpoint, as many at a time as it is asked to.

    Example::

        async with RecordingTranscriber("my-endpoint", "us-east-1") as transcriber:
            transcript = await transcriber.transcribe(Path("call.wav"))
            print(transcript.text)

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
        settings: What the model is asked for.
        mode: ``stream`` streams, ``sync`` sends each recording whole by ``InvokeEndpoint``,
            ``auto`` does what the endpoint takes: it streams, unless the endpoint has refused
            its first stream and taken a whole recording.
        split_channels: Whether each channel is transcribed by itself; otherwise they are mixed.
        channel_names: What the channels are called.
        speed: Most times faster than real time that a recording is streamed; infinite for as fast
            as the container listens.
        concurrency: Most requests at a time.
        config: Time limits and sizes; by default ``RECORDED_CONFIG``.
        retry_policy: How often and how long a lost stream or a failed request is tried again.
        on_event: Called with what is known before a transcript is whole.
        **options: Where and as whom: see ``ConnectionOptions``. An ``endpoint_url`` is that of
            streams and of requests.

    Attributes:
        known: What the endpoint has answered so far.
        is_stopping: Whether no more is to be sent.

    Raises:
        ConfigurationError: A parameter is not valid.
        TypeError: A parameter is unknown.
    """

    def __init__(
        self,
        endpoint_name: str,
        region: str | None = None,
        *,
        settings: RecordedSettings | None = None,
        mode: ModeWanted = "auto",
        split_channels: bool = False,
        channel_names: Sequence[str] = (),
        speed: float = math.inf,
        concurrency: int = 10,
        config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        on_event: Callable[[RecordedEvent], None] = lambda event: None,
        **options: Unpack[ConnectionOptions],
    ) -> None:
        refuse_unknown_options(type(self).__name__, options)
        self.known = EndpointKnowledge()
        self._settings = settings or RecordedSettings()
        self._mode: ModeWanted = mode
        self._splits = split_channels
        self._names = tuple(channel_names)
        self._pace = Pace(speed)
        self._config = config or RECORDED_CONFIG
        self._on_event = on_event
        self._streams: set[ChannelStream] = set()
        self.is_stopping = False
        policy = retry_policy or RetryPolicy()

        def new_client(protocol: StreamProtocol) -> SageMakerBidiClient:
            return SageMakerBidiClient(
                endpoint_name,
                region,
                protocol=protocol,
                config=self._config,
                retry_policy=policy,
                **options,
            )

        self._new_client = new_client
        self._invoker = RecordingInvoker(
            endpoint_name,
            region,
            config=self._config,
            retry_policy=policy,
            concurrency=concurrency,
            options=options,
        )

    async def __aenter__(self) -> Self:
        """Nothing has to be opened."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close idle connections."""
        self._invoker.close()

    def stop(self) -> None:
        """Send no more of any recording; what was sent is still transcribed."""
        self.is_stopping = True
        for stream in self._streams:
            stream.stop()

    async def transcribe(
        self, source: Path | bytes | Recording, *, name: str = "", raw: RawFormat | None = None
    ) -> Transcript:
        """Transcribe a recording.

        Args:
            source: A file, its content, or what ``open_recording`` gave.
            name: What it is called; by default the file's path.
            raw: What it holds, where it has no header.

        Returns:
            The transcript; its ``problem`` says what is missing, if anything is.

        Raises:
            RecordingError: It cannot be read, or not be sent in the mode that was asked for.
            SageMakerDeepgramError: It could not be transcribed; the class tells why.
        """
        began = loop_time()
        if not isinstance(source, Recording):
            source = await asyncio.to_thread(open_recording, source, name=name, raw=raw)
        mode = choose(self._mode, self.known, takes_requests=not self._settings.is_flux)
        if mode == "sync":
            return await self._by_request(source, began)
        try:
            return await self._by_streams(source, began, may_turn=self._mode == "auto")
        except _StreamRefusedError as refused:
            return await self._otherwise(source, began, refused)

    async def _otherwise(
        self, recording: Recording, began: float, refused: "_StreamRefusedError"
    ) -> Transcript:
        """Ask whether an endpoint that refuses its first stream takes whole recordings."""
        try:
            transcript = await self._by_request(recording, began, can_stream=True)
        except SageMakerDeepgramError as error:
            if self.known.requests:
                raise
            return await self._stream_after_all(recording, began, refused, error)
        self.known.streams = bool(self.known.streams)
        return transcript

    async def _stream_after_all(
        self,
        recording: Recording,
        began: float,
        refused: "_StreamRefusedError",
        error: SageMakerDeepgramError,
    ) -> Transcript:
        if self._settings.is_flux or isinstance(error, RecordingError):
            return await self._by_streams(recording, began)
        try:
            return await self._by_streams(recording, began)
        except type(refused.cause) as again:
            again.add_note(f"A request with the whole recording was refused too: {error}")
            raise

    # By streams

    async def _by_streams(
        self, recording: Recording, began: float, *, may_turn: bool = False
    ) -> Transcript:
        jobs = self._jobs(recording, began)

        def on_record(record: Record) -> None:
            match record:
                case Connected():
                    self.known.streams = True
                case AttemptFailed(cause=cause) if may_turn and refuses_streams(cause, self.known):
                    raise _StreamRefusedError(cause)
                case _:
                    heard = min(job.listening.heard_to for job in jobs)
                    self._on_event(Progress(recording.name, heard, recording.seconds))

        await all_of(self._stream(job, on_record) for job in jobs)
        return self._sum_up(recording, jobs, "stream", began)

    async def _stream(self, job: ChannelJob, on_record: Callable[[Record], None]) -> None:
        stream = open_stream(
            job,
            self._settings,
            self._config,
            self._pace,
            new_client=self._new_client,
            on_record=on_record,
        )
        self._streams.add(stream)
        try:
            if self.is_stopping:
                stream.stop()
            await run_stream(stream, job)
        finally:
            self._streams.discard(stream)

    # By requests

    async def _by_request(
        self, recording: Recording, began: float, *, can_stream: bool = False
    ) -> Transcript:
        jobs = self._jobs(recording, began)
        await all_of(self._request(job, began, can_stream=can_stream) for job in jobs)
        return self._sum_up(recording, jobs, "sync", began)

    async def _request(self, job: ChannelJob, began: float, *, can_stream: bool) -> None:
        if self._settings.is_flux:
            raise RecordingError("Deepgram Flux takes streams only")
        sent = await write_request(job, self._settings)
        size = len(sent.request.body)
        refused = why_not_whole(size, sent.seconds, self.known, can_stream=can_stream)
        if refused is not None:
            raise RecordingError(f"{job.recording.name}: {refused.message}", advice=refused.advice)
        try:
            answered = await self._invoker.invoke(sent.request)
        except SageMakerDeepgramError as error:
            self.known.note_refusal(error, sent.seconds)
            raise
        self.known.note_answer(sent.seconds, answered.took)
        take_answer(sent, answered, loop_time() - began)
        self._on_event(Progress(job.recording.name, sent.seconds, sent.seconds))
        for segment in job.listening.segments:
            self._on_event(SegmentArrived(job.recording.name, segment))

    # Both ways

    def _jobs(self, recording: Recording, began: float) -> list[ChannelJob]:
        splits = self._splits and recording.channels > 1
        channels = range(recording.channels) if splits else [None]
        return [
            ChannelJob(
                replace(recording),
                channel,
                self._settings.rate_for(recording.sample_rate),
                Listening(
                    channel=channel,
                    began=began,
                    on_heard=lambda heard: self._on_event(_arrived(recording.name, heard)),
                ),
            )
            for channel in channels
        ]

    def _sum_up(
        self, recording: Recording, jobs: Sequence[ChannelJob], mode: Mode, began: float
    ) -> Transcript:
        return sum_up(
            recording,
            jobs,
            self._settings,
            mode=mode,
            names=self._names,
            took=loop_time() - began,
            is_stopped=self.is_stopping and mode == "stream",
        )


class _StreamRefusedError(Exception):
    """The first stream of an endpoint was refused as one for whole recordings refuses it."""

    def __init__(self, cause: SageMakerDeepgramError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _arrived(name: str, heard: Heard) -> RecordedEvent:
    match heard:
        case Segment():
            return SegmentArrived(name, heard)
        case Interim():
            return InterimArrived(name, heard)
        case Turn():
            return TurnArrived(name, heard)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Transcribes recordings, by streams or by requests, whichever the endpoint accepts."""

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
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
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.options import refuse_unknown_options
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.channels import ChannelJob, all_of
from pipecat_sagemaker_deepgram.recorded.decoding import Recording, open_recording
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.listening import Listening, RecordingResult
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.planning import (
    EndpointKnowledge,
    ModeWanted,
    choose,
    refuses_streams,
)
from pipecat_sagemaker_deepgram.recorded.progress import (
    InterimArrived,
    Progress,
    RecordedEvent,
    SegmentArrived,
    TurnArrived,
)
from pipecat_sagemaker_deepgram.recorded.raw_format import RawFormat
from pipecat_sagemaker_deepgram.recorded.sending import ChannelSender
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.summing_up import sum_up
from pipecat_sagemaker_deepgram.recorded.transcript import (
    Interim,
    Mode,
    Segment,
    Transcript,
    Turn,
)
from pipecat_sagemaker_deepgram.text_values import converts_text

RECORDED_CONFIG = replace(
    BATCH_CONFIG,
    stall_timeout=30.0,
    max_replay_seconds=600.0,
    min_chunk_seconds=0.08,
    max_chunk_seconds=0.5,
)
"""Time limits and sizes that suit recordings: nobody waits for words, and none may be missing."""


class RecordingTranscriber:
    """Transcribes recordings by one endpoint, any number at a time.

    Example::

        async with RecordingTranscriber("my-endpoint", "us-east-1") as transcriber:
            transcript = await transcriber.transcribe(Path("call.wav"))
            print(transcript.text)

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION``, ``AWS_DEFAULT_REGION`` or the profile's.
        settings: Parameters of the model.
        mode: ``stream`` streams, ``sync`` sends each recording as a whole by ``InvokeEndpoint``,
            ``auto`` does what the endpoint accepts: it streams, unless the endpoint has refused
            its first stream and accepted a whole recording.
        split_channels: Whether each channel is transcribed separately; otherwise they are mixed.
        channel_names: Names of the channels, one for each. They need ``split_channels``.
        speed: Maximum factor by which a recording is streamed faster than real time; infinite
            for as fast as the container listens.
        concurrency: Maximum number of concurrent requests, at least 1.
        config: Time limits and sizes; by default ``RECORDED_CONFIG``.
        retry_policy: How often and for how long a lost stream or a failed request is retried.
        on_event: Called with intermediate results and with the progress.
        **options: How to reach the endpoint: see ``ConnectionOptions``. An ``endpoint_url`` is
            that of streams and of requests.

    Raises:
        ConfigurationError: A parameter is invalid.
        TypeError: A parameter is unknown.
    """

    @converts_text
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
        if channel_names and not split_channels:
            raise ConfigurationError(
                "channel_names needs split_channels",
                advice="Channels that are mixed have no names.",
            )
        if concurrency < 1:
            raise ConfigurationError(f"concurrency is {concurrency}; it must be at least 1")
        self._settings = settings or RecordedSettings()
        self._mode: ModeWanted = mode
        self._splits = split_channels
        self._names = tuple(channel_names)
        self._on_event = on_event
        self._sender = ChannelSender(
            endpoint_name,
            region,
            settings=self._settings,
            pace=Pace(speed),
            config=config or RECORDED_CONFIG,
            retry_policy=retry_policy or RetryPolicy(),
            concurrency=concurrency,
            options=options,
        )

    @property
    def known(self) -> EndpointKnowledge:
        """What is known about the endpoint from its answers so far."""
        return self._sender.known

    @property
    def is_stopping(self) -> bool:
        """Whether no more audio is to be sent."""
        return self._sender.is_stopping

    async def __aenter__(self) -> Self:
        """Return itself; connections are opened when they are needed."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close idle connections."""
        self._sender.close()

    def stop(self) -> None:
        """Send no more audio of any recording; what was sent is still transcribed."""
        self._sender.stop()

    async def transcribe(
        self, source: Path | bytes | Recording, *, name: str = "", raw: RawFormat | None = None
    ) -> Transcript:
        """Transcribe a recording.

        Args:
            source: A file, its content, or what ``open_recording`` returned.
            name: Name of the recording; by default the path of the file.
            raw: Its format if it has no header.

        Returns:
            The transcript; its ``problem`` says what is missing, if anything is.

        Raises:
            RecordingError: It cannot be read, cannot be sent in the requested mode, or does not
                have as many channels as there are names.
            SageMakerDeepgramError: It could not be transcribed; the class says why.
        """
        began = loop_time()
        if not isinstance(source, Recording):
            source = await asyncio.to_thread(open_recording, source, name=name, raw=raw)
        _require_as_many_names(source, self._names)
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
        """Try whether an endpoint that refused its first stream accepts whole recordings."""
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

    async def _by_streams(
        self, recording: Recording, began: float, *, may_turn: bool = False
    ) -> Transcript:
        jobs = self._jobs(recording, began)
        on_record = partial(self._follow, recording, jobs, may_turn)
        await all_of(self._sender.stream(job, on_record) for job in jobs)
        return self._sum_up(recording, jobs, "stream", began)

    def _follow(
        self, recording: Recording, jobs: Sequence[ChannelJob], may_turn: bool, record: Record
    ) -> None:
        match record:
            case Connected():
                self.known.streams = True
            case AttemptFailed(cause=cause) if may_turn and refuses_streams(cause, self.known):
                raise _StreamRefusedError(cause)
            case _:
                heard = min(job.listening.heard_to for job in jobs)
                self._on_event(Progress(recording.name, heard, recording.seconds))

    async def _by_request(
        self, recording: Recording, began: float, *, can_stream: bool = False
    ) -> Transcript:
        jobs = self._jobs(recording, began)
        await all_of(self._request(job, began, can_stream=can_stream) for job in jobs)
        return self._sum_up(recording, jobs, "sync", began)

    async def _request(self, job: ChannelJob, began: float, *, can_stream: bool) -> None:
        seconds = await self._sender.request(job, began, can_stream=can_stream)
        self._on_event(Progress(job.recording.name, seconds, seconds))
        for segment in job.listening.segments:
            self._on_event(SegmentArrived(job.recording.name, segment))

    def _jobs(self, recording: Recording, began: float) -> list[ChannelJob]:
        splits = self._splits and (recording.channels > 1 or bool(self._names))
        channels = range(recording.channels) if splits else [None]
        return [self._job(recording, channel, began) for channel in channels]

    def _job(self, recording: Recording, channel: int | None, began: float) -> ChannelJob:
        listening = Listening(
            channel=channel,
            began=began,
            on_heard=lambda heard: self._on_event(_arrived(recording.name, heard)),
        )
        rate = self._settings.rate_for(recording.sample_rate)
        return ChannelJob(replace(recording), channel, rate, listening)

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
    """The first stream was refused as an endpoint for whole recordings refuses it."""

    def __init__(self, cause: SageMakerDeepgramError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _require_as_many_names(recording: Recording, names: Sequence[str]) -> None:
    """Check that each channel has a name, if any has."""
    if names and len(names) != recording.channels:
        has = "1 channel" if recording.channels == 1 else f"{recording.channels} channels"
        given = "1 channel name was" if len(names) == 1 else f"{len(names)} channel names were"
        raise RecordingError(
            f"{recording.name} has {has}, but {given} given",
            advice="Give one name for each channel, or none.",
        )


def _arrived(name: str, heard: RecordingResult) -> RecordedEvent:
    match heard:
        case Segment():
            return SegmentArrived(name, heard)
        case Interim():
            return InterimArrived(name, heard)
        case Turn():
            return TurnArrived(name, heard)

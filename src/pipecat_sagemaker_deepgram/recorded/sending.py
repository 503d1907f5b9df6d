# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Sends the channels of recordings to one endpoint, by streams and by requests."""

from collections.abc import Callable

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    ConnectionOptions,
    Record,
    RetryPolicy,
    SageMakerBidiClient,
)
from pipecat_sagemaker_deepgram.client.clock import loop_time
from pipecat_sagemaker_deepgram.client.stream_protocol import StreamProtocol
from pipecat_sagemaker_deepgram.exceptions import SageMakerDeepgramError
from pipecat_sagemaker_deepgram.recorded.channels import (
    ChannelJob,
    ChannelRequest,
    open_stream,
    run_stream,
    take_answer,
    write_request,
)
from pipecat_sagemaker_deepgram.recorded.exceptions import RecordingError
from pipecat_sagemaker_deepgram.recorded.invoking import RecordingInvoker
from pipecat_sagemaker_deepgram.recorded.pacing import Pace
from pipecat_sagemaker_deepgram.recorded.planning import EndpointKnowledge, why_not_whole
from pipecat_sagemaker_deepgram.recorded.settings import RecordedSettings
from pipecat_sagemaker_deepgram.recorded.streaming import ChannelStream


class ChannelSender:
    """Sends channels.

    Args:
        endpoint_name: Name of the SageMaker endpoint.
        region: Its AWS region; ``None`` for that of the environment or the profile.
        settings: Parameters of the model.
        pace: How fast a recording is streamed.
        config: Time limits and sizes.
        retry_policy: How lost streams and failed requests are retried.
        concurrency: Maximum number of concurrent requests.
        options: How to reach the endpoint.

    Attributes:
        known: What is known about the endpoint from its answers so far.
        is_stopping: Whether no more audio is to be sent.
    """

    def __init__(
        self,
        endpoint_name: str,
        region: str | None,
        *,
        settings: RecordedSettings,
        pace: Pace,
        config: ClientConfig,
        retry_policy: RetryPolicy,
        concurrency: int,
        options: ConnectionOptions,
    ) -> None:
        self.known = EndpointKnowledge()
        self.is_stopping = False
        self._endpoint = (endpoint_name, region)
        self._settings = settings
        self._pace = pace
        self._config = config
        self._policy = retry_policy
        self._options = options
        self._streams: set[ChannelStream] = set()
        self._invoker = RecordingInvoker(
            endpoint_name,
            region,
            config=config,
            retry_policy=retry_policy,
            concurrency=concurrency,
            options=options,
        )

    def stop(self) -> None:
        """Send no more audio; what was sent is still transcribed."""
        self.is_stopping = True
        for stream in self._streams:
            stream.stop()

    def close(self) -> None:
        """Close idle connections."""
        self._invoker.close()

    async def stream(self, job: ChannelJob, on_record: Callable[[Record], None]) -> None:
        """Stream a channel.

        Args:
            job: The channel; its result is stored in it.
            on_record: Called with each record of the session.

        Raises:
            RecordingError: The recording cannot be read.
            SageMakerDeepgramError: Recovery failed.
        """
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

    async def request(self, job: ChannelJob, began: float, *, can_stream: bool) -> float:
        """Send a channel as a whole.

        Args:
            job: The channel; its result is stored in it.
            began: When its transcription began.
            can_stream: Whether it can be streamed instead.

        Returns:
            Seconds of audio that were sent.

        Raises:
            RecordingError: It cannot be read, or is too large or too long.
            SageMakerDeepgramError: The endpoint did not transcribe it.
        """
        if self._settings.is_flux:
            raise RecordingError("Deepgram Flux accepts streams only")
        sent = await write_request(job, self._settings)
        self._refuse_too_large(sent, can_stream=can_stream)
        try:
            answered = await self._invoker.invoke(sent.request)
        except SageMakerDeepgramError as error:
            self.known.note_refusal(error, sent.seconds)
            raise
        self.known.note_answer(sent.seconds, answered.took)
        take_answer(sent, answered, loop_time() - began)
        return sent.seconds

    def _refuse_too_large(self, sent: ChannelRequest, *, can_stream: bool) -> None:
        size = len(sent.request.body)
        refused = why_not_whole(size, sent.seconds, self.known, can_stream=can_stream)
        if refused is not None:
            name = sent.job.recording.name
            raise RecordingError(f"{name}: {refused.message}", advice=refused.advice)

    def _new_client(self, protocol: StreamProtocol) -> SageMakerBidiClient:
        return SageMakerBidiClient(
            *self._endpoint,
            protocol=protocol,
            config=self._config,
            retry_policy=self._policy,
            **self._options,
        )

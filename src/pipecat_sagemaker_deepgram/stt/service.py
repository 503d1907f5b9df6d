# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What both services share: one session of the client, from setup to its end."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import replace
from typing import Any

from loguru import logger
from pipecat.frames.frames import CancelFrame, EndFrame, Frame
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.services.settings import ServiceSettings, STTSettings
from pipecat.services.stt_service import STTService
from pipecat.utils.errors import ErrorCategory

from pipecat_sagemaker_deepgram.client import (
    ClientConfig,
    Message,
    RetryPolicy,
    SageMakerBidiClient,
    StreamProtocol,
    Target,
)
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError, SageMakerDeepgramError
from pipecat_sagemaker_deepgram.stt.arguments import refuse_unknown_keywords
from pipecat_sagemaker_deepgram.stt.session_reporter import (
    EVENT_HANDLERS,
    Change,
    SessionReporter,
    error_category,
)
from pipecat_sagemaker_deepgram.stt.session_settings import SettingsTrial, own_delta
from pipecat_sagemaker_deepgram.stt.settings import restore
from pipecat_sagemaker_deepgram.stt.speaker_log import SpeakerLog

CANCEL_TIMEOUT = 1.0
"""Seconds that a cancelled pipeline waits for what is left."""

PROBE_INTERVAL = 15.0
"""Seconds from which on a service whose recovery has failed tries again, unless told otherwise: a
session that ends instead could never be brought back."""


class SageMakerSTTService(STTService):
    """A speech-to-text service whose words come from a container behind a SageMaker endpoint.

    It connects in the background while the pipeline starts; audio that comes before the stream
    is up is kept and sent first. At the end of the pipeline everything that was said is
    transcribed before ``EndFrame`` goes on, within ``close_timeout``.

    Subclasses say what messages mean in ``_handle_message``. Where they wait for something,
    they tell until when by ``_set_timer``, and ``_handle_timer`` is called in between messages,
    by the same task.

    Args:
        protocol: What the container's messages mean for the session.
        settings: A complete store of settings.
        endpoint_name: Name of the SageMaker endpoint.
        region: AWS region; by default ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.
        endpoint_url: Base URL instead of the region's own.
        ca_bundle: PEM file of trusted certificates.
        credentials: ``Credentials``, a botocore or boto3 session, or an object with an async
            ``resolve()``; by default botocore's whole chain.
        targets: Further endpoints to turn to when the first one fails.
        client_config: Time limits and sizes of the client; without a ``probe_interval`` it is 15.
        retry_policy: How often and how long a lost stream is tried for.
        close_timeout: Most seconds for the rest of the transcript at the end of the pipeline; by
            default ``client_config``'s.
        **kwargs: Passed to Pipecat's ``STTService``.

    Raises:
        ConfigurationError: A parameter is not valid, or none of that name is known.
    """

    def __init__(
        self,
        *,
        protocol: StreamProtocol,
        settings: STTSettings,
        endpoint_name: str,
        region: str | None = None,
        endpoint_url: str | None = None,
        ca_bundle: str | os.PathLike[str] | None = None,
        credentials: Any = None,
        targets: Sequence[Target] = (),
        client_config: ClientConfig | None = None,
        retry_policy: RetryPolicy | None = None,
        close_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        refuse_unknown_keywords(type(self), kwargs)
        super().__init__(settings=settings, **kwargs)
        config = client_config or ClientConfig()
        if config.probe_interval is None:
            config = replace(config, probe_interval=PROBE_INTERVAL)
        if close_timeout is not None:
            config = replace(config, close_timeout=close_timeout)
        self._close_timeout = config.close_timeout
        self._reporter = SessionReporter(self, self._settle_settings)
        self._speakers = SpeakerLog()
        self._client = SageMakerBidiClient(
            endpoint_name=endpoint_name,
            region=region,
            targets=targets,
            endpoint_url=endpoint_url,
            ca_bundle=ca_bundle,
            credentials=credentials,
            config=config,
            retry_policy=retry_policy,
            on_event=self._sort_event,
            protocol=protocol,
        )
        self._session_tasks: list[asyncio.Task[None]] = []
        self._previous_settings: dict[str, Any] = {}
        self._settings_trial = SettingsTrial()
        self._timer_at: float | None = None
        self._timer: asyncio.Timeout | None = None
        for name in EVENT_HANDLERS:
            self._register_event_handler(name)

    def can_generate_metrics(self) -> bool:
        """Metrics are generated."""
        return True

    # From setup to the end

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Start connecting in the background.

        Args:
            setup: The pipeline's configuration of its processors.
        """
        await super().setup(setup)
        self._session_tasks = [
            self.create_task(self._reporter.run(), "events"),
            self.create_task(self._receive(), "messages"),
        ]
        self._client.connect()

    async def stop(self, frame: EndFrame) -> None:
        """Transcribe what is left, then close.

        Args:
            frame: The frame that ends the pipeline.
        """
        await super().stop(frame)
        await self._disconnect(timeout=self._close_timeout)

    async def cancel(self, frame: CancelFrame) -> None:
        """Close at once.

        Args:
            frame: The frame that cancels the pipeline.
        """
        await super().cancel(frame)
        await self._disconnect(timeout=CANCEL_TIMEOUT)

    async def cleanup(self) -> None:
        """Close whatever is still open."""
        await super().cleanup()
        await self._disconnect(timeout=0.0)

    async def _disconnect(self, *, timeout: float) -> None:
        await self._client.close_session(timeout=timeout)
        if self._session_tasks:
            await asyncio.wait(self._session_tasks, timeout=1.0)
        while self._session_tasks:
            await self.cancel_task(self._session_tasks.pop())

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Hand audio to the client, and note whose it is; results come from the session's task.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Nothing: ``None``.
        """
        if self._client.takes_audio:
            self._speakers.note(self._user_id, self._client.audio_seconds)
            await self._client.send_audio_chunk(audio)
        yield None

    # What happens to the session

    def _take_event(self, event: events.SessionEvent) -> None:
        """Take note of an event as it happens; must not wait. Handlers are told in turn."""
        self._reporter.take(event)

    def _sort_event(self, event: events.SessionEvent) -> None:
        """Count silence that was sent as usage at once; take note of all else.

        Pipecat counts silence of its own as usage too. A replay is told in
        ``SessionMetricsData`` instead.
        """
        if self._settings_trial.is_passed(event):
            self._previous_settings = {}
        if isinstance(event, events.SilenceSent):
            self._record_stt_audio_usage(bytes(round(event.seconds * self.sample_rate) * 2))
        else:
            self._take_event(event)

    async def set_usable(self, is_usable: bool) -> None:
        """Say whether the service can be given work; one that is brought back connects at once.

        Args:
            is_usable: Whether it can.
        """
        await super().set_usable(is_usable)
        if is_usable and self._session_tasks:
            self._client.connect()

    def _classify_error(self, exception: Exception) -> ErrorCategory | None:
        return error_category(exception)

    # Settings

    async def _update_settings(self, delta: STTSettings) -> dict[str, Any]:
        """Apply settings by a new stream, without losing a word of the one in use.

        Settings that cannot be are told as an error and change nothing.
        """
        given = delta.given_fields() if isinstance(delta, ServiceSettings) else {}
        try:
            delta = own_delta(self._settings, delta)
            wanted = self._settings.copy()
            wanted.apply_update(delta)
            self._check_settings(wanted)
        except ConfigurationError as error:
            await self._tell_refused(given, error, why=str(error))
            return {}
        changed = await super()._update_settings(delta)
        if changed:
            await self._apply_settings(changed)
        return changed

    async def _apply_settings(self, changed: dict[str, Any]) -> None:
        """Bring settings to the container; ``changed`` has the values before."""
        self._previous_settings = changed | self._previous_settings
        self._settings_trial.begin()
        self._client.change_stream("settings")

    def _check_settings(self, settings: STTSettings) -> None:
        """Check a complete store; raise ``ConfigurationError`` where no container would take it."""

    async def _settle_settings(self, change: Change) -> None:
        """Go on with the settings before where a container has refused the new ones."""
        if not (self._previous_settings and self._settings_trial.is_failed(change)):
            return
        previous, self._previous_settings = self._previous_settings, {}
        restore(self._settings, previous)
        self._sync_model_name_to_metrics()
        await self._tell_refused(previous, change.cause, why=self._reporter.text_of(change.cause))

    async def _tell_refused(self, names: Iterable[str], cause: Exception, *, why: str) -> None:
        refused = " ".join(["The settings", ", ".join(sorted(names))]).rstrip()
        await self.push_error(
            f"{refused} were refused, those before stay in use: {why}",
            exception=cause,
            category=ErrorCategory.APPLICATION,
        )

    # Messages

    async def _handle_message(self, message: Message) -> None:
        """Do what follows from a message."""
        raise NotImplementedError

    async def _handle_timer(self) -> None:
        """Do what is due at the time given to ``_set_timer``, which is none from here on."""

    async def _handle_end(self) -> None:
        """Do what is left when no message will come any more."""

    def _set_timer(self, at: float | None) -> None:
        """Have ``_handle_timer`` called at a time of the event loop's clock, or not at all."""
        self._timer_at = at
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(at)

    async def _receive(self) -> None:
        while (message := await self._next_message()) is not None:
            await self._handle_message(message)
        await self._handle_end()

    async def _next_message(self) -> Message | None:
        while True:
            timer = asyncio.timeout_at(self._timer_at)
            try:
                async with timer:
                    return await self._receive_within(timer)
            except TimeoutError:
                if not timer.expired():
                    raise
            await self._handle_timer_if_due()

    async def _handle_timer_if_due(self) -> None:
        """It may have been set anew between its ringing and here."""
        if self._timer_at is not None and asyncio.get_running_loop().time() >= self._timer_at:
            self._timer_at = None
            await self._handle_timer()

    async def _receive_within(self, timer: asyncio.Timeout) -> Message | None:
        self._timer = timer
        try:
            return await self._client.receive_message()
        except SageMakerDeepgramError as error:
            logger.debug(f"{self}: no more messages will come: {error}")
            return None
        finally:
            self._timer = None

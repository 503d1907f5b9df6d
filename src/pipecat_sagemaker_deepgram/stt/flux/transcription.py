# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""What a Deepgram Flux service does about speech: turns, silence, settings, in one task."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    Frame,
    STTMuteFrame,
    UserMuteStoppedFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.transcriptions.language import Language
from pipecat.turns.eager_end_of_turn_mixin import EagerEndOfTurnSTTServiceMixin
from pipecat.utils.tracing.service_decorators import traced_stt

from pipecat_sagemaker_deepgram.client import Message
from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import FORCE_END_TURN
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    Error,
    FluxMessage,
    MalformedMessage,
    TurnInfo,
    UnknownMessage,
    Warning,
    shift_body,
)
from pipecat_sagemaker_deepgram.deepgram.v2.query import MULTILINGUAL
from pipecat_sagemaker_deepgram.deepgram.v2.turn_events import Heard, TurnEnded, TurnEvent
from pipecat_sagemaker_deepgram.deepgram.v2.turns import TurnMachine
from pipecat_sagemaker_deepgram.deepgram.v2.watchdog import (
    ContainerDeaf,
    SilenceDue,
    SilenceSpent,
    SilenceWatchdog,
)
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.flux.settings import DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.flux.tuned import TunedService
from pipecat_sagemaker_deepgram.stt.flux.turns import TURN_HANDLERS, TurnReporter


class FluxTranscription(EagerEndOfTurnSTTServiceMixin, TunedService):
    """Tells turns, keeps the container's clock going, and brings settings to it.

    Messages, the session's events and what is due by time are handled by one task, in the order
    in which they happen.

    Args:
        settings: A complete store of settings.
        manual_turns: Whether the application ends turns.
        watchdog_min_timeout: Least seconds without audio before silence is sent in a turn.
        **kwargs: Passed to ``TunedService`` and Pipecat's mixin.
    """

    def __init__(
        self,
        *,
        settings: DeepgramFluxSageMakerSTTSettings,
        manual_turns: bool,
        watchdog_min_timeout: float,
        **kwargs: Any,
    ) -> None:
        self._turns = TurnMachine(eot_timeout=settings.eot_timeout)
        self._watchdog = SilenceWatchdog(min_timeout=watchdog_min_timeout)
        self._manual_turns = manual_turns
        # Events of the session wait for the messages that came before them.
        self._later: deque[tuple[int, events.SessionEvent]] = deque()
        self._handled_messages = 0
        self._is_to_propose_again = False
        super().__init__(settings=settings, manual_turns=manual_turns, **kwargs)
        self._turn_reporter = TurnReporter(self, self._speakers, self._handle_transcription)
        self._use_local_settings()
        for name in TURN_HANDLERS:
            self._register_event_handler(name)

    # Frames

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Hand audio to the client, and tell the watchdog; results come from the session's task.

        Args:
            audio: Audio of the pipeline.

        Yields:
            Nothing: ``None``.
        """
        self._watchdog.audio_given(len(audio) / ((self.sample_rate or 16_000) * 2), _now())
        async for frame in super().run_stt(audio):
            yield frame

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """End a turn where the application does, and propose it again after a mute.

        Args:
            frame: The frame.
            direction: Where it goes.
        """
        await super().process_frame(frame, direction)
        match frame:
            case VADUserStoppedSpeakingFrame() if self._manual_turns:
                await self.end_turn()
            case STTMuteFrame(mute=False) | UserMuteStoppedFrame():
                self._is_to_propose_again = True
                self._set_timer(_now())
            case UserStartedSpeakingFrame() | UserStoppedSpeakingFrame():
                self._turn_reporter.note(frame)

    async def end_turn(self) -> None:
        """End the turn of what was said until now.

        Raises:
            ConfigurationError: The service was not made with ``manual_turns``.
        """
        if not self._manual_turns:
            raise ConfigurationError(
                "end_turn was called, but turns are Flux's", advice="Pass manual_turns=True."
            )
        if not self._client.takes_audio:
            return
        now = _now()
        is_sent = self._tuning.can_force_end(now)
        self._turns.request_end(self._client.audio_seconds, now, is_sent=is_sent)
        if is_sent:
            await self._client.send_text(self._tuning.force_end().text, kind=FORCE_END_TURN)
        self._arm_timer()

    # Messages, events and time

    def _take_event(self, event: events.SessionEvent) -> None:
        self._later.append((self._client.stats.messages_received, event))
        self._set_timer(_now())
        self._note_event(event, has_open_turn=self._turns.is_open)

    async def _handle_message(self, message: Message) -> None:
        self._handled_messages += 1
        parsed, body = message.value
        self._turns.note_sequence(message.stream, parsed.sequence_id)
        if isinstance(parsed, TurnInfo):
            await self._handle_turn_info(message, parsed, body)
        else:
            await self._handle_other(parsed)
        await self._go_on()

    async def _handle_turn_info(
        self, message: Message, info: TurnInfo, body: dict[str, Any]
    ) -> None:
        to_session = message.timeline.to_session
        heard = Heard(
            info.in_session_time(to_session),
            message.stream,
            to_session(0.0),
            shift_body(body, to_session),
        )
        if info.event == "EndOfTurn":
            self._tuning.turn_ended(info.trigger, _now())
        await self._tell_all(self._turns.observe(heard, _now()))

    async def _handle_other(self, message: FluxMessage) -> None:
        match message:
            case ConfigureSuccess() | ConfigureFailure():
                await self._do_all(self._tuning.answered(message, _now()))
            case Warning(code=code, description=description):
                logger.debug(f"{self}: Deepgram warns of {code}: {description}")
                self._tuning.warned(code, _now())
            case Error():
                if (capability := self._tuning.refused(message, _now())) is not None:
                    logger.info(f"{self}: this container does not understand {capability}")
            case MalformedMessage(reason=reason):
                logger.warning(f"{self}: received {reason}; it is left out")
            case UnknownMessage(type=kind):
                logger.debug(f"{self}: received an unknown {kind or 'message'}")

    async def _handle_timer(self) -> None:
        now = _now()
        await self._tell_all(self._turns.handle_timer(now))
        await self._do_all(self._tuning.handle_timer(now))
        await self._send_silence(now)
        await self._go_on()

    async def _handle_end(self) -> None:
        await self._tell_all(self._turns.end())
        while self._later:
            super()._take_event(self._later.popleft()[1])

    async def _go_on(self) -> None:
        """Handle the events whose turn it is, then wait for what is due next."""
        while self._is_event_due:
            event = self._later.popleft()[1]
            await self._handle_event(event)
            super()._take_event(event)
        if self._is_to_propose_again:
            self._is_to_propose_again = False
            if self._turns.is_shown:
                await self._turn_reporter.propose_start()
        self._arm_timer()

    def _arm_timer(self) -> None:
        now = _now()
        self._watchdog.turn_is(self._turns.is_open, now)
        timers = [self._turns.get_timer(), self._tuning.get_timer(), self._watchdog.get_timer()]
        if self._is_event_due or self._is_to_propose_again:
            timers.append(now)
        self._set_timer(min((at for at in timers if at is not None), default=None))

    @property
    def _is_event_due(self) -> bool:
        return bool(self._later) and self._later[0][0] <= self._handled_messages

    async def _handle_event(self, event: events.SessionEvent) -> None:
        match event:
            case events.Connected() | events.StreamChanged():
                await self._use_stream(event, _now())
            case events.Lost():
                self._turns.stream_lost()
            case events.ControlSent(kind=kind) if kind == FORCE_END_TURN:
                self._turns.end_request_sent(_now())
            case events.GivenUp():
                await self._tell_all(self._turns.end())
                await self._turn_reporter.wait_for_the_end()

    async def _use_stream(self, event: events.Connected | events.StreamChanged, now: float) -> None:
        self._watchdog.start_over(now)
        self._turns.stream_began(event.stream, replayed_seconds=event.replayed_seconds, now=now)
        await self._settle_on_stream()

    async def _send_silence(self, now: float) -> None:
        heard_to, given = self._turns.heard_to, self._client.audio_seconds
        match self._watchdog.handle_timer(now, heard_to=heard_to, given=given):
            case SilenceSpent():
                await self._tell_all(self._turns.end())
            case ContainerDeaf():
                self._client.change_stream("requested", within=0.0)
            case SilenceDue(seconds=seconds) if self._client.send_silence(seconds):
                self._watchdog.silence_sent(seconds)
            case SilenceDue():
                self._watchdog.start_over(now)

    async def _tell_all(self, happened: list[TurnEvent]) -> None:
        for event in happened:
            if isinstance(event, TurnEnded) and event.is_ours:
                self._answer_for(event)
            await self._turn_reporter.tell(event)

    def _answer_for(self, event: TurnEnded) -> None:
        """Keep the audio of a turn that was ended here from being heard again."""
        self._client.acknowledge(event.heard.info.text_end)
        if event.is_committed:
            self._client.change_stream("requested", within=0.0)

    @traced_stt
    async def _handle_transcription(
        self, transcript: str, is_final: bool, language: Language | None = None
    ) -> None:
        """Record a transcription for tracing."""

    # Settings that no container is told

    def _use_local_settings(self) -> None:
        settings = self._settings
        confidence: Any = settings.min_confidence
        self._turns.min_confidence = confidence or 0.0
        self._turns.eot_timeout = self._watchdog.eot_timeout = settings.eot_timeout
        if settings.language is not None:
            logger.warning(f"{self}: Flux has no language parameter; language_hints does that")
        if settings.language_hints and settings.model != MULTILINGUAL:
            logger.warning(f"{self}: language_hints are for {MULTILINGUAL} only; not sent")


def _now() -> float:
    return asyncio.get_running_loop().time()

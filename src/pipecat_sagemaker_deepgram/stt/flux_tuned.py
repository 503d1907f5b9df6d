# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A Deepgram Flux service's settings on their way to the container, and back if it refuses."""

import asyncio
from typing import Any

from pipecat_sagemaker_deepgram.client import session_events as events
from pipecat_sagemaker_deepgram.exceptions import (
    ConfigurationError,
    ModelUnavailableError,
    SageMakerDeepgramError,
)
from pipecat_sagemaker_deepgram.stt.flux_capabilities import CapabilityCache
from pipecat_sagemaker_deepgram.stt.flux_settings import DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.flux_tuning import (
    FluxTuning,
    OpenAnother,
    Restore,
    SendText,
    TuningAction,
)
from pipecat_sagemaker_deepgram.stt.query_settings import restore
from pipecat_sagemaker_deepgram.stt.service_base import SageMakerSTTService
from pipecat_sagemaker_deepgram.stt.session_reporter import Change


class TunedService(SageMakerSTTService):
    """Applies settings in the stream where the container takes them, else by a new stream.

    Args:
        settings: A complete store of settings.
        capabilities: What is known of containers.
        manual_turns: Whether the application ends turns.
        **kwargs: Passed to ``SageMakerSTTService``.
    """

    _settings: DeepgramFluxSageMakerSTTSettings  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(
        self,
        *,
        settings: DeepgramFluxSageMakerSTTSettings,
        capabilities: CapabilityCache,
        manual_turns: bool,
        **kwargs: Any,
    ) -> None:
        self._tuning = FluxTuning(settings, capabilities, ends_turns=manual_turns)
        self._to_do: list[TuningAction] = []
        # Settings on trial are taken back if a stream that has to come up is refused over them.
        self._has_worked = False
        self._ended_trial: Restore | None = None
        super().__init__(settings=settings, **kwargs)

    def _use_local_settings(self) -> None:
        """Use the settings that no container is told."""

    def _arm_timer(self) -> None:
        """Have the timer set anew."""

    def _note_event(self, event: events.SessionEvent, *, has_open_turn: bool) -> None:
        """Do about settings what cannot wait until the event's turn has come."""
        match event:
            case events.Connecting(stream=stream, target=target):
                self._tuning.opening(stream, target)
            case events.Connected(stream=stream) | events.StreamChanged(stream=stream):
                self._greet(stream, has_open_turn=has_open_turn)
            case events.AttemptFailed(cause=cause) if self._has_worked:
                self._end_trial(cause)

    def _greet(self, stream: int, *, has_open_turn: bool) -> None:
        """Have a new stream sent what it may die of, while it has no audio yet."""
        for action in self._tuning.stream_came(stream, _now(), has_open_turn=has_open_turn):
            if isinstance(action, SendText):
                self._client.send_text_at_once(action.text)
            else:
                self._to_do.append(action)

    async def _settle_on_stream(self, event: events.Connected | events.StreamChanged) -> None:
        """Another stream is in use: what its query carried is settled."""
        self._has_worked = True
        if isinstance(event, events.Connected) or event.reason == "settings":
            self._previous_settings = {}
        actions, self._to_do = self._to_do, []
        await self._do_all(actions)

    async def _tell_ended_trial(self) -> None:
        """Tell that settings were taken back, if they were."""
        refusal, self._ended_trial = self._ended_trial, None
        if refusal is not None:
            await self._tell_refusal(refusal)

    async def _apply_settings(self, changed: dict[str, Any]) -> None:
        self._use_local_settings()
        is_up = self._client.is_active
        await self._do_all(self._tuning.change(changed, _now(), is_up=is_up))
        self._arm_timer()

    async def _do_all(self, actions: list[TuningAction]) -> None:
        for action in actions:
            match action:
                case SendText(text=text):
                    await self._client.send_text(text)
                case OpenAnother(previous=previous):
                    await super()._apply_settings(previous)
                case Restore():
                    restore(self._settings, action.previous)
                    await self._tell_refusal(action)

    async def _settle_settings(self, change: Change) -> None:
        if isinstance(change, events.ChangeRefused) and self._previous_settings:
            await super()._settle_settings(change)

    def _end_trial(self, cause: SageMakerDeepgramError) -> None:
        """Go back to settings that worked before a stream that has to come up is asked again."""
        if isinstance(cause, ModelUnavailableError) and self._previous_settings:
            previous, self._previous_settings = self._previous_settings, {}
            restore(self._settings, previous)
            self._ended_trial = Restore(previous, str(cause))

    async def _tell_refusal(self, refusal: Restore) -> None:
        self._use_local_settings()
        cause = ConfigurationError(refusal.reason)
        await self._tell_refused(refusal.previous, cause, why=refusal.reason)


def _now() -> float:
    return asyncio.get_running_loop().time()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""A Deepgram Flux service's settings on their way to the container, and back if it refuses."""

import asyncio
from collections.abc import Iterable
from typing import Any

from pipecat_sagemaker_deepgram.client import records as events
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import FORCE_END_TURN, CapabilityCache
from pipecat_sagemaker_deepgram.exceptions import ConfigurationError
from pipecat_sagemaker_deepgram.stt.flux.settings import DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.stt.flux.tuning import (
    FluxTuning,
    OpenAnother,
    Restore,
    SendText,
    TuningAction,
)
from pipecat_sagemaker_deepgram.stt.service import SageMakerSTTService
from pipecat_sagemaker_deepgram.stt.settings import restore


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

    def _greet(self, stream: int, *, has_open_turn: bool) -> None:
        """Have a new stream sent what it may die of, while it has no audio yet."""
        now = _now()
        actions = self._tuning.stream_came(stream, now, has_open_turn=has_open_turn)
        if not self._tuning.can_force_end(now):
            self._client.forget_controls(FORCE_END_TURN)
        for action in actions:
            if isinstance(action, SendText):
                self._client.send_text_at_once(action.text)
            else:
                self._to_do.append(action)

    async def _settle_on_stream(self) -> None:
        """Do what else a stream that has come up asks for, now that its turn has come."""
        actions, self._to_do = self._to_do, []
        await self._do_all(actions)

    async def _apply_settings(self, changed: dict[str, Any]) -> None:
        self._use_local_settings()
        is_up = self._client.is_active
        await self._do_all(self._tuning.change(changed, _now(), is_up=is_up))
        self._arm_timer()

    async def _do_all(self, actions: list[TuningAction]) -> None:
        for action in actions:
            match action:
                case SendText(text=text) if self._client.takes_audio:
                    await self._client.send_text(text)
                case OpenAnother(previous=previous):
                    await super()._apply_settings(previous)
                case Restore():
                    restore(self._settings, action.previous)
                    cause = ConfigurationError(action.reason)
                    await self._tell_refused(action.previous, cause, why=action.reason)

    async def _tell_refused(self, names: Iterable[str], cause: Exception, *, why: str) -> None:
        self._use_local_settings()
        await super()._tell_refused(names, cause, why=why)


def _now() -> float:
    return asyncio.get_running_loop().time()

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's default turn strategies as a recommendation that costs nothing until it is used.

``UserTurnStrategies()`` immediately loads a smart-turn model on the event loop, although the
receiver may have strategies of its own. Here the strategies are created when they are first
requested, and the model is loaded when it first runs, by the thread that runs it.
"""

from functools import cached_property
from typing import Any

from pipecat.audio.turn.smart_turn.base_smart_turn import BaseSmartTurn
from pipecat.turns.user_start import BaseUserTurnStartStrategy
from pipecat.turns.user_stop import BaseUserTurnStopStrategy, TurnAnalyzerUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import (
    UserTurnStrategies,
    default_user_turn_start_strategies,
)


class DefaultTurnStrategies(UserTurnStrategies):
    """The same as ``UserTurnStrategies()``, but each part is created when it is requested."""

    def __init__(self) -> None:
        """Create no strategies yet."""

    @cached_property
    def start(self) -> list[BaseUserTurnStartStrategy] | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The strategies that detect a turn's start."""
        return default_user_turn_start_strategies()

    @cached_property
    def stop(self) -> list[BaseUserTurnStopStrategy] | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The strategies that detect a turn's end."""
        return [TurnAnalyzerUserTurnStopStrategy(turn_analyzer=SmartTurnOnDemand())]

    def __eq__(self, other: object) -> bool:
        """Compare by identity, so that comparing creates no strategies."""
        return self is other

    def __hash__(self) -> int:
        """The hash of the object's identity."""
        return id(self)

    def __repr__(self) -> str:
        """The name of the class; creates no strategies."""
        return f"{type(self).__name__}()"


class SmartTurnOnDemand(BaseSmartTurn):
    """Pipecat's local smart-turn analyzer, whose model is loaded when it is first run.

    Pipecat runs models in a thread, so this one is also loaded there.
    """

    def _predict_endpoint(self, audio_array: Any) -> dict[str, Any]:
        model = self._model
        model.set_sample_rate(self.sample_rate)
        return model._predict_endpoint(audio_array)

    @cached_property
    def _model(self) -> BaseSmartTurn:
        from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

        return LocalSmartTurnAnalyzerV3(params=self.params)

# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""Pipecat's own turn strategies as a recommendation that costs nothing until it is taken.

``UserTurnStrategies()`` loads a smart-turn model on the event loop at once, though whoever gets it
may have strategies of its own. Here the strategies are made when they are first asked for, and the
model is loaded by the thread that runs it, when it is first run.
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
    """What ``UserTurnStrategies()`` is, made as far as it is asked for."""

    def __init__(self) -> None:
        """Make nothing yet."""

    @cached_property
    def start(self) -> list[BaseUserTurnStartStrategy] | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The strategies that find a turn's start."""
        return default_user_turn_start_strategies()

    @cached_property
    def stop(self) -> list[BaseUserTurnStopStrategy] | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The strategies that find a turn's end."""
        return [TurnAnalyzerUserTurnStopStrategy(turn_analyzer=SmartTurnOnDemand())]

    def __eq__(self, other: object) -> bool:
        """Strategies are the same only as the same object; comparing them makes none."""
        return self is other

    def __hash__(self) -> int:
        """The object's own."""
        return id(self)

    def __repr__(self) -> str:
        """A name, for which nothing is made."""
        return f"{type(self).__name__}()"


class SmartTurnOnDemand(BaseSmartTurn):
    """Pipecat's local smart-turn analyzer, whose model is loaded when it is first run.

    Pipecat runs models in a thread, and so this one is loaded there.
    """

    def _predict_endpoint(self, audio_array: Any) -> dict[str, Any]:
        model = self._model
        model.set_sample_rate(self.sample_rate)
        return model._predict_endpoint(audio_array)

    @cached_property
    def _model(self) -> BaseSmartTurn:
        from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

        return LocalSmartTurnAnalyzerV3(params=self.params)

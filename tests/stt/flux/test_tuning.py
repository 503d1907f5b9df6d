# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How settings reach a container: learned on a fresh stream, confirmed, rolled back."""

import json
from typing import Any

import pytest
from pipecat.transcriptions.language import Language

from pipecat_sagemaker_deepgram import DeepgramFluxSageMakerSTTSettings
from pipecat_sagemaker_deepgram.client import Target
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    UNPARSABLE,
    CapabilityCache,
    Place,
    in_configure,
)
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    Error,
)
from pipecat_sagemaker_deepgram.stt.flux.tuning import (
    FluxTuning,
    OpenAnother,
    Restore,
    SendText,
    TuningAction,
)

PLACE = Place("endpoint", "r")
TARGET = Target(endpoint_name="endpoint", region="r")
SUCCESS = ConfigureSuccess(1)
FAILURE = ConfigureFailure(1, "INVALID_THRESHOLD", "too high")
REFUSAL = Error(1, UNPARSABLE, "unknown variant `Configure`, expected `CloseStream`")


class Desk:
    """A tuning with its store, on a stream that is up."""

    def __init__(self, *, knows: bool | None = None, ends_turns: bool = False) -> None:
        self.cache = CapabilityCache()
        if knows is not None:
            self.cache.learn(PLACE, CONFIGURE, knows, 0.0)
        self.store = DeepgramFluxSageMakerSTTSettings.defaults()
        self.tuning = FluxTuning(self.store, self.cache, ends_turns=ends_turns)
        self.tuning.opening(1, TARGET)
        self.first = self.come(1)

    def change(self, *, is_up: bool = True, **values: Any) -> list[TuningAction]:
        changed = self.store.apply_update(DeepgramFluxSageMakerSTTSettings(**values))
        return self.tuning.change(changed, 0.0, is_up=is_up)

    def come(self, stream: int, *, has_open_turn: bool = False) -> list[TuningAction]:
        self.tuning.opening(stream, TARGET)
        return self.tuning.stream_came(stream, 0.0, has_open_turn=has_open_turn)

    @property
    def replacement_threshold(self) -> Any:
        """The threshold that the query of a replacement carries."""
        return self.tuning.known_good.eot_threshold


def _sent(actions: list[TuningAction]) -> list[dict[str, Any]]:
    return [json.loads(action.text) for action in actions if isinstance(action, SendText)]


def test_what_no_container_is_told_goes_nowhere() -> None:
    assert Desk(knows=True).change(min_confidence=0.5) == []


def test_of_an_unknown_container_the_change_goes_by_a_new_stream_and_is_tried_there() -> None:
    desk = Desk()
    assert desk.change(eot_threshold=0.8) == [OpenAnother({"eot_threshold": None})]
    assert desk.replacement_threshold == 0.8
    probe = desk.come(2)
    assert probe == [SendText(desk.store.configure_text(["eot_threshold"]))]
    assert desk.tuning.answered(SUCCESS, 0.0) == []
    assert desk.cache.recall(PLACE, CONFIGURE, 0.0) is True


def test_a_fresh_stream_with_an_open_turn_is_not_tried_on() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    assert desk.come(2, has_open_turn=True) == []


def test_a_refused_trial_is_remembered_and_the_settings_stay() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    desk.come(2)
    assert desk.tuning.refused(REFUSAL, 0.0) == CONFIGURE
    assert desk.come(3) == []
    assert desk.replacement_threshold == 0.8
    assert desk.change(eot_threshold=0.9) == [OpenAnother({"eot_threshold": 0.8})]
    assert desk.come(4) == []


def test_a_known_container_is_told_in_the_stream() -> None:
    desk = Desk(knows=True)
    assert _sent(desk.change(eot_threshold=0.8)) == [
        {"type": "Configure", "thresholds": {"eot_threshold": 0.8}}
    ]
    assert desk.replacement_threshold is None
    desk.tuning.answered(SUCCESS, 0.0)
    assert desk.replacement_threshold == 0.8


def test_changes_while_one_is_under_way_are_sent_together_with_their_latest_values() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.change(eot_threshold=0.9) == []
    assert desk.change(keyterm=["a"]) == []
    assert _sent(desk.tuning.answered(SUCCESS, 0.0)) == [
        {"type": "Configure", "thresholds": {"eot_threshold": 0.9}, "keyterms": ["a"]}
    ]
    assert desk.replacement_threshold == 0.8


def test_a_refused_value_is_rolled_back() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    restore = Restore({"eot_threshold": None}, "INVALID_THRESHOLD too high")
    assert desk.tuning.answered(FAILURE, 0.0) == [restore]


def test_a_refused_value_that_was_replaced_meanwhile_is_not() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=1.0)
    desk.change(eot_threshold=0.8)
    actions = desk.tuning.answered(FAILURE, 0.0)
    assert _sent(actions) == [{"type": "Configure", "thresholds": {"eot_threshold": 0.8}}]
    assert not any(isinstance(action, Restore) for action in actions)


def test_what_is_not_answered_in_time_goes_by_a_new_stream() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    at = desk.tuning.get_timer()
    assert at == 5.0
    assert desk.tuning.handle_timer(4.9) == []
    assert desk.tuning.handle_timer(5.0) == [OpenAnother({"eot_threshold": None})]
    assert desk.tuning.get_timer() is None


def test_what_a_lost_stream_did_not_confirm_goes_by_a_new_stream() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.come(2) == [OpenAnother({"eot_threshold": None})]


def test_a_field_that_a_container_does_not_take_in_a_stream_goes_by_a_new_one() -> None:
    desk = Desk(knows=True)
    desk.change(numerals=True)
    refusal = Error(1, UNPARSABLE, "unknown field `numerals`, expected `thresholds`")
    assert desk.tuning.refused(refusal, 0.0) == in_configure("numerals")
    assert desk.come(2) == [OpenAnother({"numerals": None})]
    assert desk.change(numerals=False) == [OpenAnother({"numerals": True})]
    assert len(_sent(desk.change(eot_threshold=0.8))) == 1


def test_what_only_a_query_takes_goes_by_a_new_stream_and_takes_the_rest_along() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.change(redact="numbers") == [OpenAnother({"eot_threshold": None, "redact": None})]


@pytest.mark.parametrize(
    ("name", "value"),
    [("eot_threshold", 0.6), ("eager_eot_threshold", 0.6), ("eot_timeout_ms", 600)],
)
def test_a_threshold_is_left_to_the_container_again_by_a_new_stream(name: str, value: Any) -> None:
    """A container keeps what it has over a null, and would say that it was applied."""
    desk = Desk(knows=True)
    given: dict[str, Any] = {name: value}
    unset: dict[str, Any] = {name: None}
    desk.change(**given)
    desk.tuning.answered(SUCCESS, 0.0)
    assert desk.change(**unset) == [OpenAnother({name: value})]
    assert getattr(desk.tuning.known_good, name) is None
    assert desk.come(2) == []


def test_a_threshold_that_is_left_to_the_container_is_nothing_to_try_configure_with() -> None:
    desk = Desk()
    desk.store.eot_threshold = 0.8
    desk.change(eot_threshold=None, keyterm=["a"])
    assert _sent(desk.come(2)) == [{"type": "Configure", "keyterms": ["a"]}]
    desk = Desk()
    desk.store.eot_threshold = 0.8
    desk.change(eot_threshold=None)
    assert desk.come(2) == []


def test_hints_are_told_to_the_multilingual_model_only() -> None:
    desk = Desk(knows=True)
    assert desk.change(language_hints=["es"]) == []
    assert _sent(desk.change(language_hints=["de"], eot_threshold=0.8)) == [
        {"type": "Configure", "thresholds": {"eot_threshold": 0.8}}
    ]
    desk = Desk(knows=True)
    desk.change(model="flux-general-multi")
    assert _sent(desk.change(language_hints=["es"])) == [
        {"type": "Configure", "language_hints": ["es"]}
    ]


def test_hints_that_change_with_the_model_are_rolled_back_with_it() -> None:
    desk = Desk()
    desk.store.model, desk.store.language_hints = "flux-general-multi", [Language.ES]
    previous = {"model": "flux-general-multi", "language_hints": [Language.ES]}
    assert desk.change(model="flux-general-en", language_hints=None) == [OpenAnother(previous)]
    assert desk.come(2) == []


def test_without_a_stream_the_next_one_carries_it() -> None:
    desk = Desk(knows=True)
    assert desk.change(eot_threshold=0.8, is_up=False) == [OpenAnother({"eot_threshold": None})]


# ForceEndTurn


def test_force_end_turn_is_tried_before_any_audio_where_turns_are_the_applications() -> None:
    assert Desk().first == []
    desk = Desk(ends_turns=True)
    assert _sent(desk.first) == [{"type": "ForceEndTurn"}]
    assert not desk.tuning.can_force_end(0.0)
    desk.tuning.warned("FORCE_END_TURN_NO_ACTIVE_TURN", 0.0)
    assert desk.tuning.can_force_end(0.0)
    assert desk.come(2) == []


def test_a_container_that_refuses_it_is_not_asked_again() -> None:
    desk = Desk(ends_turns=True)
    refusal = Error(1, UNPARSABLE, "unknown variant `ForceEndTurn`, expected `CloseStream`")
    assert desk.tuning.refused(refusal, 0.0) == FORCE_END_TURN
    assert desk.come(2) == []
    assert not desk.tuning.can_force_end(0.0)


def test_a_manual_end_shows_that_it_is_understood() -> None:
    desk = Desk(ends_turns=True)
    desk.tuning.turn_ended("model", 0.0)
    assert not desk.tuning.can_force_end(0.0)
    desk.tuning.turn_ended("manual", 0.0)
    assert desk.tuning.can_force_end(0.0)

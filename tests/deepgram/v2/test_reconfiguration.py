# Copyright (c) 2026, the pipecat-sagemaker-deepgram contributors
# SPDX-License-Identifier: BSD-2-Clause
"""How settings reach a container: learned on a fresh stream, confirmed, rolled back."""

import json
from typing import Any

import pytest

from pipecat_sagemaker_deepgram.client.config import Target
from pipecat_sagemaker_deepgram.client.records import ChangeRefused, Connecting, Lost, StreamChanged
from pipecat_sagemaker_deepgram.client.stream_protocol import Greeting, NewStream
from pipecat_sagemaker_deepgram.deepgram.steps import ChangeStream, SendText, SettingsRefused
from pipecat_sagemaker_deepgram.deepgram.v2.capabilities import (
    CONFIGURE,
    FORCE_END_TURN,
    UNPARSABLE,
    CapabilityCache,
    ContainerPlace,
    in_configure,
)
from pipecat_sagemaker_deepgram.deepgram.v2.configure import configure_text
from pipecat_sagemaker_deepgram.deepgram.v2.messages import (
    ConfigureFailure,
    ConfigureSuccess,
    FluxError,
)
from pipecat_sagemaker_deepgram.deepgram.v2.reconfiguration import (
    Reconfiguration,
    ReconfigurationStep,
)
from pipecat_sagemaker_deepgram.exceptions import ModelUnavailableError, StreamError

PLACE = ContainerPlace("endpoint", "r")
TARGET = Target(endpoint_name="endpoint", region="r")
SUCCESS = ConfigureSuccess()
FAILURE = ConfigureFailure("INVALID_THRESHOLD", "too high")
REFUSAL = FluxError(UNPARSABLE, "unknown variant `Configure`, expected `CloseStream`")
ANOTHER = [ChangeStream("settings")]


class Desk:
    """A reconfiguration on a stream that is up."""

    def __init__(
        self, *, knows: bool | None = None, ends_turns: bool = False, **settings: Any
    ) -> None:
        self.cache = CapabilityCache()
        if knows is not None:
            self.cache.learn(PLACE, CONFIGURE, knows, 0.0)
        self.settings: dict[str, Any] = {"model": "flux-general-en", "keyterm": []} | settings
        self.reconfiguration = Reconfiguration(
            lambda: self.settings, self.cache, ends_turns=ends_turns
        )
        self.streams = 0
        self.first = self.greet()

    def change(self, **values: Any) -> list[ReconfigurationStep]:
        previous = {name: self.settings.get(name) for name in values}
        self.settings |= values
        return self.reconfiguration.change(previous, 0.0)

    def lose(self) -> None:
        """The stream in use is lost."""
        self.reconfiguration.observe(Lost(self.streams, StreamError("reset")), 0.0)

    def come(self, *, has_open_turn: bool = False) -> list[ReconfigurationStep]:
        """Another stream comes; gives what follows from it, once it is in use."""
        _, steps = self._next(has_open_turn=has_open_turn)
        return steps

    def greet(self, *, has_open_turn: bool = False) -> Greeting:
        """Another stream comes; gives what it is sent first."""
        greeting, _ = self._next(has_open_turn=has_open_turn)
        return greeting

    def refuse_the_next(self) -> list[ReconfigurationStep]:
        """The stream that was to bring settings is refused."""
        cause = ModelUnavailableError("no", log_group="g")
        return self.reconfiguration.observe(ChangeRefused("settings", cause), 0.0)

    def _next(self, *, has_open_turn: bool) -> tuple[Greeting, list[ReconfigurationStep]]:
        self.streams += 1
        stream = NewStream(number=self.streams, target=TARGET, is_fresh=not has_open_turn)
        assert self.reconfiguration.observe(Connecting(self.streams, TARGET), 0.0) == []
        greeting = self.reconfiguration.greeting(stream, 0.0, is_fresh=stream.is_fresh)
        again = self.reconfiguration.greeting(stream, 0.0, is_fresh=stream.is_fresh)
        assert greeting == again, "asking changes nothing"
        changed = StreamChanged(self.streams, "settings", 0.0, greeting.text)
        return greeting, self.reconfiguration.observe(changed, 0.0)

    @property
    def replacement_threshold(self) -> Any:
        """The threshold that the query of a replacement carries."""
        return self.reconfiguration.known_good.get("eot_threshold")

    def goes_back_to(self, **previous: Any) -> bool:
        """Whether these are the values to go back to where a stream is refused."""
        return [step.previous for step in _refused(self.refuse_the_next())] == [previous]


def _sent(steps: list[ReconfigurationStep]) -> list[dict[str, Any]]:
    return [json.loads(step.text) for step in steps if isinstance(step, SendText)]


def _refused(steps: list[ReconfigurationStep]) -> list[SettingsRefused]:
    return [step for step in steps if isinstance(step, SettingsRefused)]


def test_what_no_container_is_told_goes_nowhere() -> None:
    assert Desk(knows=True).change(min_confidence=0.5) == []


def test_of_an_unknown_container_the_change_goes_by_a_new_stream_and_is_tried_there() -> None:
    desk = Desk()
    assert desk.change(eot_threshold=0.8) == ANOTHER
    assert desk.replacement_threshold == 0.8
    assert desk.greet().text == configure_text(desk.settings, ["eot_threshold"])
    assert desk.reconfiguration.answered(SUCCESS, 0.0) == []
    assert desk.cache.recall(PLACE, CONFIGURE, 0.0) is True


def test_a_stream_that_is_refused_brings_the_values_before_back() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    assert desk.goes_back_to(eot_threshold=None)


def test_a_fresh_stream_with_an_open_turn_is_not_tried_on() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    assert desk.greet(has_open_turn=True).text == ""


def test_what_could_not_be_tried_is_tried_on_the_next_stream() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    desk.greet(has_open_turn=True)
    assert desk.greet().text


def test_a_refused_trial_is_remembered_and_the_settings_stay() -> None:
    desk = Desk()
    desk.change(eot_threshold=0.8)
    desk.come()
    assert desk.reconfiguration.refused(REFUSAL, 0.0) == CONFIGURE
    assert desk.greet().text == ""
    assert desk.replacement_threshold == 0.8
    assert desk.change(eot_threshold=0.9) == ANOTHER
    assert desk.greet().text == ""
    desk.change(eot_threshold=0.7)
    assert desk.goes_back_to(eot_threshold=0.9)


def test_a_known_container_is_told_in_the_stream() -> None:
    desk = Desk(knows=True)
    assert _sent(desk.change(eot_threshold=0.8)) == [
        {"type": "Configure", "thresholds": {"eot_threshold": 0.8}}
    ]
    assert desk.replacement_threshold is None
    desk.reconfiguration.answered(SUCCESS, 0.0)
    assert desk.replacement_threshold == 0.8


def test_changes_while_one_is_under_way_are_sent_together_with_their_latest_values() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.change(eot_threshold=0.9) == []
    assert desk.change(keyterm=["a"]) == []
    assert _sent(desk.reconfiguration.answered(SUCCESS, 0.0)) == [
        {"type": "Configure", "thresholds": {"eot_threshold": 0.9}, "keyterms": ["a"]}
    ]
    assert desk.replacement_threshold == 0.8


def test_a_refused_value_is_rolled_back() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    (refused,) = _refused(desk.reconfiguration.answered(FAILURE, 0.0))
    assert refused.previous == {"eot_threshold": None}
    assert str(refused.cause).startswith("Deepgram reports INVALID_THRESHOLD.")
    assert refused.cause.details == "too high"


def test_a_refused_value_that_was_replaced_meanwhile_is_not() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=1.0)
    desk.change(eot_threshold=0.8)
    steps = desk.reconfiguration.answered(FAILURE, 0.0)
    assert _sent(steps) == [{"type": "Configure", "thresholds": {"eot_threshold": 0.8}}]
    assert not _refused(steps)


def test_what_is_not_answered_in_time_goes_by_a_new_stream() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    at = desk.reconfiguration.get_timer()
    assert at == 5.0
    assert desk.reconfiguration.handle_timer(4.9) == []
    assert desk.reconfiguration.handle_timer(5.0) == ANOTHER
    assert desk.reconfiguration.get_timer() is None
    assert desk.goes_back_to(eot_threshold=None)


def test_what_a_lost_stream_did_not_confirm_goes_by_a_new_stream() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.come() == ANOTHER
    assert desk.goes_back_to(eot_threshold=None)


def test_a_field_that_a_container_does_not_take_in_a_stream_goes_by_a_new_one() -> None:
    desk = Desk(knows=True)
    desk.change(numerals=True)
    refusal = FluxError(UNPARSABLE, "unknown field `numerals`, expected `thresholds`")
    assert desk.reconfiguration.refused(refusal, 0.0) == in_configure("numerals")
    assert desk.come() == ANOTHER
    assert desk.change(numerals=False) == ANOTHER
    assert len(_sent(desk.change(eot_threshold=0.8))) == 1
    assert desk.goes_back_to(numerals=None)


def test_what_only_a_query_takes_goes_by_a_new_stream_and_takes_the_rest_along() -> None:
    desk = Desk(knows=True)
    desk.change(eot_threshold=0.8)
    assert desk.change(redact="numbers") == ANOTHER
    assert desk.goes_back_to(eot_threshold=None, redact=None)


@pytest.mark.parametrize(
    ("name", "value"),
    [("eot_threshold", 0.6), ("eager_eot_threshold", 0.6), ("eot_timeout_ms", 600)],
)
def test_a_threshold_is_left_to_the_container_again_by_a_new_stream(name: str, value: Any) -> None:
    """A container keeps what it has over a null, and would say that it was applied."""
    desk = Desk(knows=True)
    desk.change(**{name: value})
    desk.reconfiguration.answered(SUCCESS, 0.0)
    assert desk.change(**{name: None}) == ANOTHER
    assert desk.reconfiguration.known_good[name] is None
    greeting = desk.greet()
    assert greeting.text == ""
    desk.change(**{name: value})
    desk.reconfiguration.answered(SUCCESS, 0.0)
    desk.change(**{name: None})
    assert desk.goes_back_to(**{name: value})


def test_a_threshold_that_is_left_to_the_container_is_nothing_to_try_configure_with() -> None:
    desk = Desk(eot_threshold=0.8)
    desk.change(eot_threshold=None, keyterm=["a"])
    assert json.loads(desk.greet().text) == {"type": "Configure", "keyterms": ["a"]}
    desk = Desk(eot_threshold=0.8)
    desk.change(eot_threshold=None)
    assert desk.greet().text == ""


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
    previous: dict[str, Any] = {"model": "flux-general-multi", "language_hints": ["es"]}
    desk = Desk(**previous)
    assert desk.change(model="flux-general-en", language_hints=None) == ANOTHER
    assert desk.greet().text == ""
    desk = Desk(**previous)
    desk.change(model="flux-general-en", language_hints=None)
    assert desk.goes_back_to(**previous)


def test_without_a_stream_the_next_one_carries_it() -> None:
    desk = Desk(knows=True)
    desk.lose()
    assert desk.change(eot_threshold=0.8) == ANOTHER
    assert desk.goes_back_to(eot_threshold=None)


# ForceEndTurn


def test_force_end_turn_is_tried_before_any_audio_where_turns_are_the_applications() -> None:
    assert Desk().first.text == ""
    desk = Desk(ends_turns=True)
    assert json.loads(desk.first.text) == {"type": "ForceEndTurn"}
    assert desk.first.forgets == (FORCE_END_TURN,)
    assert not desk.reconfiguration.can_force_end(0.0)
    desk.reconfiguration.warned("FORCE_END_TURN_NO_ACTIVE_TURN", 0.0)
    assert desk.reconfiguration.can_force_end(0.0)
    assert desk.greet() == Greeting()


def test_a_container_that_refuses_it_is_not_asked_again() -> None:
    desk = Desk(ends_turns=True)
    refusal = FluxError(UNPARSABLE, "unknown variant `ForceEndTurn`, expected `CloseStream`")
    assert desk.reconfiguration.refused(refusal, 0.0) == FORCE_END_TURN
    assert desk.greet() == Greeting(forgets=(FORCE_END_TURN,))
    assert not desk.reconfiguration.can_force_end(0.0)


def test_a_refusal_in_other_words_is_about_what_the_stream_was_sent_first() -> None:
    desk = Desk(ends_turns=True)
    assert desk.reconfiguration.refused(FluxError(UNPARSABLE, "no"), 0.0) == FORCE_END_TURN
    desk = Desk()
    desk.change(keyterm=["a"])
    desk.come()
    assert desk.reconfiguration.refused(FluxError(UNPARSABLE, "no"), 0.0) == CONFIGURE


def test_a_manual_end_shows_that_it_is_understood() -> None:
    desk = Desk(ends_turns=True)
    desk.reconfiguration.turn_ended("model", 0.0)
    assert not desk.reconfiguration.can_force_end(0.0)
    desk.reconfiguration.turn_ended("manual", 0.0)
    assert desk.reconfiguration.can_force_end(0.0)
